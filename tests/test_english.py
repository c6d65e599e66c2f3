"""No sentence of the catalogue has a phrase that docs/style.md replaces."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_messages import template

STYLE = Path(__file__).resolve().parents[1] / "docs" / "style.md"
BANNED = (
    r"\bis not there\b",
    r"(?<!there )\bis no (?!license\b(?! that)|longer\b)",
    r"\bholds no such\b",
    r"\bother ones\b",
    r"\banother one\b(?! (names|in its place))",
    r"\bcannot be told\b",
    r"\bis not said\b",
    r"\bfor this answer\b",
    r"^perhaps$",
    r"\b(files|packages|components?|librar(y|ies)|works?) of others\b",
    r"\bTaken for granted\b",
    r"\bAsked for by\b",
    r"\boffers of source\b",
    r"\bare given together\b",
    r"^Joined as\b",
    r"\bis to be checked\b",
    r"\bas its metadata say\b",
    r"\blists for development\b",
    r"\bsee to it\b",
    r"\bartefact",
    r"\bow(ed|es)\b",
    r"\bas asked\b",
    r"\blets?\b.*\bthrough\b",
    r"\b(is|are|was|were) (not )?looked at\b",
    r"(?<!when: )\bof which\b(?! commit)",
    r"\breplace (\S+ ){1,2}by\b",
    r"\b(forbids?|allows?) to\b",
    r"\bspeaks? of\b",
    r"\btells\b|\bis told\b",
    r"\bholds\b(?! rights)",
    r"\blies\b|\bstands\b(?! (for|today))",
    r"\bin silence\b",
    r"\bis over\b",
    r"(^|, )by (its|their)( own)? (names?|fields?)\b",
    r"\bbeside\b",
    r"\bat hand\b",
    r"\bwhat helps\b",
    r"\btaken (for|out)\b",
    r"\bso many\b",
    r"^Least severity\b",
    r"\b(can|cannot) go out\b",
    r"\bone's own\b",
    r"\brecognised",
    r"\bmay not be\b",
    r"\b(mark|text|index|ledger) of (AI|a license|code|decisions|license texts)\b",
    r"\bto be had\b|\bcan be had\b",
    r"\bnobody (read|signed|filled)\b",
    r"\bof (a|one's) (project|tree|program) of (your|its) own\b|\bof a \w+ of your own\b",
)


@pytest.mark.parametrize("phrase", BANNED)
def test_no_sentence_has_it(phrase: str) -> None:
    found = [text for texts in template() for text in texts if re.search(phrase, text, re.IGNORECASE)]
    assert not found, "docs/style.md says what to write instead"


def test_the_style_page_has_before_and_after_of_each() -> None:
    rows = [line.split("|")[1:3] for line in STYLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    before = [row[0] for row in rows]
    after = " ".join(row[1] for row in rows)
    missing = [one for one in BANNED if not any(re.search(one, text.strip(), re.IGNORECASE) for text in before)]
    assert not missing
    assert not [phrase for phrase in BANNED if re.search(phrase.strip("^$"), after, re.IGNORECASE)]
