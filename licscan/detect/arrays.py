"""The arrays that the hot steps share: what they take and what they give, the same for numpy and for C."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Shorts = npt.NDArray[np.uint16]
Longs = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
AnyArray = npt.NDArray[Any]

HOLE = 0xFFFF
"""Stands where a packed gram has no token; so a vocabulary has at most 65,535 words."""

UNKNOWN = -1
STOPWORD = -2
"""What `Vocabulary.ids` says of a word that is only counted; a word that it lacks is unknown."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of all rules: `ids` maps a word to its number from 0, stopwords to STOPWORD; ids < `high` are
    distinctive."""

    ids: dict[str, int]
    high: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """A tokenised text of n known words.

    `ids`, `lines` (from 1), `starts`, `ends` (character offsets): int32[n]. `unknown` and `stop`, int32[n+1], count the
    unknown words and the stopwords that follow position i-1: index 0 are those before the first known word.
    """

    ids: Ints
    lines: Ints
    starts: Ints
    ends: Ints
    unknown: Ints
    stop: Ints

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class ExactTables:
    """What finds every occurrence of every rule.

    `tokens` are the tokens of all rules one after the other, rule r at `offsets[r]:offsets[r + 1]`. A rule of four
    tokens or more has its rarest 4-gram, packed little end first into 64 bits, in `anchors` (sorted), its number in
    `anchor_rules` and the gram's place inside the rule in `anchor_places`. A shorter rule stands in `short` (sorted),
    packed and filled with HOLE, and its number in `short_rules`. `bitmap[slot(gram)]` is 1 for each gram in either
    table, `slot` being `gram * SPREAD >> 44` on 64 bits. `hashes[r]` is the sum of `value(token k) * BASE**k`.
    """

    tokens: Shorts
    offsets: Ints
    anchors: Longs
    anchor_rules: Ints
    anchor_places: Ints
    short: Longs
    short_rules: Ints
    bitmap: Bytes
    hashes: Longs


@dataclass(frozen=True, slots=True)
class CandidateTables:
    """What ranks the rules that a text resembles.

    Votes: `grams` are sorted 3-grams (packed, 48 bits) that hold a distinctive word; the rules that have gram g are
    `voters[gram_starts[g]:gram_starts[g + 1]]`; `gram_counts[r]` says how many of the table's grams rule r has.
    Multisets: the distinct tokens of rule r, rising, are `set_ids[set_starts[r]:set_starts[r + 1]]`, each as often as
    `set_counts` says. Thresholds per rule, on sets and on multisets: `min_unique`, `min_high_unique`, `min_length`,
    `min_high_length`, and `min_containment` in per cent. `lengths` in tokens; ids < `high` are distinctive.
    """

    grams: Longs
    gram_starts: Ints
    voters: Shorts
    gram_counts: Ints
    set_starts: Ints
    set_ids: Shorts
    set_counts: Shorts
    lengths: Ints
    min_unique: Ints
    min_high_unique: Ints
    min_length: Ints
    min_high_length: Ints
    min_containment: Ints
    high: int
