"""Boxes (ISO/IEC 14496-12, 4.2), of which videos, HEIF, AVIF, JPEG XL and JUMBF (ISO/IEC 19566-5) are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from licscan.media.blob import Blob
from licscan.media.found import Found
from licscan.media.numbers import u32, u64


@dataclass(frozen=True, slots=True)
class Box:
    """A box by its type, and where what it holds starts and ends."""

    kind: bytes
    start: int
    end: int

    def held(self, blob: Blob, most: int) -> bytes:
        """What it holds, at most so many bytes."""
        return blob.at(self.start, min(self.end - self.start, most))


def boxes_of(found: Found, blob: Blob, place: int, end: int) -> Iterator[Box]:
    """The boxes in a stretch of a file; those of one file count together. One that is cut, or ill-sized, is a fault."""
    while place + 8 <= end:
        if not found.spend(0):
            return
        head = blob.at(place, 16)
        size, start = u32(head, 0), place + 8
        if size == 1:
            size, start = u64(head, 8), place + 16
        last = place + size if size else end
        if last < start:
            # zeros may fill up what is left
            if any(head[:8]):
                found.broken()
            return
        if last > end:
            found.broken()
        yield Box(head[4:8], start, min(last, end))
        place = last
