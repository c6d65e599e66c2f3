"""Archives of packages to records: npm tarballs, wheels (whole or by ranges), source distributions.

Nothing is unpacked to disk, no link is followed, nothing is run; sizes, counts, ratios and memory are bounded. What is
damaged, too much or no package ends in one InputError, and nothing of it is kept.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from typing import Any, BinaryIO

from licscan.base.damaged import DAMAGED
from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.evidence.keeping import LARGE, Keeping, Role, one_large
from licscan.evidence.onlooker import Onlooker
from licscan.evidence.record import MAX_FILES, Draft, PackageRecord, is_safe
from licscan.evidence.unpack import Member, Unpacked, members, weigh
from licscan.evidence.wheels import Wheel
from licscan.packages.core_metadata import first, read_headers
from licscan.packages.tree import FileEntry

MB = 1024 * 1024
MAX_ZIP = 256 * MB
"""Bytes of a source distribution as zip, which has to be in memory."""
MAX_NAMES = 32 * MB
"""Characters of all paths together."""
_CHUNK = 256 * 1024


def record_npm(
    stream: BinaryIO,
    *,
    name: str = "",
    version: str = "",
    filename: str = "",
    url: str = "",
    hashes: Iterable[str] = (),
    registry: Mapping[str, Any] | None = None,
    onlooker: Onlooker | None = None,
) -> Draft:
    """An npm tarball, read once and to the end of the stream; name and version are the manifest's where not given.

    Paths begin below the folder that wraps all, whatever its name. InputError where it is damaged or no npm package.
    """
    files = _Files(Keeping("npm", name), onlooker)
    packed = _read_tar(stream, files, filename or name)
    table = _json_object(files.keeping.text("package.json"))
    if table is None:
        raise InputError(_("has no readable package.json"), path=filename or name)
    said = name or _word(table.get("name")), version or _word(table.get("version"))
    return _draft("npm", said, filename, files).told(url=url, size=packed, hashes=hashes, registry=registry or {})


def record_sdist(
    stream: BinaryIO,
    filename: str,
    *,
    name: str = "",
    version: str = "",
    url: str = "",
    hashes: Iterable[str] = (),
    registry: Mapping[str, Any] | None = None,
    onlooker: Onlooker | None = None,
) -> Draft:
    """A source distribution (`.tar.gz`, `.tar.bz2`, `.tar.xz`, `.zip`), read once and to the end of the stream.

    Paths begin below the folder that wraps all. InputError where it is damaged. One without PKG-INFO has to be told its
    name and version.
    """
    files = _Files(Keeping("pypi", name), onlooker)
    packed = _read_zip(stream, files, filename) if filename.endswith(".zip") else _read_tar(stream, files, filename)
    headers = read_headers(files.keeping.text("PKG-INFO"))
    said = name or first(headers, "name") or "", version or first(headers, "version") or ""
    if not all(said):
        raise InputError(_("has no readable PKG-INFO"), path=filename)
    return _draft("pypi", said, filename, files).told(url=url, size=packed, hashes=hashes, registry=registry or {})


def record_wheel(
    file: BinaryIO,
    filename: str,
    *,
    partial: bool = False,
    name: str = "",
    version: str = "",
    url: str = "",
    size: int = 0,
    hashes: Iterable[str] = (),
    registry: Mapping[str, Any] | None = None,
    onlooker: Onlooker | None = None,
) -> Draft:
    """A wheel in any seekable file: a local one, or (`partial`) one that reads ranges of a remote one.

    Paths are those that the files have once installed. Sizes and digests are those of RECORD, except of what is read.
    Of a partial one only texts, lists and metadata are always read; libraries and code within budgets (see `wheels`).
    Where the file has a method `prefetch(ranges)`, it is told which ranges `(start, end)` are read next.
    An onlooker costs as many bytes more as it wants, up to a limit.
    InputError where it is damaged or no wheel.
    """
    shown = filename or name
    try:
        with zipfile.ZipFile(file) as archive:
            wheel = Wheel(archive, file, shown, partial=partial)
            keeping, entries = wheel.read(name)
            if onlooker is not None:
                wheel.show(onlooker)
    except DAMAGED as error:
        raise _damaged(error, shown) from error
    headers = read_headers(keeping.text(wheel.metadata))
    said = name or first(headers, "name") or "", version or first(headers, "version") or ""
    files = _Files(keeping)
    files.entries = entries
    draft = _draft("pypi", said, filename, files, partial=partial)
    return draft.told(url=url, size=size or wheel.size, hashes=hashes, registry=registry or {})


class _Files:
    """The files of an archive that is read from front to back."""

    def __init__(self, keeping: Keeping, onlooker: Onlooker | None = None):
        self.keeping = keeping
        self._onlooker = onlooker
        self.entries: dict[str, FileEntry] = {}
        self._names = 0

    def place(self, name: str) -> str | None:
        """The path of a member below the folder that wraps all; None where it is no file of the package."""
        parts = [part for part in name.split("/") if part != "."]
        path = "/".join(part for part in parts[1:] if part)
        if name.startswith("/") or ".." in parts or (path and not is_safe(path)):
            self.keeping.leave(name[:200], "path")
            return None
        if not path or name.endswith("/"):
            return None
        self._names += len(path)
        if len(self.entries) >= MAX_FILES or self._names > MAX_NAMES:
            raise ValueError(_("contains more than {limit} files").format(limit=MAX_FILES))
        if path in self.entries:
            self.keeping.forget(path)
            if self._onlooker is not None:
                self._onlooker.forget(path)
        return path

    def add(self, path: str, size: int, read: Any) -> None:
        """One file of the package; `read(size)` gives its next bytes, fewer only at its end."""
        plan = self.keeping.plan(path, size)
        role, wanted = plan or (Role.NONE, 0)
        onlooker = self._onlooker if self._onlooker is not None and self._onlooker.wants(path, size) else None
        whole = size if onlooker is not None else wanted
        with one_large if whole > LARGE else nullcontext():
            data = read(whole)
            digest = hashlib.sha256(data)
            left = size - len(data)
            while left > 0 and (chunk := read(min(left, _CHUNK))):
                digest.update(chunk)
                left -= len(chunk)
            if plan is not None:
                self.keeping.take(path, role, data[:wanted])
            if onlooker is not None:
                onlooker.see(path, data)
        self.entries[path] = FileEntry(path, size, digest.hexdigest())


def _read_tar(stream: BinaryIO, files: _Files, shown: str) -> int:
    """Read a tar to its end; its packed size."""
    source = Unpacked(stream)
    try:
        for member in members(source):
            _add_member(files, member)
        source.finish()
    except DAMAGED as error:
        raise _damaged(error, shown) from error
    return source.packed


def _add_member(files: _Files, member: Member) -> None:
    """Links are left out, as npm's client leaves them out: no client of either ecosystem makes any."""
    if member.is_link or (path := files.place(member.name)) is None:
        return
    if not member.is_file:
        files.entries.pop(path, None)
        files.keeping.leave(path, "kind")
        return
    files.add(path, member.size, member.read)


def _read_zip(stream: BinaryIO, files: _Files, shown: str) -> int:
    """Read a zip of a source distribution; its size."""
    try:
        data = stream.read(MAX_ZIP + 1)
        if len(data) > MAX_ZIP:
            raise ValueError(_("is larger than {size} and was not read").format(size=f"{MAX_ZIP // MB} MB"))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = archive.infolist()
            unpacked = sum(member.file_size for member in found)
            if len(found) > MAX_FILES:
                raise ValueError(_("contains more than {limit} files").format(limit=MAX_FILES))
            weigh(len(data), unpacked)
            for member in found:
                path = None if member.is_dir() else files.place(member.filename)
                if path is not None:
                    with archive.open(member) as opened:
                        files.add(path, member.file_size, opened.read)
    except DAMAGED as error:
        raise _damaged(error, shown) from error
    return len(data)


def _draft(ecosystem: str, said: tuple[str, str], filename: str, files: _Files, *, partial: bool = False) -> Draft:
    kept = files.keeping.finish()
    record = PackageRecord(
        ecosystem,
        *said,
        filename,
        partial=partial,
        entries=tuple(sorted(files.entries.values())),
        kept=kept.files,
        excerpts=kept.excerpts,
        natives=kept.natives,
        unread=kept.unread,
    )
    return Draft(record, kept.blobs)


def _damaged(error: Exception, shown: str) -> InputError:
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return InputError(_("cannot be read: {reason}").format(reason=reason), path=shown)


def _json_object(data: bytes) -> dict[str, Any] | None:
    try:
        loaded = json.loads(data or b"null")
    except (ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
