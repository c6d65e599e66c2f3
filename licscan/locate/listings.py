"""The file lists of npm's cached tarballs, kept: to list one, all of it has to be unpacked.

Only archives that are named by the hash of their bytes are remembered, so that a list is never out of date.
"""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from licscan.base.caches import CacheFile, CacheUse, forget_older_half, open_to_read
from licscan.packages.tree import FileEntry

MAX_AGE = 90 * 24 * 3600
"""Seconds after which a list is forgotten."""
MAX_LISTING = 32 * 1024 * 1024
_SCHEMA = "create table if not exists listings (archive text primary key, at integer not null, files blob not null)"
_FIXED = "/_cacache/content-v2/"


class Listings:
    """A persistent map of file lists; without a path, or where the file is no use, it keeps nothing."""

    def __init__(self, path: Path | None = None, use: CacheUse | None = None):
        self._file = CacheFile(path, _SCHEMA, use)
        self._path = path
        self._new: dict[str, bytes] = {}

    def get(self, archive: str) -> tuple[FileEntry, ...] | None:
        """The files of an archive; None where they are not known."""
        if _FIXED not in archive:
            return None
        connection = self._reading
        if connection is None:
            return None
        try:
            row = connection.execute("select files from listings where archive = ?", (archive,)).fetchone()
        except sqlite3.Error:
            return None
        return _load(row[0]) if row else None

    @cached_property
    def _reading(self) -> sqlite3.Connection | None:
        """One connection for all archives of a run: they are asked for one at a time."""
        try:
            return open_to_read(self._path, _SCHEMA) if self._path else None
        except (OSError, sqlite3.Error):
            return None

    def put(self, archive: str, entries: Sequence[FileEntry]) -> None:
        """Keep a list; it is written by `save`."""
        if self._path is not None and _FIXED in archive:
            told = json.dumps([(entry.path, entry.size) for entry in entries], ensure_ascii=False)
            self._new[archive] = zlib.compress(told.encode("utf-8", "surrogatepass"), 1)

    def save(self) -> None:
        """Write what is new in one transaction, and forget what is old."""
        now = int(time.time())
        rows = [(archive, now, files) for archive, files in sorted(self._new.items())]

        def writing(connection: sqlite3.Connection) -> None:
            connection.execute("delete from listings where at < ?", (now - MAX_AGE,))
            connection.executemany("insert or replace into listings values (?, ?, ?)", rows)

        if rows:
            self._file.write(
                len(rows), writing, lambda connection: forget_older_half(connection, "listings", "archive")
            )
        self._new.clear()


def _load(data: object) -> tuple[FileEntry, ...] | None:
    try:
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(data, MAX_LISTING)  # type: ignore[arg-type]
        return tuple(FileEntry(path, size) for path, size in json.loads(text))
    except (TypeError, ValueError, zlib.error):
        return None


def user_listings(use: CacheUse | None = None) -> Listings:
    """The lists of the user's earlier runs."""
    from platformdirs import user_cache_dir

    return Listings(Path(user_cache_dir("licscan")) / "listings.sqlite", use)
