"""The measure of growth tells linear work from quadratic work."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.growth import assert_linear


def linear(size: int) -> Callable[[], object]:
    return lambda: sum(number & 7 for number in range(size * 200))


def quadratic(size: int) -> Callable[[], object]:
    return lambda: sum(number & 7 for number in range(size * size))


def test_linear_work_passes() -> None:
    assert_linear(linear, 2_400)


def test_quadratic_work_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="8 times the input"):
        assert_linear(quadratic, 1_600)


def test_no_test_looks_at_the_clock_on_the_wall() -> None:
    """Growth is told by `tests.growth`; a time limit is a safety net of a minute or more."""
