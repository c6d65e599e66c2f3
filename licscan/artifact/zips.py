"""Reads the directory of a zip, record by record, and holds it against what stands before each file.

The standard library takes the whole directory into memory, whatever its size, and believes it. PKWARE APPNOTE 6.3.10:
4.3.7 local header, 4.3.12 central directory, 4.3.14 to 4.3.16 its end, 4.5.3 zip64.
"""

from __future__ import annotations

import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from licscan.artifact.content import Content, DamagedError, Window, chunks
from licscan.artifact.members import Member, Say
from licscan.artifact.names import MAX_NAME
from licscan.base.messages import _

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_METHODS = {0: "stored", 8: "deflate", 12: "zip-bzip2", 93: "zip-zstd"}
_MAX16, _MAX32 = 0xFFFF, 0xFFFFFFFF
_ENCRYPTED, _UTF8 = 0x1 | 0x40 | 0x2000, 0x800
_UNIX = (3, 19)
MAX_NAMES = 48 * 1024 * 1024
"""Bytes of all names of one directory."""


@dataclass(frozen=True, slots=True)
class _Record:
    """One record of the directory; `start` is where its local header should be."""

    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    mode: int

    @property
    def name(self) -> str:
        if self.flags & _UTF8:
            return self.raw_name.decode("utf-8", "surrogateescape")
        try:
            return self.raw_name.decode("utf-8")
        except UnicodeDecodeError:
            return self.raw_name.decode("cp437")


def is_zip(window: Window) -> bool:
    """Whether a view ends as a zip does."""
    return _find_end(window) is not None


def members(window: Window, say: Say, most: int) -> Iterator[Member]:
    """The members that lie where the directory says, by their place; DamagedError where there is no directory.

    Of names that come twice the record that comes last in the directory is given last. `most` is how many records are
    taken into memory.
    """
    found: list[_Record] = []
    broken = ""
    try:
        for record in _records(window):
            found.append(record)
            if len(found) > most:
                break
    except DamagedError as error:
        broken = str(error)
    shown = set(_apart(window, found, say))
    for number, record in enumerate(found):
        if number in shown:
            member = _member(window, record, say)
            if member is not None:
                yield member
    if broken:
        raise DamagedError(broken)


def _apart(window: Window, found: list[_Record], say: Say) -> Iterator[int]:
    """The numbers of the records whose files lie where they say and do not overlap one before them."""
    end = 0
    for number in sorted(range(len(found)), key=lambda number: (found[number].start, number)):
        record = found[number]
        data = _data_start(window, record)
        if data is None:
            say(record.name, _("is not where the directory of the zip says"))
        elif record.start < end:
            say(record.name, _("overlaps another file of the zip"))
        elif data + record.packed > window.size:
            say(record.name, _("is truncated"))
        else:
            end = data + record.packed
            yield number


def _data_start(window: Window, record: _Record) -> int | None:
    """Where the bytes begin, after a local header of the same name; None where there is none."""
    head = window.at(record.start, _LOCAL.size + len(record.raw_name))
    if len(head) != _LOCAL.size + len(record.raw_name):
        return None
    fields = _LOCAL.unpack_from(head)
    if fields[0] != b"PK\3\4" or fields[-2] != len(record.raw_name) or head[_LOCAL.size :] != record.raw_name:
        return None
    return record.start + int(_LOCAL.size + fields[-2] + fields[-1])


def _member(window: Window, record: _Record, say: Say) -> Member | None:
    """What a record stands for; None where it is not shown."""
    if record.name.endswith(("/", "\\")):
        return Member(record.name)
    if record.flags & _ENCRYPTED:
        say(record.name, _("is encrypted"))
        return None
    if record.method not in _METHODS:
        say(record.name, _("is compressed with an unknown method ({method})").format(method=record.method))
        return None
    kind = stat.S_IFMT(record.mode)
    if kind not in (0, stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR):
        say(record.name, _("is a device or a pipe, not a file"))
        return None
    start = window.content.start + (_data_start(window, record) or 0)
    method = _METHODS[record.method]
    content = Content(window.content.file, start, record.packed, record.size, method, record.crc)
    return _link(record, content, say) if kind == stat.S_IFLNK else Member(record.name, content)


def _link(record: _Record, content: Content, say: Say) -> Member | None:
    """A symbolic link: its target is its content."""
    try:
        if content.size > MAX_NAME:
            raise DamagedError(_("has a name longer than {limit} characters").format(limit=MAX_NAME))
        target = b"".join(chunks(content)).decode("utf-8", "surrogateescape")
    except DamagedError as error:
        say(record.name, str(error))
        return None
    return Member(record.name, target=target)


def _records(window: Window) -> Iterator[_Record]:
    """The records of the directory, one after the other; DamagedError where it ends early or counts other files."""
    end = _find_end(window)
    if end is None:
        raise DamagedError(_("is truncated or damaged: it has no directory"))
    position, count, size, offset = _directory(window, end)
    before = position - size - offset
    if before < 0:
        raise DamagedError(_("is truncated or damaged: its directory is not where it should be"))
    place, seen, names = position - size, 0, 0
    while place < position:
        head = window.at(place, _CENTRAL.size)
        if len(head) < _CENTRAL.size or head[:4] != b"PK\1\2":
            raise DamagedError(_("has a damaged directory; the rest is not read"))
        fields = _CENTRAL.unpack(head)
        lengths = fields[10:13]
        names += lengths[0]
        if names > MAX_NAMES:
            raise DamagedError(_("has a directory with more than {limit} bytes of names").format(limit=MAX_NAMES))
        tail = window.at(place + _CENTRAL.size, lengths[0] + lengths[1])
        yield _record(fields, tail[: lengths[0]], tail[lengths[0] :], before)
        seen += 1
        place += _CENTRAL.size + sum(lengths)
    if seen & _MAX16 != count & _MAX16:
        raise DamagedError(_("has a directory with {seen} files that declares {count}").format(seen=seen, count=count))


def _record(fields: tuple[int, ...], name: bytes, extra: bytes, before: int) -> _Record:
    made_by, flags, method, crc, packed, size = fields[1], fields[3], fields[4], fields[7], fields[8], fields[9]
    start = fields[16]
    if _MAX32 in (packed, size, start):
        size, packed, start = _wide(extra, size, packed, start)
    mode = fields[15] >> 16 if made_by >> 8 in _UNIX else 0
    return _Record(name, flags, method, crc, packed, size, start + before, mode)


def _wide(extra: bytes, *fields: int) -> list[int]:
    """Size, packed size and place, each from the zip64 field where the record has no room for it."""
    place, wide = 0, b""
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        if kind == 1:
            wide = extra[place + 4 : place + 4 + length]
        place += 4 + length
    found = []
    for field in fields:
        if field == _MAX32 and len(wide) >= 8:
            field, wide = int.from_bytes(wide[:8], "little"), wide[8:]
        found.append(field)
    return found


def _find_end(window: Window) -> tuple[int, tuple[int, ...]] | None:
    """Where the end record is, and its fields: the last one whose comment fills the rest."""
    start = max(0, window.size - _END.size - _MAX16)
    tail = window.at(start, _END.size + _MAX16)
    place = tail.rfind(b"PK\5\6")
    while place >= 0:
        if place + _END.size <= len(tail):
            fields = _END.unpack_from(tail, place)
            if place + _END.size + fields[-1] == len(tail):
                return start + place, fields
        place = tail.rfind(b"PK\5\6", 0, place)
    return None


def _directory(window: Window, end: tuple[int, tuple[int, ...]]) -> tuple[int, int, int, int]:
    """Where the directory ends, how many files it counts, its size, and its place as it is stated."""
    position, fields = end
    count, size, offset = fields[4], fields[5], fields[6]
    locator = window.at(position - _LOCATOR.size, _LOCATOR.size) if position >= _LOCATOR.size else b""
    if locator[:4] != b"PK\6\7":
        return position, count, size, offset
    # the locator's own place is taken, as the offset in it is wrong where something stands before the zip
    place = position - _LOCATOR.size - _END64.size
    wide = window.at(place, _END64.size)
    if len(wide) < _END64.size or wide[:4] != b"PK\6\6":
        raise DamagedError(_("is truncated or damaged: its directory is not where it should be"))
    fields64 = _END64.unpack(wide)
    return place, fields64[7], fields64[8], fields64[9]
