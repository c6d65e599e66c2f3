"""Opens archives over the wire or from a folder, as streams and as files that can seek."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from licscan.base.errors import RegistryError
from licscan.base.messages import _
from licscan.model import Component
from licscan.packages.purls import strip_credentials
from licscan.registry.archive import MAX_ARCHIVE, Archive, BodyStream, algorithms_for
from licscan.registry.client import Client, host_of
from licscan.registry.pool import Opened
from licscan.registry.ranges import NoRangesError, RangeFile

MAX_WHOLE = 128 * 1024 * 1024
"""Of a wheel that is read whole, because its server has no ranges or nothing else binds its bytes."""
SMALL = 192 * 1024
"""A wheel of so many bytes is read whole: one request, and every byte is hashed."""
_IN_MEMORY = 4 * 1024 * 1024
_USUAL = {"npm": "sha512"}


class _Raw:
    """A body's bytes as they come: an archive is never decoded on its way."""

    def __init__(self, answer: Opened):
        self._read = answer.raw.read1

    def read1(self, size: int = -1, /) -> bytes:
        return self._read(size, decode_content=False)


def open_stream(
    client: Client,
    component: Component,
    kind: str,
    url: str,
    *,
    filename: str = "",
    pinned: Iterable[str] = (),
    announced: Iterable[str] = (),
    facts: Mapping[str, Any] | None = None,
) -> Archive:
    """An archive that is read from front to back."""
    pinned, announced = tuple(pinned), tuple(announced)
    answer = client.open(component.name, url, {"Accept-Encoding": "identity"})
    names = algorithms_for(pinned, announced, _USUAL.get(component.ecosystem, "sha256"))
    stream = BodyStream(component.name, host_of(url), _Raw(answer), names)
    archive = _archive(component, kind, filename or filename_of(url), url, pinned, announced, facts)
    archive.stream = cast(BinaryIO, stream)
    archive.size = _length(answer)
    archive.computed = lambda: _rest(stream)
    archive.close = answer.close
    return archive


def open_wheel(
    client: Client,
    component: Component,
    url: str,
    filename: str,
    *,
    size: int = 0,
    pinned: Iterable[str] = (),
    announced: Iterable[str] = (),
    facts: Mapping[str, Any] | None = None,
) -> Archive:
    """A wheel that can seek: by ranges; whole where it is small, has no ranges, or only so is held to the lock."""
    pinned, announced = tuple(pinned), tuple(announced)
    archive = _archive(component, "wheel", filename, url, pinned, announced, facts)
    if (size and size <= SMALL) or (pinned and not _comparable(pinned, announced)):
        return _whole(archive, component, client.open(component.name, url, {"Accept-Encoding": "identity"}))
    try:
        ranged = RangeFile(client, component.name, url, size)
    except NoRangesError as error:
        return _whole(archive, component, error.answer)
    archive.file = cast(BinaryIO, ranged)
    archive.size = ranged.size
    archive.partial = True
    return archive


def _comparable(pinned: Iterable[str], announced: Iterable[str]) -> bool:
    """Whether the registry's hashes can be held against the lock's without reading a byte."""
    return bool({one.partition(":")[0] for one in pinned} & {one.partition(":")[0] for one in announced})


def open_local(
    component: Component, kind: str, path: Path, filename: str, pinned: Iterable[str], facts: Mapping[str, Any]
) -> Archive:
    """A file of a local index or a folder of `find-links`."""
    try:
        file: IO[bytes] = path.open("rb")
        size = path.stat().st_size
    except OSError as error:
        said = _("{file} cannot be read: {reason}").format(file=filename, reason=error.strerror or "")
        raise RegistryError(said, path=component.name) from error
    archive = _archive(component, kind, filename, path.as_uri(), tuple(pinned), (), facts)
    archive.size, archive.close = size, file.close
    names = algorithms_for(archive.pinned, (), "sha256")
    if kind == "wheel":
        archive.file = cast(BinaryIO, file)
        archive.computed = lambda: _of_file(component, filename, file, names)
    else:
        stream = BodyStream(component.name, filename, cast(Any, file), names)
        archive.stream = cast(BinaryIO, stream)
        archive.computed = lambda: _rest(stream)
    return archive


def filename_of(url: str) -> str:
    """The last part of a URL's path."""
    from urllib.parse import unquote, urlsplit

    return unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]


def _archive(
    component: Component,
    kind: str,
    filename: str,
    url: str,
    pinned: tuple[str, ...],
    announced: tuple[str, ...],
    facts: Mapping[str, Any] | None,
) -> Archive:
    return Archive(
        component.name,
        component.ecosystem,
        kind,
        filename,
        strip_credentials(url),
        facts=facts or {},
        announced=announced,
        pinned=pinned,
        host=host_of(url) or filename,
    )


def _whole(archive: Archive, component: Component, answer: Opened) -> Archive:
    """The wheel in memory, a longer one in a file that has no name."""
    names = algorithms_for(archive.pinned, archive.announced, "sha256")
    limit = min(MAX_WHOLE, MAX_ARCHIVE)
    stream = BodyStream(component.name, archive.host, _Raw(answer), names, limit)
    target = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the archive closes it
    try:
        if _length(answer) > limit:
            said = _("{host}: the archive is longer than {limit} MB and was not read")
            raise RegistryError(said.format(host=archive.host, limit=limit // 1024 // 1024), path=component.name)
        while content := stream.read(256 * 1024):
            target.write(content)
    except BaseException:
        target.close()
        raise
    finally:
        answer.close()
    target.seek(0)
    archive.file = cast(BinaryIO, target)
    archive.size = stream.count
    archive.computed = stream.hashes
    archive.close = target.close
    return archive


def _rest(stream: BodyStream) -> tuple[str, ...]:
    stream.drain()
    return stream.hashes()


def _of_file(component: Component, filename: str, file: IO[bytes], names: Iterable[str]) -> tuple[str, ...]:
    file.seek(0)
    stream = BodyStream(component.name, filename, cast(Any, file), names)
    return _rest(stream)


def _length(answer: Opened) -> int:
    told = answer.headers.get("Content-Length", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 16 else 0
