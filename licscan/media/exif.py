"""TIFF 6.0 and Exif 3.0: the directories of tags that TIFF files are made of and that other pictures carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from licscan.media.blob import Blob, Held, Window
from licscan.media.charset import decoded
from licscan.media.found import MAX_FIELD, MAX_PARTS, Found
from licscan.media.numbers import in_order, u16, u32, u64
from licscan.model.media import Meaning

TAGS = {
    0x000B: ("ProcessingSoftware", Meaning.SOFTWARE),
    0x010D: ("DocumentName", Meaning.TITLE),
    0x010E: ("ImageDescription", Meaning.DESCRIPTION),
    0x010F: ("Make", Meaning.OTHER),
    0x0110: ("Model", Meaning.OTHER),
    0x0131: ("Software", Meaning.SOFTWARE),
    0x013B: ("Artist", Meaning.AUTHOR),
    0x8298: ("Copyright", Meaning.COPYRIGHT),
    0x9286: ("UserComment", Meaning.COMMENT),
    0x9C9B: ("XPTitle", Meaning.TITLE),
    0x9C9C: ("XPComment", Meaning.COMMENT),
    0x9C9D: ("XPAuthor", Meaning.AUTHOR),
    0x9C9F: ("XPSubject", Meaning.DESCRIPTION),
    0xA430: ("OwnerName", Meaning.HOLDER),
    0xA436: ("ImageTitle", Meaning.TITLE),
    0xA437: ("Photographer", Meaning.AUTHOR),
    0xA438: ("ImageEditor", Meaning.AUTHOR),
    0xA43A: ("RAWDevelopingSoftware", Meaning.SOFTWARE),
    0xA43B: ("ImageEditingSoftware", Meaning.SOFTWARE),
    0xA43C: ("MetadataEditingSoftware", Meaning.SOFTWARE),
}
"""Tags that are read, and what they speak of."""
WIDTH, HEIGHT, XMP, IPTC, RESOURCES, C2PA = 0x100, 0x101, 0x2BC, 0x83BB, 0x8649, 0xCD41
_DIRECTORY = 0x8769
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8, 129: 1}
_MAX_DIRECTORIES = 64


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: its number, its type, the bytes of its value (at most 4 MiB), and their order."""

    number: int
    type: int
    value: bytes
    big: bool

    def count(self) -> int:
        """The value as one number; 0 where it is none."""
        size = _SIZES.get(self.type, 1)
        return in_order(self.value[:size], self.big) if self.type in (3, 4, 16) else 0


def exif_into(found: Found, tiff: bytes) -> None:
    """Add the fields of an Exif block, with or without `Exif\\0\\0` before it."""
    tiff = tiff[6:] if tiff[:4] == b"Exif" else tiff
    for tag in tags_of(Held(tiff), found):
        if tag.number in TAGS:
            tag_into(found, tag)


def tag_into(found: Found, tag: Tag) -> None:
    """Add the field of one tag of `TAGS`."""
    if found.spend(len(tag.value)):
        name, meaning = TAGS[tag.number]
        found.add(meaning, f"exif:{name}", _text(tag))


def _text(tag: Tag) -> str:
    if 0x9C9B <= tag.number <= 0x9C9F:
        return tag.value.decode("utf-16-le", "replace")
    if tag.number == 0x9286 and len(tag.value) >= 8:
        return _commented(tag.value[:8], tag.value[8:], tag.big)
    if tag.number == 0x8298:
        # photographer and editor stand apart by the end of a C string
        return " ".join(decoded(piece) for piece in tag.value.split(b"\0")[:2])
    return decoded(tag.value.partition(b"\0")[0])


def _commented(code: bytes, value: bytes, big: bool) -> str:
    """A comment with its character code before it (Exif 3.0, 4.6.6 on UserComment)."""
    if code.startswith(b"UNICODE"):
        even = value[: len(value) // 2 * 2]
        mark = even[:2]
        # many write little-endian text whatever the order of the block: ASCII tells it by its zeros
        order = big if mark not in (b"\xff\xfe", b"\xfe\xff") else mark == b"\xfe\xff"
        zeros = even[0::2].count(0), even[1::2].count(0)
        if mark not in (b"\xff\xfe", b"\xfe\xff") and zeros[0] != zeros[1]:
            order = zeros[0] > zeros[1]
        return even.decode("utf-16-be" if order else "utf-16-le", "replace").lstrip("\ufeff")
    if code.startswith(b"JIS"):
        return value.decode("iso2022_jp", "replace")
    return decoded(value)


def tags_of(blob: Blob, found: Found) -> Iterator[Tag]:
    """The tags of all directories in the chain and of the Exif directory; each directory once, 10,000 tags in all."""
    window = Window(blob)
    head = window.at(0, 16)
    big, large = head[:2] == b"MM", head[2:4] in (b"+\0", b"\0+")
    if head[:2] not in (b"II", b"MM"):
        raise ValueError
    waiting = [u64(head, 8, big) if large else u32(head, 4, big)]
    seen: set[int] = set()
    left = MAX_PARTS
    while waiting and len(seen) < _MAX_DIRECTORIES:
        place = waiting.pop(0)
        if place in seen or place == 0:
            continue
        seen.add(place)
        count = u64(window.at(place, 8), 0, big) if large else u16(window.at(place, 2), 0, big)
        if count > left:
            found.crowded()
        if not found.spend(0, 1 + min(count, left)):
            return
        place += 8 if large else 2
        for number in range(min(count, left)):
            tag = _tag(window, place + number * (20 if large else 12), big, large)
            if tag is not None and tag.number == _DIRECTORY:
                waiting.append(tag.count())
            elif tag is not None:
                yield tag
        left -= min(count, left)
        place += count * (20 if large else 12)
        following = window.at(place, 8 if large else 4)
        if len(following) == (8 if large else 4):
            waiting.append(in_order(following, big))


_WANTED = TAGS.keys() | {WIDTH, HEIGHT, XMP, IPTC, RESOURCES, C2PA, _DIRECTORY}


def _tag(blob: Window, place: int, big: bool, large: bool) -> Tag | None:
    entry = blob.at(place, 20 if large else 12)
    number, kind = u16(entry, 0, big), u16(entry, 2, big)
    if number not in _WANTED:
        return None
    count = u64(entry, 4, big) if large else u32(entry, 4, big)
    size, room = count * _SIZES.get(kind, 1), 8 if large else 4
    if size <= room:
        value = entry[len(entry) - room :][:size]
    else:
        start = u64(entry, 12, big) if large else u32(entry, 8, big)
        value = blob.at(start, min(size, 4 * MAX_FIELD))
    return Tag(number, kind, value, big)
