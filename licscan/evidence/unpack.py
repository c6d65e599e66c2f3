"""Packed streams and the tar archives in them, read once from front to back; hostile ones end within bounds.

The standard library understands each header; what joins headers is done here, because its own reader takes headers of
any length into memory, and needs three times as long. POSIX.1-2001 (pax), GNU tar manual (basic tar format).
"""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from licscan.base.messages import _
from licscan.base.tar_headers import BLOCK, MAX_HEADER, NO_DATA, ZERO, extension, is_extension, size_of

MB = 1024 * 1024
MAX_UNPACKED = 1024 * MB
MAX_RATIO = 250
RATIO_FLOOR = 32 * MB
"""Unpacked bytes from which the ratio counts: short texts of one letter are nothing evil."""
_CHUNK = 128 * 1024
_LONG = 1024 * 1024
_MEMORY = 64 * MB
"""What an xz stream may ask for."""


def weigh(packed: int, unpacked: int, limit: int = MAX_UNPACKED) -> None:
    """ValueError where something unpacks to more than is read, or to so many times its size that it is a bomb."""
    if unpacked > limit:
        raise ValueError(_("unpacks to more than {limit} MB").format(limit=limit // MB))
    if unpacked > RATIO_FLOOR and unpacked > packed * MAX_RATIO:
        raise ValueError(_("unpacks to more than {ratio} times its size and is not read").format(ratio=MAX_RATIO))


class Unpacked:
    """The bytes inside a gzip, bzip2, xz or plain stream. ValueError for a bomb, EOFError for one that was cut off."""

    def __init__(self, stream: BinaryIO, limit: int = MAX_UNPACKED):
        self._stream = stream
        self._limit = limit
        self._waiting = b""
        self._ready = bytearray()
        self._ended = False
        self._makes: Any = None
        self._unpacker: Any = None
        self.packed = 0
        self.unpacked = 0

    def read(self, size: int) -> bytes:
        """So many bytes, fewer only at the end."""
        if size > _LONG:
            return self._read_long(size)
        while len(self._ready) < size and not self._ended:
            self._more()
        with memoryview(self._ready) as ready:
            data = bytes(ready[:size])
        del self._ready[:size]
        return data

    def _read_long(self, size: int) -> bytes:
        """The same without a second copy in memory, which a long file must not have."""
        found = io.BytesIO()
        while (missing := size - found.tell()) > 0:
            if not self._ready and self._ended:
                break
            if not self._ready:
                self._more()
            with memoryview(self._ready) as ready:
                found.write(ready[:missing])
            del self._ready[:missing]
        return found.getvalue()

    def _more(self) -> None:
        # bzip2 and xz hold back what they were given; zlib hands it back
        if not self._waiting and getattr(self._unpacker, "needs_input", True):
            self._waiting = self._stream.read(_CHUNK)
            self.packed += len(self._waiting)
            if not self._waiting:
                self._end()
                return
        if self._makes is None:
            self._makes = _unpacker_of(self._waiting)
            self._unpacker = self._makes()
        if self._unpacker is None:
            data, self._waiting = self._waiting, b""
            self._put(data)
            return
        self._put(self._unpacker.decompress(self._waiting, _CHUNK * 4))
        self._waiting = getattr(self._unpacker, "unconsumed_tail", b"")
        if self._unpacker.eof:
            self._next_member(self._unpacker.unused_data)

    def _next_member(self, rest: bytes) -> None:
        """Packed streams may follow each other; zeros and other junk behind the last one are no part of it."""
        if len(rest) < 6:
            more = self._stream.read(_CHUNK)
            self.packed += len(more)
            rest += more
        if rest and _unpacker_of(rest) is self._makes:
            self._unpacker, self._waiting = self._makes(), rest
            return
        self._ended = True
        self._drain()

    def _end(self) -> None:
        if self._unpacker is not None:
            raise EOFError(_("is truncated"))
        self._ended = True

    def _put(self, data: bytes) -> None:
        self._ready += data
        self.unpacked += len(data)
        weigh(self.packed, self.unpacked, self._limit)

    def finish(self) -> None:
        """Unpack what is left and throw it away: its checksum is verified, and the stream was read to its end."""
        while not self._ended:
            self._ready.clear()
            self._more()
        self._drain()

    def _drain(self) -> None:
        while data := self._stream.read(_CHUNK):
            self.packed += len(data)


def _unpacker_of(start: bytes) -> Any:
    """What makes a decompressor for a stream that begins so."""
    if start[:2] == b"\x1f\x8b":
        return _gzip
    if start[:3] == b"BZh":
        return bz2.BZ2Decompressor
    if start[:6] == b"\xfd7zXZ\0":
        return _xz
    return _plain


def _gzip() -> Any:
    return zlib.decompressobj(16 + zlib.MAX_WBITS)


def _xz() -> Any:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)


def _plain() -> Any:
    return None


@dataclass(slots=True)
class Member:
    """One entry of a tar: its name as written, its size, and whether it is a plain file (else link, device, ...)."""

    name: str
    size: int
    is_file: bool
    is_link: bool
    source: Unpacked
    left: int = 0

    def read(self, size: int) -> bytes:
        """The next bytes of it; EOFError where the archive ends before they do."""
        size = min(size, self.left)
        data = self.source.read(size)
        if len(data) < size:
            raise EOFError(_("is truncated"))
        self.left -= size
        return data


def members(source: Unpacked) -> Iterator[Member]:
    """The members in their order, each to be read before the next. ValueError for what is no tar, EOFError for less."""
    extra: dict[str, str] = {}
    first = True
    while (block := source.read(BLOCK)) and block != ZERO:
        if len(block) < BLOCK:
            raise EOFError(_("is truncated"))
        info = _header(block, first=first)
        first = False
        if is_extension(info):
            extra |= _extension(source, info)
            continue
        if info.type == tarfile.GNUTYPE_SPARSE:
            _skip_maps(source, block[482])
        size = 0 if info.type in NO_DATA else _size(info, extra)
        plain = info.type in tarfile.REGULAR_TYPES and info.type != tarfile.GNUTYPE_SPARSE and "sparse" not in extra
        link = info.type in (tarfile.LNKTYPE, tarfile.SYMTYPE)
        # a folder of old tars is a file whose name ends so
        name = extra.get("path", info.name if info.type != tarfile.DIRTYPE else f"{info.name}/")
        member = Member(name, size, plain, link, source, left=size)
        yield member
        while member.left:
            member.read(_CHUNK)
        source.read(-size % BLOCK)
        extra = {}
    if first and not block:
        raise ValueError(_("is not a tar archive"))


def _header(block: bytes, *, first: bool) -> tarfile.TarInfo:
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")  # type: ignore[arg-type,unused-ignore]
        if info.size >= 0:
            return info
    except (tarfile.HeaderError, ValueError, IndexError):
        pass
    raise ValueError(_("is not a tar archive") if first else _("has a damaged header"))


def _size(info: tarfile.TarInfo, extra: dict[str, str]) -> int:
    try:
        return size_of(info, extra)
    except ValueError:
        raise ValueError(_("has a damaged header")) from None


def _extension(source: Unpacked, info: tarfile.TarInfo) -> dict[str, str]:
    if info.size > MAX_HEADER:
        raise ValueError(_("has a header longer than {limit} bytes").format(limit=MAX_HEADER))
    data = source.read(info.size)
    if len(data) < info.size:
        raise EOFError(_("is truncated"))
    source.read(-info.size % BLOCK)
    try:
        return extension(info, data)
    except ValueError:
        raise ValueError(_("has a damaged header")) from None


def _skip_maps(source: Unpacked, more: int) -> None:
    """Pass the further maps of an old GNU sparse header; byte 504 says whether one follows."""
    while more:
        block = source.read(BLOCK)
        more = block[504] if len(block) == BLOCK else 0
