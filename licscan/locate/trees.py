"""The files of packages wherever they lie, each as a `PackageTree`: installed, in a cache, in an archive."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.files import is_inside, read_file
from licscan.base.links import is_folder, is_link
from licscan.base.messages import _
from licscan.locate import pnpm_store
from licscan.locate.archive_trees import SubTree, TgzTree, ZipTree, installed_path
from licscan.locate.caches import Caches
from licscan.locate.installed import record_of
from licscan.locate.listings import Listings
from licscan.model import Component, Origin, PackageFiles
from licscan.packages.purls import normalize_pypi_name
from licscan.packages.record import Recorded, read_record
from licscan.packages.tree import FileEntry, PackageTree

MAX_FILES = 20_000
MAX_DEPTH = 12
MAX_HOLDERS = 2
"""Archives that stay open for the packages in them."""
_SKIPPED = frozenset({".git", "__pycache__", ".venv", "site-packages"})
_METADATA = (".dist-info", ".egg-info", "EGG-INFO")
_MODULES = "node_modules"


class Trees:
    """Finds the tree of a located package; `caches` are the user's, their root the scanned project.

    `listings` are the file lists that earlier runs kept.
    """

    def __init__(self, caches: Caches, listings: Listings | None = None):
        self._caches = caches
        self._listings = listings or Listings()
        self._holders: dict[str, PackageTree] = {}

    def tree(self, component: Component, files: PackageFiles) -> PackageTree | None:
        """See `TreeSource`."""
        if files.origin is Origin.REGISTRY or "://" in files.place:
            return None
        full = os.path.join(self._caches.root, files.place)
        if os.path.isdir(full):
            if component.ecosystem != "pypi" or files.origin is Origin.PROJECT:
                return FolderTree(files.origin, files.place, full)
            return DistributionTree(files.origin, files.place, full, _metadata_folder(component, files, full))
        archive, folder = split_place(full)
        name = os.path.basename(archive)
        if name.endswith((".json", ".db")):
            digest, _slash, folder = folder.partition("/") if name.endswith(".db") else ("", "", folder)
            whole = pnpm_store.tree(self._caches, archive, digest, files.place, files.origin)
            return SubTree(whole, files.place, folder) if whole is not None and folder else whole
        if not archive:
            return None
        if folder:
            return SubTree(self._holder(archive, files.origin), files.place, folder)
        return self._packed(archive, files.origin, files.place)

    def _holder(self, archive: str, origin: Origin) -> PackageTree:
        """The archive of a package that bundles others, which are asked for one after the other; kept open for them."""
        whole = self._holders.pop(archive, None) or self._packed(archive, origin, archive)
        while len(self._holders) >= MAX_HOLDERS:
            del self._holders[next(iter(self._holders))]
        self._holders[archive] = whole
        return whole

    def _packed(self, archive: str, origin: Origin, place: str) -> PackageTree:
        if archive.endswith((".zip", ".whl", ".body")):
            return ZipTree(origin, place, Path(archive))
        return TgzTree(origin, place, Path(archive), self._listings)

    def save(self) -> None:
        """Keep what was learned of archives."""
        self._listings.save()

    def fixed(self, files: PackageFiles) -> str:
        """See `Packages`: an archive in a cache is named by its hash."""
        if files.origin is not Origin.CACHE:
            return ""
        return split_place(os.path.join(self._caches.root, files.place))[0] and "named by its place"


def split_place(full: str) -> tuple[str, str]:
    """The archive in which a place lies and the folder in it; both empty where there is none."""
    archive = full
    while archive and not os.path.exists(archive):
        above = os.path.dirname(archive)
        if above == archive:
            return "", ""
        archive = above
    return (archive, full[len(archive) + 1 :]) if os.path.isfile(archive) else ("", "")


class FolderTree:
    """A package's own folder: an installed npm package, a project. Links are not listed, and never lead out of it."""

    def __init__(self, origin: Origin, place: str, folder: str):
        self.origin = origin
        self.place = place
        self._folder = folder

    @cached_property
    def _real(self) -> str:
        return os.path.realpath(self._folder)

    @cached_property
    def entries(self) -> Sequence[FileEntry]:
        """Every file, sorted by path; those of the package itself first where there are more than MAX_FILES."""
        return tuple(sorted(_below(self._folder)))

    def read(self, path: str, limit: int) -> bytes:
        """See `PackageTree`."""
        full = self._full(path)
        if not is_inside(full, self._real):
            raise InputError(_("is a link that points outside the package's folder"), path=path)
        return read_file(full, limit)

    def head(self, path: str, size: int) -> bytes:
        """See `PackageTree`."""
        full = self._full(path)
        try:
            if not is_inside(full, self._real):
                return b""
            descriptor = os.open(full, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            with open(descriptor, "rb") as file:
                return file.read(size)
        except (OSError, ValueError):
            return b""

    def _full(self, path: str) -> str:
        return os.path.join(self._folder, path)


MAX_METADATA = 2_000
"""Files of one metadata folder: licenses and lists of parts are some dozens."""


class DistributionTree(FolderTree):
    """A Python distribution, installed or unpacked in uv's cache: what its RECORD names below its folder.

    `metadata` is the name of its `.dist-info` (or `.egg-info`) there; where it is empty no files are listed.
    """

    def __init__(self, origin: Origin, place: str, folder: str, metadata: str):
        super().__init__(origin, place, folder)
        self._metadata = metadata

    @cached_property
    def _paths(self) -> dict[str, Recorded]:
        """Where each file stands, by its path as installed; what the installer compiles is not the package's."""
        if not self._metadata:
            return {}
        full = os.path.join(self._folder, self._metadata)
        recorded = read_record(os.path.join(full, "RECORD")) if self._metadata.endswith(".dist-info") else None
        if recorded is None:
            recorded = tuple(map(Recorded, record_of(full) or _names(full, self._metadata)))
        else:
            # what stands in the metadata folder is the distribution's, also where RECORD is empty
            recorded = (*map(Recorded, _names(full, self._metadata)), *recorded)
        found = {}
        for file in recorded:
            path = installed_path(file.path)
            if path is not None and "__pycache__/" not in path:
                found[path] = file
        return found

    @cached_property
    def entries(self) -> Sequence[FileEntry]:
        """Every file that RECORD names, sorted by path, with the hash that it gives."""
        return tuple(FileEntry(path, file.size or 0, _hex(file)) for path, file in sorted(self._paths.items()))

    def _full(self, path: str) -> str:
        recorded = self._paths.get(path)
        return os.path.join(self._folder, recorded.path if recorded else path)


def _hex(file: Recorded) -> str:
    if file.algorithm != "sha256":
        return ""
    try:
        digest = base64.urlsafe_b64decode(file.digest.rstrip("=") + "=").hex()
    except (binascii.Error, ValueError):
        return ""
    return digest if len(digest) == 64 else ""


def _names(full: str, metadata: str) -> list[str]:
    """The files in a metadata folder, sorted; no linked folder is entered, at most MAX_METADATA are named."""
    found: list[str] = []
    for folder, below, names in os.walk(full):
        below.sort()
        inside = os.path.relpath(folder, full).replace(os.sep, "/")
        found += [f"{metadata}/{name}" if inside == "." else f"{metadata}/{inside}/{name}" for name in sorted(names)]
        if len(found) > MAX_METADATA:
            break
    return found[:MAX_METADATA]


def _metadata_folder(component: Component, files: PackageFiles, full: str) -> str:
    """The metadata folder of a distribution at a place: the installed one, or by its name in an unpacked wheel."""
    for place in sorted(component.installed_at):
        if place.endswith(_METADATA) and place.rpartition("/")[0] == files.place:
            return place.rpartition("/")[2]
    if files.origin is not Origin.CACHE:
        return ""
    wanted = (normalize_pypi_name(component.name), component.version)
    try:
        names = sorted(name for name in os.listdir(full) if name.endswith(".dist-info"))
    except OSError:
        return ""
    for name in names:
        base, _dash, version = name.removesuffix(".dist-info").rpartition("-")
        if (normalize_pypi_name(base), version) == wanted:
            return name
    return ""


def _below(top: str) -> Iterator[FileEntry]:
    """The files below a folder, without those behind links; node_modules last, so that the bound takes them first."""
    stacks: tuple[list[tuple[str, str, int]], list[tuple[str, str, int]]] = ([], [(top, "", 1)])
    left = MAX_FILES
    while stacks[1] or stacks[0]:
        folder, shown, depth = (stacks[1] or stacks[0]).pop()
        try:
            entries = os.scandir(folder)
        except OSError:
            continue
        with entries:
            for entry in entries:
                left -= 1
                if left < 0:
                    return
                name = entry.name
                if is_folder(entry):
                    if name not in _SKIPPED and (depth < MAX_DEPTH or _MODULES in shown):
                        later = name == _MODULES or _MODULES in shown
                        stacks[0 if later else 1].append((f"{folder}{os.sep}{name}", f"{shown}{name}/", depth + 1))
                elif not is_link(entry):
                    yield FileEntry(f"{shown}{name}", _size(entry))


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0
