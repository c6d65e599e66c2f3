"""Failures, with workers that are processes: every target is done or named failed, and none counts twice."""

from __future__ import annotations

import errno
import itertools
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from licscan.base.errors import LicscanError
from licscan.fleet import catalogue, engine, seal
from licscan.fleet import run as runs
from licscan.fleet.catalogue import Entry
from licscan.fleet.engine import Cluster
from licscan.fleet.listing import target_of
from licscan.fleet.model import Answer, Asked, Limits, Status
from licscan.fleet.run import Tally, scan_fleet
from licscan.fleet.space import Folder
from licscan.fleet.views import opened
from tests.fleet import deeds
from tests.fleet.deeds import LIMITS, starts
from tests.fleet.made import states

ASKED = Asked(offline=True, texts=False, archives=False, content=False)
LONG = Limits(seconds=120.0, memory=2048 * deeds.MB)


class Made:
    """A store with targets, and what its runs said."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.log.mkdir()
        monkeypatch.setenv("LICSCAN_TEST_LOG", str(self.log))
        self.space = Folder(folder / "fleet")
        self.answers: list[tuple[str, Status | None, str]] = []

    def add(self, *names: str) -> None:
        for name in names:
            place = self.folder / "targets" / name
            place.mkdir(parents=True)
            (place / "file").write_text(name)
        catalogue.add(self.space, [target_of(str(self.folder / "targets" / name)) for name in names])

    def scan(
        self,
        limits: Limits = LONG,
        work: engine.Work = deeds.work,
        told: Callable[[Tally], None] | None = None,
        cluster: Cluster = Cluster(2),  # noqa: B008
    ) -> Tally:
        self.answers.clear()

        def said(tally: Tally, entry: Entry, answer: Answer) -> None:
            self.answers.append((entry.target.name, answer.status, answer.reason))
            if told:
                told(tally)

        entries = catalogue.entries(self.space).values()
        tally, damaged = scan_fleet(self.space, entries, ASKED, cluster, limits, said, work)
        assert not damaged
        names = [name for name, *_rest in self.answers]
        assert sorted(names) == sorted(entry.target.name for entry in entries)
        return tally

    def once(self) -> None:
        """Each target that has a result has it once, and nothing waits or lies about."""
        with opened(self.space, catalogue.entries(self.space)) as fleet:
            rows = fleet.rows("SELECT target_name, count(*) FROM packages_now GROUP BY ALL")[1]
        assert all(count == 1 for _name, count in rows)
        assert not self.space.names("inbox")
        assert not list(self.space.root.rglob(".new-*"))


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    return Made(tmp_path, monkeypatch)


@pytest.mark.slow
def test_workers_are_killed_at_10_50_and_90_percent(made: Made) -> None:
    count = 40
    made.add(*(f"slow{number}" for number in range(count)))
    killed: list[int] = []

    def kill(tally: Tally) -> None:
        if len(killed) < 3 and tally.ended >= count * (0.1, 0.5, 0.9)[len(killed)]:
            pids = {int(path.suffixes[-2][1:]): path.stat().st_mtime_ns for path in made.log.iterdir()}
            alive = [pid for pid in sorted(pids, key=lambda pid: pids[pid]) if pid not in killed]
            killed.append(alive[-1])
            os.kill(alive[-1], signal.SIGKILL)

    tally = made.scan(told=kill)
    assert len(killed) == 3
    assert (tally.done, tally.failed) == (count, {})
    assert set(states(made.space).values()) == {("current", "")}
    assert sum(starts(made.log, f"slow{number}") for number in range(count)) <= count + 3
    made.once()


BAD = {
    "huge": ("failed", "memory"),
    "endless": ("failed", "longer than 3 seconds"),
    "held": ("", ""),
    "wrong": ("failed", "internal error: ValueError: a mistake"),
    "gone": ("failed", "does not exist"),
}


@pytest.mark.slow
def test_bad_targets_fail_with_their_reasons_and_cost_no_other(made: Made) -> None:
    good = [f"good{number}" for number in range(12)]
    made.add(*BAD, *good)
    (made.folder / "targets" / "gone" / "file").unlink()
    (made.folder / "targets" / "gone").rmdir()
    tally = made.scan(LIMITS)
    assert (tally.done, len(tally.failed)) == (len(good), len(BAD))
    found = states(made.space)
    # what holds the interpreter is ended by a timer that tells nothing: where workers start slowly, it is poison
    assert found["held"] in (("failed", "took longer than 3 seconds"), ("poisoned", "crashed its worker 3 times"))
    for name, (status, reason) in BAD.items():
        assert found[name][0] in ((status,) if status else ("failed", "poisoned"))
        assert reason in found[name][1]
        assert "\n" not in found[name][1]
    assert all(found[name] == ("current", "") for name in good)
    # what was finished was not begun again, and what is bad not for ever
    assert {starts(made.log, name) for name in good} == {1}
    assert starts(made.log, "held") == 3
    assert {starts(made.log, name) for name in ("endless",)} == {1}
    made.once()


def test_a_target_that_ends_its_workers_is_poisoned_until_somebody_wishes_it(made: Made) -> None:
    good = [f"good{number}" for number in range(12)]
    made.add("kill", "large", *good)
    limits = Limits(120.0, LIMITS.memory)
    tally = made.scan(limits)
    assert (tally.done, len(tally.failed)) == (len(good), 2)
    poisoned = ("poisoned", "crashed its worker 3 times")
    large = ("failed", "needed more than 300 MB of memory")
    assert states(made.space) == {"kill": poisoned, "large": large, **dict.fromkeys(good, ("current", ""))}
    assert {starts(made.log, name) for name in good} == {1}
    assert (starts(made.log, "kill"), starts(made.log, "large")) == (3, 1)
    made.once()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "run", _here)  # it would end this process, were it begun
        tally = made.scan(limits)
    assert (tally.unchanged, len(tally.failed)) == (len(good), 2)
    assert states(made.space)["kill"] == poisoned
    (entry,) = catalogue.select(catalogue.entries(made.space).values(), ["kill"])
    catalogue.again(made.space, [entry.target.id], "retry")
    made.scan(limits)
    assert (starts(made.log, "kill"), starts(made.log, "large")) == (6, 1)
    assert states(made.space)["kill"] == poisoned
    assert {starts(made.log, name) for name in good} == {1}
    made.once()


@pytest.mark.parametrize("name", ["huge", "wrong"])
def test_failures_that_end_no_worker_are_known(made: Made, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was too large is not tried again while nothing changes; a mistake of ours is."""
    monkeypatch.setattr(engine, "run", _here)
    made.add(name)
    for _twice in range(2):
        made.scan(Limits(120.0, 4096 * deeds.MB))
        assert states(made.space)[name][0] == "failed"
    assert starts(made.log, name) == (1 if name == "huge" else 2)
    (made.folder / "targets" / name / "file").write_text("other")
    made.scan(Limits(120.0, 4096 * deeds.MB))
    assert starts(made.log, name) == (2 if name == "huge" else 3)
    made.once()


@pytest.mark.slow
def test_two_runs_at_once_count_each_target_once(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "SEAL_SECONDS", 0.5)
    made.add(*(f"slow{number}" for number in range(12)))
    tallies, errors = [], []

    def one() -> None:
        try:
            entries = list(catalogue.entries(made.space).values())
            tally, _damaged = scan_fleet(made.space, entries, ASKED, Cluster(1), LONG, lambda *_told: None, deeds.work)
            tallies.append(tally)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=one) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert not errors
    assert [tally.done + tally.unchanged for tally in tallies] == [12, 12]
    assert set(states(made.space).values()) == {("current", "")}
    made.once()


@pytest.mark.parametrize("full", ["inbox", "attempts", "manifests", "data"])
def test_a_full_disk_is_named_and_the_next_run_completes(
    made: Made, full: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one process, for what matters is in the store alone."""
    monkeypatch.setattr(engine, "run", _here)
    made.space = deeds.Full(made.folder / "fleet")
    made.add(*(f"good{number}" for number in range(4)))
    (made.space.root / "full").write_text(full)
    with pytest.raises(LicscanError) as caught:
        made.scan(work=deeds.put_full)
    assert "No space left on device" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not list(made.space.root.rglob("*.half"))
    (made.space.root / "full").unlink()
    seal.seal(made.space)
    made.scan(work=deeds.put_full)
    assert set(states(made.space).values()) == {("current", "")}
    made.once()


def test_a_worker_without_room_fails_by_name_and_the_next_run_completes(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk of the temporary files, or of the cache, is full."""
    monkeypatch.setattr(engine, "run", _here)
    made.add("full1", "good2", "good3")
    tally = made.scan()
    assert (tally.done, len(tally.failed)) == (2, 1)
    ((status, reason),) = tally.failed.values()
    assert (status, reason) == (Status.FAILED, f"[Errno {errno.ENOSPC}] {os.strerror(errno.ENOSPC)}: '/there'")
    monkeypatch.setattr(deeds, "FULL", False)
    assert made.scan().done == 1
    assert set(states(made.space).values()) == {("current", "")}
    made.once()


def _here(jobs: object, _cluster: object, work: engine.Work, said: engine.Said) -> None:
    for job in jobs:  # type: ignore[attr-defined]
        said(work(job))


def test_two_versions_share_a_store(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "run", _here)
    made.add("good1", "good2")
    assert made.scan().done == 2
    mine = deeds.jobs.results.versions()
    for version, number in zip(("other", mine, "other"), itertools.count(2), strict=False):
        monkeypatch.setattr(runs, "versions", lambda version=version: version)
        monkeypatch.setattr(deeds.jobs.results, "versions", lambda version=version: version)
        assert made.scan().done == 2
        assert made.scan().unchanged == 2
        assert starts(made.log, "good1") == number
        assert set(states(made.space).values()) == {("current", "")}
        made.once()
    with opened(made.space, {}) as fleet:
        assert fleet.rows("SELECT count(*), count(DISTINCT versions) FROM outcomes")[1] == [(8, 2)]
        assert fleet.rows("SELECT count(*) FROM packages")[1] == [(2,)]


def test_a_worker_of_another_version_scans_nothing(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "run", _here)
    monkeypatch.setattr(runs, "versions", lambda: "other")
    made.add("good1")
    tally = made.scan()
    assert [reason.partition("(")[0] for _status, reason in tally.failed.values()]
    assert "a different version of licscan" in states(made.space)["good1"][1]
    assert not starts(made.log, "good1")


def test_a_result_that_waits_in_the_inbox_is_not_made_again(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker died between its result and its answer."""
    monkeypatch.setattr(engine, "run", _here)
    made.add("good1", "good2")

    def twice(job: deeds.Job) -> Answer:
        assert deeds.work(job).status is Status.DONE
        return deeds.work(job)

    assert made.scan(work=twice).done == 2
    assert starts(made.log, "good1") == 1
    made.once()


def test_no_files_stay_open(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "run", _here)
    made.add("good0")
    made.scan()
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0
    made.add(*(f"good{number}" for number in range(1, 9)))
    made.scan()
    assert before == 0 or len(os.listdir("/proc/self/fd")) <= before + 2
