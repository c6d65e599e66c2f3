"""What a reader gathers from one file: texts folded and bounded, faults each once; and numbers out of bytes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

from licscan.base.messages import _
from licscan.media.charset import mended
from licscan.media.kinds import Format
from licscan.model.media import AiMark, InnerMedia, Meaning, MediaFacts, MediaField, MediaKind

MAX_TEXT = 4_000
"""Characters kept of one field."""

MAX_FIELD = 1 << 20
"""Bytes read, or inflated, for one field."""

MAX_RECORDS = 10_000
"""Chunks, atoms, frames, keys of one file."""

MAX_DEPTH = 16
"""Boxes within boxes."""

MAX_FIELDS = 2_000
_INFLATED = 16 << 20
"""Bytes inflated of one file in all."""
_NESTED = 8
"""Tags and packets of other standards read in one file: each may claim the whole of it."""

_UNSEEN = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]+")
"""Control characters, lone surrogates and byte order marks: nobody reads them, and some cannot be written."""


def folded(text: str) -> str:
    """A text with its white space folded and without what nobody sees, at most `MAX_TEXT` characters."""
    return " ".join(_UNSEEN.sub(" ", text[: 4 * MAX_TEXT]).split())[:MAX_TEXT].rstrip()


def big(data: bytes) -> int:
    """An unsigned number, big end first; 0 of no bytes."""
    return int.from_bytes(data, "big")


def little(data: bytes) -> int:
    """An unsigned number, little end first; 0 of no bytes."""
    return int.from_bytes(data, "little")


class Gathered:
    """The facts of one file while they are read; `facts` makes them.

    `tracks` are the kinds of the tracks of a container: one of sound alone is a sound, whatever its format is called.
    """

    def __init__(self, made: Format) -> None:
        self.made = made
        self.width = 0
        self.height = 0
        self.duration = 0
        self.tracks: set[MediaKind] = set()
        self._records = MAX_RECORDS
        self._inflated = _INFLATED
        self._nested = _NESTED
        self._fields: dict[MediaField, None] = {}
        self._marks: dict[AiMark, None] = {}
        self._inner: dict[InnerMedia, None] = {}
        self._faults: dict[str, None] = {}

    def add(self, meaning: Meaning, field: str, text: str) -> None:
        """Keep a field where its text says something."""
        said = folded(mended(text[: 4 * MAX_TEXT]))
        if said:
            self.keep((MediaField(meaning, folded(field)[:200], said),))

    def keep(self, fields: Iterable[MediaField]) -> None:
        """Keep fields that were read elsewhere (XMP)."""
        for one in fields:
            if len(self._fields) >= MAX_FIELDS:
                self.too_much()
                return
            self._fields[one] = None

    def may_read(self) -> bool:
        """Count one more record (a comment, a frame); false where there were enough, whichever lists they stand in."""
        self._records -= 1
        if self._records < 0:
            self.too_much()
        return self._records >= 0

    def may_nest(self) -> bool:
        """Count one more tag or packet of another standard; false where there were enough."""
        self._nested -= 1
        if self._nested < 0:
            self.too_much()
        return self._nested >= 0

    def inflated(self, packed: bytes, most: int = MAX_FIELD, bits: int = zlib.MAX_WBITS) -> bytes:
        """What deflated bytes hold, at most so many; nothing where they are broken, or the file had enough."""
        most = min(most, self._inflated)
        if most <= 0:
            self.too_much()
            return b""
        unpack = zlib.decompressobj(bits)
        try:
            data = unpack.decompress(packed, most)
        except zlib.error:
            self.broken()
            return b""
        self._inflated -= len(data)
        if unpack.unconsumed_tail:
            self.too_much()
        return data

    def mark(self, mark: AiMark | None) -> None:
        """Keep a mark of AI."""
        if mark is not None:
            self._marks[mark] = None

    def embed(self, inner: InnerMedia) -> None:
        """Keep a file that stands inside this one."""
        self._inner[inner] = None

    def broken(self) -> None:
        """Say that something could not be read."""
        self._faults[_("is broken: not all of it could be read")] = None

    def too_much(self) -> None:
        """Say that a bound was met."""
        self._faults[_("holds more than is read of one file")] = None

    def facts(self) -> MediaFacts:
        """What was gathered."""
        return MediaFacts(
            MediaKind.AUDIO if self.tracks == {MediaKind.AUDIO} else self.made.kind,
            self.made.name,
            fields=tuple(sorted(self._fields)),
            marks=tuple(sorted(self._marks)),
            inner=tuple(sorted(self._inner)),
            width=_number(self.width),
            height=_number(self.height),
            duration=_number(self.duration),
            faults=tuple(self._faults),
        )


def _number(value: int) -> int:
    """A measure that can be one: a hostile file may state anything."""
    return value if 0 <= value < 1 << 40 else 0
