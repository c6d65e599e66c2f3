"""IPTC Information Interchange Model 4.2, and the image resources of Photoshop (Adobe) that hold it."""

from __future__ import annotations

from collections.abc import Iterator

from licscan.media.charset import decoded
from licscan.media.exif import exif_into
from licscan.media.found import MAX_FIELD, MAX_PARTS, Found
from licscan.media.numbers import big, u16, u32
from licscan.media.xmp import xmp_into
from licscan.model.media import Meaning

_DATASETS = {
    5: ("ObjectName", Meaning.TITLE),
    40: ("SpecialInstructions", Meaning.USAGE),
    65: ("OriginatingProgram", Meaning.SOFTWARE),
    80: ("By-line", Meaning.AUTHOR),
    105: ("Headline", Meaning.TITLE),
    110: ("Credit", Meaning.SOURCE),
    115: ("Source", Meaning.SOURCE),
    116: ("CopyrightNotice", Meaning.COPYRIGHT),
    118: ("Contact", Meaning.OTHER),
    120: ("Caption-Abstract", Meaning.DESCRIPTION),
}
"""Data sets of record 2 by number."""
_UTF8 = b"\x1b%G"
_ADDRESS, _IPTC, _EXIF, _XMP = 1035, 1028, 1058, 1060


def iptc_into(found: Found, data: bytes) -> None:
    """Add the fields of a run of data sets; EOFError where it ends within one."""
    place, utf8 = 0, False
    while found.spend(0):
        if data[place : place + 1] != b"\x1c":
            return
        record, number, size = data[place + 1], data[place + 2], u16(data, place + 3)
        place += 5
        if size & 0x8000:
            long = size & 0x7FFF
            size = big(data[place : place + min(long, 8)])
            place += long
        value = data[place : place + size]
        place += size
        if (record, number) == (1, 90):
            utf8 = value == _UTF8
        elif record == 2 and number in _DATASETS:
            name, meaning = _DATASETS[number]
            if not found.spend(8 * len(value)):
                return
            found.add(meaning, f"iptc:{name}", value.decode("utf-8", "replace") if utf8 else decoded(value))


def resources_into(found: Found, data: bytes) -> None:
    """Add what a run of image resources holds: IPTC, XMP, Exif, and the address of the work."""
    for number, value in _resources(data):
        if not found.spend(0):
            return
        if number == _IPTC:
            found.tries(iptc_into, value)
        elif number == _XMP:
            xmp_into(found, value)
        elif number == _EXIF:
            found.tries(exif_into, value)
        elif number == _ADDRESS:
            found.add(Meaning.SOURCE, "photoshop:URL", decoded(value))


def _resources(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    for _count in range(MAX_PARTS):
        if data[place : place + 4] not in (b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR"):
            return
        number, name = u16(data, place + 4), data[place + 6 : place + 7]
        place += 6 + (len(name) and 1 + name[0] + (1 - name[0] % 2))
        size = u32(data, place)
        yield number, data[place + 4 : place + 4 + min(size, 4 * MAX_FIELD)]
        place += 4 + size + size % 2
