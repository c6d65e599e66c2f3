"""Lists of license names, as license tools and forms have them: names of licenses, no statement about the file."""

from __future__ import annotations

from licscan.detect.match import Match
from licscan.detect.query import Query
from licscan.detect.types import Matcher, MatchKind

LONG_LIST = 150
"""So many short references on end are a list whatever they name."""

LIST = 15
"""So many are one when they name different licenses."""

MOST = 0.7
"""The share of names that are most of a list."""

MAX_SIZE = 20
"""A rule of more tokens is no bare name."""

_NAMES = frozenset({MatchKind.REFERENCE, MatchKind.TAG, MatchKind.INTRO, MatchKind.CLUE})

MAX_DISTANCE = 10
"""Tokens between two names of a list."""


def without_license_lists(matches: list[Match], query: Query) -> list[Match]:
    """The matches without those that stand in a list of license names; the rows of a list of parts are none."""
    kept: list[Match] = []
    names: list[Match] = []
    for match in sorted(matches, key=lambda match: (match.start, match.end)):
        is_name = _is_name(match) and not query.rows.hold(int(query.tokens.starts[match.start]))
        if is_name and (not names or match.start - names[-1].end <= MAX_DISTANCE):
            names.append(match)
            continue
        kept += [] if _is_list(names) else names
        names = [match] if is_name else []
        kept += [] if names else [match]
    return kept + ([] if _is_list(names) else names)


def _is_name(match: Match) -> bool:
    if match.matcher is Matcher.GRAMMAR:
        return match.rule.size <= MAX_SIZE
    return match.matcher is Matcher.EXACT and match.rule.kind in _NAMES and match.rule.size <= MAX_SIZE


def _is_list(names: list[Match]) -> bool:
    if len(names) < LIST:
        return False
    different = len({name.rule.expression for name in names})
    if sum(name.rule.kind is MatchKind.TAG for name in names) > MOST * len(names):
        return different > MOST * len(names)  # `license: MIT` of one part behind the other, unless each has another
    return len(names) > LONG_LIST or different >= 5 or different > len(names) / 3
