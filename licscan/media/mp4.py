"""ISO base media files (ISO/IEC 14496-12): MP4, M4A, 3GP, QuickTime; their user data and iTunes lists.

Sources: ISO/IEC 14496-12, Apple's QuickTime File Format, 3GPP TS 26.244 (`cprt`, `auth`, `titl`), C2PA 2.1 (uuid box).
"""

from __future__ import annotations

from collections.abc import Iterator

from licscan.media.blob import Blob
from licscan.media.boxes import Box, boxes_of
from licscan.media.charset import decoded
from licscan.media.found import MAX_DEPTH, MAX_FIELD, Found
from licscan.media.id3 import id3_into
from licscan.media.keys import meaning_of
from licscan.media.kinds import Format
from licscan.media.numbers import big
from licscan.media.uuids import uuid_into
from licscan.media.xmp import xmp_into
from licscan.model.media import Meaning, MediaFacts, MediaKind

_C = b"\xa9"
_MEANINGS: dict[bytes, Meaning] = {
    _C + b"cpy": Meaning.COPYRIGHT, b"cprt": Meaning.COPYRIGHT, _C + b"phg": Meaning.COPYRIGHT,
    _C + b"ART": Meaning.AUTHOR, _C + b"aut": Meaning.AUTHOR, _C + b"wrt": Meaning.AUTHOR, b"aART": Meaning.AUTHOR,
    _C + b"art": Meaning.AUTHOR, _C + b"dir": Meaning.AUTHOR, _C + b"prd": Meaning.AUTHOR, _C + b"com": Meaning.AUTHOR,
    _C + b"prf": Meaning.AUTHOR, b"auth": Meaning.AUTHOR, b"perf": Meaning.AUTHOR, _C + b"arg": Meaning.AUTHOR,
    _C + b"nam": Meaning.TITLE, b"titl": Meaning.TITLE, _C + b"alb": Meaning.TITLE, b"albm": Meaning.TITLE,
    b"name": Meaning.TITLE, _C + b"TIM": Meaning.OTHER,
    _C + b"cmt": Meaning.COMMENT, _C + b"des": Meaning.DESCRIPTION, b"desc": Meaning.DESCRIPTION,
    b"ldes": Meaning.DESCRIPTION, b"dscp": Meaning.DESCRIPTION, _C + b"inf": Meaning.DESCRIPTION,
    _C + b"too": Meaning.SOFTWARE, _C + b"swr": Meaning.SOFTWARE, _C + b"enc": Meaning.SOFTWARE,
    _C + b"src": Meaning.SOURCE, _C + b"url": Meaning.SOURCE, _C + b"pub": Meaning.HOLDER, _C + b"lab": Meaning.HOLDER,
    _C + b"cpr": Meaning.COPYRIGHT, _C + b"mak": Meaning.SOFTWARE, _C + b"mod": Meaning.OTHER,
}  # fmt: skip
_BOXES = frozenset({b"moov", b"udta", b"trak", b"mdia", b"minf", b"ilst"})
_TRACKS = {b"soun": MediaKind.AUDIO, b"vide": MediaKind.VIDEO}
_TEXT = 65_536
_KEYS = 1_000
_PICTURES = frozenset({b"covr", b"snal", b"tnal"})
_3GPP = frozenset({b"cprt", b"auth", b"titl", b"perf", b"dscp", b"albm", b"gnre"})
_SKIPPED = frozenset({b"mdat", b"stbl", b"edts", b"free", b"skip", b"wide", b"moof", b"sidx", b"mvex"})


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of an MP4 or M4A file."""
    found = Found()
    _Reader(found, blob).walk(0, blob.size, b"", 0)
    return found.facts(made)


class _Reader:
    """One walk over the boxes of a file, all of which count towards one bound."""

    def __init__(self, found: Found, blob: Blob) -> None:
        self.blob = blob
        self.found = found

    def boxes(self, place: int, end: int) -> Iterator[Box]:
        """The boxes of a range."""
        return boxes_of(self.found, self.blob, place, end)

    def walk(self, place: int, end: int, parent: bytes, depth: int) -> None:
        """Read the boxes of a range and those inside them."""
        if depth > MAX_DEPTH:
            self.found.crowded()
            return
        for box in self.boxes(place, end):
            if box.kind in _SKIPPED:
                continue
            if box.kind == b"meta":
                self._meta(box, depth)
            elif box.kind in _BOXES:
                self.walk(box.start, box.end, box.kind, depth + 1)
            else:
                self._leaf(box, parent)

    def _leaf(self, box: Box, parent: bytes) -> None:
        name, start = box.kind, box.start
        if name == b"uuid":
            uuid_into(self.found, self.blob, box, "mp4")
        elif name == b"mvhd":
            self._duration(start)
        elif name == b"hdlr" and parent == b"mdia":
            kind = _TRACKS.get(self.blob.at(start + 8, 4))
            self.found.tracks.update((kind,) if kind else ())
        elif name == b"tkhd":
            self._measure(start)
        elif name == b"XMP_":
            xmp_into(self.found, box.held(self.blob, MAX_FIELD))
        elif name == b"ID32":
            id3_into(self.found, self.blob, start + 6)
        elif parent == b"udta" and name not in _PICTURES:
            self._user_data(name, box.held(self.blob, _TEXT))

    def _duration(self, start: int) -> None:
        head = self.blob.at(start, 32)
        scale, length = (head[20:24], head[24:32]) if head[:1] == b"\x01" else (head[12:16], head[16:20])
        if big(scale):
            self.found.duration = big(length) * 1000 // big(scale)

    def _measure(self, start: int) -> None:
        head = self.blob.at(start, 96)
        place = 88 if head[:1] == b"\x01" else 76
        width, height = big(head[place : place + 4]) >> 16, big(head[place + 4 : place + 8]) >> 16
        if width and height:
            self.found.width, self.found.height = width, height

    def _user_data(self, name: bytes, held: bytes) -> None:
        """A text of QuickTime, of 3GPP, or plain."""
        if name in _3GPP and held[:4] == b"\0\0\0\0" and len(held) > 6:
            raw = held[6:]
            text = raw.decode("utf-16", "replace") if raw[:2] in (b"\xfe\xff", b"\xff\xfe") else _plain(raw)
            key = "3gp"
        elif name[:1] == _C:
            length, language = big(held[:2]), big(held[2:4])
            raw = held[4 : 4 + length] if 0 < length <= len(held) - 4 else held
            text, key = _quicktime(raw, language), "qt"
        elif name in _MEANINGS or name == b"AIGC":
            text, key = _plain(held.lstrip(b"\0")), "qt"
        else:
            return
        self._keep(name, f"{key}:{_name(name)}", text)

    def _keep(self, name: bytes, field: str, text: str) -> None:
        self.found.add(_MEANINGS.get(name, Meaning.OTHER), field, text)

    def _meta(self, meta: Box, depth: int) -> None:
        """A `meta` box, full (ISO) or not (QuickTime): an iTunes list, or a list by the numbers of keys."""
        start = meta.start + (0 if self.blob.at(meta.start + 4, 4) in (b"hdlr", b"keys", b"ilst") else 4)
        keys: list[str] = []
        for box in self.boxes(start, meta.end):
            if box.kind == b"keys":
                keys = _keys(box.held(self.blob, MAX_FIELD))
            elif box.kind == b"ilst":
                self._items(box, keys)
            elif box.kind in (b"uuid", b"XMP_", b"ID32"):
                self._leaf(box, b"meta")
            elif box.kind in (b"udta", b"meta"):
                self.walk(box.start, box.end, box.kind, depth + 1)

    def _items(self, listed: Box, keys: list[str]) -> None:
        for item in self.boxes(listed.start, listed.end):
            name = item.kind
            if name in _PICTURES:
                continue
            key, parts = "", []
            for inner in self.boxes(item.start, item.end):
                held = inner.held(self.blob, _TEXT)
                if inner.kind == b"data":
                    parts.append(_data(held))
                elif inner.kind == b"name":
                    key = held[4:].decode("utf-8", "replace")
            text = " / ".join(part for part in parts if part)
            number = big(name)
            if name == b"----":
                self.found.add(meaning_of(key, text), f"ilst:----:{key}", text)
            elif 0 < number <= len(keys):
                key = keys[number - 1]
                self.found.add(meaning_of(key.rpartition(".")[2], text), f"mdta:{key}", text)
            else:
                self._keep(name, f"ilst:{_name(name)}", text)


def _keys(data: bytes) -> list[str]:
    """The names in a list of keys."""
    keys: list[str] = []
    place = 8
    for _count in range(min(big(data[4:8]), _KEYS)):
        size = big(data[place : place + 4])
        if size < 8:
            break
        keys.append(data[place + 8 : place + min(size, 264)].decode("utf-8", "replace"))
        place += size
    return keys


def _name(name: bytes) -> str:
    return name.decode("latin-1").strip()


def _plain(raw: bytes) -> str:
    return decoded(raw.partition(b"\0")[0])


def _quicktime(raw: bytes, language: int) -> str:
    """A text of QuickTime: UTF-16 with its mark, or by guess; Macintosh languages below 0x400 are in Mac Roman."""
    if raw[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return raw.decode("utf-16", "replace")
    text = decoded(raw)
    if language == 0 and not raw.isascii() and text == raw.decode("latin-1"):
        return raw.decode("mac-roman")
    return text


def _data(held: bytes) -> str:
    """The value of a `data` box where it is text: UTF-8, UTF-16; numbers and pictures are none."""
    kind = big(held[1:4])
    if kind == 1:
        return held[8:].decode("utf-8", "replace")
    if kind == 2:
        return held[8:].decode("utf-16-be", "replace")
    return ""
