"""The store of evidence: records of packages and their blobs in one SQLite file of the user's cache.

It is shared by processes and threads. It is never a reason to fail: what cannot be read is not there, what cannot be
written is read again from its archive by the next run. Keys are hashes of archives, and names at a registry; no
credential is ever stored.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from licscan.base.caches import open_cache, select_in
from licscan.evidence.record import Draft, PackageRecord, checked_hashes, digest_of, dump, load
from licscan.evidence.stored import StoredTree
from licscan.model import Origin
from licscan.packages.purls import strip_credentials

MB = 1024 * 1024
MAX_SIZE = 4096 * MB
"""Bytes of the file, from which nothing is added before what was used longest ago is gone."""
MAX_BLOB = 64 * MB
DAY = 24 * 3600
_SCHEMA = """
pragma journal_mode = wal;
pragma synchronous = normal;
create table if not exists records_1
  (id integer primary key, digest text not null unique, used integer not null, imported integer not null,
   said blob not null);
create table if not exists keys_1 (key text primary key, record integer not null) without rowid;
create index if not exists keys_of_1 on keys_1 (record);
create table if not exists blobs_1 (id integer primary key, digest text not null unique, data blob not null);
create table if not exists uses_1
  (record integer not null, blob integer not null, primary key (record, blob)) without rowid;
create index if not exists uses_of_1 on uses_1 (blob);
"""
_PLAIN = re.compile(r"(?:[a-z]+ )?https?://[\w.-]+(?::\d+)?(?:/[\w./~-]*)?(?: [\w@./+~-]*){0,2}", re.ASCII)
"""A registry, perhaps with a package's name and version, without user, query and fragment: nearly all of them."""
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def hash_key(hash_: str) -> str | None:
    """The key of an archive by its `algorithm:hex`; None for a hash that nobody should rely on."""
    found = checked_hashes([hash_])
    return f"hash {found[0]}" if found else None


@lru_cache(maxsize=20_000)
def _clean(registry: str) -> str:
    if _PLAIN.fullmatch(registry) and "/t/" not in registry:
        return registry.rstrip("/")
    return strip_credentials(registry).rstrip("/")


def name_key(registry: str, ecosystem: str, name: str, version: str, filename: str = "") -> str:
    """The key of a package by its name at a registry (an address), and, of several files, by that of one."""
    parts = (_clean(registry), ecosystem, name, version, filename)
    return "name " + " ".join(part.replace("%", "%25").replace(" ", "%20") for part in parts)


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What the store holds: bytes on disk, packages by ecosystem, blobs, how many packages came by import, days."""

    path: str
    size: int
    packages: Mapping[str, int]
    blobs: int
    imported: int
    oldest: int
    """Days since the package that was used longest ago was used."""


class EvidenceStore:
    """Records by their keys; without a path, or where the file is no use, they last for one run."""

    def __init__(self, path: Path | None):
        self.path = path
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._full = False

    # -- reading

    def get_many(self, keys: Iterable[str]) -> dict[str, PackageRecord]:
        """The stored records among the keys."""
        wanted = sorted(set(keys))
        found: dict[str, PackageRecord] = {}
        seen: dict[int, PackageRecord | None] = {}
        with self._using() as db:
            rows = list(select_in(db, "select key, record from keys_1 where key in ({marks})", wanted))
            self._load(db, {record for _key, record in rows}, seen)
            found.update((key, one) for key, record in rows if (one := seen.get(record)) is not None)
            self._mark_used(db, [record for record, one in seen.items() if one is not None])
        return found

    def get(self, key: str) -> PackageRecord | None:
        """The record of one key."""
        return self.get_many([key]).get(key)

    def fetch_many(self, keys: Iterable[str]) -> dict[str, PackageRecord]:
        """The records of keys that `get_many` has none for, from a store behind this one: here there is no such."""
        return {}

    def _load(self, db: sqlite3.Connection, records: set[int], seen: dict[int, PackageRecord | None]) -> None:
        for record, said in select_in(db, "select id, said from records_1 where id in ({marks})", sorted(records)):
            try:
                seen[record] = load(zlib.decompress(said))
            except (ValueError, zlib.error):
                seen[record] = None  # damaged: it is read again from its archive

    def _mark_used(self, db: sqlite3.Connection, records: list[int]) -> None:
        """Note the day of use, at most once a day."""
        today = int(time.time()) // DAY
        old = "select id from records_1 where used < ? and id in ({marks})"
        if stale := list(select_in(db, old, records, today)):
            with db:
                db.executemany("update records_1 set used = ? where id = ?", [(today, one) for (one,) in stale])

    def blob(self, digest: str) -> bytes | None:
        """A blob by its SHA-256; None where it is not there, or damaged."""
        with self._using() as db:
            row = db.execute("select data from blobs_1 where digest = ?", (digest,)).fetchone()
            return inflate(row[0], digest) if row else None
        return None

    def tree(self, record: PackageRecord, origin: Origin = Origin.REGISTRY) -> StoredTree:
        """The files of a stored package."""
        return StoredTree(record, self.blob, origin)

    # -- writing

    def put(self, draft: Draft, keys: Iterable[str | None] = ()) -> PackageRecord:
        """Store a record under its keys, beside those of its hashes; all of it or nothing."""
        record = draft.record
        named = {key for key in (*keys, *map(hash_key, record.hashes)) if key}
        blobs = [(digest, zlib.compress(data, 6)) for digest, data in sorted(draft.blobs.items())]
        said = dump(record)
        packed = zlib.compress(said, 6)
        digest = digest_of(said)
        with self._using() as db:
            if not self._has_room(db):
                return record
            with db:
                put_rows(db, digest, packed, blobs, named, replace=True)
            return replace(record, digest=digest)
        return record

    def _has_room(self, db: sqlite3.Connection) -> bool:
        if not self._full and _bytes_of(db) > MAX_SIZE:
            self._full = True
            self._shrink(db, MAX_SIZE * 3 // 4)
            self._full = _bytes_of(db) > MAX_SIZE
        return not self._full

    def prune(self, max_age: int | None = None, max_size: int | None = None) -> int:
        """Forget packages not used for `max_age` days, then those used longest ago until the file has `max_size` bytes.

        How many were forgotten. Blobs of no package go too, and the file shrinks.
        """
        gone = 0
        with self._using() as db:
            before = _count(db, "records_1")
            if max_age is not None:
                with db:
                    db.execute("delete from records_1 where used < ?", (int(time.time()) // DAY - max_age,))
                    sweep(db)
            if max_size is not None:
                self._shrink(db, max_size)
            gone = before - _count(db, "records_1")
            db.execute("vacuum")
            db.execute("pragma wal_checkpoint(truncate)")
        return gone

    def _shrink(self, db: sqlite3.Connection, size: int) -> None:
        """Forget a share of the packages, those used longest ago first, until what is left fits."""
        while (used := _bytes_of(db)) > size and (count := _count(db, "records_1")):
            share = max(1, min(count, int(count * (1 - size / used)) + 1))
            with db:
                oldest = "select id from records_1 order by used, id limit ?"
                db.execute(f"delete from records_1 where id in ({oldest})", (share,))  # noqa: S608 - a constant
                sweep(db)

    def info(self) -> StoreInfo:
        """What is in it."""
        packages: dict[str, int] = {}
        imported = blobs = oldest = size = 0
        with self._using() as db:
            today = int(time.time()) // DAY
            for said, used, foreign in db.execute("select said, used, imported from records_1"):
                try:
                    ecosystem = load(zlib.decompress(said)).ecosystem
                except (ValueError, zlib.error):
                    continue
                packages[ecosystem] = packages.get(ecosystem, 0) + 1
                imported += foreign
                oldest = max(oldest, today - used)
            blobs = _count(db, "blobs_1")
            size = _bytes_of(db)
        return StoreInfo(str(self.path or ""), size, dict(sorted(packages.items())), blobs, imported, oldest)

    # -- the file

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one thread at a time; what goes wrong in it ends the block, and nothing else."""
        with self._lock:
            try:
                yield self._open()
            except sqlite3.Error as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
                    self._set_aside()

    @contextmanager
    def connected(self) -> Iterator[sqlite3.Connection]:
        """The connection for exchange; sqlite3.Error is its user's to handle."""
        with self._lock:
            yield self._open()

    def _open(self) -> sqlite3.Connection:
        # a connection must not be used on both sides of a fork
        if self._connection is None or self._process != os.getpid():
            self._connection = self._first() or _in_memory()
            self._process = os.getpid()
        return self._connection

    def _first(self) -> sqlite3.Connection | None:
        if self.path is None:
            return None
        if _is_damaged(self.path):
            self._set_aside()
        try:
            opened = open_cache(self.path, _SCHEMA, shared=True, limit=2 * MAX_SIZE)
        except (OSError, sqlite3.Error):
            return None
        opened.isolation_level = "DEFERRED"  # what belongs together is written in one transaction
        return opened

    def _set_aside(self) -> None:
        """Move a damaged file out of the way: the next one begins empty."""
        self.close()
        if self.path is None:
            return
        try:
            os.replace(self.path, f"{self.path}.damaged")
            for end in ("-wal", "-shm"):
                Path(f"{self.path}{end}").unlink(missing_ok=True)
        except OSError:
            pass

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None


def put_rows(
    db: sqlite3.Connection,
    digest: str,
    packed: bytes,
    blobs: Iterable[tuple[str, bytes]],
    keys: Iterable[str],
    *,
    replace: bool,
) -> bool:
    """Put one record, its packed blobs and its keys inside the caller's transaction; whether any key is new.

    A key that is there keeps its record unless it is to be replaced.
    """
    today = int(time.time()) // DAY
    listed = list(blobs)
    db.executemany("insert or ignore into blobs_1 (digest, data) values (?, ?)", listed)
    db.execute(
        "insert or ignore into records_1 (digest, used, imported, said) values (?, ?, ?, ?)",
        (digest, today, int(not replace), packed),
    )
    record = db.execute("select id from records_1 where digest = ?", (digest,)).fetchone()[0]
    db.executemany(
        "insert or ignore into uses_1 select ?, id from blobs_1 where digest = ?",
        [(record, one) for one, _data in listed],
    )
    query = "insert or replace into keys_1 values (?, ?)" if replace else "insert or ignore into keys_1 values (?, ?)"
    done = db.executemany(query, [(key, record) for key in sorted(keys)])
    return done.rowcount > 0


def sweep(db: sqlite3.Connection) -> None:
    """Forget what belongs to no record, and records that no key leads to."""
    db.execute("delete from records_1 where id not in (select record from keys_1)")
    db.execute("delete from keys_1 where record not in (select id from records_1)")
    db.execute("delete from uses_1 where record not in (select id from records_1)")
    db.execute("delete from blobs_1 where id not in (select blob from uses_1)")


def inflate(packed: bytes, digest: str) -> bytes | None:
    """A packed blob; None where it is none, is too long, or is not what its digest says."""
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(packed, MAX_BLOB)
    except (zlib.error, TypeError):
        return None
    return data if unpacker.eof and hashlib.sha256(data).hexdigest() == digest else None


def _in_memory() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", check_same_thread=False)
    made.executescript(_SCHEMA)
    return made


def _is_damaged(path: Path) -> bool:
    """Whether a file is no database (rather than one that cannot be opened, or is in use)."""
    try:
        with closing(sqlite3.connect(path)) as tried:
            tried.execute("select count(*) from sqlite_master")
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED
    return False


def _bytes_of(db: sqlite3.Connection) -> int:
    """Bytes that are in use in the file."""
    pages, free, size = (
        int(db.execute(f"pragma {name}").fetchone()[0]) for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size


def _count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"select count(*) from {table}").fetchone()[0])  # noqa: S608 - our own names


def user_evidence() -> EvidenceStore:
    """The store of the user's scans (`XDG_CACHE_HOME` moves it)."""
    from platformdirs import user_cache_dir

    return EvidenceStore(Path(user_cache_dir("licscan")) / "evidence.sqlite")
