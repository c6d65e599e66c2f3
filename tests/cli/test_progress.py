"""The line that says what is being done: seen on a terminal alone, late enough, gone when the work is over."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import pytest

from licscan.base.messages import use_language
from licscan.cli import output
from licscan.cli.output import DELAY, progress_bar, working
from licscan.read import building
from tests.fakes import FakeDetector


class Terminal(io.StringIO):
    """What is written to a terminal of 80 columns."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Clock:
    """Timers that go off when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.delays: list[float] = []

    def timer(self, delay: float, call: Callable[[], None]) -> Clock:
        self.delays.append(delay)
        self.waiting.append(call)
        return self

    daemon = False

    def start(self) -> None:
        """Nothing goes off by itself."""

    def cancel(self) -> None:
        self.waiting.clear()

    def pass_(self) -> None:
        for call in self.waiting:
            call()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(output, "Timer", made.timer)
    return made


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Terminal]:
    """Standard error as a terminal, from when a test asks for it: pytest puts its own there before."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    use_language("en")

    def put() -> Terminal:
        made = Terminal()
        monkeypatch.setattr(sys, "stderr", made)
        return made

    return put


def test_work_that_is_over_soon_shows_nothing(clock: Clock, terminal: Callable[[], Terminal]) -> None:
    shown = terminal()
    with progress_bar() as progress:
        progress("Reading", 1, 2)
    assert shown.getvalue() == ""
    assert clock.delays == [DELAY]
    assert DELAY <= 0.5


def test_work_that_never_calls_in_is_shown_all_the_same(clock: Clock, terminal: Callable[[], Terminal]) -> None:
    shown = terminal()
    with working("Writing the report"):
        clock.pass_()
    assert "Writing the report" in shown.getvalue()


def test_counts_are_shown_where_there_are_some(clock: Clock, terminal: Callable[[], Terminal]) -> None:
    shown = terminal()
    with progress_bar() as progress:
        progress("Reading", 3, 17)
        clock.pass_()
    assert "3/17" in shown.getvalue()
    with progress_bar() as progress:
        progress("Concluding", 0, 0)
        clock.pass_()
    assert "/?" not in shown.getvalue()


@pytest.mark.parametrize("error", [None, KeyboardInterrupt, ValueError])
def test_the_line_is_taken_away_and_the_cursor_comes_back(
    clock: Clock, terminal: Callable[[], Terminal], error: type[BaseException] | None
) -> None:
    shown = terminal()
    try:
        with working("Writing the report"):
            clock.pass_()
            if error is not None:
                raise error
    except (KeyboardInterrupt, ValueError):
        pass
    said = shown.getvalue()
    assert said.rindex("\x1b[?25h") > said.rindex("\x1b[?25l"), "the cursor is shown"
    assert said.rindex("\x1b[2K") > said.rindex("Writing the report"), "the line is cleared after it was last drawn"


def test_a_timer_that_goes_off_too_late_draws_nothing(clock: Clock, terminal: Callable[[], Terminal]) -> None:
    shown = terminal()
    with progress_bar():
        late = list(clock.waiting)
    for call in late:
        call()
    assert shown.getvalue() == ""


@pytest.mark.parametrize("shown", [True, False])
def test_without_a_terminal_or_when_quiet_nothing_is_shown(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, shown: bool
) -> None:
    where = io.StringIO() if shown else Terminal()
    monkeypatch.setattr(sys, "stderr", where)
    with working("Writing the report", shown):
        clock.pass_()
    assert where.getvalue() == ""
    assert clock.delays == []


def test_a_stage_is_no_markup(clock: Clock, terminal: Callable[[], Terminal]) -> None:
    shown = terminal()
    with working("Auditing [red]x[/] [/b]"):
        clock.pass_()
    assert "[red]x[/] [/b]" in shown.getvalue()


@pytest.mark.parametrize("kept", [True, False])
def test_the_index_that_is_not_there_yet_is_said(monkeypatch: pytest.MonkeyPatch, kept: bool) -> None:
    from licscan.read.workers import Workers

    monkeypatch.setattr(building, "_is_kept", lambda: kept)
    told: list[str] = []
    with Workers(FakeDetector, 1, opening=lambda: building.preparing(lambda stage, *_n: told.append(stage))) as workers:
        assert told == [], "nothing is opened before a text is there"
        assert len(list(workers.map(lambda detector, data: detector.detect(data), [b"license mit"]))) == 1
    assert told == ([] if kept else ["Preparing the license text index (once)"])
