"""Matches that rest on no rule of the index: tags, declared fields, names and notices read by grammar."""

from __future__ import annotations

from licscan.detect.library import keys_of
from licscan.detect.match import Match, RuleFacts
from licscan.detect.query import Query
from licscan.detect.types import Matcher, MatchKind

UNKNOWN = "unknown-license-reference"
"""The key of a license that is named, and that nobody can tell."""


def ruleless(
    query: Query, span: tuple[int, int], told: str, expression: str, kind: MatchKind, matcher: Matcher
) -> Match:
    """A match of all positions of a span, which is not empty; `told` stands where a rule has its identifier."""
    low, high = span
    size, distinctive = high - low, int(query.high_before[high] - query.high_before[low])
    rule = RuleFacts(
        -1, -1, told, expression, keys_of(expression), kind, 0, 100, size, distinctive, 100, size, distinctive
    )
    mask = (1 << size) - 1
    return Match(rule, low, high, mask, mask, size, distinctive, matcher)
