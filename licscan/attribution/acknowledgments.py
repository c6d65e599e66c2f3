"""The sentences that licenses ask to show, in their own words: from the text as shipped, else from the table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from licscan.attribution.records import Sentence
from licscan.base.tables import load_toml

_MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class _Row:
    licenses: frozenset[str]
    find: tuple[re.Pattern[str], ...]
    sentence: str


@cache
def _rows() -> tuple[_Row, ...]:
    rows = load_toml("acknowledgments.toml")["acknowledgment"]
    return tuple(
        _Row(
            frozenset(row["licenses"]), tuple(re.compile(text, re.IGNORECASE) for text in row["find"]), row["sentence"]
        )
        for row in rows
    )


def sentences_of(
    license_id: str, clause: str, texts: Iterable[str], holders: Sequence[str], component: str
) -> tuple[tuple[Sentence, ...], bool]:
    """What a license that asks for an acknowledgment prescribes, and whether a name is missing in it.

    The sentences as they stand in the texts come first; without any, the table's, with the first holder in it. A
    license that the table does not name gets the table's general sentence.
    """
    folded = [_folded(text) for text in texts]
    rows = [row for row in _rows() if license_id in row.licenses]
    found = [hit for row in rows for text in folded for hit in _hits(row, text)]
    if not found:
        found = [row.sentence for row in rows] or [load_toml("acknowledgments.toml")["default"]["sentence"]]
    nameless = not holders and any("{organization}" in sentence for sentence in found)
    names = {"{organization}": holders[0].rstrip(".") if holders else "…", "{component}": component}
    told = dict.fromkeys(_NAMES.sub(lambda match: names[match[0]], sentence) for sentence in found)
    return tuple(Sentence(sentence, license_id, clause) for sentence in _apart(told)), nameless


_NAMES = re.compile(r"\{(?:organization|component)\}")
_FORM = re.compile(r"<[^<>]*>|\{\{?[^{}]*\}\}?|\[[^][]*\]")


def _hits(row: _Row, text: str) -> list[str]:
    """The sentences in a text by the first expression that finds any; a form that nobody filled in is none."""
    for pattern in row.find:
        found = [hit[1].strip() for hit in pattern.finditer(text)]
        if found:
            return [one for one in found if not any(_is_blank(form[0]) for form in _FORM.finditer(one))]
    return []


def _is_blank(form: str) -> bool:
    """Whether what stands in brackets is a place for a name, not an address."""
    return "@" not in form and "." not in form


def _apart(sentences: Iterable[str]) -> list[str]:
    """Without those that differ from another only in punctuation and case."""
    found: dict[str, str] = {}
    for sentence in sentences:
        found.setdefault(re.sub(r"\W+", "", sentence.casefold()), sentence)
    return list(found.values())


def _folded(text: str) -> str:
    """White space and the marks of comments folded, so that a sentence over several lines is one."""
    return " ".join(re.sub(r"(?m)^[ \t]*(?:[*#;]|//)+", " ", text[:_MAX_TEXT]).split())
