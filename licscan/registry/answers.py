"""What registries and archives said of packages that never change again, kept in one SQLite file.

Why not in the HTTP cache: reading 500 whole documents back through it takes longer than asking a fast registry, and
what is needed of each is a line. Keys are registry, name and version, or the hash of an archive; no header and no
credential is ever stored.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from licscan.base.caches import CacheFile, CacheUse, forget_older_half, select_in
from licscan.model import Claim, EvidenceKind, Location, Origin, PackageFiles
from licscan.packages.facts import as_dict, from_dict

MAX_AGE = 90 * 24 * 3600
"""Seconds. A version does not change, but a private registry can forget one and take another by that name."""
_SCHEMA = "create table if not exists answers_5 (key text primary key, at integer not null, said text not null)"


class Answers:
    """A persistent map of `PackageFiles`; without a path, or where the file is no use, it lasts for one run."""

    def __init__(self, path: Path | None, use: CacheUse | None = None):
        self._file = CacheFile(path, _SCHEMA, use)
        self._new: dict[str, PackageFiles] = {}
        self._lock = threading.Lock()

    def get_many(self, keys: Iterable[str]) -> dict[str, PackageFiles]:
        """The kept answers among the keys."""
        wanted = sorted(set(keys))
        found = {key: self._new[key] for key in wanted if key in self._new}
        oldest = int(time.time()) - MAX_AGE

        def reading(connection: sqlite3.Connection) -> None:
            query = "select key, said from answers_5 where at > ? and key in ({marks})"
            for key, said in select_in(connection, query, wanted, oldest):
                if (files := _load(said)) is not None:
                    found.setdefault(key, files)

        if wanted:
            self._file.read(reading)
        return found

    def put(self, key: str, files: PackageFiles) -> None:
        """Keep an answer; it is written by `save`."""
        with self._lock:
            self._new[key] = files

    def save(self) -> None:
        """Write what is new in one transaction, and forget what is too old to be asked for."""
        now = int(time.time())
        with self._lock:
            rows = [(key, now, _dump(files)) for key, files in sorted(self._new.items())]

        def writing(connection: sqlite3.Connection) -> None:
            connection.execute("delete from answers_5 where at <= ?", (now - MAX_AGE,))
            connection.executemany("insert or replace into answers_5 values (?, ?, ?)", rows)

        if rows:
            self._file.write(len(rows), writing, lambda connection: forget_older_half(connection, "answers_5", "key"))


def _dump(files: PackageFiles) -> str:
    claims = [[claim.kind, claim.field, claim.raw, claim.structured, claim.location.path] for claim in files.claims]
    lists = [
        files.license_files,
        files.notice_files,
        files.author_files,
        files.readme_files,
        files.named,
        files.bundled,
    ]
    told = files.metadata and as_dict(files.metadata)
    return json.dumps([files.origin, files.place, claims, lists, told, files.requires], ensure_ascii=False)


def _load(said: str) -> PackageFiles | None:
    try:
        origin, place, claims, lists, told, requires = json.loads(said)
        read = [
            Claim(EvidenceKind(kind), field, raw, Origin(origin), Location(path), structured)
            for kind, field, raw, structured, path in claims
        ]
        licenses, notices, authors, readmes, named, bundled = map(tuple, lists)
        files = PackageFiles(
            Origin(origin), place, tuple(read), licenses, notices, authors, readmes, named=named, bundled=bundled
        )
        files = replace(files, requires=None if requires is None else tuple(requires))
        return files if told is None else replace(files, metadata=from_dict("", told))
    except (ValueError, TypeError, AttributeError):
        return None


def user_cache() -> Path:
    """The folder of what is kept between runs (`XDG_CACHE_HOME` moves it)."""
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("licscan")) / "http"


def user_answers(use: CacheUse | None = None) -> Answers:
    """The answers of the user's earlier runs."""
    return Answers(user_cache() / "answers.sqlite", use)
