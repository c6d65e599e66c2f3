"""Licenses that are to hold later: the change license of a Business Source License, the future license of its like.

Until its day such a license gives nothing, so it is no statement of the text that names it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from licscan.detect.match import Match
from licscan.detect.query import Query
from licscan.detect.ruleless import UNKNOWN
from licscan.detect.types import MatchKind

BEFORE = 240
"""Characters before a name in which it is said that it is to hold later."""
MAX_NAME = 60
"""Tokens of a rule that may be such a name; whole texts stand for themselves."""

_DELAYED = re.compile(r"(?:bsl-1\.[01]|fsl|fcl|big-time|polyform-countdown)(?:-[\w.-]+)?\Z")
_CUES = re.compile(
    r"change\s+licen[cs]e|future\s+licen[cs]e|变更许可证|变更许可协议|變更授權|"
    r"will\s+(?:then\s+)?(?:be\s+)?(?:governed|licensed|relicensed|released|available|converted?|become|made\s+available)|"
    r"(?:converts?|turns?|changes?|transitions?|switch(?:es)?|reverts?|relicensed)\s+(?:automatically\s+)?(?:in)?to\b|"
    r"\bbecomes?\b|转为|转换为|变更为|转成|自动转|轉為|變更為",
    re.IGNORECASE,
)
_SURE = re.compile(r"change\s+(?:date|licen[cs]e)|变更日期|变更许可", re.IGNORECASE)
_AFTER = re.compile(r"[\s\"”)]{0,3}future\s+licen[cs]e", re.IGNORECASE)
_SENTENCE = re.compile(r"[.。;；](?=\s|[\u4e00-\u9fff])")


def without_future(matches: Sequence[Match], query: Query) -> list[Match]:
    """The matches without the names of licenses that are to hold later.

    Where nothing else tells the license of today, the last of them says that one is not known.
    """
    delayed = any(_DELAYED.match(key) for match in matches for key in match.rule.keys)
    if not matches or not (delayed or _speaks_of_change(query.text)):
        return list(matches)
    later = [match for match in matches if _is_later(match, query, delayed)]
    gone = {id(match) for match in later}
    kept = [match for match in matches if id(match) not in gone]
    if later and not kept:
        return [replace(later[0], rule=replace(later[0].rule, expression=UNKNOWN, keys=frozenset({UNKNOWN})))]
    return kept


def _speaks_of_change(text: str) -> bool:
    return ("hange" in text or "HANGE" in text or "变更" in text) and _SURE.search(text) is not None


def _is_later(match: Match, query: Query, delayed: bool) -> bool:
    if match.rule.kind is MatchKind.TEXT or match.rule.size > MAX_NAME:
        return False
    if any(_DELAYED.match(key) for key in match.rule.keys):
        return False
    start, end = int(query.tokens.starts[match.start]), int(query.tokens.ends[match.end - 1])
    before = query.text[max(start - BEFORE, 0) : start]
    sentence = before[max((found.end() for found in _SENTENCE.finditer(before)), default=0) :]
    words = f"{sentence} {query.text[start:end]}"
    cue = _CUES.search(words) or _AFTER.match(query.text, end)
    return cue is not None and (delayed or _SURE.search(before) is not None)
