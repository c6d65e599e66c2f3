"""Which of two matches that share tokens stays: the one that holds the other, else the longer and more telling one."""

from __future__ import annotations

from licscan.detect import index as flags
from licscan.detect.match import Match
from licscan.detect.types import Matcher

Sieved = tuple[list[Match], list[Match]]

SMALL, MEDIUM, LARGE, MOST = 0.1, 0.4, 0.7, 0.9
"""Shares of a match that another one overlaps."""

_RANK = {Matcher.HASH: 0, Matcher.SPDX: 1, Matcher.EXACT: 2, Matcher.APPROXIMATE: 3, Matcher.UNKNOWN: 4}


def _sorted(matches: list[Match]) -> list[Match]:
    return sorted(
        matches, key=lambda m: (m.start, -m.high, -m.length, _RANK[m.matcher], -m.rule.relevance, m.rule.identifier)
    )


def without_contained(matches: list[Match]) -> Sieved:
    """Those kept, and those whose every position another match has too; of two on the same place the better one
    stays."""
    rest = _sorted(matches)
    dropped: list[Match] = []
    i = 0
    while i < len(rest):
        j = i + 1
        while j < len(rest):
            current, other = rest[i], rest[j]
            if other.start >= current.end:
                break
            if current.start == other.start and current.mask == other.mask:
                if _better(current, other):
                    dropped.append(rest.pop(j))
                    continue
                dropped.append(rest.pop(i))
                i -= 1
                break
            if current.contains(other):
                dropped.append(rest.pop(j))
                continue
            if other.contains(current):
                dropped.append(rest.pop(i))
                i -= 1
                break
            j += 1
        i = max(i + 1, 0)
    return rest, dropped


def _better(current: Match, other: Match) -> bool:
    return (current.coverage, -_RANK[current.matcher]) >= (other.coverage, -_RANK[other.matcher])


def without_overlapping(matches: list[Match]) -> Sieved:
    """Those kept, and those that lose against a match they overlap or between two that cover them."""
    rest = _sorted(matches)
    dropped: list[Match] = []
    i = 0
    while i < len(rest):
        j = i + 1
        while j < len(rest):
            current, other = rest[i], rest[j]
            if other.start >= current.end:
                break
            verdict = _verdict(current, other)
            if verdict > 0:
                dropped.append(rest.pop(j))
                continue
            if verdict < 0 or _squeezed(rest, i, other):
                dropped.append(rest.pop(i))
                i -= 1
                break
            j += 1
        i = max(i + 1, 0)
    return rest, dropped


def _verdict(current: Match, other: Match) -> int:
    """1: the other goes; -1: the current one goes; 0: both stay."""
    shared = current.overlap(other)
    if not shared or (current.rule.flags & other.rule.flags & flags.FALSE_POSITIVE):
        return 0
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


def _squeezed(rest: list[Match], i: int, other: Match) -> bool:
    """Whether the match before and the match behind, apart themselves, cover most of this one."""
    if not i:
        return False
    before, current = rest[i - 1], rest[i]
    if before.overlap(other):
        return False
    left, right = before.overlap(current), current.overlap(other)
    return bool(left and right and left + right >= current.length * MOST)
