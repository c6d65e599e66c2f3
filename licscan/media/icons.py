"""Bitmaps and icons, which say nothing but their size: BMP, ICO and CUR, ICNS."""

from __future__ import annotations

from licscan.media.blob import Blob
from licscan.media.found import Found
from licscan.media.kinds import Format
from licscan.media.numbers import u16, u32
from licscan.model.media import MediaFacts

_ICNS = {
    b"is32": 16, b"il32": 32, b"ih32": 48, b"it32": 128, b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic04": 16,
    b"ic05": 32, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024, b"ic11": 32, b"ic12": 64, b"ic13": 256,
    b"ic14": 512, b"icsb": 18, b"icsB": 36, b"sb24": 24, b"SB24": 48, b"icm#": 16, b"ics#": 16, b"ICN#": 32,
    b"ich#": 48,
}  # fmt: skip
"""Pixels a side of each kind of picture in an ICNS."""
_MAX_PICTURES = 1_000


def read_bmp(blob: Blob, made: Format) -> MediaFacts:
    """The size of a bitmap."""
    found = Found()
    head = blob.at(0, 26)
    if u32(head, 14, False) == 12:
        found.width, found.height = u16(head, 18, False), u16(head, 20, False)
    else:
        # a height below zero is that of a bitmap whose first row is the upper one
        found.width = abs(int.from_bytes(head[18:22], "little", signed=True))
        found.height = abs(int.from_bytes(head[22:26], "little", signed=True))
    return found.facts(made)


def read_ico(blob: Blob, made: Format) -> MediaFacts:
    """The size of the largest picture of an icon."""
    found = Found()
    count = u16(blob.at(4, 2), 0, False)
    rows = blob.at(6, 16 * min(count, _MAX_PICTURES))
    sizes = [(rows[place] or 256, rows[place + 1] or 256) for place in range(0, len(rows) // 16 * 16, 16)]
    found.width, found.height = max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))
    return found.facts(made)


def read_icns(blob: Blob, made: Format) -> MediaFacts:
    """The size of the largest picture of an icon of macOS."""
    found = Found()
    place = 8
    for _count in range(_MAX_PICTURES):
        head = blob.at(place, 8)
        if len(head) < 8:
            break
        found.width = found.height = max(found.width, _ICNS.get(head[:4], 0))
        place += max(8, u32(head, 4))
    return found.facts(made)
