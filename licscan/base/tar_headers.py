"""What joins the headers of tar archives: long names (GNU) and records (pax), of members that follow.

The standard library understands each header; its reader recurses over those that are chained, and takes headers of any
length into memory. POSIX.1-2001 (pax), GNU tar manual (basic tar format).
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Mapping

BLOCK = 512
MAX_HEADER = 1024 * 1024
"""Bytes of one header's data."""
ZERO = bytes(BLOCK)
NO_DATA = (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
"""Types after whose header no data follows, whatever size it states."""
_LONG = {tarfile.GNUTYPE_LONGNAME: "path", tarfile.GNUTYPE_LONGLINK: "linkpath"}
_PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)


def is_extension(info: tarfile.TarInfo) -> bool:
    """Whether a header speaks of the next member, or of all."""
    return info.type in _LONG or info.type in _PAX or info.type == tarfile.XGLTYPE


def extension(info: tarfile.TarInfo, data: bytes) -> dict[str, str]:
    """What a header with its data says of the next member; a global one says nothing that is of use here.

    ValueError where a record is damaged.
    """
    if info.type in _LONG:
        return {_LONG[info.type]: data.partition(b"\0")[0].decode("utf-8", "surrogateescape")}
    return dict(_records(data)) if info.type in _PAX else {}


def _records(data: bytes) -> Iterator[tuple[str, str]]:
    """The records `LENGTH KEY=VALUE` of a pax header that matter; ValueError where a length is none."""
    start = 0
    while start < len(data) and data[start]:
        length, space, _rest = data[start : start + 20].partition(b" ")
        end = start + int(length) if space and length.isdigit() else 0
        if not start + len(length) + 2 < end <= len(data):
            raise ValueError
        key, _equals, value = data[start + len(length) + 1 : end - 1].partition(b"=")
        if key in (b"path", b"linkpath", b"size"):
            yield key.decode(), value.decode("utf-8", "surrogateescape")
        elif key.startswith(b"GNU.sparse."):
            yield "sparse", ""
            if key == b"GNU.sparse.name":
                yield "path", value.decode("utf-8", "surrogateescape")
        start = end


def size_of(info: tarfile.TarInfo, extra: Mapping[str, str]) -> int:
    """The size of the data that follow; that of a pax header is stronger. ValueError for one that is none."""
    text = extra.get("size")
    if text is None:
        return info.size
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise ValueError
    return int(text)
