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
from pathlib import Path

from licscan.base.caches import open_cache
from licscan.model import Claim, EvidenceKind, Location, Origin, PackageFiles

MAX_AGE = 90 * 24 * 3600
"""Seconds. A version does not change, but a private registry can forget one and take another by that name."""
_SCHEMA = "create table if not exists answers_3 (key text primary key, at integer not null, said text not null)"
_BATCH = 500


class Answers:
    """A persistent map of `PackageFiles`; without a path, or where the file is no use, it lasts for one run."""

    def __init__(self, path: Path | None):
        self._path = path
        self._new: dict[str, PackageFiles] = {}
        self._lock = threading.Lock()

    def get_many(self, keys: Iterable[str]) -> dict[str, PackageFiles]:
        """The kept answers among the keys."""
        wanted = sorted(set(keys))
        found = {key: self._new[key] for key in wanted if key in self._new}
        connection = self._open()
        if connection is None:
            return found
        oldest = int(time.time()) - MAX_AGE
        try:
            for start in range(0, len(wanted), _BATCH):
                batch = wanted[start : start + _BATCH]
                marks = ",".join("?" * len(batch))
                query = f"select key, said from answers_3 where at > ? and key in ({marks})"  # noqa: S608 - only marks
                for key, said in connection.execute(query, (oldest, *batch)):
                    if (files := _load(said)) is not None:
                        found.setdefault(key, files)
        except sqlite3.Error:
            pass  # a damaged cache is an empty one
        finally:
            connection.close()
        return found

    def put(self, key: str, files: PackageFiles) -> None:
        """Keep an answer; it is written by `save`."""
        with self._lock:
            self._new[key] = files

    def save(self) -> None:
        """Write what is new in one transaction."""
        with self._lock:
            rows = [(key, int(time.time()), _dump(files)) for key, files in sorted(self._new.items())]
        connection = self._open() if rows else None
        if connection is None:
            return
        try:
            with connection:
                connection.executemany("insert or replace into answers_3 values (?, ?, ?)", rows)
        except sqlite3.Error:
            pass  # the next run asks again
        finally:
            connection.close()

    def _open(self) -> sqlite3.Connection | None:
        return open_cache(self._path, _SCHEMA)


def _dump(files: PackageFiles) -> str:
    claims = [[claim.kind, claim.field, claim.raw, claim.structured, claim.location.path] for claim in files.claims]
    lists = [files.license_files, files.notice_files, files.author_files, files.readme_files, files.bundled]
    return json.dumps([files.origin, files.place, claims, lists], ensure_ascii=False)


def _load(said: str) -> PackageFiles | None:
    try:
        origin, place, claims, lists = json.loads(said)
        read = [
            Claim(EvidenceKind(kind), field, raw, Origin(origin), Location(path), structured)
            for kind, field, raw, structured, path in claims
        ]
        licenses, notices, authors, readmes, bundled = map(tuple, lists)
        return PackageFiles(Origin(origin), place, tuple(read), licenses, notices, authors, readmes, bundled=bundled)
    except (ValueError, TypeError):
        return None


def user_cache() -> Path:
    """The folder of what is kept between runs (`XDG_CACHE_HOME` moves it)."""
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("licscan")) / "http"


def user_answers() -> Answers:
    """The answers of the user's earlier runs."""
    return Answers(user_cache() / "answers.sqlite")
