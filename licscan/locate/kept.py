"""What stored packages say, kept by the digest of their record and the version of what reads them.

A record never changes under its digest, so neither does what its manifest and the names of its files say.
"""

from __future__ import annotations

import json
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from licscan.base.caches import CacheUse, KeyedTable, Version, VersionedCache
from licscan.base.digests import digest_of, parts_of_folder
from licscan.model import Claim, EvidenceKind, Location, Origin, PackageFiles
from licscan.model.package import PackageMetadata

_ROOMS = ("base", "evidence", "licenses", "locate", "model", "packages")
"""All that decides what is read out of a record."""
_CODE = (".py",)
_SCHEMA = """
create table if not exists files_1 (
    id integer primary key, version integer not null, digest text not null, files text not null,
    unique (version, digest)
);
"""
_TABLE = KeyedTable("files_1", "digest", "files")
_PATHS = attrgetter("license_files", "notice_files", "author_files", "readme_files", "named", "bundled")
_CLAIM = attrgetter("kind", "field", "raw", "origin", "structured")
_LOCATION = attrgetter("path", "start_line", "end_line")
_METADATA = attrgetter(*(one.name for one in fields(PackageMetadata)))


class KeptFiles:
    """A persistent map from digests of records to what they say; without a path, or where the file is no use, empty."""

    def __init__(self, path: Path | None = None, version: str = "", use: CacheUse | None = None):
        self._cache = VersionedCache(path, Version(version), (_TABLE.name,), _SCHEMA, use)
        self._path = path
        self._new: dict[str, PackageFiles] = {}
        self._lock = threading.Lock()

    def get_many(self, digests: Iterable[str]) -> dict[str, PackageFiles]:
        """What is kept of the records with these digests."""
        said = self._cache.get(_TABLE, digests)
        return {digest: files for digest, one in said.items() if (files := load(one)) is not None}

    def put(self, digest: str, files: PackageFiles) -> None:
        """Keep what a record says; it is written by `save`. What could not be read of it is not kept."""
        if self._path is not None and digest and not files.problems:
            with self._lock:
                self._new[digest] = files

    def save(self) -> None:
        """Write what is new in one transaction."""
        with self._lock:
            rows = [(digest, dump(files)) for digest, files in self._new.items()]
            self._new.clear()

        self._cache.put(_TABLE, rows)


def dump(files: PackageFiles) -> str:
    """Files of one place as compact JSON in ASCII, without problems."""
    claims = [[*_CLAIM(one), *_LOCATION(one.location)] for one in files.claims]
    metadata = None if files.metadata is None else _METADATA(files.metadata)
    return json.dumps(
        [files.origin, files.place, claims, metadata, files.requires, *_PATHS(files)], separators=(",", ":")
    )


def load(said: str) -> PackageFiles | None:
    """The files again; None for what this version did not write."""
    try:
        origin, place, claims, metadata, requires, *paths = json.loads(said)
        licenses, notices, authors, readmes, named, bundled = map(tuple, paths)
        return PackageFiles(
            Origin(origin),
            place,
            tuple(_claim(*one) for one in claims),
            licenses,
            notices,
            authors,
            readmes,
            metadata=None if metadata is None else PackageMetadata(*map(_frozen, metadata)),
            named=named,
            bundled=bundled,
            requires=None if requires is None else tuple(requires),
        )
    except (ValueError, TypeError, RecursionError):
        return None


def _claim(kind: str, name: str, raw: str, origin: str, structured: bool, *location: Any) -> Claim:
    return Claim(EvidenceKind(kind), name, raw, Origin(origin), Location(*location), structured)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def user_kept(use: CacheUse | None = None) -> KeptFiles:
    """What the packages of the user's earlier runs say (`XDG_CACHE_HOME` moves it)."""
    from platformdirs import user_cache_dir

    return KeptFiles(Path(user_cache_dir("licscan")) / "packages.sqlite", version_of(Path(__file__).parents[1]), use)


@cache
def version_of(package: Path) -> str:
    """A digest of all that decides what a copy of licscan reads out of a record."""
    code = (part for room in _ROOMS for part in parts_of_folder(package / room, _CODE))
    return digest_of([unicodedata.unidata_version.encode(), *code])
