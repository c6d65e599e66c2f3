"""The headers of source files, kept by the digest of the file and the version of detection, in one SQLite file."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from licscan.base.caches import open_cache
from licscan.read.kept import detection_version, name_of_own
from licscan.source.header import Header, dump, load

_SCHEMA = """
create table if not exists headers_1 (
    version text not null, digest blob not null, header blob not null, primary key (version, digest)
) without rowid;
"""
_BATCH = 500


class KeptHeaders:
    """A persistent map from digests to headers; without a path, or where the file is no use, an empty one."""

    def __init__(self, path: Path | None, version: str):
        self._path = path
        self._version = version

    def get_many(self, digests: Iterable[bytes]) -> dict[bytes, Header]:
        """What is kept of the files with these digests."""
        wanted = sorted(set(digests))
        connection = open_cache(self._path, _SCHEMA) if wanted else None
        if connection is None:
            return {}
        found: dict[bytes, Header] = {}
        try:
            for start in range(0, len(wanted), _BATCH):
                batch = wanted[start : start + _BATCH]
                marks = ",".join("?" * len(batch))
                query = f"select digest, header from headers_1 where version = ? and digest in ({marks})"  # noqa: S608
                for digest, said in connection.execute(query, (self._version, *batch)):
                    if (one := load(said)) is not None:
                        found[digest] = one
        except sqlite3.Error:
            pass
        finally:
            connection.close()
        return found

    def put_many(self, found: Mapping[bytes, Header]) -> None:
        """Keep what was found, and forget what an earlier version of detection found."""
        connection = open_cache(self._path, _SCHEMA) if found else None
        if connection is None:
            return
        try:
            with connection:
                connection.execute("delete from headers_1 where version != ?", (self._version,))
                rows = [(self._version, digest, dump(one)) for digest, one in sorted(found.items())]
                connection.executemany("insert or replace into headers_1 values (?, ?, ?)", rows)
        except sqlite3.Error:
            pass  # the next run detects again
        finally:
            connection.close()


def user_headers(licenses: Path | None = None) -> KeptHeaders:
    """What the user's earlier scans found (`XDG_CACHE_HOME` moves it); each set of own licenses has its own file."""
    from platformdirs import user_cache_dir

    parts = [detection_version()]
    for path in sorted(Path(__file__).parent.glob("*.py")):
        status = path.stat()
        parts.append(f"{path.name} {status.st_size} {status.st_mtime_ns}")
    version = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
    return KeptHeaders(Path(user_cache_dir("licscan")) / f"sources{name_of_own(licenses)}.sqlite", version)
