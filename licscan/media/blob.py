"""The bytes of one file, wherever they lie, a piece at a time: a model of gigabytes costs no more than its head."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Protocol


class Blob(Protocol):
    """Bytes by place. `at` gives fewer than asked for at the end, none beyond it, and never raises for a place."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    def at(self, offset: int, count: int) -> bytes:
        """So many bytes from a place on."""


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes in memory."""

    data: bytes

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.data)

    def at(self, offset: int, count: int) -> bytes:
        """So many bytes from a place on."""
        return self.data[offset : offset + count] if offset >= 0 and count > 0 else b""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An open file; `descriptor` is the caller's to close. A file that shrinks meanwhile gives fewer bytes."""

    descriptor: int
    size: int

    def at(self, offset: int, count: int) -> bytes:
        """So many bytes from a place on."""
        if offset < 0 or count <= 0:
            return b""
        try:
            return os.pread(self.descriptor, min(count, max(0, self.size - offset)), offset)
        except OSError:
            return b""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a blob, as if it were the whole."""

    blob: Blob
    start: int
    size: int

    def at(self, offset: int, count: int) -> bytes:
        """So many bytes from a place on."""
        return self.blob.at(self.start + offset, max(0, min(count, self.size - offset))) if offset >= 0 else b""


@dataclass(slots=True)
class Window:
    """A blob that is read in steps of a few bytes, which would be a call of the system each."""

    blob: Blob
    start: int = 0
    held: bytes = b""

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self.blob.size

    def at(self, offset: int, count: int) -> bytes:
        """So many bytes from a place on."""
        if count > _STEP or offset < 0:
            return self.blob.at(offset, count)
        if not self.start <= offset <= offset + count <= self.start + len(self.held):
            self.start, self.held = offset, self.blob.at(offset, _STEP)
        return self.held[offset - self.start : offset - self.start + count]


_STEP = 1 << 16
