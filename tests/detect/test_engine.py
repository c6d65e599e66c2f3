"""The whole way of a text: what is found in it, where, and how sure."""

from __future__ import annotations

import pytest

from licscan.detect import open_detector
from licscan.detect.engine import Detector
from licscan.detect.types import Matcher, MatchKind
from licscan.licenses.licensedb import license_text

NOTICE = b"/* Copyright 2024 Example Ltd\n * Licensed under the Apache License, Version 2.0 */\nint main;\n"


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The detector of the installed data."""
    return open_detector()


def text_of(key: str) -> str:
    """A license text of the LicenseDB."""
    return license_text(key)


@pytest.mark.parametrize("key", ["mit", "apache-2.0", "gpl-3.0", "bsd-new", "mpl-2.0", "zlib", "cc-by-4.0"])
def test_a_license_text_is_itself(detector: Detector, key: str) -> None:
    """A whole text is found by its hash."""
    (match,) = detector.detect(text_of(key).encode()).matches
    assert (match.expression, match.score, match.matcher) == (key, 100.0, Matcher.HASH)


def test_a_changed_text_is_found_approximately(detector: Detector) -> None:
    """Words put in and taken out do not hide a license."""
    words = text_of("apache-2.0").split(" ")
    words[300:303] = ["something", "quite", "else"]
    (match,) = detector.detect(" ".join(words).encode()).matches
    assert match.expression == "apache-2.0"
    assert match.matcher is Matcher.APPROXIMATE
    assert 90 < match.score < 100


def test_lines_and_text(detector: Detector) -> None:
    """A match says where it stands, and how it reads there."""
    found = detector.detect(NOTICE)
    assert found.expression == "Apache-2.0"
    (match,) = found.matches
    assert (match.start_line, match.end_line, match.kind) == (2, 2, MatchKind.NOTICE)
    assert match.text == "Licensed under the Apache License, Version 2.0"


def test_two_licenses_in_order(detector: Detector) -> None:
    """Each license of a file is a match of its own."""
    data = f"{text_of('mit')}\n\n----\n\n{text_of('zlib')}".encode()
    assert [match.expression for match in detector.detect(data).matches] == ["mit", "zlib"]
    assert detector.detect(data).expression == "MIT AND Zlib"


def test_spdx_tags(detector: Detector) -> None:
    """A tag's expression is read, not matched."""
    found = detector.detect(b"# SPDX-License-Identifier: MIT OR Apache-2.0\nprint(1)\n")
    assert found.expression == "MIT OR Apache-2.0"
    assert found.matches[0].matcher is Matcher.SPDX


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 100, b"\n", b"int main() { return 0; }", "你好世界\n".encode(), b"\xff\xfe\xff"]
)
def test_nothing_is_found_in_nothing(detector: Detector, data: bytes) -> None:
    """What holds no license has no expression."""
    found = detector.detect(data)
    assert (found.expression, found.matches) == (None, ())


@pytest.mark.parametrize("named", ["MIT", "MIT/X11", "MIT / X11", "Expat"])
@pytest.mark.parametrize("words", ["{} license:", "Released under the {} license:", "It is free under the {} licence:"])
def test_a_text_below_a_line_that_names_it_is_that_text(detector: Detector, named: str, words: str) -> None:
    """The last words of the line also begin rules for the text: what is read as a field does not hide it."""
    text = text_of("mit").strip()
    found = detector.detect(f"Copyright 2010 Ada\n\n{words.format(named)}\n\n{text}".encode()).matches
    texts = {match.expression for match in found if match.kind is MatchKind.TEXT}
    assert texts == {"mit"}
    assert not any("json" in match.expression for match in found)


@pytest.mark.parametrize("said", ["ZERO-CLAUSE BSD LICENSE FOR CODE IN THE BOOK", "It is under the Zero Clause BSD."])
def test_zero_clauses_are_no_three(detector: Detector, said: str) -> None:
    assert {match.expression for match in detector.detect(f"words\n\n{said}\n".encode()).matches} == {"bsd-zero"}
