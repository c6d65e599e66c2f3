"""Which of two matches that share tokens stays: the one that holds the other, else the longer and more telling one."""

from __future__ import annotations

from collections.abc import Callable

from licscan.detect import index as flags
from licscan.detect.match import Match
from licscan.detect.named import NAMED
from licscan.detect.types import DECLARED, Matcher

Sieved = tuple[list[Match], list[Match]]

SMALL, MEDIUM, LARGE, MOST = 0.1, 0.4, 0.7, 0.9
"""Shares of a match that another one overlaps."""

SAME = 0.98
"""Two matches that share so much of each other cover the same words: that one stays which has more of its rule."""

LITTLE, MUCH = 0.5, 30.0
"""Points of coverage that settle it between two that share `SAME` of each other, and between two that share `MOST`."""

MAX_SENTENCE = 20
"""Tokens of a rule that only names a license."""

_ORDER = (
    Matcher.HASH,
    Matcher.SPDX,
    Matcher.FIELD,
    Matcher.EXACT,
    Matcher.GRAMMAR,
    Matcher.APPROXIMATE,
    Matcher.UNKNOWN,
)
_RANK = {matcher: rank for rank, matcher in enumerate(_ORDER)}


def _sorted(matches: list[Match]) -> list[Match]:
    return sorted(
        matches, key=lambda m: (m.start, -m.high, -m.length, _RANK[m.matcher], -m.rule.relevance, m.rule.identifier)
    )


def _sieved(matches: list[Match], judge: Callable[[list[Match], Match, Match], int]) -> Sieved:
    """Each match held against those that begin before it ends: 1 drops the other, -1 the match itself.

    What is left is a stack, its first match at the end, so that taking one out costs nothing however long the rest is.
    """
    rest = _sorted(matches)[::-1]
    kept: list[Match] = []
    dropped: list[Match] = []
    while rest:
        current = rest.pop()
        verdict, at = 0, len(rest) - 1
        while at >= 0 and verdict >= 0 and rest[at].start < current.end:
            verdict = judge(kept, current, rest[at])
            if verdict > 0:
                dropped.append(rest.pop(at))
            at -= 1
        (dropped if verdict < 0 else kept).append(current)
    return kept, dropped


def without_contained(matches: list[Match]) -> Sieved:
    """Those kept, and those whose every position another match has too; of two on the same place the better one
    stays."""
    return _sieved(matches, _containment)


def _containment(_kept: list[Match], current: Match, other: Match) -> int:
    near = Matcher.APPROXIMATE in (current.matcher, other.matcher)
    verdict = _declared(current, other) or (near and _named(current, other)) or _fuller(current, other, SAME, LITTLE)
    if verdict:
        return verdict
    if current.start == other.start and current.mask == other.mask:
        return 1 if _better(current, other) else -1
    if current.contains(other):
        return 1
    return -1 if other.contains(current) else 0


def _fuller(current: Match, other: Match, same: float, points: float) -> int:
    """The verdict on two that cover nearly the same words, where one has so many points more of its rule.

    A word more here or there is chance; that a rule stands there in full is none.
    """
    if abs(current.coverage - other.coverage) <= points or DECLARED & {current.matcher, other.matcher}:
        return 0
    most = max(current.length, other.length)
    if min(current.length, other.length) < same * most or current.overlap(other) < same * most:
        return 0
    if (current.rule.flags | other.rule.flags) & flags.FALSE_POSITIVE:
        return 0
    return 1 if current.coverage > other.coverage else -1


def _declared(current: Match, other: Match) -> int:
    """The verdict on two of which one was read as an expression, and the other only resembles its words."""
    kinds = current.matcher, other.matcher
    if Matcher.APPROXIMATE not in kinds or not DECLARED.intersection(kinds):
        return 0
    read, near = (current, other) if kinds[0] in DECLARED else (other, current)
    if near.length > 2 * read.length or 2 * read.overlap(near) < near.length:
        return 0
    return 1 if read is current else -1


def _named(current: Match, other: Match) -> int:
    """The verdict on two of which one is a license's name in full, and the other a sentence that has a part of it."""
    names = current.rule.identifier.startswith(NAMED), other.rule.identifier.startswith(NAMED)
    if names[0] == names[1]:
        return 0
    name, sentence = (current, other) if names[0] else (other, current)
    if sentence.rule.size > MAX_SENTENCE or sentence.matcher in DECLARED or sentence.rule.keys >= name.rule.keys:
        return 0
    if 2 * name.overlap(sentence) < sentence.length:
        return 0
    return 1 if names[0] else -1


def _better(current: Match, other: Match) -> bool:
    return (current.coverage, -_RANK[current.matcher]) >= (other.coverage, -_RANK[other.matcher])


def without_overlapping(matches: list[Match]) -> Sieved:
    """Those kept, and those that lose against a match they overlap or between two that cover them."""
    return _sieved(matches, _overlap)


def _overlap(kept: list[Match], current: Match, other: Match) -> int:
    return _verdict(current, other) or -int(_squeezed(kept, current, other))


def _verdict(current: Match, other: Match) -> int:
    """1: the other goes; -1: the current one goes; 0: both stay."""
    shared = current.overlap(other)
    if not shared or (current.rule.flags & other.rule.flags & flags.FALSE_POSITIVE):
        return 0
    verdict = _declared(current, other) or _named(current, other) or _fuller(current, other, MOST, MUCH)
    if verdict:
        return verdict
    of_other, of_current = shared / other.length, shared / current.length
    longer = current.length >= other.length
    shorter = current.length <= other.length
    weightier = longer and current.high >= other.high
    lighter = shorter and current.high <= other.high
    # a false positive has no keys, and so neither holds nor is held
    holds = bool(other.rule.keys) and current.rule.keys >= other.rule.keys
    held = bool(current.rule.keys) and other.rule.keys >= current.rule.keys
    if (of_other >= MOST and longer) or (of_other >= LARGE and weightier):
        return 1
    if (of_current >= MOST and shorter) or (of_current >= LARGE and lighter):
        return -1
    if max(of_other, of_current) >= MEDIUM:
        return 1 if holds and weightier else -1 if held and lighter else 0
    if of_other >= SMALL and holds and weightier and current.surrounds(other):
        return 1
    if of_current >= SMALL and held and lighter and other.surrounds(current):
        return -1
    return 0


def _squeezed(kept: list[Match], current: Match, other: Match) -> bool:
    """Whether the match before and the match behind, apart themselves, cover most of this one."""
    if not kept or kept[-1].overlap(other):
        return False
    left, right = kept[-1].overlap(current), current.overlap(other)
    return bool(left and right and left + right >= current.length * MOST)
