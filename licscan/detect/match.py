"""A match while it is still weighed: which positions of the text and of the rule it covers, as bits of Python
integers."""

from __future__ import annotations

from dataclasses import dataclass

from licscan.detect.types import Matcher, MatchKind


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What refining needs to know of one rule; `part` and `number` say where its arrays are (-1: an SPDX tag)."""

    part: int
    number: int
    identifier: str
    expression: str
    keys: frozenset[str]
    kind: MatchKind
    flags: int
    relevance: int
    size: int
    high: int
    min_coverage: int
    min_length: int
    min_high: int
    references: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Match:
    """One rule on one stretch of the text, or several stretches near to each other.

    `mask` says which known positions from `start` on are matched, bit 0 being `start`; `rule_mask` the same of the
    rule's tokens from its first. `end` is behind the last matched position. `length` and `high` count matched and
    distinctive tokens.
    """

    rule: RuleFacts
    start: int
    end: int
    mask: int
    rule_mask: int
    length: int
    high: int
    matcher: Matcher

    @property
    def coverage(self) -> float:
        """The share of the rule that is matched, in per cent."""
        return 100.0 * self.length / self.rule.size

    @property
    def density(self) -> float:
        """The share of the stretch of text that is matched, 0 to 1."""
        return self.length / (self.end - self.start)

    @property
    def rule_density(self) -> float:
        """The share of the stretch of the rule that is matched, 0 to 1."""
        low = (self.rule_mask & -self.rule_mask).bit_length() - 1
        return self.length / (self.rule_mask.bit_length() - low)

    def overlap(self, other: Match) -> int:
        """How many positions both match."""
        shift = other.start - self.start
        if shift >= 0:
            return ((self.mask >> shift) & other.mask).bit_count()
        return (self.mask & (other.mask >> -shift)).bit_count()

    def contains(self, other: Match) -> bool:
        """Whether every position of the other is matched here too."""
        return self.start <= other.start and self.end >= other.end and self.overlap(other) == other.length

    def surrounds(self, other: Match) -> bool:
        """Whether the other's stretch lies inside this one's."""
        return self.start <= other.start and self.end >= other.end

    def joined(self, other: Match) -> Match:
        """Both as one match of their rule."""
        start = min(self.start, other.start)
        mask = (self.mask << (self.start - start)) | (other.mask << (other.start - start))
        rule_mask = self.rule_mask | other.rule_mask
        return Match(
            self.rule,
            start,
            max(self.end, other.end),
            mask,
            rule_mask,
            min(mask.bit_count(), rule_mask.bit_count()),
            self.high + other.high,
            self.matcher,
        )
