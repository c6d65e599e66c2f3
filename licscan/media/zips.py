"""The list and single small entries of a zip in a blob, bounded: models and animations in one container."""

from __future__ import annotations

from dataclasses import dataclass

from licscan.media.blob import Blob
from licscan.media.found import MAX_FIELD, MAX_PARTS, Found
from licscan.media.numbers import little
from licscan.media.packed import RAW

_TAIL = 65_557
_LIST = 4 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its name, its sizes in bytes, where its header stands, how it is packed (0 stored, 8 deflated)."""

    name: str
    packed: int
    size: int
    place: int
    method: int


def entries_of(blob: Blob) -> tuple[Entry, ...]:
    """The entries by the central directory (APPNOTE 4.3.12), at most `MAX_PARTS`; none where there is none."""
    start = max(0, blob.size - _TAIL)
    tail = blob.at(start, _TAIL)
    end = tail.rfind(b"PK\5\6")
    if end < 0:
        return ()
    size, place = little(tail[end + 12 : end + 16]), little(tail[end + 16 : end + 20])
    if place == 0xFFFFFFFF or size == 0xFFFFFFFF:
        locator = tail[end - 20 : end] if end >= 20 else b""
        record = blob.at(little(locator[8:16]), 56) if locator[:4] == b"PK\6\7" else b""
        size, place = little(record[40:48]), little(record[48:56])
    data = blob.at(place, min(size, _LIST))
    entries: list[Entry] = []
    at = 0
    while data[at : at + 4] == b"PK\1\2" and len(entries) < MAX_PARTS:
        name, extra, comment = (little(data[at + 28 + step : at + 30 + step]) for step in (0, 2, 4))
        head = data[at : at + 46]
        called = data[at + 46 : at + 46 + name].decode("utf-8", "replace")
        method, packed, size, place = (little(head[a:b]) for a, b in ((10, 12), (20, 24), (24, 28), (42, 46)))
        entries.append(Entry(called, packed, size, place, method))
        at += 46 + name + extra + comment
    return tuple(entries)


def held_by(found: Found, blob: Blob, entry: Entry, most: int = MAX_FIELD) -> bytes:
    """What an entry holds, at most so many bytes; nothing where it cannot be unpacked."""
    head = blob.at(entry.place, 30)
    if head[:4] != b"PK\3\4":
        return b""
    start = entry.place + 30 + little(head[26:28]) + little(head[28:30])
    packed = blob.at(start, min(entry.packed, most))
    if entry.method == 0:
        return packed if found.spend(0) else b""
    return found.inflated(packed, most, RAW) if entry.method == 8 else b""
