"""Bytes to text: byte-order marks, UTF-8, UTF-16 without a mark, Chinese encodings, and Latin as the last resort."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose little-endian mark begins it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 1 << 16
"""Bytes that are looked at to tell an encoding by its pattern."""


def decode(data: bytes) -> str | None:
    """The text that the bytes hold, None when they are no text; never raises."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\0" in data:
        encoding_found = _wide_encoding(data[:_HEAD])
        if encoding_found:
            return data.decode(encoding_found, "replace")
        if is_binary(data):
            return None
    elif _has_controls(data[:_HEAD]):
        return None
    return _decode_bytes(data).replace("\0", " ")


def is_binary(data: bytes) -> bool:
    """Whether NULs and control characters are too many for a text; a stray NUL does not count."""
    head = data[:_HEAD]
    return head.count(0) * 500 > len(head) or _has_controls(head)


_ORDINARY = bytes(byte for byte in range(256) if byte >= 32 or byte in b"\t\n\v\f\r\b\x1a\x1b")


def _has_controls(head: bytes) -> bool:
    return len(head.translate(None, _ORDINARY)) * 20 > len(head)


def _wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32 by where the NULs stand; the text must be mostly of the Latin alphabet for it."""
    size = len(head) // 4
    if size < 2:
        return None
    nuls = [head[place : size * 4 : 4].count(0) / size for place in range(4)]
    for pattern, encoding in _WIDE.items():
        if all(
            (share > 0.7) == (sign == "0") and (share > 0.7 or share < 0.1)
            for share, sign in zip(nuls, pattern, strict=True)
        ):
            return encoding
    return None


_WIDE = {"x0x0": "utf-16-le", "0x0x": "utf-16-be", "x000": "utf-32-le", "000x": "utf-32-be"}


def _decode_bytes(data: bytes) -> str:
    if data.isascii():
        return data.decode("ascii")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        chinese = _chinese_encoding(data[:_HEAD])
        if chinese:
            return data.decode(chinese, "replace")
        # one step for plain Latin files and for UTF-8 with a foreign byte here and there
        return _FOREIGN.sub(_foreign, data.decode("utf-8", "surrogateescape"))


_FOREIGN = re.compile("[\udc80-\udcff]+")


def _foreign(match: re.Match[str]) -> str:
    """Bytes that are no UTF-8, in Windows' Latin alphabet; its five gaps as ISO 8859-1 has them."""
    raw = match[0].encode("utf-8", "surrogateescape")
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _chinese_encoding(head: bytes) -> str | None:
    """GB18030 or Big5 where two-byte characters of their most common rows make up what is not ASCII.

    The common rows of GB 2312 lead with 0xB0-0xD7 and of Big5 with 0xA4-0xC6, punctuation with 0xA1-0xA3; accented
    Latin letters lie above and stand alone. Only Big5 uses second bytes below 0x80 much.
    """
    leads, trails = _pairs(head)
    if len(leads) < 4:
        return None
    low_trails = len(trails.translate(None, bytes(range(0x80, 256))))
    encoding, first, last = ("big5hkscs", 0xA4, 0xC6) if low_trails * 10 > len(leads) else ("gb18030", 0xB0, 0xD7)
    common = len(leads.translate(None, bytes(set(range(256)) - {*range(first, last + 1), 0xA1, 0xA2, 0xA3})))
    if common * 10 < len(leads) * 8:
        return None
    bad = head.decode(encoding, "replace").count("\ufffd")
    return encoding if bad * 50 <= len(leads) else None


_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")


def _pairs(head: bytes) -> tuple[bytes, bytes]:
    """First and second bytes of what would be two-byte characters."""
    found = _PAIR.findall(head)
    return b"".join(pair[:1] for pair in found), b"".join(pair[1:] for pair in found)
