"""Expressions are compared by what they say: order and needless brackets do not count, everything else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.delivery.expressions import meaning
from tests.growth import assert_linear

SAME = [
    ("MIT", "mit"),
    ("MIT OR ISC", "(ISC) or MIT"),
    ("MIT OR ISC AND Zlib", "MIT OR (Zlib AND ISC)"),
    ("A AND (B AND C)", "(A AND B) AND C"),
    ("MIT OR MIT", "MIT"),
    ("GPL-2.0-only WITH Classpath-exception-2.0", "(GPL-2.0-only with Classpath-exception-2.0)"),
    ("A OR B WITH AdditionRef-x", "A OR (B AND LicenseRef-Addition-x)"),
    ("see the  file", "See the file"),
]
OTHER = [
    ("MIT", "ISC"),
    ("MIT OR ISC", "MIT AND ISC"),
    ("(MIT OR ISC) AND Zlib", "MIT OR ISC AND Zlib"),
    ("GPL-2.0-only", "GPL-2.0-only WITH Classpath-exception-2.0"),
    ("Apache-2.0", "Apache-2.0+"),
    ("MIT OR", "MIT"),
    ("(MIT", "MIT"),
    ("", "MIT"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_they_say_the_same(one: str, other: str) -> None:
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_they_do_not(one: str, other: str) -> None:
    assert meaning(one) != meaning(other)


TREES = st.recursive(
    st.sampled_from(["MIT", "ISC", "Zlib", "GPL-2.0-only WITH Classpath-exception-2.0"]),
    lambda inner: st.tuples(st.sampled_from([" AND ", " OR "]), st.lists(inner, min_size=2, max_size=3)).map(
        lambda told: f"({told[0].join(told[1])})"
    ),
    max_leaves=8,
)


@given(TREES)
def test_it_agrees_with_the_library(expression: str) -> None:
    from licscan.licenses.spdx import same

    upside_down = f"(({expression}))"
    assert meaning(expression) == meaning(upside_down)
    assert same(expression, upside_down)
    assert meaning(expression) != meaning(f"{expression} AND BSD-3-Clause")


@given(st.text(alphabet="()ab wthorn", max_size=60))
def test_any_text_has_a_meaning(text: str) -> None:
    assert meaning(text) == meaning(text)


def test_deep_and_long_texts_take_linear_time() -> None:
    assert meaning("(" * 10_000 + "a" + ")" * 10_000)
    assert_linear(lambda count: lambda: meaning("(a or " * count + "a" + ")" * count), 40_000)
