"""What every reader of content gathers from one file, and the bounds of all of them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from licscan.base.messages import N_
from licscan.media.charset import mended
from licscan.media.kinds import Format
from licscan.media.packed import inflated, unbrotlied
from licscan.media.readers import BROKEN
from licscan.model.media import AiMark, InnerMedia, Meaning, MediaFacts, MediaField, MediaKind

MAX_TEXT = 4_000
"""Characters of one field that are kept."""
MAX_NAME = 200
"""Characters of the name of a field."""
MAX_FIELD = 1 << 20
"""Bytes of one field, inflated."""
MAX_STORE = 16 << 20
"""Bytes of one manifest store of C2PA, which holds pictures too."""
MAX_PARTS = 10_000
"""Chunks, boxes, records of one list."""
MAX_DEPTH = 16
"""Boxes within boxes."""
MAX_FIELDS = 2_000
"""Fields of one file that are kept."""
_MAX_WORK = 16 << 20
"""Bytes of one file in all that may be unpacked, or parsed, which counts more."""
_LOOKED = 4 * MAX_TEXT
_LARGEST = 1 << 40
"""No measure is larger: a hostile file may state anything."""

_UNSEEN = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]+")
"""Control characters, lone surrogates and byte order marks: nobody reads them, and some cannot be written."""


def folded(text: str) -> str:
    """A text with its white space folded and without what nobody sees, at most `MAX_TEXT` characters."""
    return " ".join(_UNSEEN.sub(" ", text[:_LOOKED]).split())[:MAX_TEXT].rstrip()


@dataclass(slots=True)
class Found:
    """What a reader gathers on its way through one file; `facts` makes them.

    `tracks` are the kinds of the tracks of a container: one of sound alone is a sound, whatever its format is called.
    `duration` is in milliseconds. What is left of the bounds holds for all that is read of this one file: its parts may
    name the same bytes again and again, so a bound for each would be none for all.
    """

    fields: dict[MediaField, None] = field(default_factory=dict)
    marks: dict[AiMark, None] = field(default_factory=dict)
    inner: dict[InnerMedia, None] = field(default_factory=dict)
    reserved: dict[str, None] = field(default_factory=dict)
    faults: dict[str, None] = field(default_factory=dict)
    tracks: set[MediaKind] = field(default_factory=set)
    embedding: int | None = None
    width: int = 0
    height: int = 0
    duration: int = 0
    work_left: int = _MAX_WORK
    parts_left: int = 2 * MAX_PARTS
    elements_left: int = 250_000

    def spend(self, count: int, parts: int = 1) -> bool:
        """Whether so many bytes more may be unpacked, parsed or decoded, and so many parts more be read."""
        self.work_left -= count
        self.parts_left -= parts
        if self.work_left < 0 or self.parts_left < 0:
            self.crowded()
            return False
        return True

    def inflated(self, data: bytes, limit: int = MAX_FIELD, window: int = zlib.MAX_WBITS) -> bytes:
        """What zlib unpacks, at most so many bytes and what is left for this file; nothing where it is broken."""
        try:
            made, more = inflated(data, max(1, min(limit, self.work_left)), window)
        except ValueError:
            self.broken()
            return b""
        if more:
            self.crowded()
        return made if self.spend(len(made)) else b""

    def unbrotlied(self, data: bytes, limit: int = MAX_FIELD) -> bytes:
        """What Brotli unpacks, at most so many bytes, all of which are spent; nothing where it is broken."""
        try:
            return unbrotlied(data, limit) if self.spend(limit) else b""
        except ValueError:
            self.broken()
            return b""

    def add(self, meaning: Meaning, name: str, text: str) -> None:
        """Keep a field that says something."""
        said = folded(mended(text[:_LOOKED]))
        if said and len(self.fields) < MAX_FIELDS:
            self.fields[MediaField(meaning, folded(name[:MAX_NAME]), said)] = None
        elif said:
            self.crowded()

    def broken(self) -> None:
        """Note that not all could be read."""
        self.faults[N_("is damaged: not all of it could be read")] = None

    def crowded(self) -> None:
        """Note that a bound was met."""
        self.faults[N_("contains more than is read from one file")] = None

    def tries(self, read: Callable[..., None], *given: object) -> None:
        """Let a part be read into this; one that is broken becomes a fault and leaves the other parts readable."""
        try:
            read(self, *given)
        except BROKEN:
            self.broken()

    def facts(self, made: Format) -> MediaFacts:
        """All that was gathered."""
        return MediaFacts(
            MediaKind.AUDIO if self.tracks == {MediaKind.AUDIO} else made.kind,
            made.name,
            fields=tuple(self.fields),
            marks=tuple(self.marks),
            inner=tuple(self.inner),
            embedding=self.embedding,
            reserved=tuple(self.reserved),
            width=_measure(self.width),
            height=_measure(self.height),
            duration=_measure(self.duration),
            faults=tuple(self.faults),
        )


def _measure(value: int) -> int:
    return value if 0 <= value < _LARGEST else 0
