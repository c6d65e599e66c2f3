"""The file lists of npm's cached tarballs, kept: to list one, all of it has to be unpacked.

Only archives that are named by the hash of their bytes are remembered, so that a list is never out of date.
"""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

from licscan.base.caches import open_cache
from licscan.packages.tree import FileEntry

MAX_AGE = 90 * 24 * 3600
"""Seconds after which a list is forgotten."""
MAX_LISTING = 32 * 1024 * 1024
_SCHEMA = "create table if not exists listings (archive text primary key, at integer not null, files blob not null)"
_FIXED = "/_cacache/content-v2/"


class Listings:
    """A persistent map of file lists; without a path, or where the file is no use, it keeps nothing."""

    def __init__(self, path: Path | None = None):
        self._path = path
        self._new: dict[str, bytes] = {}
        self._connection: sqlite3.Connection | None = None
        self._opened = False

    def get(self, archive: str) -> tuple[FileEntry, ...] | None:
        """The files of an archive; None where they are not known."""
        connection = self._open() if _FIXED in archive else None
        if connection is None:
            return None
        try:
            row = connection.execute("select files from listings where archive = ?", (archive,)).fetchone()
            return _load(row[0]) if row else None
        except sqlite3.Error:
            return None

    def put(self, archive: str, entries: Sequence[FileEntry]) -> None:
        """Keep a list; it is written by `save`."""
        if self._path is not None and _FIXED in archive:
            told = json.dumps([(entry.path, entry.size) for entry in entries], ensure_ascii=False)
            self._new[archive] = zlib.compress(told.encode("utf-8", "surrogatepass"), 1)

    def save(self) -> None:
        """Write what is new in one transaction, and forget what is old."""
        connection = self._open() if self._new else None
        if connection is None:
            return
        now = int(time.time())
        try:
            connection.execute("begin")
            with connection:
                connection.execute("delete from listings where at < ?", (now - MAX_AGE,))
                rows = [(archive, now, files) for archive, files in sorted(self._new.items())]
                connection.executemany("insert or replace into listings values (?, ?, ?)", rows)
        except sqlite3.Error:
            pass  # the next run lists again
        self._new.clear()

    def _open(self) -> sqlite3.Connection | None:
        if not self._opened:
            self._opened = True
            try:
                self._connection = open_cache(self._path, _SCHEMA) if self._path else None
            except (OSError, sqlite3.Error):
                self._connection = None
        return self._connection


def _load(data: object) -> tuple[FileEntry, ...] | None:
    try:
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(data, MAX_LISTING)  # type: ignore[arg-type]
        return tuple(FileEntry(path, size) for path, size in json.loads(text))
    except (TypeError, ValueError, zlib.error):
        return None


def user_listings() -> Listings:
    """The lists of the user's earlier runs."""
    from platformdirs import user_cache_dir

    return Listings(Path(user_cache_dir("licscan")) / "listings.sqlite")
