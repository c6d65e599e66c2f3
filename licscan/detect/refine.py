"""From all matches to the ones that count: noise out, pieces joined, the better of two that overlap kept."""

from __future__ import annotations

import numpy as np

from licscan.detect import index as flags
from licscan.detect.guards import guards_of
from licscan.detect.library import Library
from licscan.detect.lists import without_license_lists
from licscan.detect.match import Match
from licscan.detect.overlaps import without_contained, without_overlapping
from licscan.detect.query import Query, positions
from licscan.detect.types import Matcher

SMALL = 15
"""Rules of fewer tokens count as small."""

MAX_GAP = 50

_DENSITIES = ((10, 0.1), (15, 0.2), (20, 0.3), (30, 0.4))
"""Matches of fewer tokens than the first must be denser than the second."""

HALF = 0.5
"""Words that are strewn thinner must be most of their rule."""

MOST = 70
"""Per cent of a rule that are most of it."""


def refined(matches: list[Match], query: Query, library: Library, final: bool = True) -> list[Match]:
    """The matches that count, in order; unless `final`, without joining, and with false positives still among them."""
    matches = [
        match for match in matches if match.matcher is not Matcher.APPROXIMATE or is_sound(match, query, library)
    ]
    if final:
        guards = guards_of(library)
        matches = [match for match in joined(matches) if guards.allows(match, query)]
    kept, contained = without_contained(matches)
    kept, overlapping = without_overlapping(kept)
    kept = _restored(kept, contained)
    kept = _restored(kept, overlapping)
    kept, _ = without_contained(kept)
    if final:
        kept = [match for match in kept if not match.rule.flags & flags.FALSE_POSITIVE]
        kept = without_license_lists(kept, query)
    return sorted(kept, key=_order)


def _order(match: Match) -> tuple[int, int, str]:
    return match.start, match.end, match.rule.identifier


def is_sound(match: Match, query: Query, library: Library) -> bool:
    """Whether a match with gaps is more than a few words that a rule and a text happen to share."""
    return (
        not _is_exact(match)
        and not _sparse(match)
        and match.coverage >= match.rule.min_coverage
        and not _too_short(match)
        and not _strewn(match, query)
        and _phrases_whole(match, query, library)
    )


def _is_exact(match: Match) -> bool:
    """A rule met word for word: the exact step has found it too and has already judged it."""
    return match.length == match.rule.size == match.end - match.start


def _sparse(match: Match) -> bool:
    if match.density < HALF and match.coverage < MOST:
        return True
    density = min(match.density, match.rule_density)
    return any(match.length < length and density < least for length, least in _DENSITIES)


def _too_short(match: Match) -> bool:
    rule = match.rule
    if rule.size < SMALL and match.coverage < 80:
        return True
    return match.length < rule.min_length or match.high < rule.min_high


def _strewn(match: Match, query: Query) -> bool:
    """A small rule on more lines than it has tokens."""
    if match.rule.size >= SMALL:
        return False
    lines = query.tokens.lines
    return bool(lines[match.end - 1] - lines[match.start] + 1 > match.length)


def _phrases_whole(match: Match, query: Query, library: Library) -> bool:
    """Whether each required phrase is matched complete, with nothing between its words."""
    if not match.rule.flags & flags.PHRASES:
        return True
    places = rule_to_text(match)
    for low, high in library.parts[match.rule.part].phrases(match.rule.number):
        found = [places.get(at, -1) for at in range(low, high)]
        if found[0] < 0 or found != list(range(found[0], found[0] + high - low)):
            return False
        if int(query.unknown_inside(found[0], found[-1] + 1)):
            return False
    return True


def rule_to_text(match: Match) -> dict[int, int]:
    """The position of the text for each matched position of the rule: both rise together."""
    return dict(zip(_bits(match.rule_mask, 0), _bits(match.mask, match.start), strict=False))


def _bits(mask: int, start: int) -> list[int]:
    return [start + at for at, bit in enumerate(reversed(bin(mask)[2:])) if bit == "1"]


def joined(matches: list[Match]) -> list[Match]:
    """Matches of one rule that follow each other closely, in the text and in the rule, as one."""
    groups: dict[tuple[int, int], list[Match]] = {}
    for match in sorted(matches, key=_order):
        groups.setdefault((match.rule.part, match.rule.number if match.rule.part >= 0 else id(match)), []).append(match)
    return [match for group in groups.values() for match in _joined_group(group)]


def _joined_group(group: list[Match]) -> list[Match]:
    done = [group[0]]
    for match in group[1:]:
        last = done[-1]
        if last.mask == match.mask and last.start == match.start:
            continue
        if last.contains(match):
            continue
        gap = min(max(last.rule.size // 2, 1), MAX_GAP)
        low = (match.rule_mask & -match.rule_mask).bit_length() - 1
        behind = match.start >= last.end and low >= last.rule_mask.bit_length()
        near = match.start - last.end <= gap and low - last.rule_mask.bit_length() <= gap
        if behind and near:
            done[-1] = last.joined(match)
        else:
            done.append(match)
    return done


def _restored(kept: list[Match], dropped: list[Match]) -> list[Match]:
    """The kept matches and those dropped ones that no kept one touches any more."""
    if not dropped:
        return kept
    taken = np.zeros(max(match.end for match in (*kept, *dropped)), dtype=np.bool_)
    restored = []
    for match in kept:
        taken[positions(match)] = True
    for match in sorted(dropped, key=lambda match: (-match.length, *_order(match))):
        places = positions(match)
        if not taken[places].any():
            taken[places] = True
            restored.append(match)
    return [*kept, *restored]
