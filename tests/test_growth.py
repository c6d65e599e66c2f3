"""The measure of growth tells linear work from quadratic work."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.growth import assert_linear

ROOT = Path(__file__).resolve().parents[1]


def linear(size: int) -> Callable[[], object]:
    return lambda: sum(number & 7 for number in range(size * 200))


def quadratic(size: int) -> Callable[[], object]:
    return lambda: sum(number & 7 for number in range(size * size))


def test_linear_work_passes() -> None:
    assert_linear(linear, 2_400)


def test_quadratic_work_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="8 times the input"):
        assert_linear(quadratic, 3_000)


WALL = re.compile(r"\btime\.(?:perf_counter|monotonic)|\bfrom time import|\bimport timeit")
LIMIT = re.compile(r"\btimeout=(\d+)")
BENCHES = {"tests/detect/runners.py"}
"""Modules that measure for `scripts/`, and test nothing."""


def test_no_test_looks_at_the_clock_on_the_wall() -> None:
    """Growth is told by `tests.growth`; a limit is a safety net of a minute or more, unless it is what is tested."""
    found = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name in BENCHES or path == Path(__file__) or name.startswith("tests/cases/"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            short = any(int(seconds) < 60 for seconds in LIMIT.findall(line)) and "tool_run.run(" not in line
            if short or WALL.search(line):
                found.append(f"{name}:{number}: {line.strip()}")
    assert found == []
