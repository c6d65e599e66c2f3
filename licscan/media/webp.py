"""WebP (RFC 9649): Exif, XMP and Content Credentials in its chunks."""

from __future__ import annotations

from licscan.media.blob import Blob, Window
from licscan.media.c2pa import c2pa_into
from licscan.media.exif import exif_into
from licscan.media.found import MAX_PARTS, MAX_STORE, Found
from licscan.media.kinds import Format
from licscan.media.numbers import little, u16, u32
from licscan.media.xmp import MAX_PACKET, xmp_into
from licscan.model.media import MediaFacts


def read(blob: Blob, made: Format) -> MediaFacts:
    """What a WebP says of itself."""
    found = Found()
    found.tries(_chunks_into, Window(blob))
    return found.facts(made)


def _chunks_into(found: Found, blob: Window) -> None:
    place, left = 12, MAX_STORE
    for _count in range(MAX_PARTS):
        head = blob.at(place, 8)
        if not head:
            return
        kind, size = head[:4], u32(head, 4, False)
        if kind in (b"VP8 ", b"VP8L", b"VP8X") and not found.width:
            _size_into(found, kind, blob.at(place + 8, 10))
        elif kind in (b"EXIF", b"XMP ", b"C2PA"):
            data = blob.at(place + 8, min(size, left if kind == b"C2PA" else MAX_PACKET, left))
            left -= len(data)
            found.tries(_chunk_into, kind, data)
        place += 8 + size + size % 2
    found.crowded()


def _chunk_into(found: Found, kind: bytes, data: bytes) -> None:
    if kind == b"EXIF":
        exif_into(found, data)
    elif kind == b"XMP ":
        xmp_into(found, data)
    else:
        c2pa_into(found, data, "webp:C2PA")


def _size_into(found: Found, kind: bytes, data: bytes) -> None:
    if kind == b"VP8X":
        found.width = 1 + little(data[4:7])
        found.height = 1 + little(data[7:10])
    elif kind == b"VP8L":
        bits = u32(data, 1, False)
        found.width, found.height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    else:
        found.width, found.height = u16(data, 6, False) & 0x3FFF, u16(data, 8, False) & 0x3FFF
