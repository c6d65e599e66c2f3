"""What the tables of a font say (ISO/IEC 14496-22): its names in all languages, whether it may be embedded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from licscan.media.c2pa import c2pa_into
from licscan.media.charset import decoded
from licscan.media.found import MAX_PARTS, Found, folded
from licscan.media.numbers import u16
from licscan.model.media import Meaning

_NAMES = {
    0: Meaning.COPYRIGHT,
    1: Meaning.NAME,
    4: Meaning.NAME,
    5: Meaning.VERSION,
    7: Meaning.TRADEMARK,
    8: Meaning.HOLDER,
    9: Meaning.AUTHOR,
    10: Meaning.DESCRIPTION,
    11: Meaning.SOURCE,
    12: Meaning.SOURCE,
    13: Meaning.LICENSE,
    14: Meaning.LICENSE_URL,
    16: Meaning.NAME,
}
"""The name identifiers that are read, and what they speak of."""
WANTED = ("name", "OS/2", "C2PA")
"""The tables that are read."""
_MAX_TABLES = 256
_MAX_STRING = 16_000
"""Bytes of one name; what is kept of it is less."""
_FSTYPE = 8
_MAC = {1: "shift_jis", 2: "big5", 3: "euc_kr", 7: "mac_cyrillic", 25: "gb2312"}
_WINDOWS = {2: "shift_jis", 3: "gb18030", 4: "big5", 5: "euc_kr", 6: "johab"}


def directory(data: bytes, count: int, row: int) -> Iterator[tuple[str, bytes]]:
    """The tag of each table and the rest of its row; a table is named once."""
    seen: set[str] = set()
    for number in range(min(count, _MAX_TABLES)):
        entry = data[number * row : (number + 1) * row]
        tag = entry[:4].decode("latin-1")
        if len(entry) == row and tag not in seen:
            seen.add(tag)
            yield tag, entry[4:]


def table_into(found: Found, tag: str, data: bytes) -> None:
    """Add what one table says; EOFError where it is cut."""
    if tag == "name":
        _names_into(found, data)
    elif tag == "OS/2":
        found.embedding = _stricter(found.embedding, u16(data, _FSTYPE))
    elif tag == "C2PA":
        c2pa_into(found, data, "font:C2PA")


def _stricter(one: int | None, other: int) -> int:
    """Of the embedding of two fonts in one file, that which allows less (1 to 8: the less the number, save 0)."""
    if one is None:
        return other
    return min(one, other, key=lambda value: (value & 0xF) or 16)


def _names_into(found: Found, data: bytes) -> None:
    """Add the names that are read; at most 2 MiB of them, which cost more than other bytes."""
    count, storage = u16(data, 2), u16(data, 4)
    seen: set[tuple[int, int, int, int, int]] = set()
    for number in range(min(count, MAX_PARTS)):
        place = 6 + 12 * number
        platform, encoding = u16(data, place), u16(data, place + 2)
        identifier, size, start = u16(data, place + 6), u16(data, place + 8), u16(data, place + 10)
        key = (platform, encoding, identifier, size, start)
        if identifier not in _NAMES or key in seen:
            continue
        seen.add(key)
        value = data[storage + start : storage + start + min(size, _MAX_STRING)]
        if not found.spend(16 * len(value)):
            return
        if len(value) < min(size, _MAX_STRING):
            found.broken()
        name_into(found, _NAMES[identifier], f"name:{identifier}", _string(value, platform, encoding))


def _string(value: bytes, platform: int, encoding: int) -> str:
    if platform == 1:
        return _guarded(value, _MAC.get(encoding, "mac_roman"))
    if platform == 3 and encoding in _WINDOWS and value[:1] != b"\0":
        return _guarded(value, _WINDOWS[encoding])
    if platform in (0, 3):
        return value[: len(value) // 2 * 2].decode("utf-16-be", "replace")
    return decoded(value)


def _guarded(value: bytes, codec: str) -> str:
    return value.decode(codec, "replace")


def name_into(found: Found, meaning: Meaning, field: str, text: str) -> None:
    """Add one name, and the Reserved Font Names in it."""
    found.add(meaning, field, text)
    if meaning in (Meaning.COPYRIGHT, Meaning.LICENSE, Meaning.DESCRIPTION):
        found.reserved.update(dict.fromkeys(reserved_in(folded(text))))


_RESERVED = re.compile(r"(?i)\bwith\s+(?:the\s+)?reserved\s+font(?:\s+names?)?\s*(?:\(s\))?\s*:?\s*(?=(.{1,300}))")
_QUOTED = re.compile(r"""\s*(?:(?:,|and|&|or)\s*)*["'“‘«„]+([^"'”’»“]{1,80})["'”’»“]+""")
_ITEM = re.compile(r"(?:,\s*|\s+(?:and|&)\s+|,\s*and\s+)")
_ENDING = re.compile(r"[.;:()<>\[\]]|\s[-–—]\s|(?i:\s(?:copyright|licensed|this|all rights|under|http|https)\b)|©")
_OTHER = re.compile(r"(?i)^(?:copyright|licensed|this|all rights|version|http|inc\b|ltd|llc|portions)")


def reserved_in(text: str) -> tuple[str, ...]:
    """The Reserved Font Names that a statement declares (SIL Open Font License 1.1, the line of its copyright)."""
    names: list[str] = []
    for found in _RESERVED.finditer(text):
        rest = found.group(1)
        if _QUOTED.match(rest):
            place = 0
            while one := _QUOTED.match(rest, place):
                names.append(one.group(1).strip(" ,."))
                place = one.end()
        elif not rest.startswith(("<", "[")):
            names.extend(_plain(rest))
    return tuple(dict.fromkeys(filter(None, names)))


def _plain(rest: str) -> Iterable[str]:
    """Names without quotation marks: a list up to the end of the sentence, each of few words with a capital."""
    for item in _ITEM.split(_ENDING.split(rest, maxsplit=1)[0]):
        item = item.strip(" '\"")
        if not item or item[0].islower() or len(item.split()) > 5 or _OTHER.match(item):
            return
        yield item
