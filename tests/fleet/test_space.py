"""The place of a store: a folder or object storage, alike in all that is asked of them."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from licscan.base.errors import StoreError
from licscan.fleet.space import Folder, Remote, Space, open_space
from tests.fleet.made import finding, moment, package, put, result, states, target, whole

Make = Callable[[], Space]
_numbers = itertools.count()


@pytest.fixture(params=["folder", "memory", "file"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Opens the same place anew, as another machine would."""
    number = next(_numbers)
    caches = (tmp_path / f"cache{one}" for one in itertools.count())
    if request.param == "folder":
        return lambda: Folder(tmp_path / "fleet")
    address = f"memory://fleet{os.getpid()}-{number}/deep" if request.param == "memory" else f"file://{tmp_path}/fleet"
    return lambda: Remote(address, next(caches))


@pytest.fixture
def make_sure(tmp_path: Path) -> Make:
    """A place that can tell who was first."""
    return lambda: open_space(f"file://{tmp_path}/fleet")


def test_files_are_written_read_listed_and_removed(make: Make) -> None:
    space = make()
    assert space.names("inbox") == []
    assert space.read("inbox/a") is None
    assert space.local("inbox/a") is None
    assert not space.has("inbox/a")
    assert space.write("inbox/a", b"1")
    assert space.write("inbox/deep/b", b"2")
    assert space.write("inboxes/c", b"3")
    other = make()
    assert other.names("inbox") == ["inbox/a", "inbox/deep/b"]
    assert (other.read("inbox/a"), other.has("inbox/a")) == (b"1", True)
    path = other.local("inbox/deep/b")
    assert path is not None
    assert path.read_bytes() == b"2"
    assert space.write("inbox/a", b"again")
    assert other.read("inbox/a") == b"again"
    for _twice in range(2):
        space.remove("inbox/a")
    assert other.names("inbox") == ["inbox/deep/b"]
    assert other.read("inbox/a") is None


def test_of_those_that_write_a_new_file_one_is_first(make: Make) -> None:
    assert make().write("manifests/1", b"first", new=True)
    assert not make().write("manifests/1", b"second", new=True)
    assert make().read("manifests/1") == b"first"


def test_of_those_that_write_at_once_one_is_first(make_sure: Make) -> None:
    start, won = threading.Barrier(6), []

    def write(number: int) -> None:
        space = make_sure()
        start.wait(60)
        if space.write("manifests/2", b"%d" % number, new=True):
            won.append(b"%d" % number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert won == [make_sure().read("manifests/2")]


def test_a_store_in_any_place_gives_the_same_answers(make: Make, tmp_path: Path) -> None:
    from licscan.fleet import catalogue

    spaces = [make(), Folder(tmp_path / "compared")]
    a, b = target("a"), target("b")
    for space in spaces:
        catalogue.add(space, [a, b])
        for number in range(3):
            put(space, result(a, moment(number), [package("left", f"1.{number // 2}")], [finding("left")]))
    assert whole(spaces[0]) == whole(spaces[1])
    assert states(spaces[0]) == states(spaces[1])


def test_what_is_half_written_is_not_there(tmp_path: Path) -> None:
    space = Folder(tmp_path)
    space.write("inbox/a", b"1")
    (tmp_path / "inbox" / ".new-abc").write_bytes(b"half")
    assert space.names("inbox") == ["inbox/a"]


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = Folder(tmp_path)
    space.write("inbox/a", b"1")

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("licscan.fleet.space.os.replace", full)
    with pytest.raises(StoreError, match="No space left on device"):
        space.write("inbox/a", b"2")
    assert [one.name for one in (tmp_path / "inbox").iterdir()] == ["a"]
    assert space.read("inbox/a") == b"1"


@pytest.mark.skipif(os.name == "nt", reason="needs modes of files")
def test_others_of_the_fleet_may_read_what_one_wrote(tmp_path: Path) -> None:
    (tmp_path / "like").write_bytes(b"")
    Folder(tmp_path).write("a", b"1")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "like").stat().st_mode


def test_what_a_place_cannot_do_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError) as caught:
        Folder(tmp_path / "file").write("targets/a", b"1")
    assert "\n" not in str(caught.value)
    with pytest.raises(StoreError) as caught:
        open_space("nothing-knows-this://bucket/fleet")
    assert "\n" not in str(caught.value)


def test_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_space("fleet").address == str(tmp_path / "fleet")
    assert open_space(f"file://{tmp_path}/fleet").address == str(tmp_path / "fleet")
    assert open_space("memory://bucket/fleet/").address == "memory://bucket/fleet"
