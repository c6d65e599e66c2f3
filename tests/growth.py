"""How the work on an input grows with its size, told without a clock on the wall.

Two sizes are worked on in one process, and the processor time of this process is compared: other work on the machine
hardly changes the ratio, and what it adds is taken away by measuring again and keeping the least.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest

TIMES = 8
"""How much larger the large input is."""
LIMIT = 4 * TIMES
"""The most that its work may be of the small one's; work that grows with the square would be 64 times as much."""
ROUNDS = 6
FLOOR = 0.004
"""Seconds of processor time below which a measurement of the small input says nothing."""

Work = Callable[[int], Callable[[], object]]
"""Makes the work on an input of a size; only the work itself is measured, not its making."""


def assert_linear(work: Work, size: int, times: int = TIMES, limit: float = LIMIT) -> None:
    """Work on `size` takes at most `limit` times that on `size // times`: as good as linear, and far from quadratic."""
    seconds(work(size // times))  # imports and tables that are read at first use
    small = large = float("inf")
    for _round in range(ROUNDS):
        gc.collect()
        small = min(small, seconds(work(size // times)))
        large = min(large, seconds(work(size)))
        if large <= limit * max(small, FLOOR):
            return
    pytest.fail(f"{times} times the input took {large / small:.0f} times the work ({small:.4f} s, {large:.4f} s)")


def seconds(work: Callable[[], object]) -> float:
    """The processor time of this process for some work."""
    start = time.process_time()
    work()
    return time.process_time() - start
