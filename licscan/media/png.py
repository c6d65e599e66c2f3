"""PNG (W3C, third edition): its words in tEXt, zTXt and iTXt, Exif, XMP, Content Credentials."""

from __future__ import annotations

from licscan.media.blob import Blob, Window
from licscan.media.c2pa import c2pa_into
from licscan.media.charset import decoded
from licscan.media.exif import exif_into
from licscan.media.found import MAX_STORE, Found
from licscan.media.iptc import iptc_into, resources_into
from licscan.media.kinds import Format
from licscan.media.numbers import u32
from licscan.media.xmp import MAX_PACKET, xmp_into
from licscan.model.media import Meaning, MediaFacts

_KEYWORDS = {
    "title": Meaning.TITLE,
    "author": Meaning.AUTHOR,
    "artist": Meaning.AUTHOR,
    "creator": Meaning.AUTHOR,
    "description": Meaning.DESCRIPTION,
    "imagedescription": Meaning.DESCRIPTION,
    "copyright": Meaning.COPYRIGHT,
    "rights": Meaning.COPYRIGHT,
    "license": Meaning.LICENSE,
    "licence": Meaning.LICENSE,
    "software": Meaning.SOFTWARE,
    "disclaimer": Meaning.USAGE,
    "usageterms": Meaning.USAGE,
    "warning": Meaning.OTHER,
    "source": Meaning.SOURCE,
    "url": Meaning.SOURCE,
    "credit": Meaning.SOURCE,
    "comment": Meaning.COMMENT,
}
"""What a keyword speaks of, in small letters; others are `other`."""
_LEFT_OUT = ("date:", "creation time", "create-date", "modify-date", "signature", "png:", "icc:", "thumb::", "xmp:")
_XMP = "XML:com.adobe.xmp"
_RAW = "Raw profile type "
_MAX_CHUNKS = 100_000
_MAX_KEYWORD = 79
_MAX_WORDS = 1_000


def read(blob: Blob, made: Format) -> MediaFacts:
    """What a PNG says of itself."""
    found = Found()
    found.tries(_chunks_into, Window(blob))
    return found.facts(made)


def _chunks_into(found: Found, blob: Window) -> None:
    place, words = 8, 0
    for _count in range(_MAX_CHUNKS):
        head = blob.at(place, 8)
        size, kind = u32(head, 0), head[4:8]
        if kind == b"IHDR":
            found.width, found.height = u32(blob.at(place + 8, 8), 0), u32(blob.at(place + 8, 8), 4)
        elif kind == b"IEND":
            return
        elif kind in _CHUNKS:
            words += 1
            if words > _MAX_WORDS:
                found.crowded()
                return
            found.tries(_CHUNKS[kind], blob.at(place + 8, min(size, MAX_STORE if kind == b"caBX" else MAX_PACKET)))
        place += 12 + size
    found.crowded()


def _text_into(found: Found, data: bytes) -> None:
    keyword, _zero, value = data.partition(b"\0")
    _word_into(found, decoded(keyword[:_MAX_KEYWORD]), value)


def _packed_into(found: Found, data: bytes) -> None:
    keyword, _zero, value = data.partition(b"\0")
    _word_into(found, decoded(keyword[:_MAX_KEYWORD]), found.inflated(value[1:]))


def _international_into(found: Found, data: bytes) -> None:
    keyword, _zero, rest = data.partition(b"\0")
    packed = rest[:1] == b"\1"
    value = rest[2:].split(b"\0", 2)[2]
    _word_into(found, decoded(keyword[:_MAX_KEYWORD]), found.inflated(value, MAX_PACKET) if packed else value)


def _word_into(found: Found, keyword: str, value: bytes) -> None:
    lower = keyword.lower()
    if keyword == _XMP:
        xmp_into(found, value)
    elif keyword.startswith(_RAW):
        _profile_into(found, lower.removeprefix(_RAW.lower()), value)
    elif not lower.startswith(_LEFT_OUT):
        meaning = _KEYWORDS.get(lower.rpartition(":")[2].replace(" ", "").replace("-", ""), Meaning.OTHER)
        found.add(meaning, f"png:{keyword}", decoded(value))


def _profile_into(found: Found, kind: str, value: bytes) -> None:
    """Add what a profile says that ImageMagick has written as hexadecimal digits, after its name and its size."""
    lines = value.strip().split(b"\n", 2)
    data = bytes.fromhex(b"".join(lines[2].split()).decode("ascii", "replace")) if len(lines) == 3 else b""
    if kind == "iptc" and data.startswith(b"8BIM"):
        resources_into(found, data)
    elif kind == "iptc":
        iptc_into(found, data)
    elif kind == "xmp" or b"http://ns.adobe.com/xap" in data[:32]:
        xmp_into(found, data)
    elif kind in ("exif", "app1"):
        exif_into(found, data)


def _exif_into(found: Found, data: bytes) -> None:
    exif_into(found, data)


def _credentials_into(found: Found, data: bytes) -> None:
    c2pa_into(found, data, "png:caBX")


_CHUNKS = {
    b"tEXt": _text_into,
    b"zTXt": _packed_into,
    b"iTXt": _international_into,
    b"eXIf": _exif_into,
    b"caBX": _credentials_into,
}
