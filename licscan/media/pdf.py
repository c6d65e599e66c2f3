"""PDF (ISO 32000-2): its document information, its XMP, whether it has Content Credentials; pages are not looked at.

Objects are found by their words, not by the table of places, which in broken and in changed files is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from licscan.base.messages import N_
from licscan.media.blob import Blob
from licscan.media.c2pa import c2pa_into
from licscan.media.charset import decoded
from licscan.media.found import MAX_FIELD, Found
from licscan.media.kinds import Format
from licscan.media.numbers import u32
from licscan.media.packed import inflated
from licscan.media.postscript import hexadecimal_at, string_at
from licscan.media.xmp import xmp_into
from licscan.model.media import AiMark, MarkKind, Meaning, MediaFacts

_KEYS = {
    "Title": Meaning.TITLE,
    "Author": Meaning.AUTHOR,
    "Subject": Meaning.DESCRIPTION,
    "Creator": Meaning.SOFTWARE,
    "Producer": Meaning.SOFTWARE,
    "Copyright": Meaning.COPYRIGHT,
    "Rights": Meaning.COPYRIGHT,
    "License": Meaning.LICENSE,
    "Licence": Meaning.LICENSE,
    "Source": Meaning.SOURCE,
    "URL": Meaning.SOURCE,
}
"""What an entry of the document information speaks of; others are `other`."""
_LEFT_OUT = frozenset({"CreationDate", "ModDate", "Trapped", "Keywords"})
_WHOLE, _HEAD = 16 << 20, 4 << 20
_MAX_ENTRIES = 200
_MAX_REFERENCES = 20
_MAX_STREAMS = 200
_MAX_UNPACKED = 16 << 20
_MAX_PACKETS = 4
_MAX_TRIES = 50
_MAX_TABLE = 400_000
"""Bytes of the table of a stream of objects."""
_MAX_NUMBERS = 20_000
_REFERENCE = re.compile(rb"\s*(\d{1,9})\s{1,9}(\d{1,5})\s{1,9}R")
_KEY = re.compile(rb"/([^\s()<>\[\]{}/%]{1,80})\s*")
_NEXT = re.compile(rb"[/(<>]")
_STREAM = re.compile(rb"stream\r?\n")
_HEXED = re.compile(r"#([0-9A-Fa-f]{2})")


def read(blob: Blob, made: Format) -> MediaFacts:
    """What a PDF says of itself; of one above 16 MiB only its beginning and its end are looked at."""
    found = Found()
    data = blob.at(0, _WHOLE)
    if blob.size > _WHOLE:
        tail = _WHOLE - _HEAD
        data = data[:_HEAD] + b"\n" + blob.at(blob.size - tail, tail)
    found.tries(_document_into, data)
    return found.facts(made)


def _document_into(found: Found, data: bytes) -> None:
    objects = _Objects(data)
    if objects.reference(b"/Encrypt") is not None or b"/Encrypt<<" in data:
        found.faults[N_("is encrypted: its fields are not read")] = None
    else:
        number = objects.reference(b"/Info")
        if number is not None:
            found.tries(_information_into, objects, objects.body(number))
    found.tries(_packets_into, objects)
    if b"/C2PA_Manifest" in data:
        _credentials_into(found, data)


def _credentials_into(found: Found, data: bytes) -> None:
    place = data.find(b"jumdc2pa") - 12
    if place >= 0 and data[place + 4 : place + 8] == b"jumb":
        size = u32(data, place)
        c2pa_into(found, data[place : place + size], "pdf:C2PA_Manifest")
    else:
        found.marks[AiMark(MarkKind.C2PA, "pdf:C2PA_Manifest")] = None


def _packets_into(found: Found, objects: _Objects) -> None:
    """Add the XMP that the catalog names; where that is not found, that of the first packets in the file."""
    root = objects.reference(b"/Root")
    catalog = objects.body(root) if root is not None else b""
    named = _REFERENCE.match(catalog, catalog.find(b"/Metadata") + 9) if b"/Metadata" in catalog else None
    packet = objects.stream(int(named.group(1))) if named else b""
    if packet:
        xmp_into(found, packet)
        return
    place = 0
    for _count in range(_MAX_PACKETS):
        place = objects.data.find(b"<x:xmpmeta", place)
        end = objects.data.find(b"</x:xmpmeta>", place) if place >= 0 else -1
        if end < 0:
            return
        xmp_into(found, objects.data[place : end + 12])
        place = end


def _information_into(found: Found, objects: _Objects, body: bytes) -> None:
    for key, value in _entries(objects, body):
        if key not in _LEFT_OUT:
            found.add(_KEYS.get(key, Meaning.OTHER), f"pdf:{key}", _text(value))


def _text(value: bytes) -> str:
    """A text string (7.9.2.2): UTF-16 or UTF-8 by its mark, else bytes of one of the older encodings."""
    if value.startswith(b"\xfe\xff"):
        return value[2:].decode("utf-16-be", "replace")
    if value.startswith(b"\xff\xfe"):
        return value[2:].decode("utf-16-le", "replace")
    return decoded(value.removeprefix(b"\xef\xbb\xbf"))


def _entries(objects: _Objects, body: bytes) -> Iterator[tuple[str, bytes]]:
    """The entries of a dictionary whose values are strings, or refer to one."""
    place, references = body.find(b"<<") + 2, 0
    for _count in range(_MAX_ENTRIES):
        found = _KEY.search(body, place)
        if found is None:
            return
        key = _HEXED.sub(lambda one: chr(int(one.group(1), 16)), found.group(1).decode("latin-1"))
        reference = _REFERENCE.match(body, found.end())
        if reference is not None:
            references += 1
            if references > _MAX_REFERENCES:
                return
            value, place = _string(objects.body(int(reference.group(1)))), reference.end()
        else:
            value, place = _value(body, found.end())
        if value:
            yield key, value


def _value(body: bytes, place: int) -> tuple[bytes, int]:
    """The string at a place, empty where there is another value, and the place behind it."""
    sign = body[place : place + 1]
    if sign == b"(":
        return string_at(body, place)
    if sign == b"<" and body[place + 1 : place + 2] != b"<":
        return hexadecimal_at(body, place)
    following = _NEXT.search(body, place)
    return b"", following.start() if following else len(body)


def _string(body: bytes) -> bytes:
    """The string that an object is; empty where it is another value."""
    return _value(body.lstrip(), 0)[0]


class _Objects:
    """The objects of a file by number; the last of a number counts."""

    def __init__(self, data: bytes):
        self.data = data
        self._packed: dict[int, bytes] | None = None

    def reference(self, key: bytes) -> int | None:
        """The object that the last entry of this name refers to."""
        place = len(self.data)
        for _count in range(_MAX_TRIES):
            place = self.data.rfind(key, 0, place)
            if place < 0:
                return None
            found = _REFERENCE.match(self.data, place + len(key))
            if found:
                return int(found.group(1))
        return None

    def body(self, number: int) -> bytes:
        """What stands between `obj` and `endobj`, at most 1 MiB; empty where there is no such object."""
        start = self._start(number)
        if start < 0:
            return self._unpacked().get(number, b"")
        end = self.data.find(b"endobj", start, start + MAX_FIELD)
        return self.data[start : end if end >= 0 else start + MAX_FIELD]

    def stream(self, number: int) -> bytes:
        """The bytes of a stream, inflated where it says so; at most 4 MiB."""
        start = self._start(number)
        opening = _STREAM.search(self.data, start, start + 4096) if start >= 0 else None
        if opening is None:
            return b""
        end = self.data.find(b"endstream", opening.end(), opening.end() + 4 * MAX_FIELD)
        content = self.data[opening.end() : end if end >= 0 else opening.end() + 4 * MAX_FIELD]
        if b"/FlateDecode" in self.data[start : opening.start()]:
            return inflated(content, 4 * MAX_FIELD)[0]
        return content

    def _start(self, number: int) -> int:
        words = b"%d 0 obj" % number
        place = len(self.data)
        for _count in range(_MAX_TRIES):
            place = self.data.rfind(words, 0, place)
            if place < 0:
                return -1
            if not self.data[max(0, place - 1) : place].isdigit():
                return place + len(words)
            place += len(words) - 1
        return -1

    def _unpacked(self) -> dict[int, bytes]:
        """The objects in streams of objects (7.5.7), which are looked for once."""
        if self._packed is None:
            self._packed = {}
            left, place = _MAX_UNPACKED, 0
            for _count in range(_MAX_STREAMS):
                place = self.data.find(b"/ObjStm", place + 1)
                if place < 0 or left <= 0:
                    break
                start = max(self.data.rfind(b" obj", max(0, place - 1024), place), 0)
                opening = _STREAM.search(self.data, place, place + 1024)
                if opening is not None:
                    left -= self._unpack(self.data[start : opening.start()], opening.end())
        return self._packed

    def _unpack(self, head: bytes, place: int) -> int:
        """Note the objects of one stream of objects; how many bytes it had."""
        first = re.search(rb"/First\s{1,9}(\d{1,9})", head)
        end = self.data.find(b"endstream", place, place + 4 * MAX_FIELD)
        if first is None or self._packed is None:
            return 0
        content = self.data[place : end if end >= 0 else place + 4 * MAX_FIELD]
        try:
            content = inflated(content, 4 * MAX_FIELD)[0] if b"/FlateDecode" in head else content
        except ValueError:
            return 0
        words = content[: min(int(first.group(1)), _MAX_TABLE)].split()[:_MAX_NUMBERS]
        numbers = [int(word) for word in words if word.isdigit()]
        starts = [int(first.group(1)) + one for one in numbers[1::2]]
        for number, start, following in zip(numbers[::2], starts, [*starts[1:], len(content)], strict=False):
            self._packed[number] = content[start : min(following, start + MAX_FIELD)]
        return len(content)
