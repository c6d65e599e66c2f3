"""Reads tar archives of the kinds that are about (v7, ustar, GNU, pax), block by block.

The standard library understands each header; what joins headers is done here, because its own reader recurses, takes
headers of any length into memory and, before its later releases, follows negative sizes for ever. POSIX.1-2001 (pax),
GNU tar manual (basic tar format).
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator

from licscan.artifact.content import DamagedError, Window
from licscan.artifact.members import Member, Say
from licscan.base.messages import _

BLOCK = 512
MAX_HEADER = 1024 * 1024
_ZERO = bytes(BLOCK)
_LONG = {tarfile.GNUTYPE_LONGNAME: "path", tarfile.GNUTYPE_LONGLINK: "linkpath"}
_PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_FILES = (*tarfile.REGULAR_TYPES,)
_SPECIAL = (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
_EMPTY = (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE, *_SPECIAL)
"""Types after whose header no data follows, whatever size it states."""


def is_tar(start: bytes) -> bool:
    """Whether bytes begin with a tar header; an archive without members is one too."""
    if len(start) < BLOCK:
        return False
    return start[:BLOCK] == _ZERO or _header(start[:BLOCK]) is not None


def members(window: Window, say: Say) -> Iterator[Member]:
    """The members in their order; DamagedError where a header cannot be read or the archive is cut off."""
    offset, told = 0, False
    extra: dict[str, str] = {}
    while block := window.at(offset, BLOCK):
        if block == _ZERO:
            return
        info = _header(block) if len(block) == BLOCK else None
        if info is None:
            raise DamagedError(_("has a damaged header at byte {offset}; the rest is not read").format(offset=offset))
        offset += BLOCK
        if info.type in _LONG or info.type in _PAX or info.type == tarfile.XGLTYPE:
            told = False
            extra |= _extension(window, offset, info)
            offset += _padded(info.size)
            continue
        if info.type == tarfile.GNUTYPE_SPARSE:
            offset = _after_maps(window, offset, block[482])
        size = _size(info, extra)
        member = _member(window, offset, info, extra, size, say)
        if member is not None:
            yield member
        told = info.type not in _EMPTY and offset + size > window.size
        offset += 0 if info.type in _EMPTY else _padded(size)
        extra = {}
    if not told:
        raise DamagedError(_("ends without the mark that ends a tar, so it may be cut off"))


def _header(block: bytes) -> tarfile.TarInfo | None:
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")  # type: ignore[arg-type,unused-ignore]
    except (tarfile.HeaderError, ValueError, IndexError):
        return None
    return info if info.size >= 0 else None


def _member(
    window: Window, offset: int, info: tarfile.TarInfo, extra: dict[str, str], size: int, say: Say
) -> Member | None:
    """One member of which all headers are known; None where it is not shown."""
    name = extra.get("path", info.name)
    if info.type == tarfile.DIRTYPE:
        return Member(name)
    if info.type in (tarfile.LNKTYPE, tarfile.SYMTYPE):
        return Member(name, target=extra.get("linkpath", info.linkname), hard=info.type == tarfile.LNKTYPE)
    if info.type in _SPECIAL:
        say(name, _("is a device or a pipe, not a file"))
        return None
    if info.type == tarfile.GNUTYPE_SPARSE or "sparse" in extra:
        say(name, _("is a sparse file and is not read"))
        return None
    if info.type not in _FILES:
        say(name, _("is of a kind that is not known"))
        return None
    try:
        return Member(name, window.part(offset, size))
    except DamagedError as error:
        say(name, str(error))
        return None


def _size(info: tarfile.TarInfo, extra: dict[str, str]) -> int:
    """The size of the data that follow; that of a pax header is stronger."""
    text = extra.get("size")
    if text is None:
        return info.size
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise DamagedError(_("states a size that is none; the rest is not read"))
    return int(text)


def _extension(window: Window, offset: int, info: tarfile.TarInfo) -> dict[str, str]:
    """What a header says of the next member; a global one says nothing that is of use here."""
    if info.size > MAX_HEADER:
        raise DamagedError(_("has a header of more than {limit} bytes; the rest is not read").format(limit=MAX_HEADER))
    data = window.at(offset, info.size)
    if info.type in _LONG:
        return {_LONG[info.type]: data.partition(b"\0")[0].decode("utf-8", "surrogateescape")}
    return dict(_records(data)) if info.type in _PAX else {}


def _records(data: bytes) -> Iterator[tuple[str, str]]:
    """The records `LENGTH KEY=VALUE` of a pax header that matter; DamagedError where a length is none."""
    start = 0
    while start < len(data) and data[start]:
        length, space, _rest = data[start : start + 20].partition(b" ")
        end = start + int(length) if space and length.isdigit() else 0
        if not start + len(length) + 2 < end <= len(data):
            raise DamagedError(_("has a damaged pax header; the rest is not read"))
        key, _equals, value = data[start + len(length) + 1 : end - 1].partition(b"=")
        if key in (b"path", b"linkpath", b"size"):
            yield key.decode(), value.decode("utf-8", "surrogateescape")
        elif key.startswith(b"GNU.sparse."):
            yield "sparse", ""
            if key == b"GNU.sparse.name":
                yield "path", value.decode("utf-8", "surrogateescape")
        start = end


def _after_maps(window: Window, offset: int, more: int) -> int:
    """The place behind the further maps of an old GNU sparse header; byte 504 says whether one follows."""
    while more:
        block = window.at(offset, BLOCK)
        offset += BLOCK
        more = block[504] if len(block) == BLOCK else 0
    return offset


def _padded(size: int) -> int:
    return (size + BLOCK - 1) // BLOCK * BLOCK
