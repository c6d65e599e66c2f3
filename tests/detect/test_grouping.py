"""Matches put together to detections and to one expression."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.detect.grouping import Detection, DetectionKind, expression_of, group, key_expression, telling
from licscan.detect.types import LicenseMatch, Matcher, MatchKind
from licscan.licenses import spdx

KEYS = ("mit", "gpl-2.0", "gpl-2.0-plus", "apache-2.0", "classpath-exception-2.0", "bash-exception-gpl")


def a_match(
    expression: str,
    line: int,
    kind: MatchKind = MatchKind.NOTICE,
    *,
    lines: int = 1,
    coverage: float = 100.0,
    references: tuple[str, ...] = (),
) -> LicenseMatch:
    """A match of ten tokens a line."""
    end = line + lines - 1
    return LicenseMatch(
        *(expression, coverage, line, end, f"{expression}.RULE", kind, Matcher.EXACT, coverage, 10 * lines),
        start=10 * line,
        end=10 * end + 10,
        references=references,
    )


def said(*matches: LicenseMatch) -> str | None:
    return expression_of(group(matches))


def test_what_stands_close_is_one_detection() -> None:
    near, far = group([a_match("mit", 1), a_match("apache-2.0", 5), a_match("mit", 10)])
    assert (near.expression, near.start_line, near.end_line) == ("mit AND apache-2.0", 1, 5)
    assert (far.expression, far.start_line, far.end_line) == ("mit", 10, 10)


def test_in_a_file_of_one_line_tokens_part_detections() -> None:
    first, second = a_match("mit", 1), a_match("mit", 100)
    one_line = [first, LicenseMatch("mit", 100, 1, 1, "r", MatchKind.NOTICE, Matcher.EXACT, start=1000, end=1010)]
    assert len(group(one_line)) == 2
    assert len(group([first, second])) == 2


def test_an_introduction_joins_what_follows() -> None:
    before, after = group(
        [a_match("apache-2.0", 1), a_match("unknown-license-reference", 2, MatchKind.INTRO), a_match("mit", 4)]
    )
    assert before.expression == "apache-2.0"
    assert after.expression == "mit"
    assert after.start_line == 2


def test_a_clue_stands_alone_and_says_nothing() -> None:
    clue, license_ = group([a_match("gpl-2.0", 1, MatchKind.CLUE), a_match("mit", 2)])
    assert (clue.kind, license_.kind) == (DetectionKind.CLUES, DetectionKind.PERFECT)
    assert said(*clue.matches) is None
    assert said(*clue.matches, *license_.matches) == "MIT"


@pytest.mark.parametrize(
    ("match", "kind"),
    [
        (a_match("mit", 1), DetectionKind.PERFECT),
        (a_match("mit", 1, coverage=90.0), DetectionKind.IMPERFECT),
        (a_match("mit", 1, coverage=40.0), DetectionKind.LOW_QUALITY),
        (a_match("mit", 1, MatchKind.INTRO), DetectionKind.INTRO),
        (a_match("unknown-license-reference", 1), DetectionKind.UNKNOWN),
        (a_match("unknown-license-reference", 1, references=("COPYING",)), DetectionKind.REFERENCE),
        (a_match("unknown", 1, MatchKind.UNKNOWN), DetectionKind.UNKNOWN),
    ],
)
def test_how_sure_it_is(match: LicenseMatch, kind: DetectionKind) -> None:
    (detection,) = group([match])
    assert detection.kind is kind
    assert (detection.note is None) == (kind is DetectionKind.PERFECT)


@pytest.mark.parametrize(
    ("matches", "expression"),
    [
        ([], None),
        ([a_match("mit", 1), a_match("mit", 50)], "MIT"),
        ([a_match("mit OR gpl-2.0", 1), a_match("apache-2.0", 50)], "(MIT OR GPL-2.0-only) AND Apache-2.0"),
        # a choice stays one, though the texts of what can be chosen follow
        (
            [
                a_match("mit OR gpl-2.0", 1),
                a_match("mit", 9, MatchKind.TEXT, lines=20),
                a_match("gpl-2.0", 50, MatchKind.TEXT),
            ],
            "MIT OR GPL-2.0-only",
        ),
        # but a second notice counts
        ([a_match("mit OR gpl-2.0", 1), a_match("mit", 9)], "(MIT OR GPL-2.0-only) AND MIT"),
        # the text of a license whose terms a notice gives
        ([a_match("gpl-2.0", 1, MatchKind.TEXT), a_match("gpl-2.0-plus", 300)], "GPL-2.0-or-later"),
        (
            [a_match("gpl-2.0 WITH classpath-exception-2.0", 1), a_match("gpl-2.0", 9, MatchKind.TEXT)],
            "GPL-2.0-only WITH Classpath-exception-2.0",
        ),
        # a name without a version beside one with it
        ([a_match("gpl-1.0-plus", 1, MatchKind.REFERENCE), a_match("gpl-2.0-plus", 40)], "GPL-2.0-or-later"),
        (
            [a_match("gpl-1.0-plus", 1, MatchKind.REFERENCE), a_match("mit", 40)],
            "GPL-1.0-or-later AND MIT",
        ),
        # "see below" beside what is below
        ([a_match("unknown-license-reference", 1), a_match("mit", 3, MatchKind.TEXT)], "MIT"),
        (
            [a_match("unknown-license-reference", 1), a_match("mit", 30)],
            "LicenseRef-scancode-unknown-license-reference AND MIT",
        ),
        ([a_match("unknown-license-reference", 1, MatchKind.INTRO)], None),
        # names that SPDX lacks, alone and as exceptions
        ([a_match("nobody-1.0", 1)], "LicenseRef-scancode-nobody-1.0"),
        ([a_match("classpath-exception-2.0", 1)], "Classpath-exception-2.0"),
        (
            [a_match("gpl-2.0-plus WITH bash-exception-gpl", 1)],
            "GPL-2.0-or-later AND LicenseRef-scancode-bash-exception-gpl-2.0",
        ),
    ],
)
def test_what_a_file_says(matches: list[LicenseMatch], expression: str | None) -> None:
    assert said(*matches) == expression
    if expression and expression not in spdx.index().exceptions.values():
        assert spdx.validate(expression) == ()


def test_keys_stay_keys() -> None:
    assert key_expression([a_match("mit OR gpl-2.0", 1), a_match("apache-2.0", 2, MatchKind.CLUE)]) == "mit OR gpl-2.0"


def test_the_matches_that_tell() -> None:
    choice, text, clue = (
        a_match("mit OR gpl-2.0", 1),
        a_match("mit", 9, MatchKind.TEXT),
        a_match("isc", 30, MatchKind.CLUE),
    )
    assert telling([choice, text, clue]) == (choice,)
    assert telling([text, clue]) == (text,)


EXPRESSIONS = st.sampled_from([*KEYS, "mit OR gpl-2.0", "gpl-2.0 WITH classpath-exception-2.0", "unknown", "(", ""])
MATCHES = st.builds(
    a_match,
    EXPRESSIONS,
    st.integers(1, 60),
    st.sampled_from(MatchKind),
    lines=st.integers(1, 9),
    coverage=st.floats(0, 100),
)


@given(st.lists(MATCHES, max_size=12))
def test_every_match_is_in_one_detection_whatever_the_order(matches: list[LicenseMatch]) -> None:
    detections = group(matches)
    assert sorted(map(repr, (m for found in detections for m in found.matches))) == sorted(map(repr, matches))
    assert [found.start_line for found in detections] == sorted(found.start_line for found in detections)
    for found in detections:
        assert isinstance(found, Detection)
        assert found.start_line <= found.end_line
    kinds = [(found.kind, found.start_line, found.end_line) for found in group(reversed(matches))]
    assert kinds == [(found.kind, found.start_line, found.end_line) for found in detections]
