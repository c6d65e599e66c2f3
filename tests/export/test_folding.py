"""Files alike are one line, with globs that name them and nothing else."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.export.folding import MOST_GLOBS, globs
from licscan.export.page import Page
from licscan.export.verify import to_text, write
from licscan.verify.records import Component, Kind, Sighting, Unknown, Verified

PATHS = st.text("ab1-._/*[", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("files", "others", "expected"),
    [
        (["107.prod.js", "2.prod.js"], ["app.prod.js"], ["[0-9]*.prod.js"]),
        (["d/src_i18n_de.js", "d/src_i18n_zh.js"], ["d/index.js"], ["d/src_*.js"]),
        (["d/src_i18n_de.js", "d/src_i18n_zh.js"], ["d/src_main.js"], ["d/src_i18n_de.js", "d/src_i18n_zh.js"]),
        (["a/chunk-1f3a9c7d.js", "a/chunk-77aa01bc.js"], [], ["a/chunk-*.js"]),
        (["one.js", "two.js", "three.js", "four.js", "five.js"], [], []),
        (["a[1].js", "a[2].js"], ["a3.js"], ["a[[][0-9]*].js"]),
    ],
)
def test_globs_of_names(files: list[str], others: list[str], expected: list[str]) -> None:
    assert globs(files, others) == expected


@given(st.lists(PATHS, max_size=6), st.lists(PATHS, max_size=6))
def test_globs_match_all_of_them_and_nothing_else(files: list[str], others: list[str]) -> None:
    rest = set(others) - set(files)
    found = globs(files, rest)
    assert len(found) <= MOST_GLOBS
    if found:
        assert all(any(fnmatchcase(path, glob) for glob in found) for path in files)
        assert not [path for path in rest if any(fnmatchcase(path, glob) for glob in found)]


def test_many_files_of_one_reason_are_one_line_with_the_argument() -> None:
    unknown = tuple(Unknown(f"js/{number}.prod.js", "is minified") for number in range(37))
    sign = Sighting("npm", "left", "1.0.0", Kind.WEBPACK, "js/app.prod.js")
    left = Component("pkg:npm/left@1.0.0", "left", "1.0.0", "MIT", (sign,))
    text = to_text(Verified("dist", "folder", "app", "web", (left,), unknown))
    assert text.count("is minified") == 1
    assert "js/0.prod.js: is minified The same for js/1.prod.js, js/2.prod.js" in " ".join(text.split())
    assert all(f"js/{number}.prod.js" in text for number in range(37))
    assert "--own 'js/[0-9]*.prod.js'" in text
    page = Page(80, cuts=True)
    write(Verified("dist", "folder", "app", "web", (left,), unknown), page)
    assert "js/5.prod.js and 31 more (`--format json`)" in " ".join(page.plain.split())


def test_files_of_an_older_build_are_to_be_removed_and_not_explained() -> None:
    stale = Unknown("js/1.prod.js", "is minified and not in the given bundler report", left_over=True)
    fresh = Unknown("js/2.prod.js", "is minified")
    for unknown, empty, stats in (((stale,), True, False), ((fresh,), False, True), ((stale, fresh), True, True)):
        text = to_text(Verified("dist", "folder", "app", "web", (), unknown))
        assert ("Build into an empty folder" in text) is empty
        assert ("--stats" in text) is stats


def test_what_has_a_strange_name_is_not_offered_as_your_own() -> None:
    unknown = tuple(
        Unknown(f"js/{number}.js", "holds right, which the scan does not know", True) for number in range(9)
    )
    text = to_text(Verified("dist", "folder", "app", "web", (), unknown))
    assert "--own" not in text.partition("Cannot tell")[2].partition("Nothing is missing")[0]
