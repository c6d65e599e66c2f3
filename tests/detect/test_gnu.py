"""GNU notices are read by what they say: the version, "or later", the family, whatever the program is called."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from licscan.detect import open_detector
from licscan.detect.data import read_shipped
from licscan.detect.engine import Detector
from licscan.detect.gnu import read_notices
from licscan.detect.tokenizer import lowered
from licscan.detect.types import MatchKind
from licscan.licenses.licensedb import license_text
from tests.detect.gnu_notices import notices
from tests.growth import assert_linear

STATEMENTS = Path(__file__).resolve().parents[1] / "cases" / "gnu" / "statements.jsonl"
CASES: list[dict[str, Any]] = [json.loads(line) for line in STATEMENTS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The detector of the installed data."""
    return open_detector()


def test_notices_of_three_hundred_programs(detector: Detector) -> None:
    """Every form, family and comment style says what a reader takes from it, and nothing beside it."""
    wrong = {
        notice.name: found
        for notice in notices(300)
        if (found := detector.detect(notice.text.encode()).expression) not in notice.accept
    }
    assert not wrong


@pytest.mark.parametrize("case", CASES, ids=[f"{number:02}" for number in range(len(CASES))])
def test_statements(detector: Detector, case: dict[str, Any]) -> None:
    """Short statements, tags, prose and code."""
    assert detector.detect(case["text"].encode(), "x.txt").expression in case["accept"]


def test_the_grammar_agrees_with_the_licensedb() -> None:
    """Of the LicenseDB's own notices that say a version plainly nearly all are read as it says."""
    read = right = 0
    for rule in read_shipped().rules:
        words = rule.text.lower()
        if rule.kind is not MatchKind.NOTICE or not rule.expression.endswith(("gpl-2.0-plus", "gpl-3.0-plus")):
            continue
        if " " in rule.expression or "any later version" not in words or len(words) > 1_000:
            continue
        text = rule.text.replace("{{", "").replace("}}", "")  # marks of the LicenseDB, which no file has
        said = {one.expression for one in read_notices(lowered(text)) if one.versioned and not one.mention}
        read += 1
        right += said == {rule.expression}
    assert read > 300
    assert right >= 0.9 * read


def test_what_is_denied_is_a_clue(detector: Detector) -> None:
    """A name in a sentence that denies it is shown, and says nothing of the file."""
    found = detector.detect(b"There is no GPL licensed code in this project.\n")
    assert found.expression is None
    assert {match.kind for match in found.matches} == {MatchKind.CLUE}


def test_a_license_text_is_no_notice(detector: Detector) -> None:
    """The text of a license speaks of others and of versions, and stays itself."""
    text = license_text("gpl-2.0")
    changed = text.replace("59 Temple Place", "1 Example Street").encode()
    assert detector.detect(changed).expression == "GPL-2.0-only"


@pytest.mark.parametrize(
    "piece",
    [
        "gnu general public license version ",
        "gpl " + "*" * 40,
        "gnu " + "\n * " * 20,
        "version 2 of the gnu gpl or ",
        "gnu gpl 2 or version 3 or version 2 or version 3 or ",
        "see the gnu general public license for more details. if not, see ",
        "通用公共许可证第",
        "same terms as ",
        "any later version clause of the gnu gpl v2 or ",
    ],
    ids=["name", "stars", "lines", "before", "versions", "tails", "chinese", "perl", "clause"],
)
def test_time_grows_with_the_text(piece: str) -> None:
    """No text makes the grammar try the same words again and again."""
    assert_linear(lambda size: partial(read_notices, piece * (size // len(piece))), 400_000)
