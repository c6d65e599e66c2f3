"""A file on a server that can seek: only the parts that somebody reads are asked for (RFC 9110, section 14)."""

from __future__ import annotations

import io
import re
from bisect import bisect_right, insort
from collections.abc import Iterable
from typing import Any

from licscan.base.errors import RegistryError
from licscan.base.messages import _
from licscan.registry.archive import BodyStream, BrokenError
from licscan.registry.client import Client, host_of
from licscan.registry.pool import Opened

TAIL = 48 * 1024
"""Bytes asked for at first: a wheel's directory and, where the packer followed PEP 427, its metadata are at its end."""
AHEAD, MAX_AHEAD = 16 * 1024, 512 * 1024
"""Bytes read ahead: doubled while a reader goes on where it was."""
GAP = 8 * 1024
"""Bytes between two wanted ranges that cost less than another request."""
MAX_READ = 64 * 1024 * 1024
"""Bytes of one file that are read in parts; whoever needs more has to say so."""
MAX_REQUESTS = 300
_CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


class NoRangesError(Exception):
    """The server answered with the whole file: `answer` is its open answer."""

    def __init__(self, answer: Opened):
        super().__init__()
        self.answer = answer


class RangeFile(io.RawIOBase):
    """Seekable bytes over range requests. RegistryError where the server's answers do not fit each other."""

    def __init__(self, client: Client, subject: str, url: str, size: int = 0, limit: int = MAX_READ):
        """Ask for the tail. NoRangesError where the server has no ranges."""
        super().__init__()
        self._client = client
        self._subject = subject
        self._url = url
        self._limit = limit
        self._position = 0
        self._starts: list[int] = []
        self._parts: dict[int, bytes] = {}
        self._ahead = AHEAD
        self._last_end = -1
        self._etag: str | None = None
        self.size = 0
        self.requests = 0
        self.transferred = 0
        # an index that tells the size spares us servers that know no suffix ranges
        wanted = f"bytes={max(0, size - TAIL)}-{size - 1}" if size else f"bytes=-{TAIL}"
        start, content = self._ask(wanted, max(0, size - TAIL) if size else None)
        if start + len(content) != self.size:
            raise self._wrong()
        self._keep(start, content)

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next read begins."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place; nothing is asked for."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("negative seek position")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Any, /) -> int:
        """For readers that bring their own room."""
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def read(self, size: int | None = -1, /) -> bytes:
        """The bytes from here on; what is not there yet is asked for."""
        end = self.size if size is None or size < 0 else min(self.size, self._position + size)
        start = self._position
        if start >= end:
            return b""
        self.fetch([(start, end)], ahead=True)
        self._position = end
        parts = []
        while start < end:
            place, part = self._part(start)
            piece = part[start - place : end - place]
            parts.append(piece)
            start += len(piece)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def prefetch(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Ask for what a reader is about to read."""
        self.fetch(ranges)

    def fetch(self, ranges: Iterable[tuple[int, int]], ahead: bool = False) -> None:
        """Ask for ranges (start, end) that will be read, neighbors together; what is there is not asked for again."""
        joined: list[list[int]] = []
        for start, end in sorted(ranges):
            for first, last in self._missing(max(0, start), min(end, self.size)):
                if joined and first - joined[-1][1] <= GAP:
                    joined[-1][1] = max(last, joined[-1][1])
                else:
                    joined.append([first, last])
        for start, end in joined:
            if ahead:
                self._ahead = min(self._ahead * 2, MAX_AHEAD) if start == self._last_end else AHEAD
                end = min(self.size, max(end, start + self._ahead))
                following = bisect_right(self._starts, start)
                if following < len(self._starts):
                    end = min(end, max(self._starts[following], start + 1))
            self._get(start, end)
            self._last_end = end

    def _get(self, start: int, end: int) -> None:
        while start < end:
            first, content = self._ask(f"bytes={start}-{end - 1}", start)
            self._keep(first, content[: end - start])
            start += len(content)

    def _part(self, position: int) -> tuple[int, bytes]:
        place = self._starts[bisect_right(self._starts, position) - 1]
        return place, self._parts[place]

    def _missing(self, start: int, end: int) -> Iterable[tuple[int, int]]:
        """The gaps between what is there."""
        index = max(0, bisect_right(self._starts, start) - 1)
        for place in self._starts[index:]:
            if place >= end:
                break
            if place + len(self._parts[place]) <= start:
                continue
            if place > start:
                yield start, place
            start = max(start, place + len(self._parts[place]))
        if start < end:
            yield start, end

    def _keep(self, start: int, content: bytes) -> None:
        if content and start not in self._parts:
            insort(self._starts, start)
            self._parts[start] = content

    def _ask(self, wanted: str, start: int | None) -> tuple[int, bytes]:
        """One range: where it begins, and its bytes, at least one."""
        self.requests += 1
        if self.requests > MAX_REQUESTS:
            raise self._error(_("it takes too many requests to be read"))
        headers = {"Range": wanted, "Accept-Encoding": "identity"}
        answer = self._client.open(self._subject, self._url, headers)
        if answer.status == 200 and not self.size:
            raise NoRangesError(answer)
        try:
            first, length = self._announced(answer, start)
            content = BodyStream(self._subject, host_of(self._url), answer.raw, (), length).read(length)
            if len(content) != length:
                raise self._error(_("the answer ended early"), BrokenError)
        finally:
            answer.close()
        self.transferred += length
        return first, content

    def _announced(self, answer: Opened, start: int | None) -> tuple[int, int]:
        found = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", "").strip())
        etag = answer.headers.get("ETag")
        if answer.status != 206 or found is None:
            raise self._wrong()
        first, last, size = (int(text) for text in found.groups())
        if last < first or last >= size or (start is not None and first != start):
            raise self._wrong()
        if (self.size and size != self.size) or (self._etag and etag and etag != self._etag):
            raise self._error(_("the archive changed while it was read"), BrokenError)
        if self.transferred + last - first + 1 > self._limit:
            said = _("more than {limit} MB of the archive would have to be read")
            raise self._error(said.format(limit=self._limit // 1024 // 1024))
        self.size, self._etag = size, etag or self._etag
        return first, last - first + 1

    def _wrong(self) -> RegistryError:
        return self._error(_("the answer is not the part of the archive that was asked for"))

    def _error(self, reason: str, kind: type[RegistryError] = RegistryError) -> RegistryError:
        message = _("{host}: {reason}").format(host=host_of(self._url), reason=reason)
        return kind(message, path=self._subject)
