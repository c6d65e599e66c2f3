"""What files of content that a commit brings say against themselves: their own fields alone, no detection, no pictures.

Light on purpose: a commit waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from licscan.content.sites import site_in
from licscan.content.words import RESERVED, is_not_commercial
from licscan.media.blob import Held
from licscan.media.readers import read_media
from licscan.model.content import Question
from licscan.model.media import TERMS, Meaning, MediaFacts, MediaKind

_ORIGIN = (Meaning.SOURCE, Meaning.COMMENT, Meaning.TITLE, Meaning.AUTHOR, Meaning.COPYRIGHT, Meaning.HOLDER, *TERMS)
_NC_ADDRESS = "creativecommons.org/licenses/by-nc"


@dataclass(frozen=True, slots=True)
class Staged:
    """One thing to say of one file: which question, in which words of the file."""

    path: str
    question: Question
    words: str


def staged_questions(files: Iterable[tuple[str, bytes]]) -> Iterator[Staged]:
    """What the fields of these files (path and bytes) give reason to ask, in their order."""
    for path, data in files:
        facts = read_media(Held(data), path.rpartition("/")[2])
        if facts is not None:
            yield from (Staged(path, question, " ".join(words.split())[:200]) for question, words in _asked(facts))


def _asked(facts: MediaFacts) -> Iterator[tuple[Question, str]]:
    terms = "\n".join(facts.texts(*TERMS))
    rights = "\n".join(facts.texts(*TERMS, Meaning.COPYRIGHT))
    if is_not_commercial(rights) or _NC_ADDRESS in rights.casefold():
        yield Question.NONCOMMERCIAL, rights
    elif facts.kind is MediaKind.FONT:
        if not terms and (RESERVED.search(rights) or facts.withholds_embedding):
            yield Question.RESTRICTED, rights or f"fsType {facts.embedding}"
    elif site := site_in(facts.texts(*_ORIGIN)):
        yield Question.STOCK, site.name
    if facts.marks:
        yield Question.AI_MARK, ", ".join(sorted({mark.tool or mark.kind.value for mark in facts.marks}))
