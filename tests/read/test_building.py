"""The index that is built beside: once, in a separate process, whose failure is nobody's."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from licscan.read.building import IndexBuild
from licscan.read.workers import FEW, Detector, Workers
from tests.fakes import open_fake


def make() -> None:
    """Leave the number of the process, and whether an interrupt reaches it."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    with Path(os.environ["MADE"]).open("a") as file:
        file.write(f"{os.getpid()} {ignored}\n")


def fail() -> None:
    make()
    raise RuntimeError("no index today")


def die() -> None:
    make()
    os._exit(9)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MADE", str(tmp_path / "made"))
    return tmp_path / "made"


@pytest.mark.parametrize("work", [make, fail, die])
def test_it_is_made_once_elsewhere(work: object, made: Path, capfd: pytest.CaptureFixture[str]) -> None:
    index = IndexBuild(work, lambda: False)  # type: ignore[arg-type]
    for _again in range(2):
        index.start()
        index.wait()
    (told,) = made.read_text().splitlines()
    assert told.split()[0] != str(os.getpid())
    assert told.split()[1] == "True"
    assert capfd.readouterr() == ("", "")


def test_what_is_there_is_not_made(made: Path) -> None:
    index = IndexBuild(make, lambda: True)
    index.start()
    index.wait()
    assert not made.exists()


def is_made(_detector: Detector, _item: int) -> bool:
    return Path(os.environ["MADE"]).exists()


def open_late() -> Detector:
    assert Path(os.environ["MADE"]).exists()
    return open_fake()


@pytest.mark.parametrize(("jobs", "count", "started"), [(2, FEW * 2, False), (2, FEW * 2, True), (1, 3, True)])
def test_detectors_are_opened_when_it_is_made(jobs: int, count: int, started: bool, made: Path) -> None:
    index = IndexBuild(make, lambda: False)
    if started:
        index.start()
    with Workers(open_late, jobs, index) as workers:
        assert all(workers.map(is_made, range(count)))
    assert len(made.read_text().splitlines()) == 1


def test_few_texts_start_no_process_to_make_it(made: Path) -> None:
    with Workers(open_fake, 2, IndexBuild(make, lambda: False)) as workers:
        assert list(workers.map(is_made, range(3))) == [False] * 3
