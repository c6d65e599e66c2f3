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
from licscan.base.tar_headers import BLOCK, MAX_HEADER, NO_DATA, ZERO, extension, is_extension, size_of

_FILES = (*tarfile.REGULAR_TYPES,)
_SPECIAL = (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)


def is_tar(start: bytes) -> bool:
    """Whether bytes begin with a tar header; an archive without members is one too."""
    if len(start) < BLOCK:
        return False
    return start[:BLOCK] == ZERO or _header(start[:BLOCK]) is not None


def members(window: Window, say: Say) -> Iterator[Member]:
    """The members in their order; DamagedError where a header cannot be read or the archive is cut off."""
    offset, told = 0, False
    extra: dict[str, str] = {}
    while block := window.at(offset, BLOCK):
        if block == ZERO:
            return
        info = _header(block) if len(block) == BLOCK else None
        if info is None:
            raise DamagedError(_("has a damaged header at byte {offset}; the rest is not read").format(offset=offset))
        offset += BLOCK
        if is_extension(info):
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
        told = info.type not in NO_DATA and offset + size > window.size
        offset += 0 if info.type in NO_DATA else _padded(size)
        extra = {}
    if not told:
        raise DamagedError(_("lacks the end marker of a tar archive, so it may be truncated"))


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
        say(name, _("is of an unknown kind"))
        return None
    try:
        return Member(name, window.part(offset, size))
    except DamagedError as error:
        say(name, str(error))
        return None


def _size(info: tarfile.TarInfo, extra: dict[str, str]) -> int:
    try:
        return size_of(info, extra)
    except ValueError:
        raise DamagedError(_("declares an invalid size; the rest is not read")) from None


def _extension(window: Window, offset: int, info: tarfile.TarInfo) -> dict[str, str]:
    if info.size > MAX_HEADER:
        raise DamagedError(_("has a header longer than {limit} bytes; the rest is not read").format(limit=MAX_HEADER))
    try:
        return extension(info, window.at(offset, info.size))
    except ValueError:
        raise DamagedError(_("has a damaged pax header; the rest is not read")) from None


def _after_maps(window: Window, offset: int, more: int) -> int:
    """The place behind the further maps of an old GNU sparse header; byte 504 says whether one follows."""
    while more:
        block = window.at(offset, BLOCK)
        offset += BLOCK
        more = block[504] if len(block) == BLOCK else 0
    return offset


def _padded(size: int) -> int:
    return (size + BLOCK - 1) // BLOCK * BLOCK
