"""A text ready to be searched: its tokens, which of them are distinctive, and what stands between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from licscan.detect.arrays import AnyArray, Ints, Tokens, Vocabulary
from licscan.detect.match import Match
from licscan.detect.primitives import tokenize
from licscan.detect.rows import Rows
from licscan.detect.types import DECLARED, Matcher

RUN_GAP = 15
"""So many lines without a distinctive word part a text into runs."""

RUN_MARGIN = 5
"""Lines around the distinctive words that belong to a run."""


@dataclass
class Query:
    """One text. `free` says which positions approximate matching may still use; `rows` are its lists of parts."""

    text: str
    tokens: Tokens
    high: int
    free: AnyArray = field(init=False)
    rows: Rows = field(default=Rows(), init=False)

    def __post_init__(self) -> None:
        self.free = np.ones(len(self.tokens), dtype=np.bool_)

    @classmethod
    def of(cls, text: str, vocabulary: Vocabulary) -> Query:
        """The query of a prepared text."""
        return cls(text, tokenize(text, vocabulary), vocabulary.high)

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def ids(self) -> Ints:
        """The known tokens."""
        return self.tokens.ids

    @cached_property
    def is_high(self) -> AnyArray:
        """Which tokens are distinctive."""
        return self.ids < self.high

    @cached_property
    def high_before(self) -> AnyArray:
        """How many distinctive tokens stand before each position."""
        return np.concatenate(([0], np.cumsum(self.is_high)))

    @cached_property
    def unknown_before(self) -> AnyArray:
        """How many unknown words stand before position i-1's followers: see `unknown_inside`."""
        return np.concatenate(([0], np.cumsum(self.tokens.unknown)))

    @cached_property
    def stops_before(self) -> AnyArray:
        """The same of stopwords."""
        return np.concatenate(([0], np.cumsum(self.tokens.stop)))

    def unknown_inside(self, start: AnyArray | int, end: AnyArray | int) -> AnyArray:
        """How many unknown words stand between the first and the last token of start:end."""
        return np.asarray(self.unknown_before[end] - self.unknown_before[start + 1])

    def stops_inside(self, start: AnyArray | int, end: AnyArray | int) -> AnyArray:
        """How many stopwords stand between the first and the last token of start:end."""
        return np.asarray(self.stops_before[end] - self.stops_before[start + 1])

    def span_of(self, start: int, end: int) -> tuple[int, int]:
        """The positions of the tokens that lie between two character offsets."""
        # a plain int would make numpy copy all places to its own width
        low = int(np.searchsorted(self.tokens.starts, np.int32(start), "left"))
        return low, int(np.searchsorted(self.tokens.ends, np.int32(end), "right"))

    def runs(self) -> list[tuple[int, int]]:
        """The stretches of positions around distinctive words, parted where many lines have none."""
        places = np.flatnonzero(self.is_high)
        if not len(places):
            return []
        lines = self.tokens.lines[places]
        cuts = np.flatnonzero(np.diff(lines) > RUN_GAP)
        first = lines[np.concatenate(([0], cuts + 1))] - RUN_MARGIN
        last = lines[np.concatenate((cuts, [len(lines) - 1]))] + RUN_MARGIN
        starts = np.searchsorted(self.tokens.lines, first, "left")
        ends = np.searchsorted(self.tokens.lines, last, "right")
        return list(zip(starts.tolist(), ends.tolist(), strict=True))

    def take(self, match: Match) -> None:
        """Keep approximate matching off the positions of a match."""
        self.free[positions(match)] = False

    def uncovered(self, matches: list[Match]) -> AnyArray:
        """The distinctive positions that are free and in none of the matches."""
        left = self.free & self.is_high
        for match in matches:
            left[positions(match)] = False
        return left


def positions(match: Match) -> AnyArray:
    """The positions that a match covers."""
    if match.length == match.end - match.start:
        return np.arange(match.start, match.end)
    width = match.end - match.start
    packed = np.frombuffer(match.mask.to_bytes((width + 7) // 8, "little"), dtype=np.uint8)
    return np.flatnonzero(np.unpackbits(packed, bitorder="little")) + match.start


def purity(match: Match, query: Query) -> float:
    """The share of the stretch's words that the rule has, 0 to 1: words put into a license may turn it round."""
    if match.matcher in DECLARED or match.matcher is Matcher.GRAMMAR or match.rule.part < 0:
        return 1.0
    return match.length / (match.end - match.start + int(query.unknown_inside(match.start, match.end)))
