"""ISO base media files (ISO/IEC 14496-12): MP4, M4A, 3GP, QuickTime; their user data and iTunes lists.

Sources: ISO/IEC 14496-12, Apple's QuickTime File Format, 3GPP TS 26.244 (`cprt`, `auth`, `titl`), C2PA 2.1 (uuid box).
"""

from __future__ import annotations

from collections.abc import Iterator

from licscan.media.blob import Blob
from licscan.media.bridges import add_c2pa, add_xmp
from licscan.media.charset import decoded
from licscan.media.gathered import MAX_DEPTH, MAX_FIELD, MAX_RECORDS, Gathered, big
from licscan.media.id3 import read_id3
from licscan.media.keys import meaning_of
from licscan.media.kinds import Format
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
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_PICTURES = frozenset({b"covr", b"snal", b"tnal"})
_3GPP = frozenset({b"cprt", b"auth", b"titl", b"perf", b"dscp", b"albm", b"gnre"})
_SKIPPED = frozenset({b"mdat", b"stbl", b"edts", b"free", b"skip", b"wide", b"moof", b"sidx", b"mvex"})


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of an MP4 or M4A file."""
    gathered = Gathered(made)
    _Reader(blob, gathered).walk(0, blob.size, b"", 0)
    return gathered.facts()


class _Reader:
    """One walk over the boxes of a file, all of which count towards one bound."""

    def __init__(self, blob: Blob, gathered: Gathered) -> None:
        self.blob = blob
        self.gathered = gathered
        self.count = 0

    def boxes(self, place: int, end: int) -> Iterator[tuple[bytes, int, int]]:
        """The boxes of a range: name, where what they hold starts, and where it ends."""
        while place + 8 <= end:
            self.count += 1
            if self.count > MAX_RECORDS:
                self.gathered.too_much()
                return
            head = self.blob.at(place, 16)
            size, name, length = big(head[:4]), head[4:8], 8
            if size == 1:
                size, length = big(head[8:16]), 16
            elif size == 0:
                size = end - place
            if size < length:
                if any(head[:8]):
                    self.gathered.broken()
                return
            if place + size > end:
                self.gathered.broken()
            yield name, place + length, min(place + size, end)
            place += size

    def walk(self, place: int, end: int, parent: bytes, depth: int) -> None:
        """Read the boxes of a range and those inside them."""
        if depth > MAX_DEPTH:
            self.gathered.too_much()
            return
        for name, start, stop in self.boxes(place, end):
            if name in _SKIPPED:
                continue
            if name == b"meta":
                self._meta(start, stop, depth)
            elif name in _BOXES:
                self.walk(start, stop, name, depth + 1)
            else:
                self._leaf(name, start, stop, parent)

    def _leaf(self, name: bytes, start: int, stop: int, parent: bytes) -> None:
        if name == b"uuid":
            self._uuid(start, stop)
        elif name == b"mvhd":
            self._duration(start)
        elif name == b"hdlr" and parent == b"mdia":
            kind = _TRACKS.get(self.blob.at(start + 8, 4))
            self.gathered.tracks.update((kind,) if kind else ())
        elif name == b"tkhd":
            self._measure(start)
        elif name == b"XMP_":
            add_xmp(self.gathered, self._held(start, stop))
        elif name == b"ID32":
            read_id3(self.blob, start + 6, self.gathered)
        elif parent == b"udta" and name not in _PICTURES:
            self._user_data(name, start, stop)

    def _held(self, start: int, stop: int) -> bytes:
        return self.blob.at(start, min(stop - start, MAX_FIELD))

    def _uuid(self, start: int, stop: int) -> None:
        kind = self.blob.at(start, 16)
        if kind == _XMP:
            add_xmp(self.gathered, self._held(start + 16, stop))
        elif kind == _C2PA:
            # a full box: version and flags, the purpose, and for a manifest the place of the next one
            held = self._held(start + 16, stop)
            purpose, _zero, rest = held[4:].partition(b"\0")
            if purpose == b"manifest":
                add_c2pa(self.gathered, rest[8:], "mp4:uuid")

    def _duration(self, start: int) -> None:
        head = self.blob.at(start, 32)
        scale, length = (head[20:24], head[24:32]) if head[:1] == b"\x01" else (head[12:16], head[16:20])
        if big(scale):
            self.gathered.duration = big(length) * 1000 // big(scale)

    def _measure(self, start: int) -> None:
        head = self.blob.at(start, 96)
        place = 88 if head[:1] == b"\x01" else 76
        width, height = big(head[place : place + 4]) >> 16, big(head[place + 4 : place + 8]) >> 16
        if width and height:
            self.gathered.width, self.gathered.height = width, height

    def _user_data(self, name: bytes, start: int, stop: int) -> None:
        """A text of QuickTime, of 3GPP, or plain."""
        held = self.blob.at(start, min(stop - start, 65_536))
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
        self.gathered.add(_MEANINGS.get(name, Meaning.OTHER), field, text)

    def _meta(self, start: int, stop: int, depth: int) -> None:
        """A `meta` box, full (ISO) or not (QuickTime): an iTunes list, or a list by the numbers of keys."""
        start += 0 if self.blob.at(start + 4, 4) in (b"hdlr", b"keys", b"ilst") else 4
        keys: list[str] = []
        for name, first, last in self.boxes(start, stop):
            if name == b"keys":
                keys = self._keys(first, last)
            elif name == b"ilst":
                self._items(first, last, keys)
            elif name in (b"uuid", b"XMP_", b"ID32"):
                self._leaf(name, first, last, b"meta")
            elif name in (b"udta", b"meta"):
                self.walk(first, last, name, depth + 1)

    def _keys(self, start: int, stop: int) -> list[str]:
        data = self._held(start, stop)
        keys: list[str] = []
        place = 8
        for _count in range(min(big(data[4:8]), 1_000)):
            size = big(data[place : place + 4])
            if size < 8:
                break
            keys.append(data[place + 8 : place + min(size, 264)].decode("utf-8", "replace"))
            place += size
        return keys

    def _items(self, start: int, stop: int, keys: list[str]) -> None:
        for name, first, last in self.boxes(start, stop):
            if name in _PICTURES:
                continue
            key, parts = "", []
            for inner, place, end in self.boxes(first, last):
                held = self.blob.at(place, min(end - place, 65_536))
                if inner == b"data":
                    parts.append(_data(held))
                elif inner in (b"name", b"mean") and not (inner == b"mean" and key):
                    key = held[4:].decode("utf-8", "replace") if inner == b"name" else key
            text = " / ".join(part for part in parts if part)
            number = big(name)
            if name == b"----":
                self.gathered.add(meaning_of(key, text), f"ilst:----:{key}", text)
            elif 0 < number <= len(keys):
                key = keys[number - 1]
                self.gathered.add(meaning_of(key.rpartition(".")[2], text), f"mdta:{key}", text)
            else:
                self._keep(name, f"ilst:{_name(name)}", text)


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
