"""Strings as PostScript and PDF write them (ISO 32000-2, 7.3.4)."""

from __future__ import annotations

import re

_MAX_STRING = 1 << 16
_SPECIAL = re.compile(rb"[\\()]")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_OCTAL = re.compile(rb"[0-7]{1,3}")


def string_at(data: bytes, place: int) -> tuple[bytes, int]:
    """The literal `(…)` that begins at a place, at most 64 KiB of it, and the place behind it."""
    made = bytearray()
    depth, place, last = 1, place + 1, min(len(data), place + _MAX_STRING)
    while place < last:
        special = _SPECIAL.search(data, place, last)
        if special is None:
            break
        made += data[place : special.start()]
        place = special.end()
        if special.group() == b"\\":
            piece, place = _escaped(data, place)
            made += piece
            continue
        depth += 1 if special.group() == b"(" else -1
        if depth == 0:
            return bytes(made), place
        made += special.group()
    return bytes(made), last


def _escaped(data: bytes, place: int) -> tuple[bytes, int]:
    octal = _OCTAL.match(data, place)
    if octal:
        return bytes([int(octal.group(), 8) & 0xFF]), octal.end()
    char = data[place : place + 1]
    if char in (b"\r", b"\n"):
        return b"", place + (2 if data[place : place + 2] == b"\r\n" else 1)
    return _ESCAPES.get(char, char), place + 1


def hexadecimal_at(data: bytes, place: int) -> tuple[bytes, int]:
    """The string `<…>` that begins at a place, and the place behind it; empty where it is none."""
    end = data.find(b">", place, place + _MAX_STRING)
    if end < 0:
        return b"", place + 1
    digits = b"".join(data[place + 1 : end].split())
    try:
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")), end + 1
    except ValueError:
        return b"", end + 1
