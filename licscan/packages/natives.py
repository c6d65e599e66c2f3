"""What a shared library says of itself: whether Python imports it, its soname, what was linked into it. Pure."""

from __future__ import annotations

import mmap
import re
import struct
from collections.abc import Iterator

from licscan.packages.tree import NativeFacts

MAX_READ = 64 * 1024 * 1024
"""Bytes of one file that are looked through."""
LEAST = 64
"""A file of fewer bytes is no library."""
_MAX_TABLE = 64 * 1024
_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_STRTAB, _DT_SONAME = 5, 14
_INIT = re.compile(rb"PyInit_[A-Za-z_]")
_INIT_START, _INIT_OLD = b"PyInit_", b"initmodule\0"
_WINDOW = 120
_NATIVE = re.compile(r"(?i)\.(?:so(?:\.\d+)*|dylib|dll|pyd)$")

_MARKS: tuple[tuple[str, bytes, re.Pattern[bytes]], ...] = (
    # words that the library's own code holds, not those that its headers put into what uses it
    ("zlib", b" Copyright 1995-", re.compile(rb"(?:de|in)flate (\d+(?:\.\d+){1,3})\S* Copyright 1995-")),
    ("openssl", b"OpenSSL ", re.compile(rb"OpenSSL (\d+\.\d+\.\d+[a-z]?) +\d+ [A-Z][a-z]{2} \d{4}")),
    ("libpng", b"libpng version ", re.compile(rb"libpng version (\d+\.\d+\.\d+)")),
    ("bzip2", b"bzip2/libbzip2: internal error", re.compile(rb"bzip2/libbzip2: internal error")),
    ("libjpeg-turbo", b"libjpeg-turbo version ", re.compile(rb"libjpeg-turbo version (\d+(?:\.\d+)+)")),
    ("freetype", b"FREETYPE_PROPERTIES", re.compile(rb"FREETYPE_PROPERTIES\0")),
)

Bytes = bytes | mmap.mmap


def is_native(path: str) -> bool:
    """Whether a file is named as a shared library."""
    return _NATIVE.search(path) is not None


def facts_of(data: Bytes, *, marks: bool = True) -> NativeFacts:
    """The facts of one file's first MAX_READ bytes; nothing is said of what is no library, or is damaged.

    Only with `marks` is it looked through: whether Python imports it, and what is linked into it.
    """
    if len(data) < LEAST:
        return NativeFacts()
    try:
        if not marks:
            return NativeFacts(soname=_soname(data))
        return NativeFacts(_is_module(data), _soname(data), tuple(_linked(data)))
    except (ValueError, IndexError, struct.error, OverflowError):
        return NativeFacts()


def _is_module(data: Bytes) -> bool:
    """Whether it holds the entry of a Python module; searching for plain bytes is thirty times as fast as a pattern."""
    first = data.find(_INIT_START)
    return (first >= 0 and _INIT.search(data, first) is not None) or data.find(_INIT_OLD) >= 0


def _linked(data: Bytes) -> Iterator[tuple[str, str]]:
    for name, anchor, pattern in _MARKS:
        place = data.find(anchor)
        tries = 0
        while place >= 0 and tries < 50:
            near = data[max(place - _WINDOW, 0) : place + len(anchor) + _WINDOW]
            if match := pattern.search(near):
                yield name, match[1].decode("ascii") if pattern.groups else ""
                break
            place = data.find(anchor, place + 1)
            tries += 1


def _soname(data: Bytes) -> str:
    """DT_SONAME of an ELF file (System V ABI, chapter 5); empty for what has none or is something else."""
    if data[:4] != b"\x7fELF" or data[4] not in (1, 2) or data[5] not in (1, 2):
        return ""
    order = "<" if data[5] == 1 else ">"
    wide = data[4] == 2
    start = struct.unpack_from(f"{order}Q" if wide else f"{order}I", data, 32 if wide else 28)[0]
    entry, count = struct.unpack_from(f"{order}HH", data, 54 if wide else 42)
    segments = [_segment(data, start + number * entry, order, wide=wide) for number in range(min(count, 256))]
    dynamic = next((segment for segment in segments if segment[0] == _PT_DYNAMIC), None)
    if dynamic is None:
        return ""
    tags: dict[int, int] = {}
    word = f"{order}qQ" if wide else f"{order}iI"
    step = struct.calcsize(word)
    for place in range(dynamic[1], dynamic[1] + min(dynamic[3], _MAX_TABLE), step):
        tag, value = struct.unpack_from(word, data, place)
        if tag == 0:
            break
        tags.setdefault(tag, value)
    if _DT_SONAME not in tags or _DT_STRTAB not in tags:
        return ""
    for kind, offset, address, length in segments:
        if kind == _PT_LOAD and address <= tags[_DT_STRTAB] < address + length:
            name = offset + tags[_DT_STRTAB] - address + tags[_DT_SONAME]
            return bytes(data[name : name + 256]).partition(b"\0")[0].decode("ascii", "replace")
    return ""


def _segment(data: Bytes, place: int, order: str, *, wide: bool) -> tuple[int, int, int, int]:
    """Type, place in the file, address and length of a program header."""
    if wide:
        kind, _flags, offset, address, _physical, length = struct.unpack_from(f"{order}IIQQQQ", data, place)
    else:
        kind, offset, address, _physical, length = struct.unpack_from(f"{order}IIIII", data, place)
    return kind, offset, address, length
