"""Lists and reads package archives (tgz, zip) within bounds: cached ones may be damaged, or bombs."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from licscan.base.damaged import DAMAGED
from licscan.base.errors import InputError
from licscan.base.messages import _

MAX_UNPACKED = 200 * 1024 * 1024
MAX_MEMBERS = 50_000
MAX_TEXT = 4 * 1024 * 1024
"""Bytes of one member that is read into memory."""
MAX_HEAD = 64 * 1024
"""Bytes that are read of a larger one."""

Wanted = Callable[[str], bool]


@dataclass(slots=True)
class Contents:
    """The files of an archive, without the folder that wraps them all, and the bytes of those that were wanted.

    `sizes` are those of all files; `heads` the beginnings of wanted ones that are too large to be read whole.
    """

    names: list[str] = field(default_factory=list)
    read: dict[str, bytes] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    heads: dict[str, bytes] = field(default_factory=dict)


class _Bounded(io.RawIOBase):
    """A stream that refuses to give more than MAX_UNPACKED bytes."""

    def __init__(self, stream: gzip.GzipFile):
        self.stream = stream
        self.left = MAX_UNPACKED

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(min(size, self.left + 1) if size >= 0 else self.left + 1)
        self.left -= len(data)
        if self.left < 0:
            raise OSError(_("unpacks to more than {limit} MB").format(limit=MAX_UNPACKED // 1024 // 1024))
        return data


def read_tgz(path: Path, wanted: Wanted, budget: int = MAX_UNPACKED) -> Contents:
    """A gzipped tar as npm packs it, the first folder of every name taken off; InputError where it is damaged.

    `budget` bounds the bytes of all wanted files together; of those behind it no more than their sizes is known.
    """
    contents = Contents()
    try:
        with (
            gzip.open(path, "rb") as unpacked,
            tarfile.open(fileobj=_Bounded(unpacked), mode="r|") as archive,
        ):
            for count, member in enumerate(archive):
                if count >= MAX_MEMBERS:
                    raise ValueError(too_many())
                name = member.name.partition("/")[2]
                if not member.isreg() or not safe(name):
                    continue
                contents.names.append(name)
                # of two members with one name the last is unpacked
                contents.read.pop(name, None)
                contents.sizes[name] = member.size
                if wanted(name) and (stream := archive.extractfile(member)):
                    if member.size > MAX_TEXT:
                        contents.heads[name] = stream.read(MAX_HEAD)
                    elif member.size <= budget:
                        contents.read[name] = stream.read(MAX_TEXT)
                        budget -= member.size
                # the list of members is the archive's own memory: a stream does not need it
                archive.members = []  # type: ignore[attr-defined]
    except DAMAGED as error:
        raise InputError(_("cannot be read: {reason}").format(reason=str(error)[:200]), path=str(path)) from error
    return contents


def read_zip(path: Path, wanted: Wanted, prefix: str = "") -> Contents:
    """A zip (yarn's cache, a wheel); of yarn's only what stands below `prefix`; InputError where it is damaged."""
    contents = Contents()
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise ValueError(too_many())
            for member in members:
                name = member.filename.removeprefix(prefix)
                if member.is_dir() or not member.filename.startswith(prefix) or not safe(name):
                    continue
                contents.names.append(name)
                if wanted(name) and member.file_size <= MAX_TEXT and left > 0:
                    with archive.open(member) as stream:
                        contents.read[name] = data = stream.read(MAX_TEXT)
                    left -= len(data)
    except DAMAGED as error:
        raise InputError(_("cannot be read: {reason}").format(reason=str(error)[:200]), path=str(path)) from error
    return contents


def safe(name: str) -> bool:
    """Whether a member's name stays inside the archive."""
    return bool(name) and not name.startswith("/") and ".." not in name.split("/") and "\0" not in name


def too_many() -> str:
    """The sentence for an archive of too many members."""
    return _("contains more than {limit} files").format(limit=MAX_MEMBERS)
