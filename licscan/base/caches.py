"""SQLite files in the user's cache: private, bounded, shared by versions, and no reason to fail where they cannot be
had.

Rows belong to a version (a digest of all that made them) of a scope (what a project adds to it). The last few versions
of each stay, so that two installations on one machine do not wipe each other's rows.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from licscan.base.messages import N_, _

KEPT_VERSIONS = 4
"""Versions of one scope that stay."""
KEPT_SCOPES = 16
"""Versions of all scopes that stay."""
MAX_BYTES = 256 * 1024 * 1024
"""The most that one file may take; its oldest versions go first, then the older half of its own rows."""
BUSY_SECONDS = 5.0
"""How long another process's writing is waited for, once a run and file."""
_PAGE = 4096
_BATCH = 500
"""Keys of one query; SQLite takes 999 at the least."""
_VERSIONS = """
create table if not exists versions (
    id integer primary key, scope text not null, version text not null, used integer not null, unique (scope, version)
);
"""

FULL = N_("disk full")
LOCKED = N_("locked by another process")
READ_ONLY = N_("not writable")
DAMAGED = N_("damaged")
_REASONS = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: READ_ONLY,
    sqlite3.SQLITE_IOERR: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
}
_DAMAGE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)

Result = TypeVar("Result")


@dataclass(slots=True)
class CacheUse:
    """What one run had of its caches: texts that were known and that were read anew, and what was lost, by reason.

    `received` are the bytes that registries sent for what was not there.
    """

    known: int = 0
    new: int = 0
    received: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def met(self, known: int, new: int) -> None:
        """Count texts."""
        with self._lock:
            self.known += known
            self.new += new

    def receive(self, count: int) -> None:
        """Count bytes."""
        with self._lock:
            self.received += count

    def lose(self, count: int, reason: str) -> None:
        """Count what could not be kept."""
        with self._lock:
            self.lost[reason] += count

    def told(self) -> str:
        """One line for people."""
        parts = [
            _("{count} texts known").format(count=self.known),
            _("{count} read again").format(count=self.new),
            *(
                _("{count} could not be kept ({reason})").format(count=f"{count:,}", reason=_(reason))
                for reason, count in sorted(self.lost.items())
                if count
            ),
        ]
        if self.received:
            parts.append(_("{size} MB fetched").format(size=f"{self.received / 1_000_000:.1f}"))
        return _("Cache: {parts}").format(parts=_(", ").join(parts))


def reason_of(error: Exception) -> str:
    """Why a cache is no use, in a few words to be translated."""
    if isinstance(error, sqlite3.Error):
        return _REASONS.get(_code(error), DAMAGED)
    return FULL if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT) else READ_ONLY


def _code(error: sqlite3.Error) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def open_cache(path: Path, schema: str, *, shared: bool = False, limit: int = 0) -> sqlite3.Connection:
    """The cache in a file that only its owner may read, with a write-ahead log; a damaged file is made anew.

    A `shared` one may be used by all threads, one at a time; `limit` are the most bytes that it may take, MAX_BYTES
    where none is given. Raises OSError or sqlite3.Error where it cannot be had for writing.
    """
    try:
        return _open(path, schema, shared=shared, limit=limit)
    except sqlite3.DatabaseError as error:
        if _code(error) not in _DAMAGE:
            raise
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        return _open(path, schema, shared=shared, limit=limit)


def _open(path: Path, schema: str, *, shared: bool, limit: int) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=not shared)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        connection.execute(f"pragma max_page_count = {max(1, (limit or MAX_BYTES) // _PAGE)}")
        connection.executescript(schema)
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_read(path: Path, schema: str) -> sqlite3.Connection:
    """The cache for reading, also where nothing may be written beside it. Raises OSError or sqlite3.Error."""
    try:
        return open_cache(path, schema)
    except (OSError, sqlite3.Error) as error:
        if reason_of(error) not in (READ_ONLY, FULL) or not path.is_file():
            raise
    # without a log that waits to be merged, nobody writes to it: SQLite need not take locks that it cannot have
    log = Path(f"{path}-wal")
    mode = "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"
    return sqlite3.connect(f"file:{quote(str(path.resolve()))}?{mode}", timeout=BUSY_SECONDS, uri=True)


def select_in(
    connection: sqlite3.Connection, query: str, keys: Sequence[Any], *first: Any
) -> Iterator[tuple[Any, ...]]:
    """The rows of a query that ends in `in ({marks})`, asked for a batch of keys at a time, after other values."""
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        yield from connection.execute(query.format(marks=",".join("?" * len(batch))), (*first, *batch))


def insert(connection: sqlite3.Connection, table: KeyedTable, version: int, rows: Iterable[tuple[Any, Any]]) -> None:
    """Write values of a version, each after its key, over what is there."""
    query = f"insert or replace into {table.name} (version, {table.key}, {table.value}) values (?, ?, ?)"  # noqa: S608
    connection.executemany(query, ((version, *row) for row in rows))


def forget_older_half(connection: sqlite3.Connection, table: str, key: str) -> bool:
    """Forget the half of a table's rows whose `at` is older; whether there were any."""
    half = f"select {key} from {table} order by at, {key} limit (select (count(*) + 1) / 2 from {table})"  # noqa: S608
    return connection.execute(f"delete from {table} where {key} in ({half})").rowcount > 0  # noqa: S608


class CacheFile:
    """One file and what came of it in this run: after its first failure it is left alone, and what is lost counted."""

    def __init__(self, path: Path | None, schema: str, use: CacheUse | None = None):
        self._path = path
        self._schema = schema
        self.use = use if use is not None else CacheUse()
        self._unread = False
        self._unwritten: str | None = None

    def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result | None:
        """What the work reads; None where it cannot be read."""
        if self._path is None or self._unread:
            return None
        try:
            with closing(open_to_read(self._path, self._schema)) as connection:
                return work(connection)
        except (OSError, sqlite3.Error):
            self._unread = True
            return None

    def write(
        self,
        count: int,
        work: Callable[[sqlite3.Connection], None],
        shrink: Callable[[sqlite3.Connection], bool],
    ) -> bool:
        """Do the work in one transaction, after `shrink` as often as it finds something to forget while there is no
        room; False where that fails, and `count` things are lost."""
        if self._path is None:
            return False
        if self._unwritten is None:
            try:
                with closing(open_cache(self._path, self._schema)) as connection:
                    while not _fits(connection, work):
                        if not _shrunk(connection, shrink):
                            raise OSError(errno.ENOSPC, FULL)
                    return True
            except (OSError, sqlite3.Error) as error:
                self._unwritten = reason_of(error)
        self.use.lose(count, self._unwritten)
        return False


def _fits(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], None]) -> bool:
    """Do the work; False where there is no room for it."""
    try:
        transaction(connection, work)
    except sqlite3.OperationalError as error:
        if reason_of(error) != FULL:
            raise
        return False
    return True


def _shrunk(connection: sqlite3.Connection, shrink: Callable[[sqlite3.Connection], bool]) -> bool:
    return transaction(connection, shrink)


def transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], Result]) -> Result:
    """All of the work or nothing."""
    connection.execute("begin immediate")
    try:
        result = work(connection)
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise
    return result


@dataclass(frozen=True, slots=True)
class Version:
    """Whose rows: the digest of all that made them, and what a project adds to that."""

    digest: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class KeyedTable:
    """A table that holds a value a version and key: its name and the names of the columns."""

    name: str
    key: str
    value: str


class VersionedCache:
    """Rows of a version in tables that each have a column `version`; versions count their use, whatever the clock."""

    def __init__(self, path: Path | None, version: Version, tables: tuple[str, ...], schema: str, use: CacheUse | None):
        self._file = CacheFile(path, _VERSIONS + schema, use)
        self._version = version
        self._tables = tables
        self._marked = False

    @property
    def use(self) -> CacheUse:
        """What this run had of the cache."""
        return self._file.use

    def read(self, work: Callable[[sqlite3.Connection, int], Result]) -> Result | None:
        """What the work reads of the rows of this version; None without any."""

        def reading(connection: sqlite3.Connection) -> Result | None:
            row = connection.execute(
                "select id, used < (select max(used) from versions) from versions where scope = ? and version = ?",
                (self._version.scope, self._version.digest),
            ).fetchone()
            if row is None:
                return None
            if row[1] and not self._marked:
                self._marked = True
                self._mark(connection)
            return work(connection, row[0])

        return self._file.read(reading)

    def write(self, count: int, work: Callable[[sqlite3.Connection, int], None]) -> bool:
        """Write rows of this version and forget the oldest versions; False where that fails."""

        def writing(connection: sqlite3.Connection) -> None:
            work(connection, self._own_id(connection))
            self._forget(connection, self._old(connection))

        return self._file.write(count, writing, self._shrink)

    def get(self, table: KeyedTable, keys: Iterable[Any]) -> dict[Any, Any]:
        """The values that are kept of these keys."""
        query = f"select {table.key}, {table.value} from {table.name} where version = ? and {table.key} in ({{marks}})"  # noqa: S608
        wanted = sorted(set(keys))
        if not wanted:
            return {}
        return self.read(lambda connection, own: dict(select_in(connection, query, wanted, own))) or {}

    def put(self, table: KeyedTable, rows: Iterable[tuple[Any, Any]]) -> None:
        """Keep values, each after its key, in one transaction."""
        kept = sorted(rows)
        if kept:
            self.write(len(kept), lambda connection, own: insert(connection, table, own, kept))

    def _mark(self, connection: sqlite3.Connection) -> None:
        """Remember that this version was used last; no matter where that cannot be written."""
        try:
            connection.execute("pragma busy_timeout = 100")
            transaction(connection, self._own_id)
        except sqlite3.Error:
            return
        finally:
            connection.execute(f"pragma busy_timeout = {int(BUSY_SECONDS * 1000)}")

    def _own_id(self, connection: sqlite3.Connection) -> int:
        """The number of this version, which is now the one used last."""
        own = (self._version.scope, self._version.digest)
        connection.execute(
            "insert into versions (scope, version, used)"
            " values (?, ?, (select coalesce(max(used), 0) + 1 from versions))"
            " on conflict (scope, version) do update set used = excluded.used",
            own,
        )
        row = connection.execute("select id from versions where scope = ? and version = ?", own).fetchone()
        return int(row[0])

    def _old(self, connection: sqlite3.Connection) -> list[int]:
        """Versions that make room: of each scope all but the last few, and of all scopes all but the last."""
        seen: Counter[str] = Counter()
        old: list[int] = []
        rows = connection.execute("select id, scope from versions order by used desc, id desc").fetchall()
        for number, scope in rows:
            if seen[scope] >= KEPT_VERSIONS or seen.total() >= KEPT_SCOPES:
                old.append(number)
            else:
                seen[scope] += 1
        return old

    def _forget(self, connection: sqlite3.Connection, versions: Iterable[int]) -> None:
        for number in versions:
            for table in self._tables:
                connection.execute(f"delete from {table} where version = ?", (number,))  # noqa: S608 - our own names
            connection.execute("delete from versions where id = ?", (number,))

    def _shrink(self, connection: sqlite3.Connection) -> bool:
        """Forget the oldest other version, else the older half of the rows; whether anything was forgotten."""
        oldest = connection.execute(
            "select id from versions where scope != ? or version != ? order by used, id limit 1",
            (self._version.scope, self._version.digest),
        ).fetchone()
        if oldest:
            self._forget(connection, oldest)
            return True
        gone = 0
        for table in self._tables:
            half = f"select id from {table} order by id limit (select (count(*) + 1) / 2 from {table})"  # noqa: S608
            gone += connection.execute(f"delete from {table} where id in ({half})").rowcount  # noqa: S608
        return gone > 0
