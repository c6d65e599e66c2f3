"""What was seen in files, kept by digest in one SQLite file, so that a second run decodes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from licscan.base.caches import CacheUse, KeyedTable, Version, VersionedCache
from licscan.base.digests import digest_of, parts_of_folder

_SCHEMA = """
create table if not exists looks_1 (
    id integer primary key, version integer not null, digest blob not null, look blob not null,
    unique (version, digest)
);
"""
_TABLE = KeyedTable("looks_1", "digest", "look")


class ArtCache:
    """A persistent map from digests to looks; without a path, or where the file is no use, an empty one."""

    def __init__(self, path: Path | None, version: str = "", use: CacheUse | None = None):
        self._cache = VersionedCache(path, Version(version or _version(), ""), (_TABLE.name,), _SCHEMA, use)

    @property
    def use(self) -> CacheUse:
        """What this run had of the cache."""
        return self._cache.use

    def get_many(self, digests: Iterable[bytes]) -> dict[bytes, bytes]:
        """What is kept of the files with these digests."""
        return self._cache.get(_TABLE, digests)

    def put_many(self, found: Mapping[bytes, bytes]) -> None:
        """Keep what was seen."""
        self._cache.put(_TABLE, found.items())


def user_looks(use: CacheUse | None = None) -> ArtCache:
    """What the user's earlier scans saw (`XDG_CACHE_HOME` moves it)."""
    from platformdirs import user_cache_dir

    return ArtCache(Path(user_cache_dir("licscan")) / "art.sqlite", use=use)


@cache
def _version() -> str:
    """A digest of the code that looks; the index has no part in what is kept."""
    return digest_of(parts_of_folder(Path(__file__).parent, {".py"}))
