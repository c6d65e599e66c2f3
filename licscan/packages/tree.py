"""The files of one package, wherever they lie: installed, in a cache, in an archive, or in the evidence store."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, overload, runtime_checkable

from licscan.model import Component, Origin, PackageFiles


@dataclass(frozen=True, slots=True, order=True)
class FileEntry:
    """One file of a package: its path below the package (`/` between folders), bytes, SHA-256 in hex.

    `sha256` is empty where nobody has read the file. No entry is a link; no path leads out of the package.
    """

    path: str
    size: int = 0
    sha256: str = ""


class Listing(Sequence[FileEntry]):
    """The files of a package as three lists of one length, which become entries when somebody looks at them.

    A warm scan holds tens of thousands of files and looks at few: making an entry costs more than reading its values.
    ValueError where the lists have different lengths, TypeError where they are none.
    """

    __slots__ = ("_digests", "_sizes", "paths")

    def __init__(self, paths: list[str], sizes: list[int], digests: list[str]):
        if not all(isinstance(one, list) for one in (paths, sizes, digests)):
            raise TypeError("not lists")
        if not len(paths) == len(sizes) == len(digests):
            raise ValueError("lists of different lengths")
        self.paths = paths
        self._sizes = sizes
        self._digests = digests

    def __len__(self) -> int:
        return len(self.paths)

    @overload
    def __getitem__(self, at: int) -> FileEntry: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[FileEntry]: ...
    def __getitem__(self, at: int | slice) -> FileEntry | Sequence[FileEntry]:
        if isinstance(at, slice):
            return tuple(map(FileEntry, self.paths[at], self._sizes[at], self._digests[at]))
        return FileEntry(self.paths[at], self._sizes[at], self._digests[at])

    def __iter__(self) -> Iterator[FileEntry]:
        return map(FileEntry, self.paths, self._sizes, self._digests)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}{tuple(self)!r}"

    def sizes(self) -> dict[str, int]:
        """Bytes of each file, by its path."""
        return dict(zip(self.paths, self._sizes, strict=True))


@dataclass(frozen=True, slots=True)
class NativeFacts:
    """What a shared library says of itself: whether Python imports it, its soname, known libraries linked into it.

    `linked` are their names, each with its version or empty.
    """

    is_module: bool = False
    soname: str = ""
    linked: tuple[tuple[str, str], ...] = ()


@runtime_checkable
class HasNatives(Protocol):
    """A tree that keeps what its shared libraries say instead of their bytes."""

    def native(self, path: str) -> NativeFacts | None:
        """The facts of one; None where nobody looked into it."""


class PackageTree(Protocol):
    """What every reader of packages is given; the same answers for the same package, whatever holds it.

    For an npm package paths begin at the folder of package.json; the packages in its own `node_modules` are listed too.
    For a Python distribution they begin where its `.dist-info` lies, and only its own files are listed.
    """

    @property
    def origin(self) -> Origin:
        """Where the files come from."""

    @property
    def place(self) -> str:
        """The folder, archive or address as reports name it, without credentials."""

    @property
    def entries(self) -> Sequence[FileEntry]:
        """Every file, sorted by path."""

    def read(self, path: str, limit: int) -> bytes:
        """A whole file. InputError where it is not there, longer than `limit` bytes, unreadable, or was not kept."""

    def head(self, path: str, size: int) -> bytes:
        """The first bytes of a file, at most `size`; empty where they cannot be had."""


class TreeSource(Protocol):
    """Whoever holds packages: `locate.trees`, with the user's caches and the evidence store."""

    def tree(self, component: Component, files: PackageFiles) -> PackageTree | None:
        """The files of a component at the place where they were located; None where only its address is known.

        Nothing is opened before it is asked for. InputError for a place that is there and cannot be read.
        """


_METADATA = re.compile(r"[^/]+\.dist-info/METADATA|(?:[^/]+\.egg-info|EGG-INFO)/PKG-INFO|PKG-INFO")


def metadata_path(ecosystem: str, tree: PackageTree) -> str:
    """The path of a package's own metadata; empty where a Python package has none at its top."""
    if ecosystem != "pypi":
        return "package.json"
    return next((path for path in _paths(tree.entries) if _METADATA.fullmatch(path)), "")


def own_paths(tree: PackageTree) -> list[str]:
    """The paths of a package's files, without those of other packages in any `node_modules`."""
    return [path for path in _paths(tree.entries) if "node_modules/" not in path]


def _paths(entries: Sequence[FileEntry]) -> Iterable[str]:
    return entries.paths if isinstance(entries, Listing) else (entry.path for entry in entries)


def prepare(tree: PackageTree, paths: Iterable[str]) -> None:
    """Say which files will be read next, so that what is packed is unpacked once for all of them."""
    ready = getattr(tree, "prepare", None)
    if ready is not None:
        ready(paths)
