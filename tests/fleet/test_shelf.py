"""Evidence that machines share: what one has read, another takes from the store without asking anyone."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from licscan.base.errors import StoreError
from licscan.evidence.store import hash_key, name_key
from licscan.fleet import shelf
from licscan.fleet.shelf import shared_evidence
from licscan.fleet.space import Folder
from tests.evidence.made import LICENSE
from tests.evidence.test_store import HASH, draft

KEY = name_key("https://r.example/", "npm", "left", "1.0.0")
KEYS = [KEY, hash_key(HASH) or ""]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Makes this process one that has read nothing yet."""
    numbers = itertools.count()
    return lambda: monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"machine{next(numbers)}"))


@pytest.fixture
def space(tmp_path: Path, machine) -> Folder:  # type: ignore[no-untyped-def]
    """A store into which one machine has put a record."""
    made = Folder(tmp_path / "fleet")
    machine()
    with shared_evidence(made) as store:
        store.put(draft().told(hashes=[HASH], registry={"maintainers": ["Ada"]}), [KEY])
    machine()
    return made


def test_another_machine_has_the_record_and_its_texts(space: Folder) -> None:
    with shared_evidence(space) as store:
        found = store.fetch_many([*KEYS, "other"])
        assert set(found) == set(KEYS)
        assert found[KEY] == draft().told(hashes=[HASH], registry={"maintainers": ["Ada"]}).record
        assert store.tree(found[KEY]).read("LICENSE", 1_000) == LICENSE
    for name in space.names(shelf.FOLDER):
        space.remove(name)
    with shared_evidence(space) as store:  # it is this machine's own now
        assert store.get(KEY) is not None


def test_a_damaged_record_is_not_there(space: Folder) -> None:
    (record,) = [name for name in space.names(shelf.FOLDER) if "/records/" in name]
    whole = space.read(record) or b""
    for data in (b"", b"damaged", whole[: len(whole) // 2], whole[:-20] + bytes(20)):
        space.write(record, data)
        with shared_evidence(space) as store:
            assert store.fetch_many(KEYS) == {}
    space.write(record, whole)
    with shared_evidence(space) as store:
        assert set(store.fetch_many(KEYS)) == set(KEYS)


@pytest.mark.parametrize("told", [b"", b"../../../etc/passwd", b"0" * 64, b"/" * 64, b"\xff" * 64])
def test_a_damaged_pointer_leads_nowhere(space: Folder, told: bytes) -> None:
    for name in space.names(shelf.FOLDER):
        if "/keys/" in name:
            space.write(name, told)
    with shared_evidence(space) as store:
        assert store.fetch_many(KEYS) == {}


def test_a_store_that_gives_no_answer_costs_nothing_but_itself(
    space: Folder, monkeypatch: pytest.MonkeyPatch, machine
) -> None:  # type: ignore[no-untyped-def]
    def fails(*_given: object, **_named: object) -> bytes:
        raise StoreError("gives no answer")

    monkeypatch.setattr(Folder, "read", fails)
    monkeypatch.setattr(Folder, "write", fails)
    machine()
    with shared_evidence(space) as store:
        assert store.fetch_many(KEYS) == {}
        made = store.put(draft(), [KEY])
        assert store.get(KEY) == made


def test_what_two_machines_put_is_one_record(space: Folder, machine) -> None:  # type: ignore[no-untyped-def]
    before = space.names(shelf.FOLDER)
    machine()
    with shared_evidence(space) as store:
        store.put(draft().told(hashes=[HASH], registry={"maintainers": ["Ada"]}), [KEY])
    assert space.names(shelf.FOLDER) == before
