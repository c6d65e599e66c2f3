"""Core Audio Format (Apple): its information chunk, XMP in a `uuid` chunk. AMR (RFC 4867) holds neither."""

from __future__ import annotations

import struct

from licscan.media.blob import Blob
from licscan.media.charset import decoded
from licscan.media.found import MAX_FIELD, MAX_PARTS, Found
from licscan.media.keys import meaning_of
from licscan.media.kinds import Format
from licscan.media.numbers import big
from licscan.media.uuids import XMP
from licscan.media.xmp import xmp_into
from licscan.model.media import MediaFacts

_FRAMES = (13, 14, 16, 18, 20, 21, 27, 32, 6)
"""Bytes of an AMR frame of narrow band by its mode, each 20 milliseconds long (RFC 4867, 5.3)."""
_WIDE = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6)
_READ = 1 << 20


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a CAF file."""
    found = Found()
    place, rate, frames = 8, 0.0, 0
    for _count in range(MAX_PARTS):
        head = blob.at(place, 12)
        if len(head) < 12:
            break
        name, size = head[:4], big(head[4:12])
        if size >> 63 or place + 12 + size > blob.size:
            if name != b"data":
                found.broken()
            size = max(0, blob.size - place - 12)
        if name == b"info":
            _read_info(found, blob.at(place + 12, min(size, MAX_FIELD)))
        elif name == b"uuid" and blob.at(place + 12, 16) == XMP:
            xmp_into(found, blob.at(place + 28, min(size, MAX_FIELD)))
        elif name == b"desc" and size >= 8:
            rate = float(struct.unpack(">d", blob.at(place + 12, 8).ljust(8, b"\0"))[0])
        elif name == b"pakt":
            frames = big(blob.at(place + 20, 8))
        place += 12 + size
    if 1 <= rate < 1e9 and frames < 1 << 48:
        found.duration = int(frames * 1000 / rate)
    return found.facts(made)


def _read_info(found: Found, data: bytes) -> None:
    parts = data[4:].split(b"\0", 2 * MAX_PARTS)
    for raw, value in zip(parts[: 2 * big(data[:4]) : 2], parts[1::2], strict=False):
        if not found.spend(0):
            return
        key, text = decoded(raw), decoded(value)
        found.add(meaning_of(key, text), f"caf:{key}", text)


def read_amr(blob: Blob, made: Format) -> MediaFacts:
    """Facts of an AMR file: the time it plays, by its first MiB, where all of it is read."""
    found = Found()
    data = blob.at(0, _READ)
    wide = data.startswith(b"#!AMR-WB\n")
    sizes = _WIDE if wide else _FRAMES
    place, count = 9 if wide else 6, 0
    while place < len(data):
        mode = data[place] >> 3 & 15
        place += sizes[mode] if mode < len(sizes) else 1
        count += 1
    if blob.size <= _READ:
        found.duration = 20 * count
    return found.facts(made)
