"""Matroska and WebM (RFC 9559, on EBML, RFC 8794): their title, the programs that wrote them, their tags."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from licscan.media.blob import Blob
from licscan.media.found import MAX_DEPTH, MAX_PARTS, Found
from licscan.media.keys import meaning_of
from licscan.media.kinds import Format
from licscan.media.numbers import big
from licscan.model.media import Meaning, MediaFacts, MediaKind

_SEGMENT, _INFO, _TRACKS, _ENTRY, _VIDEO = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0
_TAGS, _TAG, _SIMPLE, _TAG_NAME, _TAG_TEXT = 0x1254C367, 0x7373, 0x67C8, 0x45A3, 0x4487
_INSIDE = frozenset({_SEGMENT, _INFO, _TRACKS, _ENTRY, _VIDEO, _TAGS, _TAG})
_TEXTS = {
    0x7BA9: (Meaning.TITLE, "title"), 0x4D80: (Meaning.SOFTWARE, "muxing-app"),
    0x5741: (Meaning.SOFTWARE, "writing-app"), 0x536E: (Meaning.OTHER, "track-name"),
}  # fmt: skip
_SCALE, _DURATION, _WIDTH, _HEIGHT = 0x2AD7B1, 0x4489, 0xB0, 0xBA
_TRACK_TYPE = 0x83
_KINDS = {b"\1": MediaKind.VIDEO, b"\2": MediaKind.AUDIO}
_CLUSTER = 0x1F43B675


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a Matroska or WebM file."""
    found = Found()
    walk = _Walk(found, blob)
    walk.into(0, blob.size, 0)
    found.duration = int(walk.length * walk.scale / 1e6) if 0 <= walk.length * walk.scale < 1e18 else 0
    return found.facts(made)


class _Walk:
    """One walk over the elements, all of which count towards one bound."""

    def __init__(self, found: Found, blob: Blob) -> None:
        self.blob = blob
        self.found = found
        self.count = 0
        self.scale = 1_000_000
        self.length = 0.0

    def elements(self, place: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The elements of a range: their ids, where what they hold starts and ends."""
        while place + 2 <= end:
            self.count += 1
            if self.count > MAX_PARTS:
                self.found.crowded()
                return
            head = self.blob.at(place, 12)
            name, length = _number(head, 0, keep=True)
            size, width = _number(head, length, keep=False)
            if not length or not width:
                self.found.broken()
                return
            start = place + length + width
            unknown = size == (1 << 7 * width) - 1
            if start + size > end and not unknown:
                self.found.broken()
            yield name, start, end if unknown and name != _CLUSTER else min(end, start + (0 if unknown else size))
            if unknown and name != _CLUSTER:
                return
            place = start + (0 if unknown else size)

    def into(self, place: int, end: int, depth: int) -> None:
        """Read the elements of a range and those inside them."""
        if depth > MAX_DEPTH:
            self.found.crowded()
            return
        for name, start, stop in self.elements(place, end):
            if name in _INSIDE:
                self.into(start, stop, depth + 1)
            elif name == _SIMPLE:
                self._tag(start, stop, depth + 1)
            elif name in _TEXTS:
                meaning, field = _TEXTS[name]
                self.found.add(meaning, f"matroska:{field}", self._text(start, stop))
            elif name == _TRACK_TYPE:
                kind = _KINDS.get(self.blob.at(start, min(1, stop - start)))
                self.found.tracks.update((kind,) if kind else ())
            elif name in (_SCALE, _DURATION, _WIDTH, _HEIGHT):
                self._measure(name, self.blob.at(start, min(8, stop - start)))

    def _measure(self, name: int, held: bytes) -> None:
        if name == _SCALE:
            self.scale = big(held)
        elif name == _DURATION and len(held) in (4, 8):
            self.length = float(struct.unpack(">f" if len(held) == 4 else ">d", held)[0])
        elif name == _WIDTH:
            self.found.width = big(held)
        elif name == _HEIGHT:
            self.found.height = big(held)

    def _tag(self, place: int, end: int, depth: int) -> None:
        """A simple tag: its name, its text, and the tags inside it."""
        if depth > MAX_DEPTH:
            self.found.crowded()
            return
        key = text = ""
        for name, start, stop in self.elements(place, end):
            if name == _TAG_NAME:
                key = self._text(start, stop)
            elif name == _TAG_TEXT:
                text = self._text(start, stop)
            elif name == _SIMPLE:
                self._tag(start, stop, depth + 1)
        if key:
            self.found.add(meaning_of(key, text), f"matroska:{key}", text)

    def _text(self, start: int, stop: int) -> str:
        return self.blob.at(start, min(stop - start, 65_536)).partition(b"\0")[0].decode("utf-8", "replace")


def _number(data: bytes, place: int, *, keep: bool) -> tuple[int, int]:
    """A number of EBML and its length in bytes; `keep` leaves the marker in it, as ids are written. Length 0: none."""
    first = data[place] if place < len(data) else 0
    if not first:
        return 0, 0
    length = 9 - first.bit_length()
    raw = data[place : place + length]
    if len(raw) < length:
        return 0, 0
    return (big(raw) if keep else big(raw) & (1 << 7 * length) - 1), length
