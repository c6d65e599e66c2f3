"""The sentences that licenses ask to show, in their own words: from the text as shipped, else from the table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from licscan.attribution.records import Sentence
from licscan.tables import load_toml

_MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class _Row:
    licenses: frozenset[str]
    find: re.Pattern[str]
    sentence: str
    only: frozenset[str]
    """Licenses for which the sentence counts where the text has none; all where the table does not say."""


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(
        _Row(
            frozenset(row["licenses"]),
            re.compile(row["find"], re.IGNORECASE),
            row["sentence"],
            frozenset(row.get("only", row["licenses"])),
        )
        for row in load_toml("acknowledgments.toml")["acknowledgment"]
    )


def sentences_of(
    license_id: str, clause: str, texts: Iterable[str], holders: Sequence[str]
) -> tuple[tuple[Sentence, ...], bool]:
    """What a license that asks for an acknowledgment prescribes, and whether a name is missing in it.

    The sentences as they stand in the texts come first; without any, the table's, with the first holder in it.
    """
    folded = [_folded(text) for text in texts]
    rows = [row for row in _rows() if license_id in row.licenses]
    found = [hit for row in rows for text in folded for hit in _hits(row, text)]
    if not found:
        found = [row.sentence for row in rows if license_id in row.only]
    nameless = False
    told = []
    for sentence in dict.fromkeys(found):
        if "{organization}" in sentence:
            nameless = nameless or not holders
            sentence = sentence.replace("{organization}", holders[0].rstrip(".") if holders else "…")
        told.append(Sentence(sentence, license_id, clause))
    return tuple(told), nameless


def _hits(row: _Row, text: str) -> list[str]:
    return [hit[1].strip() for hit in row.find.finditer(text) if "<" not in hit[1] or "http" in hit[1]]


def _folded(text: str) -> str:
    """White space and the marks of comments folded, so that a sentence over several lines is one."""
    return " ".join(re.sub(r"(?m)^[ \t]*(?:[*#;]|//)+", " ", text[:_MAX_TEXT]).split())
