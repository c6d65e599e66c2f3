"""The headers of source files, kept by the digest of the file and the version of detection, in one SQLite file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from licscan.base.caches import CacheUse, KeyedTable, Version, VersionedCache
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
_TABLE = KeyedTable("headers_2", "digest", "header")


class HeaderCache:
    """A persistent map from digests to headers; without a path, or where the file is no use, an empty one."""

    def __init__(self, path: Path | None, version: str, scope: str = "", use: CacheUse | None = None):
        self._cache = VersionedCache(path, Version(version, scope), (_TABLE.name,), _SCHEMA, use)

    @property
    def use(self) -> CacheUse:
        """What this run had of the cache."""
        return self._cache.use

    def get_many(self, digests: Iterable[bytes]) -> dict[bytes, Header]:
        """What is kept of the files with these digests."""
        said = self._cache.get(_TABLE, digests)
        return {digest: header for digest, one in said.items() if (header := load(one)) is not None}

    def put_many(self, found: Mapping[bytes, Header]) -> None:
        """Keep what was found."""
        self._cache.put(_TABLE, ((digest, dump(one)) for digest, one in found.items()))


def user_headers(licenses: Path | None = None, use: CacheUse | None = None) -> HeaderCache:
    """What the user's earlier scans found (`XDG_CACHE_HOME` moves it); each set of own licenses has its own rows."""
    from platformdirs import user_cache_dir

    path = Path(user_cache_dir("licscan")) / "sources.sqlite"
    return HeaderCache(path, _version(), digest_of_own(licenses), use)


@cache
def _version() -> str:
    """A digest of all that decides what a header says."""
    return digest_of([detection_version().encode(), *parts_of_folder(Path(__file__).parent, CODE)])
