"""JPEG (ITU-T T.81): Exif and XMP in APP1, Content Credentials in APP11, IPTC in APP13, comments.

Sources: Exif 3.0; XMP Specification part 3 (XMP in more than one segment); ISO/IEC 19566-5, annex D (JUMBF in APP11).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from licscan.media.blob import Blob, Window
from licscan.media.c2pa import c2pa_into
from licscan.media.charset import decoded
from licscan.media.exif import exif_into
from licscan.media.found import MAX_PARTS, MAX_STORE, Found
from licscan.media.iptc import resources_into
from licscan.media.kinds import Format
from licscan.media.numbers import u16, u32
from licscan.media.xmp import MAX_PACKET, xmp_into
from licscan.model.media import Meaning, MediaFacts

_START_OF_SCAN, _END, _COMMENT, _APP1, _APP11, _APP12, _APP13 = 0xDA, 0xD9, 0xFE, 0xE1, 0xEB, 0xEC, 0xED
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_EXIF = b"Exif\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_DUCKY = {2: ("Comment", Meaning.COMMENT), 3: ("Copyright", Meaning.COPYRIGHT)}


@dataclass(slots=True)
class _Pieces:
    """Parts that are spread over segments."""

    extended: dict[bytes, list[tuple[int, bytes]]] = field(default_factory=dict)
    boxes: dict[int, list[tuple[int, bytes]]] = field(default_factory=dict)
    resources: list[bytes] = field(default_factory=list)
    left: int = MAX_STORE


def read(blob: Blob, made: Format) -> MediaFacts:
    """What a JPEG says of itself, before its first scan."""
    found, pieces = Found(), _Pieces()
    found.tries(_segments_into, Window(blob), pieces)
    found.tries(resources_into, b"".join(pieces.resources))
    for parts in pieces.extended.values():
        xmp_into(found, b"".join(data for _place, data in sorted(parts))[:MAX_PACKET])
    for boxes in pieces.boxes.values():
        found.tries(c2pa_into, _joined(boxes), "jpeg:APP11")
    return found.facts(made)


def _segments_into(found: Found, blob: Window, pieces: _Pieces) -> None:
    place = 2
    for _count in range(MAX_PARTS):
        head = blob.at(place, 4)
        if len(head) < 4 or head[0] != 0xFF:
            found.broken()
            return
        marker = head[1]
        if marker == 0xFF or marker in _ALONE:
            place += 1 if marker == 0xFF else 2
            continue
        if marker in (_START_OF_SCAN, _END):
            return
        size = u16(head, 2)
        if marker in _FRAMES:
            frame = blob.at(place + 4, 5)
            found.height, found.width = u16(frame, 1), u16(frame, 3)
        elif marker in (_APP1, _APP11, _APP12, _APP13, _COMMENT):
            data = blob.at(place + 4, size - 2)
            pieces.left -= len(data)
            if pieces.left < 0:
                found.crowded()
                return
            found.tries(_segment_into, pieces, marker, data)
        place += 2 + size
    found.crowded()


def _segment_into(found: Found, pieces: _Pieces, marker: int, data: bytes) -> None:
    if marker == _COMMENT:
        found.add(Meaning.COMMENT, "jpeg:COM", decoded(data))
    elif marker == _APP12 and data.startswith(b"Ducky"):
        _ducky_into(found, data)
    elif marker == _APP13 and data.startswith(_PHOTOSHOP):
        pieces.resources.append(data[len(_PHOTOSHOP) :])
    elif marker == _APP11 and data.startswith(b"JP"):
        pieces.boxes.setdefault(u16(data, 2), []).append((u32(data, 4), data[8:]))
    elif marker == _APP1 and data.startswith(_EXIF):
        exif_into(found, data[6:])
    elif marker == _APP1 and data.startswith(_XMP):
        xmp_into(found, data[len(_XMP) :])
    elif marker == _APP1 and data.startswith(_EXTENDED):
        rest = data[len(_EXTENDED) :]
        pieces.extended.setdefault(rest[:32], []).append((u32(rest, 36), rest[40:]))


def _joined(boxes: list[tuple[int, bytes]]) -> bytes:
    """One box of its packets in order: each but the first repeats the head of the box."""
    boxes = sorted(boxes)
    first = boxes[0][1]
    head = 16 if first[:4] == b"\0\0\0\1" else 8
    return first + b"".join(data[head:] for _number, data in boxes[1:])


def _ducky_into(found: Found, data: bytes) -> None:
    """Add what Photoshop's saving for the web left: tags of a number, a size, and text in UTF-16 after its length."""
    place = 5
    while place + 4 <= len(data):
        tag, size = u16(data, place), u16(data, place + 2)
        if tag in _DUCKY:
            name, meaning = _DUCKY[tag]
            found.add(meaning, f"ducky:{name}", data[place + 8 : place + 4 + size].decode("utf-16-be", "replace"))
        place += 4 + size
