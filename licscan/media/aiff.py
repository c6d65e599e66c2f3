"""AIFF and AIFF-C (Apple): name, author, copyright, annotations, comments, ID3 and XMP."""

from __future__ import annotations

from licscan.media.blob import Blob
from licscan.media.charset import decoded
from licscan.media.found import MAX_FIELD, MAX_PARTS, Found
from licscan.media.id3 import id3_into
from licscan.media.kinds import Format
from licscan.media.numbers import big
from licscan.media.xmp import xmp_into
from licscan.model.media import Meaning, MediaFacts

_TEXTS = {
    b"NAME": Meaning.TITLE, b"AUTH": Meaning.AUTHOR, b"(c) ": Meaning.COPYRIGHT, b"ANNO": Meaning.COMMENT,
    b"AIGC": Meaning.OTHER,
}  # fmt: skip
_COMMENTS = 200


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of an AIFF file."""
    found = Found()
    place = 12
    for _count in range(MAX_PARTS):
        head = blob.at(place, 8)
        if len(head) < 8:
            return found.facts(made)
        name, size = head[:4], big(head[4:8])
        if place + 8 + size > blob.size:
            found.broken()
        _read_chunk(found, blob, name, place + 8, min(size, MAX_FIELD))
        place += 8 + size + size % 2
    found.crowded()
    return found.facts(made)


def _read_chunk(found: Found, blob: Blob, name: bytes, place: int, size: int) -> None:
    if name in _TEXTS:
        found.add(_TEXTS[name], f"aiff:{name.decode('ascii').strip()}", decoded(blob.at(place, size)))
    elif name == b"COMT":
        data = blob.at(place, size)
        start = 2
        for _count in range(min(big(data[:2]), _COMMENTS)):
            if not found.spend(0):
                return
            length = big(data[start + 6 : start + 8])
            found.add(Meaning.COMMENT, "aiff:COMT", decoded(data[start + 8 : start + 8 + length]))
            start += 8 + length + length % 2
    elif name in (b"ID3 ", b"id3 "):
        id3_into(found, blob, place)
    elif name == b"APPL" and blob.at(place, 4) == b"XMP ":
        xmp_into(found, blob.at(place + 4, size - 4))
    elif name == b"COMM":
        head = blob.at(place, 18)
        rate = _extended(head[8:18])
        found.duration = int(big(head[2:6]) * 1000 // rate) if rate >= 1 else 0


def _extended(data: bytes) -> int:
    """The whole part of a number of 80 bits (IEEE 754 extended)."""
    exponent = (big(data[:2]) & 0x7FFF) - 16383
    return big(data[2:10]) >> (63 - exponent) if 0 <= exponent <= 63 else 0
