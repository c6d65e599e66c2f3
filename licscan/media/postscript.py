"""Strings as PostScript and PDF write them (ISO 32000-2, 7.3.4)."""

from __future__ import annotations

import re

_MAX_STRING = 1 << 16
_MAX_DEPTH = 32
_SPECIAL = re.compile(rb"(?s)\\.|[()]")
_ESCAPED = re.compile(rb"(?s)\\([0-7]{1,3}|\r\n|.)")
_ESCAPES = {
    b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b"",
}  # fmt: skip


def string_at(data: bytes, place: int) -> tuple[bytes, int]:
    """The literal `(…)` that begins at a place, at most 64 KiB of it, and the place behind it."""
    depth, last = 1, min(len(data), place + _MAX_STRING)
    for special in _SPECIAL.finditer(data, place + 1, last):
        sign = special.group()
        depth += 1 if sign == b"(" else -1 if sign == b")" else 0
        if depth == 0:
            return _ESCAPED.sub(_unescaped, data[place + 1 : special.start()]), special.end()
        if depth > _MAX_DEPTH:
            break
    return _ESCAPED.sub(_unescaped, data[place + 1 : last]), last


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found.group(1)
    return bytes([int(sign, 8) & 0xFF]) if sign[:1].isdigit() and sign < b"8" else _ESCAPES.get(sign, sign)


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
