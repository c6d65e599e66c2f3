"""Bytes that lie somewhere in a file on disk, as they are or packed; read in pieces, never more than is said."""

from __future__ import annotations

import bz2
import lzma
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO

from licscan.base.damaged import DAMAGED
from licscan.base.messages import _

PIECE = 64 * 1024
XZ_MEMORY = 96 * 1024 * 1024
"""What xz may take; its strongest usual preset takes 65 MB."""
ZSTD_WINDOW = 26
"""Logarithm of the window of zstd that is accepted: 64 MB; the packers of layers stay at 8 MB."""

STREAMS = ("gzip", "bzip2", "xz", "zstd")
"""Compressions of whole files, whose unpacked size nobody states; `deflate`, `zip-bzip2` and `zip-zstd` are zip's."""
UNKNOWN_SIZE = -1


class DamagedError(Exception):
    """Bytes that are not what they should be; the message is a fragment for a user. `rest` is what could be saved."""

    rest: Content | None = None


class TooMuchError(DamagedError):
    """A limit is reached on the way: nothing of it is worth keeping."""


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes `start` to `start + packed` of a file, packed by `method`; `size` is what they unpack to."""

    file: str
    start: int
    packed: int
    size: int
    method: str = "stored"
    crc: int | None = None


class Window:
    """A view of unpacked bytes at any place; a context manager. OSError where the file is no regular file."""

    def __init__(self, content: Content):
        self.content = content
        self.size = content.packed
        self._file = open_regular(content.file)

    def __enter__(self) -> Window:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def at(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`; fewer at the end."""
        if offset < 0 or length <= 0 or offset >= self.size:
            return b""
        self._file.seek(self.content.start + offset)
        return self._file.read(min(length, self.size - offset))

    def part(self, offset: int, length: int) -> Content:
        """A file that lies unpacked in the view; DamagedError where it would reach past the end."""
        if offset < 0 or length < 0 or offset + length > self.size:
            raise DamagedError(_("is truncated"))
        return Content(self.content.file, self.content.start + offset, length, length)


def open_regular(path: str) -> BinaryIO:
    """A regular file, opened without blocking and without following a link in its last place."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(_("is not a regular file"))
    return open(descriptor, "rb")


def chunks(content: Content) -> Iterator[bytes]:
    """The unpacked bytes in pieces of up to 64 kB.

    DamagedError where they cannot be unpacked, are more or fewer than `size` says, or have another checksum.
    """
    seen, crc = 0, 0
    for chunk in _unpacked(content):
        seen += len(chunk)
        if content.size != UNKNOWN_SIZE and seen > content.size:
            raise DamagedError(_("unpacks to more than the {size} bytes that it declares").format(size=content.size))
        if content.crc is not None:
            crc = zlib.crc32(chunk, crc)
        yield chunk
    if content.size != UNKNOWN_SIZE and seen < content.size:
        raise DamagedError(_("is truncated"))
    if content.crc is not None and crc != content.crc:
        raise DamagedError(_("is damaged: its checksum does not match"))


def _unpacked(content: Content) -> Iterator[bytes]:
    try:
        if content.method == "stored":
            yield from _pieces(content)
        else:
            yield from _decompressed(content)
    except DAMAGED as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DamagedError(_("cannot be read: {reason}").format(reason=reason)) from error


def _pieces(content: Content) -> Iterator[bytes]:
    left = content.packed
    with open_regular(content.file) as file:
        file.seek(content.start)
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


def _decompressed(content: Content) -> Iterator[bytes]:
    """The streams one after the other, as the tools read them; zeros after the last one are padding."""
    start = _decompressor(content.method)
    several = content.method in STREAMS
    machine: Any = None
    ended = False
    for piece in _pieces(content):
        while piece:
            if machine is None:
                piece = piece.lstrip(b"\0") if ended else piece
                if not piece:
                    break
                machine = start()
            yield from _fed(machine, piece)
            piece = b""
            if machine.eof:
                piece, machine, ended = machine.unused_data, None, True
                if not several:
                    return
    if machine is not None or not ended:
        raise DamagedError(_("is truncated"))


def _fed(machine: Any, piece: bytes) -> Iterator[bytes]:
    """What one piece unpacks to, in pieces."""
    data = machine.decompress(piece, PIECE)
    while True:
        if data:
            yield data
        if machine.eof or (machine.needs_input and len(data) < PIECE):
            return
        data = machine.decompress(b"", PIECE)


class _Inflate:
    """zlib with the manners of the other decompressors."""

    def __init__(self, bits: int):
        self._machine = zlib.decompressobj(bits)

    def decompress(self, piece: bytes, most: int) -> bytes:
        return self._machine.decompress(self._machine.unconsumed_tail + piece, most)

    @property
    def eof(self) -> bool:
        return self._machine.eof

    @property
    def unused_data(self) -> bytes:
        return self._machine.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._machine.unconsumed_tail


def _decompressor(method: str) -> Callable[[], Any]:
    if method == "deflate":
        return lambda: _Inflate(-zlib.MAX_WBITS)
    if method == "gzip":
        return lambda: _Inflate(16 + zlib.MAX_WBITS)
    if method in ("bzip2", "zip-bzip2"):
        return bz2.BZ2Decompressor
    if method == "xz":
        return lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
    return _zstd()


def _zstd() -> Callable[[], Any]:
    """zstd of Python 3.14, else of the package that brings it to earlier ones; DamagedError without either."""
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        try:
            from backports import zstd  # type: ignore[import-not-found,unused-ignore]
        except ImportError:
            raise DamagedError(_("is packed with zstd, which this Python cannot read: install licscan[zstd]")) from None

    options = {zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW}
    return lambda: _Zstd(zstd.ZstdDecompressor(options=options), zstd.ZstdError)


class _Zstd:
    """zstd's decompressor with an error that is known without it."""

    def __init__(self, machine: Any, error: type[Exception]):
        self._machine = machine
        self._error = error

    def decompress(self, piece: bytes, most: int) -> bytes:
        try:
            return bytes(self._machine.decompress(piece, most))
        except self._error as error:
            raise ValueError(str(error)) from error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._machine, name)
