"""MPEG audio and ADTS: ID3 before and after the frames, APE tags, and what the encoder says of itself."""

from __future__ import annotations

import re

from licscan.media.ape import ape_into
from licscan.media.blob import Blob
from licscan.media.found import Found
from licscan.media.id3 import id3_into, id3v1_into, syncsafe
from licscan.media.kinds import Format
from licscan.media.numbers import big
from licscan.model.media import Meaning, MediaFacts

_TAGS = 4
"""ID3 tags read before the first frame: some programs put one before another."""
_FIRST = 4_096
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_BITS_1 = {
    3: (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    2: (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_BITS_2 = {
    3: (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    1: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_ENCODER = re.compile(rb"(?:LAME|GOGO|L3\.99|Lavc|Lavf|iTunes)[\x20-\x7e]{0,30}")


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of an MP3 or ADTS file."""
    found = Found()
    start = 0
    for _count in range(_TAGS):
        length = id3_into(found, blob, start)
        if not length:
            break
        start += length
    end = _read_end(found, blob, start)
    start += ape_into(found, blob, start)
    _read_frame(found, blob.at(start, _FIRST), end - start)
    return found.facts(made)


def _read_end(found: Found, blob: Blob, start: int) -> int:
    """Keep the tags after the frames; returns where these end."""
    end = blob.size
    tag = blob.at(end - 128, 128) if end >= start + 128 else b""
    if tag[:3] == b"TAG":
        id3v1_into(found, tag)
        end -= 128
    lyrics = blob.at(end - 15, 15)
    if lyrics[6:] == b"LYRICS200" and lyrics[:6].isdigit():
        end = max(start, end - 15 - int(lyrics[:6]))
    footer = blob.at(end - 32, 8) if end >= 32 else b""
    if footer == b"APETAGEX":
        end = max(start, end - ape_into(found, blob, end - 32))
    if blob.at(end - 10, 3) == b"3DI":
        size = syncsafe(blob.at(end - 4, 4))
        id3_into(found, blob, end - 20 - size)
    return end


def _read_frame(found: Found, data: bytes, length: int) -> None:
    """The playing time by the first frame, and the encoder named in it (Xing, LAME)."""
    place = data.find(b"\xff")
    while place >= 0 and not _is_frame(data[place : place + 4]):
        place = data.find(b"\xff", place + 1)
    if place < 0:
        return
    first = data[place : place + 1_500]
    encoder = _ENCODER.search(first)
    if encoder:
        found.add(Meaning.SOFTWARE, "mpeg:encoder", encoder[0].decode("ascii").rstrip("U. "))
    version, layer = first[1] >> 3 & 3, first[1] >> 1 & 3
    rate = _RATES[version][first[2] >> 2 & 3]
    samples = 384 if layer == 3 else 1152 if version == 3 or layer == 2 else 576
    xing = max(first.find(b"Xing", 0, 200), first.find(b"Info", 0, 200))
    if xing > 0 and first[xing + 7] & 1:
        found.duration = big(first[xing + 8 : xing + 12]) * samples * 1000 // rate
        return
    bits = (_BITS_1 if version == 3 else _BITS_2)[layer][first[2] >> 4]
    if bits:
        found.duration = (length - place) * 8 // bits


def _is_frame(head: bytes) -> bool:
    return (
        len(head) == 4
        and head[1] & 0xE0 == 0xE0
        and head[1] >> 3 & 3 != 1
        and head[1] >> 1 & 3 != 0
        and head[2] >> 4 != 15
        and head[2] >> 2 & 3 != 3
    )
