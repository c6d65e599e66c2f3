"""RIFF sounds and videos: WAV, RF64, AVI (Microsoft), with INFO, bext (EBU Tech 3285), iXML, ID3, XMP in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from licscan.media.blob import Blob
from licscan.media.c2pa import c2pa_into
from licscan.media.charset import decoded, hint_of
from licscan.media.found import MAX_DEPTH, MAX_FIELD, MAX_PARTS, MAX_STORE, Found
from licscan.media.id3 import id3_into
from licscan.media.keys import meaning_of
from licscan.media.kinds import Format
from licscan.media.numbers import little
from licscan.media.xmp import xmp_into
from licscan.model.media import Meaning, MediaFacts

_INFO: dict[bytes, Meaning] = {
    b"ICOP": Meaning.COPYRIGHT, b"IART": Meaning.AUTHOR, b"IENG": Meaning.AUTHOR, b"ITCH": Meaning.AUTHOR,
    b"IWRI": Meaning.AUTHOR, b"IMUS": Meaning.AUTHOR, b"IPRO": Meaning.AUTHOR, b"ISTR": Meaning.AUTHOR,
    b"INAM": Meaning.TITLE, b"TITL": Meaning.TITLE, b"IPRD": Meaning.TITLE, b"ICMT": Meaning.COMMENT,
    b"COMM": Meaning.COMMENT, b"ISBJ": Meaning.DESCRIPTION, b"IKEY": Meaning.DESCRIPTION, b"ISFT": Meaning.SOFTWARE,
    b"IENC": Meaning.SOFTWARE, b"ISRC": Meaning.SOURCE, b"ISRF": Meaning.SOURCE, b"IURL": Meaning.SOURCE,
    b"IBSU": Meaning.SOURCE, b"IWEB": Meaning.SOURCE, b"ICMS": Meaning.HOLDER, b"IPUB": Meaning.HOLDER,
    b"TORG": Meaning.HOLDER, b"TURL": Meaning.SOURCE, b"TTOO": Meaning.SOFTWARE, b"TENC": Meaning.SOFTWARE,
    b"TCOP": Meaning.COPYRIGHT, b"TOWN": Meaning.HOLDER,
}  # fmt: skip
"""Chunks of a LIST of type INFO, by their meaning; every other that is text is kept under its own name."""
_LISTS = frozenset({b"RIFF", b"RF64", b"LIST"})
_INNER = frozenset({b"INFO", b"hdrl", b"strl", b"odml", b"exif", b"adtl"})
"""Lists that are looked into: never `movi`, the frames themselves."""
_ELEMENT = re.compile(r"<([A-Z_]{2,60})>([^<]{1,4000})</\1>")
_IXML = frozenset({
    "PROJECT", "NOTE", "SCENE", "TAPE", "BWF_DESCRIPTION", "BWF_ORIGINATOR", "BWF_ORIGINATOR_REFERENCE", "CATEGORY",
    "FXNAME", "LIBRARY", "MANUFACTURER", "USERDATA", "DESCRIPTION", "DESIGNER", "SOURCE", "URL", "COPYRIGHT", "ARTIST",
    "PUBLISHER", "RELEASED_BY", "LICENSE", "OWNER", "CREATOR",
})  # fmt: skip


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a WAV or AVI file."""
    found = Found()
    rate = length = 0
    info: list[tuple[bytes, bytes]] = []
    for name, place, size in _chunks(found, blob):
        if name == b"data":
            length = size
        elif name == b"fmt ":
            rate = little(blob.at(place + 8, 4))
        elif name == b"ds64":
            length = little(blob.at(place + 8, 8))
        elif name in _READERS:
            _READERS[name](found, blob, place, min(size, MAX_STORE if name == b"C2PA" else MAX_FIELD))
        elif name.startswith(b"INFO"):
            held = blob.at(place, min(size, MAX_FIELD)).partition(b"\0")[0]
            info.append((name[4:], held))
    _keep_info(found, info)
    if rate and length and made.name == "wav":
        found.duration = length * 1000 // rate
    return found.facts(made)


def _chunks(found: Found, blob: Blob) -> Iterator[tuple[bytes, int, int]]:
    """Every chunk that is no list: its name, after that of its list where that is INFO, its place and size."""
    ends: list[tuple[int, bytes]] = [(blob.size, b"")]
    place = 0
    for _count in range(MAX_PARTS):
        while ends and place + 8 > ends[-1][0]:
            place = max(place, ends.pop()[0])
        head = blob.at(place, 12)
        if not ends or len(head) < 8:
            return
        name, size = head[:4], little(head[4:8])
        end = place + 8 + size
        if end > ends[-1][0] and size != 0xFFFFFFFF and end > blob.size:
            found.broken()
        if name in _LISTS and (place == 0 or name == b"RIFF" or head[8:12] in _INNER) and len(ends) < MAX_DEPTH:
            ends.append((min(end, ends[-1][0]), b"INFO" if head[8:12] == b"INFO" else b""))
            place += 12
            continue
        if name not in _LISTS:
            yield ends[-1][1] + name, place + 8, size
        place = end + size % 2
    found.crowded()


def _keep_info(found: Found, info: list[tuple[bytes, bytes]]) -> None:
    hint = hint_of([held for _name, held in info])
    for name, held in info:
        if name.isalnum() or name in _INFO:
            text = decoded(held, hint)
            key = name.decode("latin-1").strip()
            meaning = _INFO.get(name.upper()) or meaning_of(key, text)
            found.add(meaning, f"riff:{key}", text)


def _bext(found: Found, blob: Blob, place: int, size: int) -> None:
    held = blob.at(place, min(size, 602 + 4_000))
    pieces = (
        (Meaning.DESCRIPTION, "description", held[:256]),
        (Meaning.AUTHOR, "originator", held[256:288]),
        (Meaning.OTHER, "originator-reference", held[288:320]),
        (Meaning.OTHER, "date", held[320:330]),
        (Meaning.SOFTWARE, "coding-history", held[602:]),
    )
    for meaning, name, raw in pieces:
        found.add(meaning, f"bext:{name}", decoded(raw.partition(b"\0")[0]))


def _cart(found: Found, blob: Blob, place: int, size: int) -> None:
    """The cart chunk of AES46: title, artist, producer's program, and an address."""
    held = blob.at(place, min(size, 2_048 + 1_024))
    pieces = (
        (Meaning.TITLE, "title", held[4:68]),
        (Meaning.AUTHOR, "artist", held[68:132]),
        (Meaning.SOFTWARE, "producer", held[552:616]),
        (Meaning.SOURCE, "url", held[1024:2048]),
    )
    for meaning, name, raw in pieces:
        found.add(meaning, f"cart:{name}", decoded(raw.partition(b"\0")[0]))


def _ixml(found: Found, blob: Blob, place: int, size: int) -> None:
    text = decoded(blob.at(place, min(size, 65_536)))
    for name, value in _ELEMENT.findall(text)[:200]:
        if name in _IXML:
            otherwise = Meaning.DESCRIPTION if name.startswith(("BWF_DESC", "NOTE")) else Meaning.OTHER
            found.add(meaning_of(name, value, otherwise), f"ixml:{name}", _unescaped(value))


def _unescaped(text: str) -> str:
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _id3(found: Found, blob: Blob, place: int, size: int) -> None:
    id3_into(found, blob, place)


def _xmp(found: Found, blob: Blob, place: int, size: int) -> None:
    xmp_into(found, blob.at(place, size))


def _c2pa(found: Found, blob: Blob, place: int, size: int) -> None:
    c2pa_into(found, blob.at(place, size), "riff:C2PA")


def _label(found: Found, blob: Blob, place: int, size: int) -> None:
    """The label of GB 45438-2025 in a chunk of its own."""
    found.add(Meaning.OTHER, "riff:AIGC", decoded(blob.at(place, size)))


def _avih(found: Found, blob: Blob, place: int, size: int) -> None:
    head = blob.at(place, 40)
    found.duration = little(head[:4]) * little(head[16:20]) // 1000
    found.width, found.height = little(head[32:36]), little(head[36:40])


_READERS = {
    b"bext": _bext, b"cart": _cart, b"iXML": _ixml, b"id3 ": _id3, b"ID3 ": _id3, b"_PMX": _xmp, b"C2PA": _c2pa,
    b"AIGC": _label, b"avih": _avih,
}  # fmt: skip
