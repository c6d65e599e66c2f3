"""AIFF and AIFF-C (Apple): name, author, copyright, annotations, comments, ID3 and XMP."""

from __future__ import annotations

from licscan.media.blob import Blob
from licscan.media.bridges import add_xmp
from licscan.media.charset import decoded
from licscan.media.gathered import MAX_FIELD, MAX_RECORDS, Gathered, big
from licscan.media.id3 import read_id3
from licscan.media.kinds import Format
from licscan.model.media import Meaning, MediaFacts

_TEXTS = {
    b"NAME": Meaning.TITLE, b"AUTH": Meaning.AUTHOR, b"(c) ": Meaning.COPYRIGHT, b"ANNO": Meaning.COMMENT,
    b"AIGC": Meaning.OTHER,
}  # fmt: skip
_COMMENTS = 200


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of an AIFF file."""
    gathered = Gathered(made)
    place = 12
    for _count in range(MAX_RECORDS):
        head = blob.at(place, 8)
        if len(head) < 8:
            return gathered.facts()
        name, size = head[:4], big(head[4:8])
        if place + 8 + size > blob.size:
            gathered.broken()
        _read_chunk(blob, name, place + 8, min(size, MAX_FIELD), gathered)
        place += 8 + size + size % 2
    gathered.too_much()
    return gathered.facts()


def _read_chunk(blob: Blob, name: bytes, place: int, size: int, gathered: Gathered) -> None:
    if name in _TEXTS:
        gathered.add(_TEXTS[name], f"aiff:{name.decode('ascii').strip()}", decoded(blob.at(place, size)))
    elif name == b"COMT":
        data = blob.at(place, size)
        start = 2
        for _count in range(min(big(data[:2]), _COMMENTS)):
            if not gathered.may_read():
                return
            length = big(data[start + 6 : start + 8])
            gathered.add(Meaning.COMMENT, "aiff:COMT", decoded(data[start + 8 : start + 8 + length]))
            start += 8 + length + length % 2
    elif name in (b"ID3 ", b"id3 "):
        read_id3(blob, place, gathered)
    elif name == b"APPL" and blob.at(place, 4) == b"XMP ":
        add_xmp(gathered, blob.at(place + 4, size - 4))
    elif name == b"COMM":
        head = blob.at(place, 18)
        rate = _extended(head[8:18])
        gathered.duration = int(big(head[2:6]) * 1000 // rate) if rate >= 1 else 0


def _extended(data: bytes) -> int:
    """The whole part of a number of 80 bits (IEEE 754 extended)."""
    exponent = (big(data[:2]) & 0x7FFF) - 16383
    return big(data[2:10]) >> (63 - exponent) if 0 <= exponent <= 63 else 0
