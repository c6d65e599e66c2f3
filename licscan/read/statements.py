"""Whose work a component is: the copyright statements of its own texts, without those that are about the license."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from licscan.detect.types import CopyrightStatement, Detected
from licscan.model import Copyright
from licscan.read.cache import Found
from licscan.read.evidence import Text
from licscan.read.roles import Role

MAX_COPYRIGHTS = 100
"""Statements of one component that are kept; a few packages list a contributor a line."""
MAX_STATEMENT = 300
_NEAR = 5
"""Lines below a license's own statement within which it says that it may be copied verbatim."""
_INSTRUCTIONS = 80
"""Lines that a license's instructions have at most (GPL-2.0: 58)."""
_SHORT = 2_000
_RESERVED = re.compile(r"(?i)\ball\s+rights\s+reserved\b|\bcopyrights?\b|版权所有|保留所有权利|版权声明")
_TERMS = re.compile(
    r"(?i)\b(?:us(?:e|es|ed|age|ing)|cop(?:y|ies|ied|ying)|distribut\w*|redistribut\w*|permi[st]\w*|licen[cs]\w*|rights?|"
    r"grant\w*|resale|resell\w*|sell\w*|sold|modif\w*|allow\w*|forbid\w*|prohibit\w*|terms?|conditions?|may|must|shall|"
    r"subject|agree\w*|proprietary|confidential|free|public\s+domain|warrant\w*|liab\w*)\b|[权许可条款禁使用]"
)
_VERBATIM = re.compile(r"(?i)\bcopy\s+and\s+distribute\s+verbatim\b|\bverbatim\s+cop(?:y|ies)\s+of\s+this\s+licen[cs]e")
_HOW_TO = re.compile(
    r"(?i)\bhow\s+to\s+(?:apply|use)\s+(?:the|these|this)\b.{0,40}\b(?:terms|licen[cs]e)\b|^\s*appendix:?\s+how\s+to\b"
)


def is_bare(text: str, detected: Detected) -> bool:
    """Whether a short text has a copyright statement, and no word in which terms could be said."""
    if not detected.copyrights or detected.matches or len(text) > _SHORT:
        return False
    return _TERMS.search(_RESERVED.sub(" ", text)) is None


def set_aside(text: str, statements: Iterable[CopyrightStatement]) -> tuple[int, ...]:
    """The first lines of statements that say nothing of the work: a license's own, and forms in its instructions.

    An unfilled form anywhere else (`Copyright (c) <year> <owner>` in an MIT text) is a statement that lacks its facts.
    """
    every = tuple(statements)
    if not every:
        return ()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    how_to = [number for number, line in enumerate(lines, 1) if len(line) <= 400 and _HOW_TO.search(line)]
    return tuple(sorted({one.start_line for one in every if _is_idle(one, lines, how_to)}))


def _is_idle(statement: CopyrightStatement, lines: list[str], how_to: list[int]) -> bool:
    if statement.template:
        return any(0 <= statement.start_line - line <= _INSTRUCTIONS for line in how_to)
    below = " ".join(line[:400] for line in lines[statement.end_line - 1 : statement.end_line + _NEAR])
    return _VERBATIM.search(below) is not None


def copyrights_of(text: Text, found: Found) -> Iterator[Copyright]:
    """The statements of one of a component's own texts; those about parts and about the license are left out."""
    if text.role is Role.PART:
        return
    statements = [one for one in found.detected.copyrights if one.start_line not in found.aside]
    parts_from = found.foreign_from
    # as for licenses: a license file that begins with whom it is from is no list of parts
    if text.role is not Role.NOTICE and not any(one.start_line < (parts_from or 0) for one in statements):
        parts_from = None
    for one in statements:
        if parts_from is None or one.start_line < parts_from:
            yield Copyright(
                path=text.shown,
                line=one.start_line + text.first_line - 1,
                statement=one.statement[:MAX_STATEMENT],
                holder=one.holder[:MAX_STATEMENT],
                years=one.years[:MAX_STATEMENT],
                template=one.template,
            )


def gathered(texts: Iterable[tuple[Text, Found]]) -> dict[str, Copyright]:
    """The statements of a component's texts, each once by what it says, in order of their places."""
    found = sorted(copyright for text, one in texts for copyright in copyrights_of(text, one))
    return merged({}, found)


def merged(known: Mapping[str, Copyright], more: Iterable[Copyright]) -> dict[str, Copyright]:
    """Statements that are known with those that are new, `MAX_COPYRIGHTS` at most."""
    every = dict(known)
    for one in more:
        if len(every) >= MAX_COPYRIGHTS:
            break
        every.setdefault(one.statement, one)
    return every
