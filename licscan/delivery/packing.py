"""The archive of a delivery: one way to write it, which is also how it is checked."""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator

BLOCK = 512
RECORD = 20 * BLOCK
PIECE = 64 * 1024
HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""gzip's, without name and time (RFC 1952)."""

Reader = Callable[[], Iterable[bytes]]


def tar_pieces(files: Iterable[tuple[str, int, Reader]]) -> Iterator[bytes]:
    """A tar of files (name, size, pieces): in order of names, of nobody, of no time, ustar (POSIX.1-1988)."""
    written = 0
    for name, size, read in sorted(files, key=lambda one: one[0]):
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o644
        header = info.tobuf(tarfile.USTAR_FORMAT, "utf-8", "surrogateescape")
        yield header
        yield from read()
        padding = -size % BLOCK
        yield bytes(padding)
        written += len(header) + size + padding
    end = 2 * BLOCK
    yield bytes(end + -(written + end) % RECORD)


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """The archive (tar, gzip) of files by their names."""

    def reader(data: bytes) -> Reader:
        return lambda: (data,)

    machine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    made = io.BytesIO()
    made.write(HEADER)
    crc = size = 0
    for piece in tar_pieces((name, len(data), reader(data)) for name, data in files):
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        made.write(machine.compress(piece))
    made.write(machine.flush())
    made.write(crc.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little"))
    return made.getvalue()


def is_as_packed(archive: Iterable[bytes], expected: Iterable[bytes]) -> bool:
    """Whether the bytes of an archive unpack to exactly these, with our header and nothing behind.

    How the bytes are compressed is left open: it differs from one zlib to the next.
    """
    pieces = iter(archive)
    start = b""
    while len(start) < len(HEADER) and (piece := next(pieces, b"")):
        start += piece
    if not start.startswith(HEADER):
        return False
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    wanted = _Wanted(expected)
    rest = start[len(HEADER) :]
    tail = b""
    while rest or (rest := next(pieces, b"")):
        if machine.eof:
            tail += rest[: 16 - len(tail)]
            rest = b""
            if len(tail) > 8:
                return False
            continue
        try:
            data = machine.decompress(rest, PIECE)
        except zlib.error:
            return False
        if not wanted.take(data):
            return False
        rest = machine.unused_data if machine.eof else machine.unconsumed_tail
    return machine.eof and wanted.is_done() and tail == wanted.trailer()


class _Wanted:
    """Bytes that are compared piece by piece."""

    def __init__(self, pieces: Iterable[bytes]):
        self._pieces = iter(pieces)
        self._left = b""
        self._crc = self._size = 0

    def take(self, data: bytes) -> bool:
        """Whether these bytes come next."""
        self._crc, self._size = zlib.crc32(data, self._crc), self._size + len(data)
        while len(self._left) < len(data):
            piece = next(self._pieces, None)
            if piece is None:
                return False
            self._left += piece
        same = self._left[: len(data)] == data
        self._left = self._left[len(data) :]
        return same

    def is_done(self) -> bool:
        """Whether nothing more should come."""
        return not self._left and all(not piece for piece in self._pieces)

    def trailer(self) -> bytes:
        """gzip's, of what came."""
        return self._crc.to_bytes(4, "little") + (self._size & 0xFFFFFFFF).to_bytes(4, "little")
