"""Known sounds, by their signs: which of them a sound is like, laid over each at every place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from licscan.artsets.hearing import BANDS, SEGMENT, phases_of, unpacked

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, numpy.dtype[Any]]

SCORE = 0.5
"""The share of signs that have to agree, less those that do not: of two unrelated sounds it is 0."""
TIE = 0.1
"""Sounds that are worse by no more than this may be it, too."""
_WEIGHT = 60.0
"""Signs that a sound is taken to have at least: few that agree are no likeness."""


@dataclass(frozen=True)
class Tones:
    """Sounds one after the other: `rows` are packed moments, `lengths` how many each has, `names` which each is."""

    rows: bytes = b""
    lengths: tuple[int, ...] = ()
    names: tuple[int, ...] = ()

    def like(self, heard: bytes) -> tuple[int, ...]:
        """The names of the sounds that one is like (`licscan.artsets.hearing.heard_in`), sorted; none for none."""
        scores = self.scores(heard)
        best = max(scores.values(), default=0.0)
        if best < SCORE:
            return ()
        return tuple(sorted(name for name, score in scores.items() if score >= max(SCORE, best - TIE)))

    def scores(self, heard: bytes) -> Mapping[int, float]:
        """How like each name's sounds are, the best place of each, from -1 to 1."""
        import numpy as np

        phases = phases_of(heard) if self.lengths else []
        best: Array | None = None
        for phase in phases:
            scores = np.maximum.reduceat(self._along(phase), self._starts)
            best = scores if best is None else np.maximum(best, scores)
        found: dict[int, float] = {}
        for name, score in zip(self.names, () if best is None else best.tolist(), strict=bool(phases)):
            found[name] = max(found.get(name, -1.0), score)
        return found

    @cached_property
    def _table(self) -> tuple[Array, Array]:
        """All moments with a gap of silence around each sound, and how many signs stand before each of them."""
        import numpy as np

        signs, gap = unpacked(self.rows), np.zeros((SEGMENT, BANDS), np.float32)
        parts, place = [gap], 0
        for length in self.lengths:
            parts += [signs[place : place + length], gap]
            place += length
        table = np.concatenate(parts)
        return table, np.concatenate([[0], np.cumsum(np.abs(table).sum(axis=1, dtype=np.float64))])

    @cached_property
    def _starts(self) -> Array:
        """The first place of each sound at which one that is asked for may lie over it: with its end alone."""
        import numpy as np

        lengths = np.array((0, *self.lengths[:-1]), dtype=np.int64)
        found: Array = np.cumsum(lengths + SEGMENT) - SEGMENT + 1
        return found

    def _along(self, asked: Array) -> Array:
        """How like the moments that are asked for are to those from each place on."""
        import numpy as np

        table, sums = self._table
        count, places = len(asked), len(table) - SEGMENT
        products = np.zeros((count, len(table) + count), np.float32)
        np.matmul(asked, table.T, out=products[:, : len(table)])
        # what is asked for at moment k lies over place + k: a sum along diagonals
        down, right = products.strides
        along = np.lib.stride_tricks.as_strided(products, (count, places), (down + right, right)).sum(axis=0)
        known = np.maximum(sums[count : count + places] - sums[:places], _WEIGHT)
        scores: Array = along / np.sqrt(known * max(float(np.abs(asked).sum()), _WEIGHT))
        return scores


def tones_of(sounds: Iterable[tuple[bytes, int]]) -> Tones:
    """A table of pairs of packed moments (`licscan.artsets.hearing.known_in`) and the name of each."""
    held = sorted((name, rows) for rows, name in set(sounds) if rows)
    row = BANDS // 4
    return Tones(
        b"".join(rows for _name, rows in held),
        tuple(len(rows) // row for _name, rows in held),
        tuple(name for name, _rows in held),
    )
