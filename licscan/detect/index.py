"""The compiled index: the arrays of all rules by name, and what each rule says of itself, decoded when it is asked
for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from licscan.detect.arrays import AnyArray, CandidateTables, ExactTables, Vocabulary
from licscan.detect.data import License
from licscan.detect.types import MatchKind
from licscan.detect.words import STOPWORDS

FALSE_POSITIVE = 1
CONTINUOUS = 2
REQUIRED_PHRASE = 4
PHRASES = 8
APPROXIMATE = 16
"""Bits of `Index.flags`: how a rule may be matched."""

KINDS = tuple(MatchKind)


@dataclass(eq=False)
class Index:
    """One set of rules, numbered from 0.

    `first` is the number that the vocabulary's own words start with: a second index goes on where the first ends.
    """

    arrays: dict[str, AnyArray]
    high: int
    version: str = ""
    _identifiers: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.arrays["lengths"])

    @cached_property
    def words(self) -> list[str]:
        """The words of the vocabulary, in order of their numbers."""
        return bytes(self.arrays["words"]).decode("utf-8").split("\n")

    @cached_property
    def longest(self) -> int:
        """The tokens of the longest rule."""
        return int(self.arrays["lengths"].max(initial=0))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words with their numbers, and the stopwords."""
        ids = dict(zip(self.words, range(len(self.words)), strict=True))
        ids.update(dict.fromkeys(STOPWORDS, -2))
        return Vocabulary(ids, self.high)

    @cached_property
    def exact(self) -> ExactTables:
        """The tables of `find_exact`."""
        return ExactTables(**{name: self.arrays[name] for name in ExactTables.__dataclass_fields__})

    @cached_property
    def candidates(self) -> CandidateTables:
        """The tables of `rank_candidates`."""
        names = [name for name in CandidateTables.__dataclass_fields__ if name != "high"]
        return CandidateTables(**{name: self.arrays[name] for name in names}, high=self.high)

    @cached_property
    def stops_before(self) -> AnyArray:
        """How many stopwords the rules have before each of `stop_places`, and in all."""
        return np.concatenate(([0], np.cumsum(self.arrays["stop_counts"])))

    def tokens(self, rule: int) -> AnyArray:
        """The tokens of a rule."""
        offsets = self.arrays["offsets"]
        return self.arrays["tokens"][offsets[rule] : offsets[rule + 1]].astype("int32")

    def phrases(self, rule: int) -> list[tuple[int, int]]:
        """The required phrases of a rule, as start and end in its tokens."""
        starts = self.arrays["phrase_starts"]
        flat = self.arrays["phrases"][starts[rule] : starts[rule + 1]]
        return [(int(start), int(end)) for start, end in flat]

    def identifier(self, rule: int) -> str:
        """The name of a rule: `mit_12.RULE`."""
        return self._string("identifiers", rule)

    def expression(self, rule: int) -> str:
        """The license expression of a rule, in LicenseDB keys."""
        return self._string("expressions", int(self.arrays["expression"][rule]))

    def references(self, rule: int) -> tuple[str, ...]:
        """The file names that a rule refers to."""
        names = self._string("references", int(self.arrays["reference"][rule]))
        return tuple(names.split("\n")) if names else ()

    def kind(self, rule: int) -> MatchKind:
        """What sort of statement a rule is."""
        return KINDS[int(self.arrays["kinds"][rule])]

    @cached_property
    def licenses(self) -> dict[str, License]:
        """Every license by its key."""
        rows = json.loads(bytes(self.arrays["licenses"]))
        return {row[0]: License(row[0], row[1], row[2], tuple(row[3]), row[4], row[5]) for row in rows}

    def _string(self, table: str, number: int) -> str:
        starts = self.arrays[f"{table}_starts"]
        return bytes(self.arrays[table][starts[number] : starts[number + 1]]).decode("utf-8")
