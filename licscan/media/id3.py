"""ID3 tags, versions 1, 1.1, 2.2, 2.3 and 2.4 (informal standards of id3.org), wherever they stand in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from licscan.media.blob import Blob, Held, Part
from licscan.media.c2pa import c2pa_into
from licscan.media.charset import decoded, hint_of
from licscan.media.found import MAX_FIELD, MAX_STORE, Found
from licscan.media.keys import meaning_of
from licscan.media.numbers import big
from licscan.media.xmp import xmp_into
from licscan.model.media import Meaning

_MEANINGS: dict[str, Meaning] = {
    "TCOP": Meaning.COPYRIGHT, "TCR": Meaning.COPYRIGHT,
    "TPRO": Meaning.COPYRIGHT,
    "TOWN": Meaning.HOLDER, "TPUB": Meaning.HOLDER, "TPB": Meaning.HOLDER,
    "TPE1": Meaning.AUTHOR, "TP1": Meaning.AUTHOR, "TPE2": Meaning.AUTHOR, "TP2": Meaning.AUTHOR,
    "TPE3": Meaning.AUTHOR, "TP3": Meaning.AUTHOR, "TPE4": Meaning.AUTHOR, "TP4": Meaning.AUTHOR,
    "TCOM": Meaning.AUTHOR, "TCM": Meaning.AUTHOR, "TEXT": Meaning.AUTHOR, "TXT": Meaning.AUTHOR,
    "TOPE": Meaning.AUTHOR, "TOA": Meaning.AUTHOR, "TOLY": Meaning.AUTHOR, "TOL": Meaning.AUTHOR,
    "TIT2": Meaning.TITLE, "TT2": Meaning.TITLE, "TALB": Meaning.TITLE, "TAL": Meaning.TITLE,
    "TIT1": Meaning.DESCRIPTION, "TT1": Meaning.DESCRIPTION, "TIT3": Meaning.DESCRIPTION, "TT3": Meaning.DESCRIPTION,
    "TENC": Meaning.SOFTWARE, "TEN": Meaning.SOFTWARE, "TSSE": Meaning.SOFTWARE, "TSS": Meaning.SOFTWARE,
    "WCOP": Meaning.LICENSE_URL, "WCP": Meaning.LICENSE_URL,
    "COMM": Meaning.COMMENT, "COM": Meaning.COMMENT, "USER": Meaning.USAGE,
    "USLT": Meaning.OTHER, "ULT": Meaning.OTHER,
}  # fmt: skip
_CREDENTIALS = frozenset({b"application/c2pa", b"application/x-c2pa-manifest-store"})
"""The media types of a GEOB frame that holds a manifest store (C2PA 2.2, appendix A)."""
_LANGUAGES = frozenset({"COMM", "COM", "USLT", "ULT", "USER"})
_FRAME = re.compile(rb"[A-Z][A-Z0-9]{2,3}")
_CHARSETS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_WHOLE = 4 * MAX_FIELD
"""So much is read of a tag whose bytes need another pass first (unsynchronisation of versions 2.2, 2.3)."""


def syncsafe(data: bytes) -> int:
    """A number of seven bits a byte."""
    value = 0
    for byte in data:
        value = value << 7 | byte & 0x7F
    return value


def id3_into(found: Found, blob: Blob, offset: int) -> int:
    """Keep the fields of the version 2 tag at a place; returns its length in bytes, 0 where none stands there."""
    head = blob.at(offset, 10)
    if len(head) < 10 or head[:3] != b"ID3" or head[3] not in (2, 3, 4):
        return 0
    size, flags = syncsafe(head[6:10]), head[5]
    if offset + 10 + size > blob.size:
        found.broken()
    part: Blob = Part(blob, offset + 10, min(size, max(0, blob.size - offset - 10)))
    if flags & 0x80 and head[3] < 4:
        if part.size > _WHOLE:
            found.crowded()
        if not found.spend(min(part.size, _WHOLE)):
            return 0
        part = Held(part.at(0, _WHOLE).replace(b"\xff\x00", b"\xff"))
    start = 0
    if flags & 0x40 and head[3] > 2:
        start = big(part.at(0, 4)) + 4 if head[3] == 3 else syncsafe(part.at(0, 4))
    _keep(found, list(_frames(found, part, start, head[3])))
    return 10 + size + (10 if flags & 0x10 and head[3] == 4 else 0)


def _frames(found: Found, part: Blob, place: int, version: int) -> Iterator[tuple[str, bytes]]:
    """Frames by their names, with what they hold; pictures and what is encrypted are left out."""
    length = 6 if version == 2 else 10
    while found.spend(0):
        head = part.at(place, length)
        name = head[: 3 if version == 2 else 4]
        if len(head) < length or not _FRAME.fullmatch(name):
            if name.strip(b"\0") and len(head) == length:
                found.broken()
            return
        size = _size(part, place, head, version)
        if place + length + size > part.size:
            found.broken()
        if size and _is_wanted(name):
            held = part.at(place + length, min(size, MAX_STORE if name == b"GEOB" else MAX_FIELD))
            held = held if version == 2 else _plain(found, held, version, head[9])
            if held:
                yield name.decode("ascii"), held
        place += length + size


def _is_wanted(name: bytes) -> bool:
    return (name[:1] in (b"T", b"W", b"P") and name not in (b"PIC", b"POPM", b"PCNT", b"POP")) or name in (
        b"COMM", b"COM", b"USER", b"USLT", b"ULT", b"OWNE", b"COMR", b"GEOB"
    )  # fmt: skip


def _size(part: Blob, place: int, head: bytes, version: int) -> int:
    """The size of a frame; some programs write those of version 2.4 as plain numbers, and the next frame tells."""
    if version == 2:
        return big(head[3:6])
    plain = big(head[4:8])
    if version == 3 or plain < 0x80:
        return plain
    safe = syncsafe(head[4:8])
    if plain & 0x80808080:
        return plain
    fits = place + 10 + safe
    follows = part.at(fits, 4)
    if fits == part.size or follows[:1] in (b"", b"\0") or _FRAME.fullmatch(follows):
        return safe
    return plain if _FRAME.fullmatch(part.at(place + 10 + plain, 4)) or place + 10 + plain == part.size else safe


def _plain(found: Found, held: bytes, version: int, flags: int) -> bytes:
    """What a frame holds without its transformations; empty where it is encrypted or broken."""
    group, packed, locked = (0x20, 0x80, 0x40) if version == 3 else (0x40, 0x08, 0x04)
    if flags & locked:
        return b""
    skip = 1 if flags & group else 0
    if version == 3:
        skip += 4 if flags & packed else 0
    else:
        skip += 4 if flags & 0x01 else 0
        if flags & 0x02:
            held = held.replace(b"\xff\x00", b"\xff")
    held = held[skip:]
    return found.inflated(held) if flags & packed else held


def _keep(found: Found, frames: list[tuple[str, bytes]]) -> None:
    plain = [
        held[4:] if name in _LANGUAGES else held[1:]
        for name, held in frames
        if held[0] == 0 and name not in ("PRIV", "GEOB")
    ]
    hint = hint_of(plain)
    for name, held in frames:
        if name == "PRIV":
            owner, _zero, data = held.partition(b"\0")
            if owner == b"XMP":
                xmp_into(found, data)
        elif name == "GEOB":
            _keep_object(found, held)
        elif name in ("TXXX", "TXX", "WXXX", "WXX"):
            _keep_free(found, name, held, hint)
        elif name in ("OWNE", "COMR"):
            found.add(Meaning.OTHER, f"id3:{name}", _text(held[1:], held[0], hint))
        elif name in _LANGUAGES:
            _keep_language(found, name, held, hint)
        elif name[0] == "W":
            found.add(_MEANINGS.get(name, Meaning.SOURCE), f"id3:{name}", decoded(held.partition(b"\0")[0], hint))
        elif name[0] == "T":
            text = _text(held[1:], held[0], hint)
            found.add(_MEANINGS.get(name, Meaning.OTHER), f"id3:{name}", text)


def _keep_object(found: Found, held: bytes) -> None:
    """An object with its media type, its name and what it is: kept where it is a manifest store."""
    media_type, _zero, rest = held[1:].partition(b"\0")
    if media_type in _CREDENTIALS:
        _name, rest = _cut(rest, held[0])
        c2pa_into(found, _cut(rest, held[0])[1], "id3:GEOB")


def _keep_free(found: Found, name: str, held: bytes, hint: str) -> None:
    """A field whose name stands inside it."""
    key, value = _cut(held[1:], held[0])
    kind = 0 if name[0] == "W" else held[0]
    called, text = _text(key, held[0], hint), _text(value, kind, hint)
    meaning = meaning_of(called, text)
    if name[0] == "W" and meaning not in (Meaning.LICENSE_URL, Meaning.COPYRIGHT):
        meaning = Meaning.SOURCE
    found.add(meaning, f"id3:{name}:{called}" if called else f"id3:{name}", text)


def _keep_language(found: Found, name: str, held: bytes, hint: str) -> None:
    if name == "USER":
        called, text = "", _text(held[4:], held[0], hint)
    else:
        key, value = _cut(held[4:], held[0])
        called, text = _text(key, held[0], hint), _text(value, held[0], hint)
    meaning = meaning_of(called, "", _MEANINGS[name]) if called else _MEANINGS[name]
    found.add(meaning, f"id3:{name}:{called}" if called else f"id3:{name}", text)


def _cut(held: bytes, charset: int) -> tuple[bytes, bytes]:
    """What stands before and after the first zero character."""
    if charset not in (1, 2):
        key, _zero, value = held.partition(b"\0")
        return key, value
    place = held.find(b"\0\0")
    while place >= 0 and place % 2:
        place = held.find(b"\0\0", place + 1)
    return (held, b"") if place < 0 else (held[:place], held[place + 2 :])


def _text(held: bytes, charset: int, hint: str) -> str:
    """Text of a frame; several texts in one frame are joined by a stroke, as players show them."""
    if charset == 0 or charset >= len(_CHARSETS):
        parts = [decoded(part, hint) for part in held.split(b"\0", 64)]
    else:
        if charset == 1 and held[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            charset_name = "utf-16-le" if held[1:2] == b"\0" else "utf-16-be"
        else:
            charset_name = _CHARSETS[charset]
        parts = held.decode(charset_name, "replace").split("\0", 64)
    return " / ".join(part.strip("\ufeff \r\n") for part in parts if part.strip("\ufeff \r\n\0"))


def id3v1_into(found: Found, tag: bytes) -> None:
    """Keep the fields of a version 1 tag, the last 128 bytes of a file."""
    if len(tag) != 128 or tag[:3] != b"TAG":
        return
    comment = tag[97:125] if tag[125] == 0 else tag[97:127]
    held = {"title": tag[3:33], "artist": tag[33:63], "album": tag[63:93], "year": tag[93:97], "comment": comment}
    raws = {name: raw.partition(b"\0")[0].rstrip(b" ") for name, raw in held.items()}
    # A text that fills its place may be cut within a character of two bytes.
    raws = {name: _whole(raw) if len(raw) == len(held[name]) else raw for name, raw in raws.items()}
    hint = hint_of(list(raws.values()))
    for name, raw in raws.items():
        found.add(meaning_of(name), f"id3v1:{name}", decoded(raw, hint))


def _whole(raw: bytes) -> bytes:
    high = len(raw) - len(raw.rstrip(bytes(range(0x80, 0x100))))
    return raw[:-1] if high % 2 and high >= 3 else raw
