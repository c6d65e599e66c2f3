"""Legal prose that no license of the index accounts for: said as `unknown` rather than passed over.

Where a file has no match, a short stretch is enough; beside matches only a long one is. Measured on 2,226 real files
such stretches (a fifth of the words distinctive, hardly a word that no rule has, the small words of sentences) were
legal texts without exception; lists of license names and code fall short of one of the three.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from licscan.detect.arrays import AnyArray, Vocabulary
from licscan.detect.match import Match, RuleFacts
from licscan.detect.query import Query
from licscan.detect.types import Matcher, MatchKind

ALONE = 60
"""Tokens of a stretch in a file without matches."""
BESIDE = 300
"""Tokens of a stretch beside matches."""
DISTINCTIVE = 0.18
FOREIGN = 0.04
SENTENCES = 0.2
"""Shares of a stretch: distinctive words at least, words that no rule has at most, small words at least."""

OPEN_KEYS = frozenset(
    {"unknown", "unknown-license-reference", "free-unknown", "proprietary-license", "commercial-license"}
)
"""A file that says one of these is looked at by a person anyway."""

_SMALL_WORDS = (
    *("the", "of", "to", "and", "or", "in", "any", "this", "is", "for", "by", "with", "that", "be", "as", "are"),
    *("not", "shall", "may", "you", "your"),
)
_RULE = "unknown-license-text"


def unknown_texts(query: Query, vocabulary: Vocabulary, matches: Sequence[Match]) -> list[Match]:
    """A match of kind UNKNOWN for each stretch of legal prose outside the matches; mostly none."""
    if any(match.rule.keys & OPEN_KEYS for match in matches):
        return []
    least = BESIDE if any(match.rule.kind is not MatchKind.CLUE for match in matches) else ALONE
    if len(query) < least:
        return []
    stretches = [(low, high) for low, high in _uncovered(query, matches) if high - low >= least]
    if not stretches:
        return []
    small = np.isin(query.ids, [vocabulary.ids[word] for word in _SMALL_WORDS if word in vocabulary.ids])
    return [_match(query, low, high) for low, high in stretches if _is_legal(query, small, low, high)]


def _uncovered(query: Query, matches: Sequence[Match]) -> list[tuple[int, int]]:
    """The stretches of positions between the matches."""
    places: list[tuple[int, int]] = []
    end = 0
    for match in sorted(matches, key=lambda match: match.start):
        if match.start > end:
            places.append((end, match.start))
        end = max(end, match.end)
    if end < len(query):
        places.append((end, len(query)))
    return places


def _is_legal(query: Query, small: AnyArray, low: int, high: int) -> bool:
    size = high - low
    return (
        int(query.high_before[high] - query.high_before[low]) >= DISTINCTIVE * size
        and int(query.unknown_inside(low, high)) <= FOREIGN * size
        and int(np.count_nonzero(small[low:high])) >= SENTENCES * size
    )


def _match(query: Query, low: int, high: int) -> Match:
    size = high - low
    distinctive = int(query.high_before[high] - query.high_before[low])
    keys = frozenset({"unknown"})
    rule = RuleFacts(-1, -1, _RULE, "unknown", keys, MatchKind.UNKNOWN, 0, 100, size, distinctive, 0, 0, 0)
    mask = (1 << size) - 1
    return Match(rule, low, high, mask, mask, size, distinctive, Matcher.UNKNOWN)
