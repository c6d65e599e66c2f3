"""TensorFlow Lite: the description in its FlatBuffer, and the metadata in the buffer `TFLITE_METADATA`.

Sources: schema.fbs of TensorFlow Lite (Model, Metadata, Buffer), metadata_schema.fbs (ModelMetadata); the binary
format of FlatBuffers.
"""

from __future__ import annotations

from licscan.media.blob import Blob, Held
from licscan.media.found import MAX_FIELD, Found
from licscan.media.keys import meaning_of
from licscan.media.kinds import Format
from licscan.media.numbers import little
from licscan.media.zips import entries_of
from licscan.model.media import Meaning, MediaFacts

_METADATA = {
    0: (Meaning.NAME, "name"), 1: (Meaning.DESCRIPTION, "description"), 2: (Meaning.VERSION, "version"),
    4: (Meaning.AUTHOR, "author"), 5: (Meaning.LICENSE, "license"), 7: (Meaning.OTHER, "min_parser_version"),
}  # fmt: skip
_LISTED = 200
_BUFFERS = 32
_TEXT = 65_536


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a TensorFlow Lite model."""
    found = Found()
    root = _Table(blob, little(blob.at(0, 4)))
    found.add(Meaning.DESCRIPTION, "tflite:description", root.text(3))
    for entry in root.tables(6)[:_BUFFERS]:
        name = entry.text(0)
        place = root.table_of(4, entry.number(1))
        start, size = place.vector(0) if place else (0, 0)
        if not size and place:
            start, size = place.number(1, 8), place.number(2, 8)
        held = blob.at(start, min(size, MAX_FIELD))
        if name == "TFLITE_METADATA":
            _keep_metadata(found, held)
        elif name and held:
            text = held[:_TEXT].partition(b"\0")[0].decode("utf-8", "replace")
            is_text = text and text.isprintable()
            found.add(meaning_of(name, text), f"tflite:{name}", text if is_text else "")
    for file in entries_of(blob)[:_LISTED]:
        found.add(Meaning.OTHER, "tflite:file", file.name)
    return found.facts(made)


def _keep_metadata(found: Found, held: bytes) -> None:
    if held[4:8] != b"M001":
        found.broken()
        return
    root = _Table(Held(held), little(held[:4]))
    for number, (meaning, name) in _METADATA.items():
        found.add(meaning, f"tflite:metadata.{name}", root.text(number))


class _Table:
    """A table of a FlatBuffer, at a place; what is not there, or outside, is empty."""

    def __init__(self, blob: Blob, place: int) -> None:
        self.blob = blob
        self.place = place
        back = int.from_bytes(blob.at(place, 4), "little", signed=True)
        vtable = place - back
        size = little(blob.at(vtable, 2)) if vtable >= 0 else 0
        self.vtable = blob.at(vtable, min(size, 512))

    def _at(self, number: int) -> int:
        """Where a field stands; 0 where it is not there."""
        offset = little(self.vtable[4 + 2 * number : 6 + 2 * number])
        return self.place + offset if offset else 0

    def number(self, number: int, size: int = 4) -> int:
        """A number, 0 where it is not there."""
        place = self._at(number)
        return little(self.blob.at(place, size)) if place else 0

    def _follow(self, place: int) -> int:
        """The place to which an offset points; 0 where it points outside."""
        target = place + little(self.blob.at(place, 4)) if place else 0
        return target if place < target < self.blob.size else 0

    def vector(self, number: int) -> tuple[int, int]:
        """Where the bytes, or the items, of a list start, and how many there are."""
        place = self._follow(self._at(number))
        return (place + 4, little(self.blob.at(place, 4))) if place else (0, 0)

    def text(self, number: int) -> str:
        """A text."""
        start, size = self.vector(number)
        return self.blob.at(start, min(size, _TEXT)).decode("utf-8", "replace") if start else ""

    def tables(self, number: int) -> list[_Table]:
        """The tables of a list, at most `_LISTED`."""
        count = min(self.vector(number)[1], _LISTED)
        return [table for index in range(count) if (table := self.table_of(number, index)) is not None]

    def table_of(self, number: int, index: int) -> _Table | None:
        """One table of a list."""
        start, size = self.vector(number)
        place = self._follow(start + 4 * index) if index < size else 0
        return _Table(self.blob, place) if place else None
