"""Names that are no statements: what hints at a license is shown, and says nothing of the file.

A variable `gpl`, a word in prose, "there is no GPL code", a stretch that shares a quarter of its words with some
license: each is kept with its place, as a clue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from licscan.detect.gnu import Statement
from licscan.detect.gnu_matches import Placed, is_gnu, is_weak
from licscan.detect.match import Match
from licscan.detect.query import Query
from licscan.detect.types import DECLARED, Matcher, MatchKind

_DENIABLE = frozenset({"other-copyleft", "unknown-license-reference", "free-unknown"})
"""What "GPL-compatible" and "not licensed under the" are read as."""

_CERTAIN = DECLARED | {Matcher.HASH, Matcher.UNKNOWN}

BARE = 2
"""Tokens of a rule that is but a word."""


def with_clues(matches: Iterable[Match], notices: Iterable[Placed], query: Query) -> list[Match]:
    """The matches, those that say nothing of the file as clues."""
    notices = list(notices)
    return [_as_clue(match) if _is_clue(match, notices, query) else match for match in matches]


def _as_clue(match: Match) -> Match:
    return replace(match, rule=replace(match.rule, kind=MatchKind.CLUE))


def _is_clue(match: Match, notices: list[Placed], query: Query) -> bool:
    if match.rule.kind is MatchKind.CLUE or match.matcher in _CERTAIN:
        return False
    if is_weak(match, query):
        return True
    if match.matcher is Matcher.APPROXIMATE or match.rule.kind is MatchKind.TEXT:
        return False
    deniable = match.rule.keys <= _DENIABLE or is_gnu(match)
    if deniable and any(one.said.denied and one.start <= match.start < one.high for one in notices):
        return True
    here = [one.said for one in notices if one.low < match.end and one.high > match.start]
    return is_gnu(match) and _is_bare(match) and not any(_says(said) for said in here)


def _is_bare(match: Match) -> bool:
    """Whether a rule is a word without a version, of which its writer was not sure."""
    return (
        match.rule.size <= BARE and match.rule.relevance < 100 and all(key.endswith("-plus") for key in match.rule.keys)
    )


def _says(said: Statement) -> bool:
    return (said.firm or said.versioned) and not said.denied
