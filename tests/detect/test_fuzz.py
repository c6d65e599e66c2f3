"""No input crashes detection, makes it slow, or gets two answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licscan.detect.decoding import is_binary
from licscan.detect.engine import Detector
from licscan.detect.types import Detected
from tests.detect import licensedb, variants
from tests.growth import Work, assert_linear, seconds

pytestmark = pytest.mark.slow

FUZZED = 600
DEARER = 200
"""How much more processor time a kilobyte may take than one of a minified bundle; ten times what is measured."""

WORDS = (
    "license",
    "MIT",
    "gpl",
    "copyright",
    "(c)",
    "2020",
    "SPDX-License-Identifier:",
    "see",
    "COPYING",
    "permission",
)


def well_formed(found: Detected, data: bytes) -> None:
    """What holds of every answer: sorted, inside the text, scores in range."""
    lines = data.count(b"\n") + data.count(b"\r") + data.count(b"\x0b") + data.count(b"\x0c") + 1
    places = [(match.start, match.end) for match in found.matches]
    assert [start for start, _end in places] == sorted(start for start, _end in places)
    for match in found.matches:
        assert match.start < match.end or match.matched_length == 0
        assert 1 <= match.start_line <= match.end_line
        assert 0 <= match.score <= 100
        assert 0 <= match.coverage <= 100
        assert match.expression
        assert match.rule
        assert len(match.text) <= 2000
    assert all(one.start_line <= one.end_line for one in found.copyrights)
    # of a binary file and of a PDF, lines count the strings that were found in it
    if data.isascii() and len(data) < 20_000 and not data.startswith(b"%PDF") and not is_binary(data):
        assert all(match.end_line <= lines for match in found.matches)


@pytest.mark.parametrize("kind", range(6))
def test_hostile_inputs_get_an_answer_in_time(detector: Detector, kind: int) -> None:
    texts = [entry.text for entry in licensedb.licenses()[::50]]
    plain = variants.minified(50_000).encode()
    kilobyte = min(seconds(lambda: detector.detect(plain, "a.js")) for _round in range(5)) / 50
    for seed in range(kind, FUZZED, 6):
        name, data = variants.hostile(seed, texts)
        well_formed(detector.detect(data, f"{seed}.txt"), data)
        took = seconds(lambda data=data, seed=seed: detector.detect(data, f"{seed}.txt"))  # type: ignore[misc]
        assert took < DEARER * kilobyte * (10 + len(data) / 1000), f"seed {seed}: {name}, {len(data)} bytes, {took} s"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=600))
def test_any_bytes_get_an_answer(detector: Detector, data: bytes) -> None:
    well_formed(detector.detect(data, ""), data)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=12)), max_size=60).map(" ".join))
def test_any_text_gets_the_same_answer_twice(detector: Detector, text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    found = detector.detect(data, "LICENSE")
    well_formed(found, data)
    assert detector.detect(data, "LICENSE") == found


def test_answers_do_not_depend_on_what_was_asked_before(detector: Detector) -> None:
    texts = [entry.text.encode() for entry in licensedb.licenses()[::150]]
    forwards = [detector.detect(data, "") for data in texts]
    backwards = [detector.detect(data, "") for data in reversed(texts)]
    assert forwards == backwards[::-1]


def on(detector: Detector, make: variants.Grower) -> Work:
    """Detection in a text of a size."""

    def work(size: int) -> Callable[[], object]:
        data = make(size).encode()
        return lambda: detector.detect(data, "NOTICES")

    return work


@pytest.mark.parametrize("make", [variants.minified, variants.unlicensed])
def test_time_grows_with_size_and_no_faster(detector: Detector, make: variants.Grower) -> None:
    assert_linear(on(detector, make), 800_000)


def test_time_of_many_licenses_grows_with_their_number(detector: Detector) -> None:
    texts = [entry.text for entry in licensedb.licenses()[::10]]
    assert_linear(on(detector, lambda size: variants.third_party_notices(texts, size)), 480_000)
