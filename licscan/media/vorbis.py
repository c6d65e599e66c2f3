"""Vorbis comments (specification of Xiph.Org), as Ogg, FLAC and Opus hold them."""

from __future__ import annotations

import re

from licscan.media.charset import decoded
from licscan.media.found import Found
from licscan.media.keys import meaning_of
from licscan.media.numbers import little
from licscan.model.media import Meaning

_KEY = re.compile(rb"[\x20-\x3c\x3e-\x7d]{1,200}")
_PICTURES = frozenset({"METADATA_BLOCK_PICTURE", "COVERART", "COVERARTMIME", "WAVEFORMATEXTENSIBLE_CHANNEL_MASK"})


def comments_into(found: Found, data: bytes) -> None:
    """Keep the comments of one block, that starts with the length of its vendor's name."""
    length = little(data[:4])
    found.add(Meaning.SOFTWARE, "vorbis:vendor", decoded(data[4 : 4 + min(length, 4_096)]))
    place = 4 + length
    count = little(data[place : place + 4])
    place += 4
    for _count in range(count):
        if not found.spend(0):
            return
        if place + 4 > len(data):
            found.broken()
            return
        length = little(data[place : place + 4])
        _keep(found, data[place + 4 : place + 4 + length])
        place += 4 + length
    if place > len(data):
        found.broken()


def _keep(found: Found, comment: bytes) -> None:
    raw, equals, value = comment.partition(b"=")
    if not equals or not _KEY.fullmatch(raw):
        return
    key = raw.decode("ascii").upper()
    if key not in _PICTURES:
        text = decoded(value)
        found.add(meaning_of(key, text), f"vorbis:{key}", text)
