"""What all readers of content need: numbers by place, text of any encoding, inflating in bounds, gathering facts."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from licscan.base.messages import _
from licscan.media.blob import Blob
from licscan.media.kinds import Format
from licscan.media.readers import BROKEN
from licscan.model.media import AiMark, InnerMedia, Meaning, MediaFacts, MediaField

MAX_TEXT = 4_000
"""Characters of one field that are kept."""
MAX_FIELD = 1 << 20
"""Bytes of one field, inflated."""
MAX_PARTS = 10_000
"""Chunks, records, boxes of one file."""
MAX_FIELDS = 1_000
"""Fields of one file that are kept."""
_LOOKED = 4 * MAX_TEXT

_HANZI = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xa9][\xa1-\xfe]|[\xb0-\xf7][\xa1-\xfe])*")
_LETTER = re.compile(rb"[\xb0-\xf7][\xa1-\xfe]")


def folded(text: str) -> str:
    """Text with its white space folded, without what ends it in C, at most `MAX_TEXT` characters."""
    return " ".join(text[:_LOOKED].replace("\0", " ").split())[:MAX_TEXT].rstrip()


def decoded(data: bytes) -> str:
    """Text of no declared encoding, at most 64,000 bytes of it, by `codec_of`."""
    cut = len(data) > 4 * _LOOKED
    data = data[: 4 * _LOOKED]
    if cut:
        # a character may be cut in two
        return data.decode(codec_of(data[:-3].rstrip(bytes(range(128, 256)))), "ignore")
    return data.decode(codec_of(data))


def codec_of(data: bytes) -> str:
    """UTF-8, else GB 18030 where all of it can be GB 2312, else Windows-1252 or Latin-1: one that decodes all.

    Latin letters seldom stand in pairs above 0xA0, so text of which every high byte is one of a pair, with at least
    two pairs of ideographs, is Chinese.
    """
    if _decodes(data, "utf-8"):
        return "utf-8"
    if len(_LETTER.findall(data)) > 1 and _HANZI.fullmatch(data) and _decodes(data, "gb18030"):
        return "gb18030"
    return "cp1252" if _decodes(data, "cp1252") else "latin-1"


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def u16(data: bytes, at: int, big: bool = True) -> int:
    """The unsigned number of two bytes at a place; EOFError beyond the end."""
    return _number(data, at, 2, big)


def u32(data: bytes, at: int, big: bool = True) -> int:
    """The unsigned number of four bytes at a place; EOFError beyond the end."""
    return _number(data, at, 4, big)


def u64(data: bytes, at: int, big: bool = True) -> int:
    """The unsigned number of eight bytes at a place; EOFError beyond the end."""
    return _number(data, at, 8, big)


def _number(data: bytes, at: int, count: int, big: bool) -> int:
    piece = data[at : at + count] if at >= 0 else b""
    if len(piece) < count:
        raise EOFError
    return int.from_bytes(piece, "big" if big else "little")


def inflated(data: bytes, limit: int = MAX_FIELD, window: int = zlib.MAX_WBITS) -> bytes:
    """What zlib unpacks, at most so many bytes; ValueError for bytes that are no such stream."""
    try:
        return zlib.decompressobj(window).decompress(data, limit)
    except zlib.error as error:
        raise ValueError(str(error)) from error


@dataclass(slots=True)
class Found:
    """What a reader gathers on its way through one file."""

    fields: dict[MediaField, None] = field(default_factory=dict)
    marks: list[AiMark] = field(default_factory=list)
    inner: list[InnerMedia] = field(default_factory=list)
    reserved: list[str] = field(default_factory=list)
    faults: dict[str, None] = field(default_factory=dict)
    embedding: int | None = None
    width: int = 0
    height: int = 0
    bytes_left: int = 8 << 20
    parts_left: int = 2 * MAX_PARTS
    elements_left: int = 250_000

    def spend(self, count: int, parts: int = 1) -> bool:
        """Whether so many bytes more may be unpacked, parsed or decoded, in all that is read for this one file.

        Parts of a file may name the same bytes again and again, so a bound for each is none for all.
        """
        self.bytes_left -= count
        self.parts_left -= parts
        if self.bytes_left < 0 or self.parts_left < 0:
            self.crowded()
            return False
        return True

    def inflated(self, data: bytes, limit: int = MAX_FIELD) -> bytes:
        """What zlib unpacks, within what is left for this file; ValueError for bytes that are no such stream."""
        made = inflated(data, max(1, min(limit, self.bytes_left)))
        return made if self.spend(len(made)) else b""

    def add(self, meaning: Meaning, name: str, text: str) -> None:
        """Keep a field that says something."""
        text = folded(text)
        if text and len(self.fields) < MAX_FIELDS:
            self.fields[MediaField(meaning, name, text)] = None

    def broken(self) -> None:
        """Note that not all could be read."""
        self.faults[_("is broken: not all of it could be read")] = None

    def crowded(self) -> None:
        """Note that there is more than is read."""
        self.faults[_("has more parts than are read")] = None

    def tries(self, read: Callable[..., None], *given: object) -> None:
        """Let a part be read into this; one that is broken becomes a fault and leaves the other parts readable."""
        try:
            read(self, *given)
        except BROKEN:
            self.broken()

    def facts(self, made: Format) -> MediaFacts:
        """All that was gathered."""
        return MediaFacts(
            made.kind,
            made.name,
            fields=tuple(self.fields),
            marks=tuple(self.marks),
            inner=tuple(self.inner),
            embedding=self.embedding,
            reserved=tuple(dict.fromkeys(self.reserved)),
            width=self.width,
            height=self.height,
            faults=tuple(self.faults),
        )


@dataclass(slots=True)
class Window:
    """A blob that is read in steps of a few bytes, which would be a call of the system each."""

    blob: Blob
    start: int = 0
    held: bytes = b""

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self.blob.size

    def at(self, offset: int, count: int) -> bytes:
        """So many bytes from a place on."""
        if count > _STEP or offset < 0:
            return self.blob.at(offset, count)
        if not self.start <= offset <= offset + count <= self.start + len(self.held):
            self.start, self.held = offset, self.blob.at(offset, _STEP)
        return self.held[offset - self.start : offset - self.start + count]


_STEP = 1 << 16
