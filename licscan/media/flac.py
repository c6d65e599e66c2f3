"""FLAC (RFC 9639): its comments, the time it plays, and an ID3 tag before it; pictures are left out."""

from __future__ import annotations

from licscan.media.blob import Blob
from licscan.media.found import MAX_FIELD, Found
from licscan.media.id3 import id3_into
from licscan.media.kinds import Format
from licscan.media.numbers import big
from licscan.media.vorbis import comments_into
from licscan.media.xmp import xmp_into
from licscan.model.media import MediaFacts

_BLOCKS = 1_000
_STREAMINFO, _APPLICATION, _COMMENT = 0, 2, 4


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a FLAC file."""
    found = Found()
    place = id3_into(found, blob, 0) + 4
    for _count in range(_BLOCKS):
        head = blob.at(place, 4)
        size, kind = big(head[1:4]), head[0] & 0x7F
        if place + 4 + size > blob.size:
            found.broken()
        if kind == _COMMENT:
            comments_into(found, blob.at(place + 4, min(size, MAX_FIELD)))
        elif kind == _STREAMINFO:
            info = blob.at(place + 4, min(size, 34))
            rate, samples = big(info[10:13]) >> 4, big(info[13:18]) & 0xF_FFFF_FFFF
            found.duration = samples * 1000 // rate if rate else 0
        elif kind == _APPLICATION and blob.at(place + 4, 4) == b"XMP ":
            xmp_into(found, blob.at(place + 8, min(size, MAX_FIELD)))
        place += 4 + size
        if head[0] & 0x80 or place >= blob.size:
            break
    return found.facts(made)
