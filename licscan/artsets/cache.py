"""What was seen in files, kept by digest in one SQLite file, so that a second run decodes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from licscan.base.caches import CacheUse, Version, VersionedCache, select_in
from licscan.base.digests import digest_of, parts_of_folder

_SCHEMA = """
create table if not exists looks_1 (
    id integer primary key, version integer not null, digest blob not null, look blob not null,
    unique (version, digest)
);
"""


class ArtCache:
    """A persistent map from digests to looks; without a path, or where the file is no use, an empty one."""

    def __init__(self, path: Path | None, version: str = "", use: CacheUse | None = None):
        self._cache = VersionedCache(path, Version(version or _version(), ""), ("looks_1",), _SCHEMA, use)

    @property
    def use(self) -> CacheUse:
        """What this run had of the cache."""
        return self._cache.use

    def get_many(self, digests: Iterable[bytes]) -> dict[bytes, bytes]:
        """What is kept of the files with these digests."""
        wanted = sorted(set(digests))
        found: dict[bytes, bytes] = {}

        def reading(connection: sqlite3.Connection, version: int) -> None:
            query = "select digest, look from looks_1 where version = ? and digest in ({marks})"
            found.update((bytes(digest), bytes(look)) for digest, look in select_in(connection, query, wanted, version))

        if wanted:
            self._cache.read(reading)
        return found

    def put_many(self, found: Mapping[bytes, bytes]) -> None:
        """Keep what was seen."""
        rows = sorted(found.items())

        def writing(connection: sqlite3.Connection, version: int) -> None:
            query = "insert or replace into looks_1 (version, digest, look) values (?, ?, ?)"
            connection.executemany(query, [(version, *row) for row in rows])

        if rows:
            self._cache.write(len(rows), writing)


def user_looks(use: CacheUse | None = None) -> ArtCache:
    """What the user's earlier scans saw (`XDG_CACHE_HOME` moves it)."""
    from platformdirs import user_cache_dir

    return ArtCache(Path(user_cache_dir("licscan")) / "art.sqlite", use=use)


@cache
def _version() -> str:
    """A digest of the code that looks; the index has no part in what is kept."""
    return digest_of(parts_of_folder(Path(__file__).parent, {".py"}))
