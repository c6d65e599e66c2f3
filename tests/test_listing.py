"""Names in a sentence, and lists of which a terminal shows the first."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.base.listing import listed
from licscan.base.messages import speaking
from licscan.export.page import AS_JSON, Page

SOURCES = Path(__file__).parents[1] / "licscan"


@pytest.mark.parametrize(
    ("names", "most", "told"),
    [
        ((), 3, ""),
        (("a",), 3, "a"),
        (("a", "b", "c"), 3, "a, b, c"),
        (("a", "b", "c", "d"), 3, "a, b, c, d"),
        (("a", "b", "c", "d", "e"), 3, "a, b, c and 2 more"),
        (tuple("a" * 2_003), 1, "a and 2,002 more"),
    ],
)
def test_the_first_names_and_the_count_of_the_rest(names: tuple[str, ...], most: int, told: str) -> None:
    assert listed(names, most) == told


def test_what_parts_the_names_is_that_of_the_language_or_as_asked() -> None:
    with speaking("zh"):
        assert listed("abcd", 2) == "a、b 等，另有 2 项"
        assert listed("abcd", 2, "; ") == "a; b 等，另有 2 项"


@pytest.mark.parametrize(
    ("names", "total", "told"),
    [
        ("ab", 2, "a, b"),
        ("ab", 3, "a, b and 1 more"),
        ("abc", 3, "a, b, c"),
        ("abcd", 9, "a, b and 7 more"),
        ("a", 5, "a and 4 more"),
    ],
)
def test_a_total_counts_names_that_are_not_given(names: str, total: int, told: str) -> None:
    assert listed(names, 2, total=total) == told


@given(st.lists(st.text("abc", min_size=1), max_size=30), st.integers(1, 12))
def test_named_and_counted_are_all_of_them(names: list[str], most: int) -> None:
    told, _and, rest = listed(names, most, "; ").partition(" and ")
    shown = told.split("; ") if told else []
    assert shown == names[: len(shown)]
    assert len(shown) + (int(rest.split()[0]) if rest else 0) == len(names)
    assert not rest.startswith("1 ")


@pytest.mark.parametrize("count", [1, 30, 31, 32, 500])
def test_a_terminal_shows_the_first_and_says_how_to_see_the_rest(count: int) -> None:
    terminal, file = Page(80, cuts=True), Page(80)
    for page in (terminal, file):
        shown = page.some(range(count), 30)
        page.rest(count - len(shown), AS_JSON)
        assert list(shown) == list(range(len(shown)))
    assert not file.plain
    assert terminal.plain == (f"  … and {count - 30} more (`--format json`)\n" if count > 31 else "")


def test_a_sentence_names_a_thousand_packages() -> None:
    page = Page(80)
    names = [f"package-with-a-long-name-{number} 1.0.0" for number in range(1_000)]
    page.prose(", ".join(names))
    assert " ".join(page.plain.split()) == ", ".join(names)


def test_no_other_place_counts_what_it_leaves_out_of_a_list_of_names() -> None:
    """One function says `and 3 more`, so that no list is cut without a count, and none in a way of its own."""
    for path in sorted(SOURCES.rglob("*.py")):
        if path == SOURCES / "base" / "listing.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in ("{names} and {count} more", ", ...", ", …"), path
