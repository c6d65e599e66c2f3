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
