"""The index of known art: digests of files and of what is in them, signs of pictures and of sounds; facts alone.

`data/art_index.npz` has these arrays: `digests` and `svgs` (rows of 6 bytes, the heads of SHA-256 digests, sorted; the
latter of drawings, of animations, and of what sounds play), `signs` (rows of 32 bytes, 256 signs of
`licscan.artsets.describe`), and for each of them the group of each row (`digest_groups`, `svg_groups`, `sign_groups`).
`tones` are rows of 8 bytes, moments of `licscan.artsets.hearing`; `tone_lengths` how many of them each sound has, and
`tone_groups` its group. `groups` is text, a line a group: the ids of its sets, with spaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licscan.artsets.describe import LENGTH, LUMA, SHAPE, Description, mirror
from licscan.artsets.tones import Tones, tones_of

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, numpy.dtype[Any]]

HEAD_BYTES = 6
_BATCH = 128
_CAP = 40
"""Stronger coefficients count no more than this."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a picture has to reach: the share of signs that agree, from -1 to 1, and by how much another family is
    worse."""

    score: float
    margin: float


CLEAR = Limits(0.95, 0.06)
"""For pictures with transparency."""
OPAQUE = Limits(0.90, 0.07)
"""For pictures whose background had to be guessed."""
TURNED = Limits(0.97, 0.08)
"""For pictures that are alike only mirrored, or only without their colors."""
TIE = 0.02
"""Sets of one family that are worse by no more than this have the picture too."""


@dataclass(frozen=True)
class ArtIndex:
    """Known art. `families` names for each set those that take pictures from one another."""

    groups: tuple[tuple[str, ...], ...]
    digests: dict[bytes, int]
    svgs: dict[bytes, int]
    signs: Array
    sign_groups: Array
    families: dict[str, str]
    tones: Tones = field(default_factory=Tones)

    def by_digest(self, sha256: str) -> tuple[str, ...]:
        """The sets that have a file with this digest (hexadecimal)."""
        found = self.digests.get(bytes.fromhex(sha256)[:HEAD_BYTES])
        return () if found is None else self.groups[found]

    def by_svg(self, digest: bytes) -> tuple[str, ...]:
        """The sets that have a drawing, an animation or a sound with this digest (`svg`, `motion`, `payload`)."""
        found = self.svgs.get(digest)
        return () if found is None else self.groups[found]

    def by_sound(self, heard: bytes) -> tuple[str, ...]:
        """The sets that have a sound that is like this one (`licscan.artsets.hearing`)."""
        return tuple(sorted({name for group in self.tones.like(heard) for name in self.groups[group]}))

    def by_picture(self, pictures: Sequence[Description]) -> list[tuple[str, ...]]:
        """The sets that have each picture; empty where none has one that is like enough."""
        found: list[tuple[str, ...]] = []
        for start in range(0, len(pictures), _BATCH):
            found.extend(self._batch(pictures[start : start + _BATCH]))
        return found

    @cached_property
    def _columns(self) -> Array:
        """Signs as columns of -1 and 1, in order of their sets."""
        import numpy as np

        bits = np.unpackbits(self.signs, axis=1)
        columns: Array = np.ascontiguousarray((bits.astype(np.float32) * 2 - 1).T)
        return columns

    @cached_property
    def _starts(self) -> tuple[Array, list[int]]:
        """Where each group's rows begin, and which groups these are; rows are sorted by group."""
        import numpy as np

        which, starts = np.unique(self.sign_groups, return_index=True)
        return starts, [int(group) for group in which]

    def _batch(self, pictures: Sequence[Description]) -> list[tuple[str, ...]]:
        import numpy as np

        if not len(self.signs):
            return [() for _ in pictures]
        rows = [data for one in pictures for data in (one.data, *one.others)]
        asked = np.array([np.frombuffer(data, dtype=np.int8) for data in rows]).astype(np.float32)
        weighed = np.clip(asked, -_CAP, _CAP)
        firsts = np.cumsum([0, *(1 + len(one.others) for one in pictures[:-1])])
        # of several ways to take a background off, each group of sets has its best
        scores = np.maximum.reduceat(self._scores(weighed), firsts, axis=0)
        limits = [OPAQUE if picture.opaque else CLEAR for picture in pictures]
        found = [self._sets(row, limit) for row, limit in zip(scores, limits, strict=True)]
        # mirrored, and without colors, only what is not told as it is
        for way in (mirror(), _colorless()):
            left = [at for at, sets in enumerate(found) if not sets]
            if left:
                for at, row in zip(left, self._scores(weighed[firsts[left]] * way), strict=True):
                    found[at] = self._sets(row, TURNED)
        return found

    def _scores(self, weighed: Array) -> Array:
        """For each picture and each group of sets the best share of agreement; whole numbers, so always the same."""
        import numpy as np

        total = np.maximum(np.abs(weighed).sum(axis=1, keepdims=True), 1)
        scores: Array = np.maximum.reduceat(weighed @ self._columns, self._starts[0], axis=1) / total
        return scores

    def _sets(self, scores: Array, limits: Limits) -> tuple[str, ...]:
        best = float(scores.max())
        if best < limits.score:
            return ()
        close = (scores > best - limits.margin).nonzero()[0]
        near = [(float(scores[at]), self.groups[self._starts[1][at]]) for at in close]
        families = {self.families.get(name, name) for _, group in near for name in group}
        if len(families) > 1:
            return ()
        return tuple(sorted({name for score, group in near if score >= best - TIE for name in group}))


@cache
def _colorless() -> Array:
    """What each coefficient is multiplied by where colors do not count."""
    import numpy as np

    return np.array([1] * (LUMA + SHAPE) + [0] * (LENGTH - LUMA - SHAPE), dtype=np.float32)


def pack(description: Description) -> bytes:
    """The signs of a description, as the index keeps them."""
    import numpy as np

    return np.packbits(np.frombuffer(description.data, dtype=np.int8) >= 0).tobytes()


def build(
    families: dict[str, str],
    digests: Iterable[tuple[bytes, str]],
    svgs: Iterable[tuple[bytes, str]],
    signs: Iterable[tuple[bytes, str]],
    tones: Iterable[tuple[bytes, str]] = (),
) -> ArtIndex:
    """An index of pairs of a head, packed signs or packed moments, and the set that has it."""
    import numpy as np

    tables = [_gathered(pairs) for pairs in (digests, svgs, signs, tones)]
    groups = tuple(sorted({group for table in tables for group in table.values()}))
    number = {group: at for at, group in enumerate(groups)}
    heads, drawings, pictures, sounds = tables
    rows = sorted((number[group], packed) for packed, group in pictures.items())
    return ArtIndex(
        groups,
        {head: number[group] for head, group in sorted(heads.items())},
        {head: number[group] for head, group in sorted(drawings.items())},
        np.frombuffer(b"".join(packed for _, packed in rows), dtype=np.uint8).reshape(-1, LENGTH // 8),
        np.array([group for group, _ in rows], dtype=np.uint16),
        families,
        tones_of((packed, number[group]) for packed, group in sounds.items()),
    )


def _gathered(pairs: Iterable[tuple[bytes, str]]) -> dict[bytes, tuple[str, ...]]:
    found: dict[bytes, set[str]] = {}
    for key, name in pairs:
        found.setdefault(key, set()).add(name)
    return {key: tuple(sorted(names)) for key, names in found.items()}


def save(index: ArtIndex, path: Path) -> None:
    """Write an index; the same index gives the same bytes."""
    import numpy as np

    def table(rows: dict[bytes, int]) -> tuple[Array, Array]:
        heads = np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(-1, HEAD_BYTES)
        return heads, np.array(list(rows.values()), dtype=np.uint16)

    (digests, digest_groups), (svgs, svg_groups) = table(index.digests), table(index.svgs)
    text = "\n".join(" ".join(group) for group in index.groups)
    np.savez_compressed(
        path,
        allow_pickle=False,
        digests=digests,
        digest_groups=digest_groups,
        svgs=svgs,
        svg_groups=svg_groups,
        signs=index.signs,
        sign_groups=index.sign_groups,
        tones=np.frombuffer(index.tones.rows, dtype=np.uint8),
        tone_lengths=np.array(index.tones.lengths, dtype=np.uint16),
        tone_groups=np.array(index.tones.names, dtype=np.uint16),
        groups=np.frombuffer(text.encode(), dtype=np.uint8),
    )


def read(path: Path, families: dict[str, str]) -> ArtIndex:
    """An index that was written."""
    import numpy as np

    with np.load(path, allow_pickle=False) as arrays:
        lines = arrays["groups"].tobytes().decode().split("\n")
        groups = tuple(tuple(line.split()) for line in lines if line)

        def table(name: str, numbers: str) -> dict[bytes, int]:
            # rows as void scalars become bytes in one go
            heads = np.ascontiguousarray(arrays[name]).view(f"V{HEAD_BYTES}").ravel().tolist()
            return dict(zip(heads, arrays[numbers].tolist(), strict=True))

        digests, svgs = table("digests", "digest_groups"), table("svgs", "svg_groups")
        lengths, names = arrays["tone_lengths"].tolist(), arrays["tone_groups"].tolist()
        tones = Tones(arrays["tones"].tobytes(), tuple(lengths), tuple(names))
        return ArtIndex(groups, digests, svgs, arrays["signs"], arrays["sign_groups"], families, tones)
