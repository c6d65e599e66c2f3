"""Small fonts with names of one's choice."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import brotli

NAME_ROWS = tuple[tuple[int, int, int, int, str], ...]
"""Platform, encoding, language, identifier, text."""


def names(rows: NAME_ROWS) -> bytes:
    """A `name` table."""
    records, storage = b"", b""
    for platform, encoding, language, identifier, text in rows:
        value = text.encode("utf-16-be" if platform != 1 else "mac_roman")
        records += struct.pack(">HHHHHH", platform, encoding, language, identifier, len(value), len(storage))
        storage += value
    return struct.pack(">HHH", 0, len(rows), 6 + len(records)) + records + storage


def os2(embedding: int) -> bytes:
    """The head of an `OS/2` table."""
    return struct.pack(">HhHHH", 4, 500, 400, 5, embedding) + b"\0" * 86


def font_tables(rows: NAME_ROWS, embedding: int | None) -> dict[bytes, bytes]:
    """The tables of a font that says this."""
    tables = {b"head": b"\0" * 54, b"name": names(rows)}
    return tables if embedding is None else {b"OS/2": os2(embedding), **tables}


def sfnt(tables: Mapping[bytes, bytes], start: int = 0, flavor: bytes = b"\0\1\0\0") -> bytes:
    """A font with these tables, whose places count from `start` bytes before it."""
    place = start + 12 + 16 * len(tables)
    rows, body = b"", b""
    for tag, data in tables.items():
        rows += tag + struct.pack(">III", 0, place + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return flavor + struct.pack(">HHHH", len(tables), 0, 0, 0) + rows + body


def ttc(*fonts: Mapping[bytes, bytes]) -> bytes:
    """A collection of fonts."""
    head = 12 + 4 * len(fonts)
    made, offsets = b"", []
    for tables in fonts:
        offsets.append(head + len(made))
        made += sfnt(tables, head + len(made))
    return b"ttcf\0\1\0\0" + struct.pack(">I", len(fonts)) + b"".join(struct.pack(">I", one) for one in offsets) + made


def woff(tables: Mapping[bytes, bytes], metadata: bytes = b"") -> bytes:
    """A WOFF 1.0; tables that get no smaller stay as they are."""
    place = 44 + 20 * len(tables)
    rows, body = b"", b""
    for tag, data in tables.items():
        packed = min(zlib.compress(data), data, key=len)
        rows += tag + struct.pack(">IIII", place + len(body), len(packed), len(data), 0)
        body += packed + b"\0" * (-len(packed) % 4)
    said = zlib.compress(metadata) if metadata else b""
    where = (place + len(body), len(said), len(metadata)) if metadata else (0, 0, 0)
    head = b"wOFF\0\1\0\0" + struct.pack(
        ">IHHIHHIIIII", place + len(body) + len(said), len(tables), 0, 0, 1, 0, *where, 0, 0
    )
    return head + rows + body + said


def woff2(tables: Mapping[bytes, bytes], metadata: bytes = b"") -> bytes:
    """A WOFF 2.0 with a table of unknown tag and a transformed one before those given."""
    known = {b"head": 1, b"name": 5, b"OS/2": 6}
    rows = bytes([63]) + b"test" + _base128(300) + bytes([10]) + _base128(1000) + _base128(200)
    body = b"T" * 300 + b"G" * 200
    for tag, data in tables.items():
        rows += bytes([known[tag]]) + _base128(len(data))
        body += data
    stream: bytes = brotli.compress(body)
    start = -(-(48 + len(rows) + len(stream)) // 4) * 4
    said: bytes = brotli.compress(metadata) if metadata else b""
    where = (start, len(said), len(metadata)) if metadata else (0, 0, 0)
    sizes = (start + len(said), len(tables) + 2, 0, 0, len(stream))
    head = b"wOF2\0\1\0\0" + struct.pack(">IHHIIHHIIIII", *sizes, 1, 0, *where, 0, 0)
    return (head + rows + stream).ljust(start, b"\0") + said


def _base128(number: int) -> bytes:
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(number & 0x7F | 0x80)
    return bytes(reversed(digits))


def eot(font: bytes, embedding: int, flags: int = 0, root: str = "") -> bytes:
    """An Embedded OpenType file; with flag 0x10000000 its font is XORed."""
    strings = b""
    for text in ("Example", "Regular", "Version 1", "Example Regular", root):
        strings += struct.pack("<H", len(text) * 2) + text.encode("utf-16-le") + b"\0\0"
    font = bytes(byte ^ 0x50 for byte in font) if flags & 0x1000_0000 else font
    fixed = struct.pack("<IIII", 82 + len(strings) + len(font), len(font), 0x0002_0001, flags) + b"\0" * 16
    return fixed + struct.pack("<HH", embedding, 0x504C) + b"\0" * 46 + strings + font


ENGLISH, CHINESE = 0x409, 0x804


OPEN: NAME_ROWS = (
    (3, 1, ENGLISH, 0, "Copyright 2020 Example, with Reserved Font Name 'Exempla'."),
    (1, 0, 0, 0, "Copyright 2020 Example, with Reserved Font Name 'Exempla'."),
    (3, 1, ENGLISH, 1, "Exempla"),
    (3, 1, CHINESE, 1, "例字体"),
    (3, 1, ENGLISH, 13, "This Font Software is licensed under the SIL Open Font License, Version 1.1."),
    (3, 1, ENGLISH, 14, "https://terms.example/ofl"),
)
