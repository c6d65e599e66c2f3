"""The list of targets: events are only ever added, and what counts follows from them."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from licscan.base.errors import InputError, StoreError
from licscan.fleet import catalogue
from licscan.fleet.catalogue import add, again, drop, entries, select
from licscan.fleet.space import Folder
from tests.fleet.made import target

A, B, C = target("a", product="mail"), target("b", product="mail", customer="x"), target("c")


@pytest.fixture
def space(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "fleet")


def test_what_was_added_is_there_once(space: Folder) -> None:
    assert add(space, [A, B]) == (2, 0)
    assert add(space, [A, B, A]) == (0, 0)
    assert len(space.names(catalogue.FOLDER)) == 1
    assert {one.target for one in entries(space).values()} == {A, B}


def test_other_labels_make_no_other_target(space: Folder) -> None:
    add(space, [A])
    relabelled = target("a", product="chat")
    assert relabelled.id == A.id
    assert add(space, [relabelled]) == (0, 1)
    (entry,) = entries(space).values()
    assert entry.target == relabelled


def test_of_two_labels_at_once_the_last_counts_for_one_target(space: Folder) -> None:
    new, _changed = add(space, [A, target("a", product="chat")])
    assert new == 1
    assert [one.target.product for one in entries(space).values()] == ["chat"]


def test_dropped_targets_are_gone_and_come_back(space: Folder) -> None:
    add(space, [A, B])
    drop(space, [A])
    assert {one.target for one in entries(space).values()} == {B}
    assert add(space, [A]) == (1, 0)
    assert {one.target for one in entries(space).values()} == {A, B}


def test_a_wish_stays_when_labels_change_and_goes_with_the_target(space: Folder) -> None:
    add(space, [A, B])
    again(space, [A.id], "retry")
    wished = entries(space)[A.id].nudge
    assert wished
    assert not entries(space)[B.id].nudge
    add(space, [target("a", product="chat")])
    assert entries(space)[A.id].nudge == wished
    again(space, [A.id], "retry")
    assert entries(space)[A.id].nudge not in ("", wished)
    drop(space, [A])
    again(space, [A.id, "nobody"], "retry")
    add(space, [A])
    assert not entries(space)[A.id].nudge


def test_names_ids_places_and_labels_pick(space: Folder) -> None:
    add(space, [A, B, C])
    known = list(entries(space).values())

    def picked(*names: str, **labels: str) -> list[str]:
        return [one.target.name for one in select(known, names, labels)]

    assert picked() == ["a", "b", "c"]
    assert picked("b", "/made/a", "b") == ["b", "a"]
    assert picked(C.id) == picked(C.id[:6]) == ["c"]
    assert picked(product="mail") == ["a", "b"]
    assert picked(product="mail", customer="x") == ["b"]
    for name in ("nobody", C.id[:5]):
        with pytest.raises(InputError, match="target of this fleet"):
            picked(name)
    with pytest.raises(InputError, match="target of this fleet"):
        picked("c", product="mail")


def test_all_targets_of_one_name_are_picked(space: Folder) -> None:
    twin = target("other")
    add(space, [A, replace(twin, name="a")])
    assert len(select(entries(space).values(), ["a"])) == 2


def test_writers_at_once_lose_nothing(space: Folder) -> None:
    made = [target(f"t{number}") for number in range(24)]
    start = threading.Barrier(4)

    def write(part: int) -> None:
        start.wait(60)
        for one in made[part::4]:
            add(space, [one])

    threads = [threading.Thread(target=write, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert {one.target for one in entries(space).values()} == set(made)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"{}", b"[1]", b'[{"verb":"add"}]', b'[{"verb":"add","target":{"kind":"spaceship","location":"x"}}]',
     b'[{"verb":"add","target":{"kind":"folder","location":3}}]', b'[{"verb":"add","target":{"kind":"folder"}}]',
     b"[" * 100_000, b"\xff\xfe"],
)  # fmt: skip
def test_a_damaged_event_file_is_named_in_one_line(space: Folder, data: bytes) -> None:
    add(space, [A])
    space.write("targets/00000002-damaged.json", data)
    with pytest.raises(StoreError) as caught:
        entries(space)
    assert "targets/00000002-damaged.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_a_newer_version_adds_is_passed_over(space: Folder) -> None:
    add(space, [A])
    name = space.names(catalogue.FOLDER)[0]
    data = (space.read(name) or b"").replace(b'"kind"', b'"colour":"red","kind"')
    space.write("targets/00000002-newer.json", data.replace(b'{"verb"', b'{"verb":"paint"},{"verb"'))
    assert {one.target for one in entries(space).values()} == {A}
