"""Reads the facts of shared libraries on disk; bounded."""

from __future__ import annotations

import mmap
import os

from licscan.packages.natives import LEAST, MAX_READ, facts_of
from licscan.packages.tree import NativeFacts

Binary = NativeFacts


def read_binary(path: str, *, marks: bool = False) -> NativeFacts:
    """Read one file; nothing is said of what cannot be read or is no library. See `facts_of`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as file:
            size = min(os.fstat(descriptor).st_size, MAX_READ)
            if size < LEAST:
                return NativeFacts()
            with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as data:
                return facts_of(data, marks=marks)
    except (OSError, ValueError):
        return NativeFacts()
