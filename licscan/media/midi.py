"""Standard MIDI files (MIDI Association, RP-001): the texts in their meta events."""

from __future__ import annotations

from licscan.media.blob import Blob
from licscan.media.charset import decoded, hint_of
from licscan.media.found import MAX_FIELD, Found
from licscan.media.kinds import Format
from licscan.media.numbers import big
from licscan.model.media import Meaning, MediaFacts

_TEXTS = {1: Meaning.COMMENT, 2: Meaning.COPYRIGHT, 3: Meaning.TITLE, 4: Meaning.OTHER}
_NAMES = {1: "text", 2: "copyright", 3: "track-name", 4: "instrument-name"}
_TRACKS = 256
_EVENTS = 100_000
"""Events read of one file."""
_KEPT = 500


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a MIDI file."""
    found = Found()
    place = 8 + big(blob.at(4, 4))
    said: list[tuple[int, bytes]] = []
    events = _EVENTS
    for _count in range(_TRACKS):
        head = blob.at(place, 8)
        if len(head) < 8:
            break
        size = big(head[4:8])
        if head[:4] == b"MTrk" and len(said) < _KEPT and events > 0:
            texts, read_events = _texts(blob.at(place + 8, min(size, MAX_FIELD // 8)), events)
            said += texts
            events -= read_events
        if place + 8 + size > blob.size:
            found.broken()
        place += 8 + size
    hint = hint_of([text for _kind, text in said])
    for kind, text in said[:_KEPT]:
        found.add(_TEXTS[kind], f"midi:{_NAMES[kind]}", decoded(text, hint))
    return found.facts(made)


def _texts(track: bytes, most: int) -> tuple[list[tuple[int, bytes]], int]:
    """The texts of a track, each with its kind of meta event, and how many events were read."""
    said: list[tuple[int, bytes]] = []
    place, running, count = 0, 0, 0
    while count < most:
        count += 1
        _delta, place = _number(track, place)
        if place >= len(track):
            break
        status = track[place]
        if status < 0x80:
            if not running:
                break
            status = running
        else:
            place += 1
        if status == 0xFF:
            kind = track[place] if place < len(track) else 0
            size, place = _number(track, place + 1)
            if kind in _TEXTS and len(said) < _KEPT:
                said.append((kind, track[place : place + min(size, 16_384)]))
            place += size
        elif status in (0xF0, 0xF7):
            size, place = _number(track, place)
            place += size
        else:
            running = status
            place += 1 if status & 0xE0 == 0xC0 else 2
    return said, count


def _number(data: bytes, place: int) -> tuple[int, int]:
    """A number of variable length, at most four bytes, and the place after it."""
    value = 0
    for byte in data[place : place + 4]:
        place += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value, place
