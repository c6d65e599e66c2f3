from __future__ import annotations

from collections.abc import Callable

import pytest

from licscan.source.comments import comments_of, holder_of, name_and_version
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("banner", "told"),
    [
        ("/*! jQuery v3.7.1 | (c) OpenJS Foundation */", ("jQuery", "3.7.1")),
        ("/*!\n * jQuery JavaScript Library v3.4.1\n * https://jquery.example/", ("jQuery", "3.4.1")),
        ("/*!\n  * Bootstrap v5.3.0 (https://bootstrap.example)\n", ("Bootstrap", "5.3.0")),
        ("/** @license React v16.13.1\n * react.production.min.js", ("React", "16.13.1")),
        ("/**!\n * widget - a thing\n * @version 1.2.0\n", ("widget", "1.2.0")),
        ("/*! DOMPurify 3.0.5 */", ("DOMPurify", "3.0.5")),
        ("/*! Licensed under the Apache License 2.0 */", (None, None)),
        ("/*! For license information see main.js.LICENSE.txt */", (None, None)),
        ("/*! */", (None, None)),
    ],
)
def test_names_and_versions(banner: str, told: tuple[str | None, str | None]) -> None:
    assert name_and_version(banner) == told


def test_who_signs_a_banner() -> None:
    assert holder_of("/*! a v1 | (c) 2012-2020 Some Body and others | MIT */") == "Some Body and others"
    assert holder_of("/*! a v1 | MIT */") is None


def test_comments_of_several_languages() -> None:
    text = '#!/bin/sh\n# one\n"""doc\nstring"""\nx = "/* no */"\n/* two\nthree */ y\n<!-- four\n-->\ncode\n// five\n'
    assert comments_of(text).lines == {1, 2, 3, 4, 6, 7, 8, 9, 11}


def test_a_path_pattern_opens_no_comment() -> None:
    assert comments_of("const all = ['src/**/*.js', './a/*'];\nmore\n").lines == set()


def test_comments_inside_a_minified_line() -> None:
    line = "var a=1;" * 200 + "/*! Lib v1.0 | MIT License */" + "var b='MIT License';" * 100
    found = comments_of(line)
    assert found.holds(1, "MIT License")
    assert not found.holds(1, "var b='MIT License';var")
    assert found.in_banner(1, "Lib v1.0")


@pytest.mark.parametrize("piece", ["/*", '"""', "<!--", "'''", "/* */", "// a\n", "(c) ", "/*!\n"])
def test_time_grows_with_the_size(piece: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = piece * (size // len(piece))
        return lambda: (comments_of(text), name_and_version(text))

    assert_linear(work, 400_000)
