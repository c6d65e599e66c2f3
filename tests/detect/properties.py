"""What must hold of the LicenseDB's own texts, whole, changed in form, and changed in meaning."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from licscan.detect.types import Detected
from tests.detect.corpus import keys_of
from tests.detect.licensedb import Entry
from tests.detect.variants import KEPT, interrupted, other_version, without_phrase, words

WORD = re.compile(r"[^_\W]+\+?[^_\W]*")

Detect = Callable[[str], Detected]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether one property holds of one text; where it does not, of what kind the exception is, and what was found."""

    property: str
    name: str
    holds: bool
    cause: str = ""
    detail: str = ""


def in_full(entry: Entry, found: Detected, count: int, least: float) -> bool:
    """Whether one match says the license, covers so much of its rule, and nine tenths of the text's words."""
    keys = keys_of([entry.expression])
    return any(
        keys <= keys_of([match.expression]) and match.coverage >= least and match.matched_length >= 0.9 * count
        for match in found.matches
    )


def why_not(entry: Entry, found: Detected, count: int) -> tuple[str, str]:
    """The kind of the exception, what explains most first, and what was found."""
    if not found.matches:
        return "nothing was found", f"{count} words"
    longest = max(found.matches, key=lambda match: (match.matched_length, match.score))
    keys = keys_of([entry.expression])
    own = max((m.matched_length for m in found.matches if keys <= keys_of([m.expression])), default=0)
    detail = f"{own} of {count} words; {longest.rule} ({longest.expression}) {longest.matched_length} words"
    if longest.matched_length >= 0.9 * count and longest.rule != entry.name:
        return "another rule covers the whole text", detail
    return ("found in part" if own else "found as something else"), detail


def kept(entry: Entry, detect: Detect) -> Iterator[Outcome]:
    """Each change of form leaves the license found: its key among the keys, and in full by one match."""
    for name, change in KEPT.items():
        text = change(entry.text)
        found = detect(text)
        count = len(WORD.findall(text))
        # what is gone from the text cannot be covered; half a point is for words that split where a line breaks
        least = min(99.5, 100 * count / max(1, len(WORD.findall(entry.text)))) - 0.5
        named = keys_of([entry.expression]) <= keys_of(match.expression for match in found.matches)
        full = in_full(entry, found, count, least)
        for aspect, holds in (("key found", named), ("found in full", full)):
            cause = ("", "") if holds else why_not(entry, found, count)
            yield Outcome(f"{name}: {aspect}", entry.name, holds, *cause)


def changed(entry: Entry, detect: Detect) -> Iterator[Outcome]:
    """A text that says something else is never the rule itself with the score of the text as it is."""
    full = _score(entry, detect(entry.text))
    texts = {
        "75 foreign words inserted": interrupted(entry.text, words(random.Random(len(entry.text)), 75)),
        "75 words of a license inserted": interrupted(entry.text, OTHER_WORDS),
        "one word inserted": interrupted(entry.text, ["never"]),
        "another version": other_version(entry.text),
    }
    for name, text in texts.items():
        if text is not None and full > 0:
            score = _score(entry, detect(text))
            said = ("", "") if score < full else ("the same score as before", f"{score} and {full}")
            yield Outcome(f"{name}: lower score", entry.name, score < full, *said)


def _score(entry: Entry, found: Detected) -> float:
    return max((match.score for match in found.matches if match.rule == entry.name), default=0.0)


OTHER_WORDS = ("this permission ends where the licensee fails to pay the fees due to the owner " * 5).split()
"""Seventy-five words that licenses are made of."""


def phrase_broken(entry: Entry, detect: Detect) -> Iterator[Outcome]:
    """A rule whose required phrase is broken does not match."""
    text = without_phrase(entry.text)
    if text is not None:
        rules = {match.rule for match in detect(text).matches}
        holds = entry.name not in rules
        yield Outcome("required phrase broken: no match", entry.name, holds, "" if holds else "matches all the same")
