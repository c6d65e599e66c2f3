"""Packages in archives as trees of files: npm's tarballs, yarn's zips, wheels; opened when they are first asked."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from licscan.base.damaged import DAMAGED
from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.locate.archives import MAX_MEMBERS, MAX_TEXT, Contents, read_tgz, safe, too_many
from licscan.locate.listings import Listings
from licscan.model import Origin
from licscan.packages.tree import FileEntry, PackageTree, prepare

MAX_KEPT = 32 * 1024 * 1024
"""Bytes of one tarball that are kept while it is looked through: nearly every one is unpacked once."""
MAX_READ = 512 * 1024 * 1024
"""Bytes that are unpacked of one zip, all questions together; the native libraries of a wheel may have a hundred MB."""
_DATA = re.compile(r"[^/]+\.data/(?P<part>[^/]+)/(?P<path>.+)", re.DOTALL)
_YARN = re.compile(r"(node_modules/(?:@[^/]+/)?[^/]+/)")


class TgzTree:
    """An npm tarball. The first question unpacks it, all that fits into MAX_KEPT stays at hand.

    Raises InputError where the archive is damaged or a bomb.
    """

    def __init__(self, origin: Origin, place: str, path: Path, listings: Listings | None = None):
        self.origin = origin
        self.place = place
        self._path = path
        self._listings = listings or Listings()
        self._known: Contents | None = None

    @cached_property
    def entries(self) -> Sequence[FileEntry]:
        """Every file, sorted by path."""
        kept = self._listings.get(str(self._path)) if self._known is None else None
        if kept is not None:
            return kept
        found = tuple(FileEntry(path, size) for path, size in sorted(self._contents(None).sizes.items()))
        self._listings.put(str(self._path), found)
        return found

    def unpack(self) -> None:
        """Unpack as many files as fit; nothing to do where that was done."""
        self._contents(None)

    def prepare(self, paths: Iterable[str]) -> None:
        """Unpack these files, in one pass; nothing to do where they are at hand."""
        self._contents(frozenset(paths))

    def read(self, path: str, limit: int) -> bytes:
        """See `PackageTree`."""
        contents = self._contents(frozenset([path]))
        if path not in contents.sizes:
            raise absent(path)
        if contents.sizes[path] > limit or path not in contents.read:
            raise too_large(path, min(limit, MAX_TEXT))
        return contents.read[path]

    def head(self, path: str, size: int) -> bytes:
        """See `PackageTree`."""
        try:
            contents = self._contents(frozenset([path]))
        except InputError:
            return b""
        return contents.read.get(path, contents.heads.get(path, b""))[:size]

    def _contents(self, paths: frozenset[str] | None) -> Contents:
        """What is known of the archive, with these files (None: as many as fit) unpacked."""
        known = self._known
        if known is None:
            everything = paths is None
            known = read_tgz(self._path, lambda name: everything or name in paths, MAX_KEPT)  # type: ignore[operator]
            self._known = known
        missing = {p for p in paths or () if p in known.sizes and p not in known.read and p not in known.heads}
        if missing:
            more = read_tgz(self._path, missing.__contains__)
            known.read |= more.read
            known.heads |= more.heads
        return known


class ZipTree:
    """A zip: yarn's (all below `node_modules/NAME/`), or a wheel, its files under the names that they have installed.

    Raises InputError where the archive is damaged or a bomb.
    """

    def __init__(self, origin: Origin, place: str, path: Path):
        self.origin = origin
        self.place = place
        self._path = path
        self._left = MAX_READ

    @cached_property
    def entries(self) -> Sequence[FileEntry]:
        """Every file, sorted by path."""
        return tuple(FileEntry(path, info.file_size) for path, info in sorted(self._members.items()))

    def read(self, path: str, limit: int) -> bytes:
        """See `PackageTree`."""
        member = self._members.get(path)
        if member is None:
            raise absent(path)
        if member.file_size > limit:
            raise too_large(path, limit)
        data = self._bytes(member, limit + 1)
        if len(data) > limit:
            raise too_large(path, limit)
        return data

    def head(self, path: str, size: int) -> bytes:
        """See `PackageTree`."""
        try:
            member = self._members.get(path)
            return self._bytes(member, size) if member is not None else b""
        except InputError:
            return b""

    def _bytes(self, member: zipfile.ZipInfo, limit: int) -> bytes:
        if self._left <= 0:
            raise self._damaged(_("unpacks to more than {limit} MB").format(limit=MAX_READ // 1024 // 1024))
        try:
            with self._archive.open(member) as stream:
                data = stream.read(limit)
        except DAMAGED as error:
            raise self._damaged(str(error)) from error
        self._left -= len(data)
        return data

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self._path)
        except DAMAGED as error:
            raise self._damaged(str(error)) from error

    @cached_property
    def _members(self) -> dict[str, zipfile.ZipInfo]:
        members = self._archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise self._damaged(too_many())
        files = [one for one in members if not one.is_dir() and not stat.S_ISLNK(one.external_attr >> 16)]
        prefix = _prefix(one.filename for one in files)
        found: dict[str, zipfile.ZipInfo] = {}
        for one in files:
            name = installed_path(one.filename[len(prefix) :]) if one.filename.startswith(prefix) else None
            if name is not None and safe(name):
                found[name] = one
        return found

    def _damaged(self, reason: str) -> InputError:
        return InputError(_("cannot be read: {reason}").format(reason=reason[:200]), path=str(self._path))


def installed_path(path: str) -> str | None:
    """Where a wheel's file stands once it is installed; None for what goes elsewhere (PEP 427: scripts, data...)."""
    match = _DATA.fullmatch(path)
    if match is None:
        return path
    return match["path"] if match["part"] in ("purelib", "platlib") else None


def _prefix(names: Iterable[str]) -> str:
    """The folder of the one package in yarn's zip; empty for a wheel."""
    first = next(iter(names), "")
    match = _YARN.match(first)
    return match[1] if match else ""


class SubTree:
    """A package inside another one's files: `node_modules/NAME` of an archive or of a store."""

    def __init__(self, whole: PackageTree, place: str, folder: str):
        self.origin = whole.origin
        self.place = place
        self._whole = whole
        self._prefix = f"{folder}/"

    @cached_property
    def entries(self) -> Sequence[FileEntry]:
        """Every file, sorted by path."""
        below = (entry for entry in self._whole.entries if entry.path.startswith(self._prefix))
        return tuple(FileEntry(one.path[len(self._prefix) :], one.size, one.sha256) for one in below)

    def prepare(self, paths: Iterable[str]) -> None:
        """Unpack these files, where they are packed; the first of several packages unpacks for all."""
        unpack = getattr(self._whole, "unpack", None)
        if unpack is not None:
            unpack()
        prepare(self._whole, [self._prefix + path for path in paths])

    def read(self, path: str, limit: int) -> bytes:
        """See `PackageTree`."""
        return self._whole.read(self._prefix + path, limit)

    def head(self, path: str, size: int) -> bytes:
        """See `PackageTree`."""
        return self._whole.head(self._prefix + path, size)


def absent(path: str) -> InputError:
    """The error of a path that a package does not have."""
    return InputError(_("does not exist"), path=path)


def too_large(path: str, limit: int) -> InputError:
    """The error of a file with more than `limit` bytes."""
    size = f"{limit // 1024 // 1024} MB" if limit >= 1024 * 1024 else f"{limit} B"
    return InputError(_("is larger than {size} and was not read").format(size=size), path=path)
