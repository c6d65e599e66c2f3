"""How each target stands, and for how many of them an answer speaks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from licscan.fleet import catalogue, seal
from licscan.fleet.model import Known, Status
from licscan.fleet.outcome import put_outcome
from licscan.fleet.space import Folder
from licscan.fleet.views import Coverage, opened
from tests.fleet.made import finding, fleet_of, package, put, result, states, target

NOW = datetime(2027, 6, 1, tzinfo=UTC)
A, B = target("a"), target("b")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))


def ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def failure(of: object, days: float, status: Status = Status.FAILED, **changed: object) -> object:
    return result(of, ago(days), status=status, **{"reason": "why", **changed})  # type: ignore[arg-type]


STANDING = {
    "new": ([], ("new", "")),
    "current": ([result(A, ago(1))], ("current", "")),
    "stale": ([result(A, ago(8))], ("stale", "not checked for 7 days")),
    "failed": ([failure(A, 1)], ("failed", "why")),
    "poisoned": ([failure(A, 1, Status.POISONED)], ("poisoned", "why")),
    "failed after it was done": ([result(A, ago(2)), failure(A, 1)], ("stale", "why")),
    "done after it failed": ([failure(A, 2), result(A, ago(1))], ("current", "")),
    "failed, then poisoned": ([failure(A, 2), failure(A, 1, Status.POISONED)], ("poisoned", "why")),
}


@pytest.mark.parametrize("name", STANDING)
def test_each_state(tmp_path: Path, name: str) -> None:
    made, said = STANDING[name]
    space = fleet_of(tmp_path, [A])
    put(space, *made)  # type: ignore[arg-type]
    assert states(space) == {"a": said}


def test_an_unchanged_target_that_was_looked_at_is_current(tmp_path: Path) -> None:
    space = fleet_of(tmp_path, [A])
    put(space, result(A, ago(30)))
    assert states(space)["a"][0] == "stale"
    seal.seal(space, {A.id: ago(0)})
    assert states(space) == {"a": ("current", "")}
    put(space, result(A, ago(3), run="late"))
    assert states(space) == {"a": ("current", "")}


def test_a_target_that_came_back_as_it_was_is_current(tmp_path: Path) -> None:
    """It was not there for a while: unchanged says that the old result holds."""
    space = fleet_of(tmp_path, [A])
    put(space, result(A, ago(3)), failure(A, 2))  # type: ignore[arg-type]
    assert states(space)["a"][0] == "stale"
    seal.seal(space, {A.id: ago(1)})
    assert states(space) == {"a": ("current", "")}


def test_coverage_counts_each_target_once_and_only_those_of_the_fleet(tmp_path: Path) -> None:
    targets = [target(name) for name in "abcdefg"]
    space = fleet_of(tmp_path, targets)
    put(
        space, result(targets[0], ago(1)), result(targets[1], ago(2)), result(targets[1], ago(1), gate="violation"),
        result(targets[2], ago(9)), failure(targets[3], 1), failure(targets[4], 1, Status.POISONED),
        result(targets[6], ago(1)),
    )  # type: ignore[arg-type] # fmt: skip
    catalogue.drop(space, [targets[6]])
    with opened(space, catalogue.entries(space)) as fleet:
        assert fleet.coverage() == Coverage(6, 2, 1, 2, 1)
        assert not fleet.coverage().is_whole
        assert str(fleet.coverage()) == "2 of 6 targets, 1 stale, 2 failed, 1 not scanned yet"
        assert fleet.gates() == {"ok": 2, "violation": 1}
    with opened(space, {key: one for key, one in catalogue.entries(space).items() if one.target.name in "ab"}) as fleet:
        assert fleet.coverage().is_whole
    with opened(space, {}) as fleet:
        assert fleet.coverage() == Coverage(0, 0, 0, 0, 0)


def test_what_is_known_decides_whether_to_scan_again(tmp_path: Path) -> None:
    space = fleet_of(tmp_path, [A, B])
    put(
        space, result(A, ago(3), key="one", day="2027-05-29", scan="s1"), result(A, ago(2), key="two", scan="s2"),
        failure(A, 1, Status.POISONED, key="bad"), failure(B, 1),
    )  # type: ignore[arg-type] # fmt: skip
    with opened(space, catalogue.entries(space)) as fleet:
        assert fleet.known() == {
            A.id: Known("two", "", "s2", "bad", "poisoned", "why"),
            B.id: Known("", "", "", "", "failed", "why"),
        }
    put(space, result(A, ago(0), key="three", scan="s3"))
    with opened(space, catalogue.entries(space)) as fleet:
        assert fleet.known()[A.id] == Known("three", "", "s3", "", "done", "")


def test_now_is_what_the_last_result_has(tmp_path: Path) -> None:
    space = fleet_of(tmp_path, [A, B])
    put(space, result(A, ago(3), [package("left")], [finding("left")]), result(B, ago(3), [package("left")]))
    put(space, result(A, ago(2), [package("right")]), failure(B, 2))  # type: ignore[arg-type]
    with opened(space, catalogue.entries(space)) as fleet:
        _columns, rows = fleet.rows("SELECT target_name, name FROM packages_now ORDER BY ALL")
        assert rows == [("a", "right"), ("b", "left")]
        assert fleet.rows("SELECT * FROM findings_now")[1] == []


def test_what_waits_in_the_inbox_is_not_there_yet(tmp_path: Path) -> None:
    space = fleet_of(tmp_path, [A])
    put_outcome(space, result(A, ago(1), [package("left")]))
    assert states(space) == {"a": ("new", "")}
    seal.seal(space)
    assert states(space) == {"a": ("current", "")}


def test_a_name_with_quotes_is_a_name(tmp_path: Path) -> None:
    folder = tmp_path / "it's"
    folder.mkdir()
    odd = target("it's \"a\"\n\u2028{}';--")
    space = fleet_of(folder, [odd])
    put(space, result(odd, ago(1), [package("l'eft")]))
    assert states(space) == {odd.name: ("current", "")}


def test_a_fleet_that_was_sealed_while_it_is_read_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the manifest that was looked at are gone when they are opened: the next one counts."""
    from licscan.fleet import manifest as manifests

    space = fleet_of(tmp_path, [A])
    put(space, result(A, ago(9), [package("p0")]))
    last, first = manifests.last, [True]

    def slow(place: Folder) -> manifests.Manifest:
        found = last(place)
        if first.pop():
            first.append(False)
            monkeypatch.setattr(manifests, "last", last)
            for number in range(1, 6):
                put(space, result(A, ago(9 - number), [package(f"p{number}")]))
        return found

    monkeypatch.setattr(manifests, "last", slow)
    with opened(space, catalogue.entries(space)) as fleet:
        assert fleet.rows("SELECT name FROM packages_now")[1] == [("p5",)]
