"""Fonts as their tables lie in a file: sfnt (TrueType, OpenType), collections of them, and Embedded OpenType."""

from __future__ import annotations

from licscan.base.messages import N_
from licscan.media.blob import Blob, Held, Part
from licscan.media.font_tables import WANTED, directory, table_into
from licscan.media.found import MAX_FIELD, Found
from licscan.media.kinds import Format
from licscan.media.numbers import u16, u32
from licscan.model.media import Meaning, MediaFacts

_MAX_FONTS = 64
_MAX_EMBEDDED = 64 << 20
_COMPRESSED, _XORED, _XOR = 0x4, 0x1000_0000, 0x50
_ROOT_STRING = 0x0002_0001


def read(blob: Blob, made: Format) -> MediaFacts:
    """What a font says of itself."""
    found = Found()
    found.tries(_font_into, blob, 0)
    return found.facts(made)


def read_collection(blob: Blob, made: Format) -> MediaFacts:
    """What the fonts of a collection say of themselves; their embedding is that of the strictest."""
    found = Found()
    count = u32(blob.at(8, 4), 0)
    if count > _MAX_FONTS:
        found.crowded()
    offsets = blob.at(12, 4 * min(count, _MAX_FONTS))
    seen: set[int] = set()
    for number in range(len(offsets) // 4):
        found.tries(_font_into, blob, u32(offsets, 4 * number), seen)
    return found.facts(made)


def _font_into(found: Found, blob: Blob, start: int, seen: set[int] | None = None) -> None:
    """Add what the font says whose table of tables is at a place; tables that were `seen` are not read again."""
    count = u16(blob.at(start + 4, 2), 0)
    rows = dict(directory(blob.at(start + 12, 16 * count), count, 16))
    for tag in WANTED:
        if tag not in rows:
            continue
        offset, size = u32(rows[tag], 4), u32(rows[tag], 8)
        if seen is not None:
            if offset in seen:
                continue
            seen.add(offset)
        found.tries(table_into, tag, blob.at(offset, min(size, MAX_FIELD)))


def read_eot(blob: Blob, made: Format) -> MediaFacts:
    """What an Embedded OpenType file says in its head, and the font in it where that is not compressed (W3C, 2008)."""
    found = Found()
    found.tries(_eot_into, blob)
    return found.facts(made)


def _eot_into(found: Found, blob: Blob) -> None:
    head = blob.at(0, 82)
    whole, size, version, flags = (u32(head, place, False) for place in (0, 4, 8, 12))
    found.embedding = u16(head, 32, False)
    found.tries(_strings_into, blob, version)
    if flags & _COMPRESSED:
        found.faults[N_("uses an unsupported compression")] = None
        return
    start = min(whole, blob.size) - size
    if start < 82:
        raise ValueError
    if not flags & _XORED:
        _font_into(found, Part(blob, start, size), 0)
        return
    if size > _MAX_EMBEDDED:
        found.crowded()
    table = bytes(value ^ _XOR for value in range(256))
    _font_into(found, Held(blob.at(start, min(size, _MAX_EMBEDDED)).translate(table)), 0)


def _strings_into(found: Found, blob: Blob, version: int) -> None:
    """Add the strings of the head: family, style, version, full name, and the addresses it is bound to."""
    place = 82
    rows = (
        (Meaning.NAME, "eot:FamilyName"),
        (None, ""),
        (Meaning.VERSION, "eot:VersionName"),
        (Meaning.NAME, "eot:FullName"),
        (Meaning.USAGE, "eot:RootString"),
    )
    for meaning, field in rows[: 5 if version >= _ROOT_STRING else 4]:
        size = u16(blob.at(place, 2), 0, False)
        if meaning is not None:
            found.add(meaning, field, blob.at(place + 2, size // 2 * 2).decode("utf-16-le", "replace"))
        place += 4 + size
