"""Detection over many texts: the same results in the same order, in one process and in several."""

from __future__ import annotations

import os
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from licscan.read.building import IndexBuild
from licscan.read.workers import FEW, Detector, Workers, usable_jobs
from tests.fakes import open_fake

TEXTS = [f"license mit\ncopyright {number} Acme".encode() for number in range(FEW * 2)]


def seen(detector: Detector, data: bytes) -> tuple[int, str]:
    """The process, and the first holder's years."""
    return os.getpid(), detector.detect(data).copyrights[0].years


def dies_elsewhere(detector: Detector, item: tuple[int, int]) -> int:
    """The number; but a process that is not the first dies half way."""
    parent, number = item
    if os.getpid() != parent and number == FEW:
        os._exit(9)
    return number


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order(jobs: int) -> None:
    with Workers(open_fake, jobs) as workers:
        answers = list(workers.map(seen, TEXTS)) + list(workers.map(seen, TEXTS[:3]))
    assert [years for _process, years in answers] == [str(n) for n in (*range(FEW * 2), 0, 1, 2)]
    assert (os.getpid() in {process for process, _years in answers}) == (jobs == 1)


def test_few_texts_start_no_process() -> None:
    with Workers(open_fake, 4) as workers:
        assert {process for process, _years in workers.map(seen, TEXTS[: FEW - 1])} == {os.getpid()}


def test_no_texts_open_no_detector() -> None:
    def never() -> Detector:
        raise AssertionError

    with Workers(never, 1) as workers:
        assert list(workers.map(seen, [])) == []


def test_processes_that_die_leave_the_work_to_the_first() -> None:
    items = [(os.getpid(), number) for number in range(FEW * 2)]
    with Workers(open_fake, 2) as workers:
        assert list(workers.map(dies_elsewhere, items)) == list(range(FEW * 2))


def in_a_daemon(answer: Connection) -> None:
    """As a worker of a fleet, which may start no process, does: with several asked for, and without an index."""
    build = IndexBuild(make=os.abort, is_kept=lambda: False)
    with Workers(open_fake, 4, build) as workers:
        answer.send({process for process, _years in workers.map(seen, TEXTS)} == {os.getpid()})
    build.start()
    build.wait()


def test_a_daemon_does_all_itself() -> None:
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=in_a_daemon, args=(theirs,), daemon=True)
    process.start()
    assert ours.poll(120)
    assert ours.recv()
    process.join(120)
    assert process.exitcode == 0


def test_jobs() -> None:
    assert usable_jobs(3) == 3
    assert 1 <= usable_jobs(None) <= 64


@pytest.fixture(autouse=True)
def in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """The new processes import the tests as this one does."""
    root = Path(__file__).resolve().parents[2]
    monkeypatch.syspath_prepend(str(root))
