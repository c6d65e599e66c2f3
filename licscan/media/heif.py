"""Pictures in boxes (ISO/IEC 14496-12, 23008-12 and 18181-2): HEIF, AVIF and JPEG XL, with their Exif and XMP."""

from __future__ import annotations

from dataclasses import dataclass, field

from licscan.media.blob import Blob, Held
from licscan.media.boxes import boxes_of
from licscan.media.c2pa import c2pa_into
from licscan.media.exif import exif_into
from licscan.media.found import MAX_PARTS, MAX_STORE, Found
from licscan.media.kinds import Format
from licscan.media.numbers import big, u32
from licscan.media.uuids import uuid_into
from licscan.media.xmp import MAX_PACKET, xmp_into
from licscan.model.media import MediaFacts

_CODESTREAM = b"\xff\x0a"
"""A JPEG XL without boxes says nothing of itself."""
_MAX_META = 8 << 20
_MAX_METAS = 4
_MAX_ITEMS = 64
"""Items that hold fields."""


@dataclass(slots=True)
class _Meta:
    """What the `meta` box says of items: which hold fields, and where."""

    wanted: dict[int, bytes] = field(default_factory=dict)
    places: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    held: bytes = b""
    area: int = 0


def read(blob: Blob, made: Format) -> MediaFacts:
    """What a HEIF or AVIF picture says of itself; its size is that of the largest item."""
    found = Found()
    if blob.at(0, 2) != _CODESTREAM:
        found.tries(_file_into, blob)
    return found.facts(made)


def _file_into(found: Found, blob: Blob) -> None:
    metas, stores = 0, 0
    for box in boxes_of(found, blob, 0, blob.size):
        if box.kind == b"meta" and metas < _MAX_METAS:
            metas += 1
            found.tries(_meta_into, blob, box.held(blob, _MAX_META))
        elif box.kind in (b"uuid", b"jumb", b"Exif", b"xml ", b"brob") and stores < _MAX_ITEMS:
            stores += 1
            if box.kind == b"uuid":
                uuid_into(found, blob, box, "isobmff")
            else:
                found.tries(_store_into, box.kind, box.held(blob, MAX_STORE if box.kind == b"jumb" else MAX_PACKET))


def _store_into(found: Found, kind: bytes, data: bytes) -> None:
    if kind == b"jumb":
        size = len(data) + 8
        c2pa_into(found, size.to_bytes(4, "big") + b"jumb" + data, "isobmff:jumb")
    elif kind == b"Exif":
        _exif_into(found, data)
    elif kind == b"xml ":
        xmp_into(found, data)
    elif kind == b"brob" and data[:4] in (b"Exif", b"xml ", b"jumb"):
        _store_into(found, data[:4], found.unbrotlied(data[4:], MAX_PACKET))


def _exif_into(found: Found, data: bytes) -> None:
    """Add what an Exif item says: the place of its head comes first."""
    exif_into(found, data[4 + u32(data, 0) :])


def _meta_into(found: Found, blob: Blob, data: bytes) -> None:
    meta = _Meta()
    for box in boxes_of(found, Held(data), 4, len(data)):
        piece = data[box.start : box.end]
        if box.kind == b"iinf":
            found.tries(_items, piece, meta)
        elif box.kind == b"iloc":
            found.tries(_places, piece, meta)
        elif box.kind == b"idat":
            meta.held = piece
        elif box.kind == b"iprp":
            found.tries(_properties_into, piece, meta)
    for number, kind in list(meta.wanted.items())[:_MAX_ITEMS]:
        found.tries(_item_into, kind, _taken(blob, meta, number))


def _item_into(found: Found, kind: bytes, data: bytes) -> None:
    if kind == b"Exif":
        _exif_into(found, data)
    else:
        xmp_into(found, data)


def _taken(blob: Blob, meta: _Meta, number: int) -> bytes:
    made = b""
    for method, offset, size in meta.places.get(number, ())[:_MAX_ITEMS]:
        size = min(size or MAX_PACKET, MAX_PACKET - len(made))
        made += meta.held[offset : offset + size] if method == 1 else blob.at(offset, size)
    return made


def _items(found: Found, data: bytes, meta: _Meta) -> None:
    """Note the items that hold Exif or XMP."""
    for box in boxes_of(found, Held(data), 6 if data[0] == 0 else 8, len(data)):
        entry = data[box.start : box.end]
        if box.kind != b"infe" or entry[0] < 2:
            continue
        wide = 4 if entry[0] >= 3 else 2
        number = big(entry[4 : 4 + wide])
        kind = entry[6 + wide : 10 + wide]
        _name, _zero, rest = entry[10 + wide :].partition(b"\0")
        if kind == b"Exif" or (kind == b"mime" and rest.startswith(b"application/rdf+xml")):
            meta.wanted[number] = kind


def _places(found: Found, data: bytes, meta: _Meta) -> None:
    """Note where items lie: (0 in the file, 1 in `idat`; place; size)."""
    version = data[0]
    offset_size, length_size, base_size, index_size = data[4] >> 4, data[4] & 15, data[5] >> 4, data[5] & 15
    number_size = 4 if version == 2 else 2
    walk = _Numbers(data, 6)
    for _item in range(min(walk.take(number_size), MAX_PARTS)):
        number = walk.take(number_size)
        method = walk.take(2) & 15 if version else 0
        walk.take(2)
        base = walk.take(base_size)
        extents = []
        for _extent in range(walk.take(2)):
            if not found.spend(0):
                return
            if version:
                walk.take(index_size)
            extents.append((method, base + walk.take(offset_size), walk.take(length_size)))
            if len(data) < walk.place:
                raise EOFError
        meta.places[number] = extents[:_MAX_ITEMS]


class _Numbers:
    """Numbers one after the other."""

    def __init__(self, data: bytes, place: int):
        self._data = data
        self.place = place

    def take(self, size: int) -> int:
        """The next number of so many bytes; 0 for none."""
        self.place += size
        return big(self._data[self.place - size : self.place])


def _properties_into(found: Found, data: bytes, meta: _Meta) -> None:
    """Keep the largest of the sizes (`ispe`)."""
    for outer in boxes_of(found, Held(data), 0, len(data)):
        if outer.kind != b"ipco":
            continue
        for box in boxes_of(found, Held(data), outer.start, outer.end):
            if box.kind == b"ispe":
                width, height = u32(data, box.start + 4), u32(data, box.start + 8)
                if width * height > meta.area:
                    meta.area, found.width, found.height = width * height, width, height
