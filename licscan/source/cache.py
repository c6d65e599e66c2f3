"""The headers of source files, kept by the digest of the file and the version of detection, in one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from licscan.base.caches import CacheUse, Version, VersionedCache, select_in
from licscan.base.digests import digest_of, parts_of_folder
from licscan.detect.version import CODE
from licscan.read.cache import detection_version, digest_of_own
from licscan.source.header import Header, dump, load

_SCHEMA = """
drop table if exists headers_1;
create table if not exists headers_2 (
    id integer primary key, version integer not null, digest blob not null, header blob not null,
    unique (version, digest)
);
"""


class HeaderCache:
    """A persistent map from digests to headers; without a path, or where the file is no use, an empty one."""

    def __init__(self, path: Path | None, version: str, scope: str = "", use: CacheUse | None = None):
        self._cache = VersionedCache(path, Version(version, scope), ("headers_2",), _SCHEMA, use)

    @property
    def use(self) -> CacheUse:
        """What this run had of the cache."""
        return self._cache.use

    def get_many(self, digests: Iterable[bytes]) -> dict[bytes, Header]:
        """What is kept of the files with these digests."""
        wanted = sorted(set(digests))
        found: dict[bytes, Header] = {}

        def reading(connection: sqlite3.Connection, version: int) -> None:
            query = "select digest, header from headers_2 where version = ? and digest in ({marks})"
            for digest, said in select_in(connection, query, wanted, version):
                if (one := load(said)) is not None:
                    found[digest] = one

        if wanted:
            self._cache.read(reading)
        return found

    def put_many(self, found: Mapping[bytes, Header]) -> None:
        """Keep what was found."""
        rows = [(digest, dump(one)) for digest, one in sorted(found.items())]

        def writing(connection: sqlite3.Connection, version: int) -> None:
            query = "insert or replace into headers_2 (version, digest, header) values (?, ?, ?)"
            connection.executemany(query, [(version, *row) for row in rows])

        if rows:
            self._cache.write(len(rows), writing)


def user_headers(licenses: Path | None = None, use: CacheUse | None = None) -> HeaderCache:
    """What the user's earlier scans found (`XDG_CACHE_HOME` moves it); each set of own licenses has its own rows."""
    from platformdirs import user_cache_dir

    path = Path(user_cache_dir("licscan")) / "sources.sqlite"
    return HeaderCache(path, _version(), digest_of_own(licenses), use)


@cache
def _version() -> str:
    """A digest of all that decides what a header says."""
    return digest_of([detection_version().encode(), *parts_of_folder(Path(__file__).parent, CODE)])
