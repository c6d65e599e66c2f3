"""GGUF (specification of ggml, versions 2 and 3): the `general.*` keys of its header; never a tensor."""

from __future__ import annotations

import struct

from licscan.media.blob import Blob
from licscan.media.found import MAX_PARTS, Found
from licscan.media.kinds import Format
from licscan.media.numbers import little
from licscan.model.media import Meaning, MediaFacts

_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_STRING, _ARRAY = 8, 9
_SIGNED = frozenset({1, 3, 5, 11})
_REALS = {6: "<f", 12: "<d"}
_HEADER = 64 << 20
_ITEMS = 1_000_000
"""Texts of lists that are stepped over: the words of a tokenizer may stand before the keys that are wanted."""
_KEPT = 65_536
_LISTED = 200
_ENDINGS: dict[str, Meaning] = {
    "license": Meaning.LICENSE, "license.name": Meaning.LICENSE, "license.link": Meaning.LICENSE_URL,
    "author": Meaning.AUTHOR, "organization": Meaning.HOLDER, "quantized_by": Meaning.AUTHOR,
    "name": Meaning.NAME, "basename": Meaning.NAME, "finetune": Meaning.NAME, "version": Meaning.VERSION,
    "description": Meaning.DESCRIPTION, "url": Meaning.SOURCE, "repo_url": Meaning.SOURCE, "doi": Meaning.SOURCE,
    "datasets": Meaning.DATA,
}  # fmt: skip


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a GGUF file."""
    found = Found()
    _Header(found, blob).read()
    return found.facts(made)


class _Header:
    """The header, read a window at a time."""

    def __init__(self, found: Found, blob: Blob) -> None:
        self.blob = blob
        self.found = found
        self.place = 24
        self.items = 0
        self.start = 0
        self.window = b""

    def read(self) -> None:
        """Keep the general keys."""
        for _count in range(min(little(self.blob.at(16, 8)), MAX_PARTS)):
            key = self._string()
            kind = little(self._take(4))
            value = self._value(kind, key.startswith("general."))
            if value is None:
                self.found.broken()
                return
            if self.place > _HEADER or self.items > _ITEMS:
                self.found.crowded()
                return
            if key.startswith("general.") and value:
                self.found.add(_meaning(key.removeprefix("general.")), f"gguf:{key}", value)

    def _take(self, count: int) -> bytes:
        place = self.place
        self.place += count
        if not self.start <= place <= place + count <= self.start + len(self.window):
            self.start, self.window = place, self.blob.at(place, max(_KEPT, min(count, _KEPT)))
        return self.window[place - self.start : place - self.start + count]

    def _string(self) -> str:
        length = little(self._take(8))
        text = self._take(min(length, _KEPT)).decode("utf-8", "replace")
        self.place += max(0, length - _KEPT)
        return text

    def _value(self, kind: int, wanted: bool) -> str | None:
        """A value as text, empty where it is not wanted or a list of numbers; None where it is broken."""
        if self.place >= self.blob.size:
            return None
        if kind == _STRING:
            return self._string()
        if kind == _ARRAY:
            return self._array(wanted)
        size = _SIZES.get(kind)
        if size is None:
            return None
        held = self._take(size)
        if kind in _REALS:
            return f"{struct.unpack(_REALS[kind], held)[0]:g}" if len(held) == size else None
        return str(int.from_bytes(held, "little", signed=kind in _SIGNED))

    def _array(self, wanted: bool) -> str | None:
        kind, count = little(self._take(4)), little(self._take(8))
        if kind in _SIZES:
            self.place += _SIZES[kind] * count
            return "" if self.place <= self.blob.size else None
        if kind != _STRING:
            return None
        self.items += count
        texts = [self._string() for _count in range(min(count, _LISTED))] if wanted else []
        return ", ".join(texts) if self._step(min(count, _ITEMS) - len(texts)) else None

    def _step(self, count: int) -> bool:
        """Step over so many texts; false at the end of the header."""
        place, window, start = self.place, self.window, self.start
        for _count in range(count):
            at = place - start
            if not 0 <= at <= len(window) - 8:
                window, start, at = self.blob.at(place, _KEPT), place, 0
                if len(window) < 8 or place > _HEADER:
                    return False
            place += 8 + little(window[at : at + 8])
        self.place = place
        return True


def _meaning(key: str) -> Meaning:
    """What a general key speaks of; those of base models and data sets by their first word."""
    if key.startswith(("base_model.", "source.")):
        return Meaning.BASE_MODEL
    if key.startswith("dataset"):
        return Meaning.DATA
    return _ENDINGS.get(key) or (Meaning.SOURCE if key.endswith("url") else Meaning.OTHER)
