"""pnpm's store: an index file a package, by the integrity of its tarball; the files by their own hashes.

Store v3 (pnpm 5 to 9) has `files/<2>/<126>-index.json`, store v10 `index/<2>/<62>-<name>@<version>.json`, store v11
(pnpm 11 and 12) the table `package_index` of `index.db`. Read in what pnpm wrote itself.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licscan.base.files import read_file
from licscan.locate.archive_trees import absent
from licscan.locate.archives import MAX_TEXT, Contents, safe
from licscan.locate.caches import Caches
from licscan.locate.msgpack_records import unpack
from licscan.locate.packed import is_manifest, json_object, npm_files
from licscan.model import Component, Origin, PackageFiles
from licscan.packages.tree import FileEntry, PackageTree

if TYPE_CHECKING:
    import sqlite3

MAX_INDEX = 32 * 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{128}")


def locate(component: Component, caches: Caches) -> tuple[PackageFiles, ...]:
    """The files that the store's index names for the lock's sha512."""
    for store in caches.pnpm:
        for place, table in _indexes(component, store, _digest_of(component)):
            if isinstance(files := table.get("files"), dict):
                contents = Contents([name for name in files if isinstance(name, str) and safe(name)])
                contents.read = {name: _file(store, files[name]) for name in contents.names if is_manifest(name)}
                return npm_files(component, place, contents)
    return ()


def tree(caches: Caches, index: str, digest: str, place: str, origin: Origin) -> PackageTree | None:
    """The files of a package by its index, or by its digest in the table of them all; None where it is not there."""
    store = next((store for store in caches.pnpm if index.startswith(f"{store}{os.sep}")), None)
    if store is None:
        return None
    if index.endswith(".json"):
        table = json_object(_read(index, MAX_INDEX))
    else:
        database = _opened(Path(index))
        table = _row(database, f"{_integrity(digest)}\t") if database and _DIGEST.fullmatch(digest) else None
    files = table.get("files") if table else None
    return PnpmTree(origin, place, store, files) if isinstance(files, dict) else None


def _integrity(digest: str) -> str:
    return f"sha512-{base64.b64encode(bytes.fromhex(digest)).decode()}"


def _digest_of(component: Component) -> str:
    digest = next((entry[7:] for entry in component.hashes if entry.startswith("sha512:")), "")
    return digest if _DIGEST.fullmatch(digest) else ""


class PnpmTree:
    """A package in the store: what its index names, each file under its own hash."""

    def __init__(self, origin: Origin, place: str, store: Path, files: dict[Any, Any]):
        self.origin = origin
        self.place = place
        self._store = store
        self._files = {name: entry for name, entry in files.items() if isinstance(name, str) and safe(name)}

    @cached_property
    def entries(self) -> Sequence[FileEntry]:
        """Every file, sorted by path."""
        return tuple(FileEntry(name, _size(entry)) for name, entry in sorted(self._files.items()))

    def read(self, path: str, limit: int) -> bytes:
        """See `PackageTree`."""
        if path not in self._files:
            raise absent(path)
        return read_file(_path(self._store, self._files[path]), limit)

    def head(self, path: str, size: int) -> bytes:
        """See `PackageTree`."""
        return _read(_path(self._store, self._files.get(path)), size)


def _size(entry: Any) -> int:
    size = entry.get("size") if isinstance(entry, dict) else None
    return size if isinstance(size, int) and 0 <= size < 2**63 else 0


def _indexes(component: Component, store: Path, digest: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The index of the package, with its place, in whichever form the store has it."""
    if not digest:
        return
    name = f"{component.name}@{component.version}"
    database = _opened(store / "index.db")
    if database is not None:
        table = _row(database, f"{_integrity(digest)}\t{name}")
        if table is not None:
            # one file holds all indexes: the digest tells which
            yield f"{store}/index.db/{digest}", table
    for place in (
        f"{store}/index/{digest[:2]}/{digest[2:64]}-{name.replace('/', '+')}.json",
        f"{store}/files/{digest[:2]}/{digest[2:]}-index.json",
    ):
        table = json_object(_read(place, MAX_INDEX)) if os.path.exists(place) else None
        if table is not None:
            yield place, table


@lru_cache(maxsize=8)
def _opened(database: Path) -> sqlite3.Connection | None:
    """One connection a process, read-only: a pnpm that is at work is not disturbed."""
    import sqlite3

    if not database.is_file():
        return None
    try:
        return sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=1)
    except sqlite3.Error:
        return None


def _row(database: sqlite3.Connection, key: str) -> dict[str, Any] | None:
    """One row by its key, or by the beginning of it that ends with the tab; None too where the database is damaged."""
    import sqlite3

    try:
        query = "SELECT data FROM package_index WHERE key = ? OR (? AND key > ? AND key < ?) ORDER BY key LIMIT 1"
        row = database.execute(query, (key, key.endswith("\t"), key, f"{key[:-1]}\n")).fetchone()
        table = unpack(row[0]) if row and isinstance(row[0], bytes) else None
    except (sqlite3.Error, ValueError):
        return None
    return table if isinstance(table, dict) else None


def _file(store: Path, entry: Any) -> bytes:
    """The bytes of one file by the integrity in its entry; empty where they are not there."""
    return _read(_path(store, entry), MAX_TEXT)


def _path(store: Path, entry: Any) -> str:
    """Where a file stands in the store; empty for an entry that names none."""
    digest = _digest(entry)
    if digest is None:
        return ""
    path = f"{store}/files/{digest[:2]}/{digest[2:]}"
    return path if os.path.exists(path) else f"{path}-exec"


def _digest(entry: Any) -> str | None:
    """The hex of a file's hash: `integrity` in the older stores, `digest` in v11."""
    if not isinstance(entry, dict):
        return None
    digest, integrity = entry.get("digest"), entry.get("integrity")
    if isinstance(digest, str):
        return digest if re.fullmatch(r"[0-9a-f]{128}", digest) else None
    if not isinstance(integrity, str) or not integrity.startswith("sha512-"):
        return None
    try:
        return base64.b64decode(integrity[7:], validate=True).hex()
    except (binascii.Error, ValueError):
        return None


def _read(path: str, limit: int) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(limit)
    except OSError:
        return b""
