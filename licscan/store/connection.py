"""Opens the database file: privately, safely for several scans at once, and with errors a person can mend."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base.errors import StoreError
from licscan.base.messages import _
from licscan.store import schema

if TYPE_CHECKING:
    from sqlite_utils import Database

FOLDER = ".licscan"
WAIT_SECONDS = 60.0
"""How long a scan waits while another one writes; saving 100,000 components takes a few seconds."""


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection inside one write transaction: all of it is kept, or nothing; StoreError says what to mend."""
    _create(path)
    with _told(path):
        db = _connect(path, "rw")
        try:
            db.execute("PRAGMA synchronous = NORMAL")
            _use_wal(db)
            db.execute("BEGIN IMMEDIATE")
            _bring_up_to_date(db, path)
            yield db
            db.execute("COMMIT")
        finally:
            # closing rolls back what was not committed
            db.close()


def _where_to_look(path: Path) -> str:
    """What helps where there is no database; from a subfolder it is often that of a folder above."""
    for number, folder in enumerate(path.absolute().parent.parent.parents):
        if path.parent.name == FOLDER and (folder / FOLDER / path.name).is_file():
            above = "/".join([".."] * (number + 1))
            return _("{folder} above was scanned: add `--project {above}`").format(folder=folder.name, above=above)
    return _("run `licscan scan` first, or name another file")


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection with one consistent view of the file; an older file is brought up to date first."""
    _refuse_links(path)
    if not path.is_file():
        missing = _("is a folder, not a database") if path.is_dir() else _("there is no database yet")
        raise StoreError(missing, path=str(path), remedy=_where_to_look(path))
    with _told(path):
        db = _open_to_read(path)
        if _version(db) < len(schema.MIGRATIONS):
            db.close()
            with writing(path):
                pass
            db = _open_to_read(path)
        try:
            _refuse_newer(_version(db), path)
            db.execute("BEGIN")
            yield db
        finally:
            db.close()


_EMPTY: list[bytes] = []
"""The bytes of a database without any scan, made once a process."""


@contextmanager
def in_memory() -> Iterator[sqlite3.Connection]:
    """An empty database of the present version in memory, to be written to and then taken as bytes (`serialize`)."""
    path = Path(":memory:")
    with _told(path):
        db = sqlite3.connect(":memory:", isolation_level=None)
        try:
            if _EMPTY:
                db.deserialize(_EMPTY[0])
            else:
                _bring_up_to_date(db, path)
                _EMPTY.append(db.serialize())
            db.execute("BEGIN")
            yield db
        finally:
            db.close()


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """Modules that are not imported yet are not there inside the block.

    sqlite-utils imports what it can have, to know the names of its types: 0.1 s for nothing.
    """
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def _for_migration(connection: sqlite3.Connection) -> Database:
    """sqlite-utils over a connection that is driven by hand: its own transactions do not lock before they read."""
    with _without("numpy", "pandas"):
        from sqlite_utils import Database

    # no plugins: they would run other people's code on every scan
    return Database(connection, execute_plugins=False)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=WAIT_SECONDS)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        # what refuses to be deleted refuses to be replaced too
        connection.execute("PRAGMA recursive_triggers = ON")
        # the file may come with the scanned project: its views and triggers get no functions with side effects
        connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def _open_to_read(path: Path) -> sqlite3.Connection:
    """Read-only; on a read-only disk, where WAL's helper files cannot be made, as a file that nobody changes."""
    try:
        db = _connect(path, "ro")
        _version(db)
    except sqlite3.OperationalError:
        if path.with_name(path.name + "-wal").exists():
            raise
        db = _connect(path, "ro&immutable=1")
    return db


def _use_wal(db: sqlite3.Connection) -> None:
    """Readers beside a writer, where the disk can do it; network drives cannot, and keep the rollback journal."""
    if db.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    # another process that changes the mode at this moment is not worth waiting for: either mode is safe
    with suppress(sqlite3.OperationalError):
        db.execute("PRAGMA journal_mode = WAL")


def _bring_up_to_date(db: sqlite3.Connection, path: Path) -> None:
    done = _version(db)
    _refuse_newer(done, path)
    if done == 0 and db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise StoreError(
            _("is a database, but not one that licscan wrote"), path=str(path), remedy=_("name another file")
        )
    if done < len(schema.MIGRATIONS):
        schema.migrate(_for_migration(db), done, schema.MIGRATIONS)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _refuse_newer(version: int, path: Path) -> None:
    if version > len(schema.MIGRATIONS):
        raise StoreError(
            _("was written by a newer licscan (table version {found}; this one knows {known})").format(
                found=version, known=len(schema.MIGRATIONS)
            ),
            path=str(path),
            remedy=_("update licscan, or name another file"),
        )


def _create(path: Path) -> None:
    """An empty file that only its owner may read; a folder `.licscan` that version control leaves alone."""
    _refuse_links(path)
    if path.is_dir():
        raise StoreError(_("is a folder, not a database"), path=str(path), remedy=_("name a file"))
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, parents=True)
            if path.parent.name == FOLDER:
                (path.parent / ".gitignore").write_text("*\n", encoding="utf-8", newline="\n")
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(
            _("cannot be written: {reason}").format(reason=error.strerror or str(error)),
            path=str(path),
            remedy=_("name a file in a writable folder (--db)"),
        ) from error


def _refuse_links(path: Path) -> None:
    """A link in a scanned project could point at any file of the user."""
    linked = next((p for p in (path, path.parent) if p.is_symlink() and (p == path or p.name == ".licscan")), None)
    if linked:
        raise StoreError(_("is a link"), path=str(linked), remedy=_("name the file itself"))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """SQLite's errors as one line each with what to do next."""
    try:
        yield
    except sqlite3.Error as error:
        message, remedy = _explain(error)
        raise StoreError(message, path=str(path), remedy=remedy) from error


def _explain(error: sqlite3.Error) -> tuple[str, str]:
    name = getattr(error, "sqlite_errorname", "") or ""
    for prefix, message, remedy in (
        ("SQLITE_NOTADB", _("is not a database"), _("name another file")),
        ("SQLITE_CORRUPT", _("is damaged"), _("move it away and scan again")),
        ("SQLITE_READONLY", _("is not writable"), _("name a writable file")),
        ("SQLITE_FULL", _("the disk is full; nothing from this scan was stored"), _("free some space and scan again")),
        (
            "SQLITE_IOERR",
            _("the disk failed; nothing from this scan was stored"),
            _("free some space or name another disk"),
        ),
        ("SQLITE_BUSY", _("is in use by another program"), _("close that program and try again")),
    ):
        if name.startswith(prefix):
            return message, remedy
    return _("cannot be used: {reason}").format(reason=error), _("move it away and scan again")
