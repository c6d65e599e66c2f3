"""GIF89a: comments, and XMP and Content Credentials in application extensions (XMP Specification part 3, 1.1.2)."""

from __future__ import annotations

from licscan.media.blob import Blob, Window
from licscan.media.c2pa import c2pa_into
from licscan.media.charset import decoded
from licscan.media.found import Found
from licscan.media.kinds import Format
from licscan.media.numbers import u16
from licscan.media.xmp import MAX_PACKET, xmp_into
from licscan.model.media import Meaning, MediaFacts

_MAX_BLOCKS = 100_000
"""Blocks of at most 255 bytes; what comes after so many is left."""
_EXTENSION, _IMAGE, _COMMENT, _APPLICATION = b"\x21", b"\x2c", b"\xfe", b"\xff"


def read(blob: Blob, made: Format) -> MediaFacts:
    """What a GIF says of itself."""
    found = Found()
    found.tries(_blocks_into, Window(blob))
    return found.facts(made)


def _blocks_into(found: Found, blob: Window) -> None:
    head = blob.at(0, 13)
    found.width, found.height = u16(head, 6, False), u16(head, 8, False)
    walk = _Walk(blob, 13 + _colors(head[10]))
    while walk.left > 0:
        kind = walk.take(1)
        if kind == _IMAGE:
            flags = walk.take(9)[8]
            walk.place += _colors(flags) + 1
            walk.blocks(0)
        elif kind == _EXTENSION:
            label = walk.take(1)
            if label == _COMMENT:
                found.add(Meaning.COMMENT, "gif:comment", decoded(walk.blocks(MAX_PACKET)))
            elif label == _APPLICATION:
                found.tries(_application_into, walk)
            else:
                walk.blocks(0)
        else:
            if kind != b"\x3b":
                found.broken()
            return
    found.crowded()


def _colors(flags: int) -> int:
    """Bytes of a table of colors."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _application_into(found: Found, walk: _Walk) -> None:
    name = walk.take(walk.take(1)[0])
    if name == b"XMP DataXMP":
        # the packet is not cut into blocks: what looks like their sizes is text
        xmp_into(found, walk.blocks(MAX_PACKET, sizes=True))
    elif name.startswith(b"C2PA_GIF"):
        c2pa_into(found, walk.blocks(4 * MAX_PACKET), "gif:C2PA_GIF")
    else:
        walk.blocks(0)


class _Walk:
    """Steps from block to block; EOFError at the end of the file."""

    def __init__(self, blob: Window, place: int):
        self._blob = blob
        self.place = place
        self.left = _MAX_BLOCKS

    def take(self, count: int) -> bytes:
        """So many bytes."""
        data = self._blob.at(self.place, count)
        if len(data) < count:
            raise EOFError
        self.place += count
        return data

    def blocks(self, limit: int, sizes: bool = False) -> bytes:
        """The bytes of the blocks up to the empty one, so many at most, with or without those of their sizes."""
        made = bytearray()
        while self.left > 0:
            self.left -= 1
            size = self._blob.at(self.place, 1)
            if not size:
                raise EOFError
            if size == b"\0":
                self.place += 1
                break
            if len(made) < limit:
                made += self._blob.at(self.place + (not sizes), size[0] + sizes)
            self.place += 1 + size[0]
        return bytes(made)
