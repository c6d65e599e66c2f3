"""The ledger of decisions in the database: read with sqlite3 alone, for it is asked at every commit; added to, only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base.errors import StoreError
from licscan.base.messages import _

if TYPE_CHECKING:
    from licscan.review.chain import Entry, Ledger
    from licscan.review.decision import Decision

_FIRST_VERSION = 10
_ROWS = "SELECT id, body, previous, digest FROM decisions ORDER BY id"
_HEAD = "SELECT entries, digest FROM decision_head WHERE id = 1"


def ledger(database: Path, known: str | None = None) -> Ledger | None:
    """The ledger as far as it holds; None without any entry. `known` is a digest of a head that was written down.

    A file that cannot be read holds a ledger that is broken: what was signed in it is not known.
    """
    if database.is_symlink() or database.parent.is_symlink() or not database.is_file():
        return None
    try:
        connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True, timeout=60.0)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            return _read(connection, known)
        finally:
            connection.close()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
            return None
        from licscan.review.chain import Broken, Ledger

        return Ledger((), Broken(1, "", _("cannot be read: {reason}").format(reason=error)))


def _read(connection: sqlite3.Connection, known: str | None) -> Ledger | None:
    if connection.execute("PRAGMA user_version").fetchone()[0] < _FIRST_VERSION:
        return None
    # what is no valid text is no entry either, and is named as such
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    rows = connection.execute(_ROWS).fetchall() if "decisions" in tables else []
    head = connection.execute(_HEAD).fetchone() if "decision_head" in tables else None
    if not rows and head is None and known is None and {"decisions", "decision_head"} <= tables:
        return None
    from licscan.review.chain import NO_HEAD, Broken, Head, Ledger, Row, verify

    if not {"decisions", "decision_head"} <= tables:
        return Ledger((), Broken(1, "", _("is missing: the table of decisions is gone")))
    return verify([Row(*row) for row in rows], Head(*head) if head else NO_HEAD, known)


def sign(database: Path, make: Callable[[Ledger], Sequence[Decision]]) -> list[Entry]:
    """Add what `make` decides on the ledger as it stands, all or nothing; the new entries.

    Nobody else signs between the look at the ledger and the new entries. StoreError where the chain does not hold.
    """
    from licscan.review.chain import NO_LEDGER, chained
    from licscan.review.decision import canonical
    from licscan.store.connection import writing

    with writing(database) as db:
        before = _read(db, None) or NO_LEDGER
        db.text_factory = str
        if before.broken:
            raise StoreError(
                _("the decision chain is broken, nothing was signed: {broken}").format(broken=before.broken),
                path=str(database),
                remedy=_("see `licscan review verify`; restore the file from a backup"),
            )
        added = chained(make(before), len(before.entries), before.head)
        for one in added:
            values = (one.number, canonical(one.decision), one.previous, one.digest)
            db.execute("INSERT INTO decisions (id, body, previous, digest) VALUES (?, ?, ?, ?)", values)
        if added:
            db.execute(
                "INSERT INTO decision_head (id, entries, digest) VALUES (1, ?1, ?2)"
                " ON CONFLICT (id) DO UPDATE SET entries = ?1, digest = ?2",
                (added[-1].number, added[-1].digest),
            )
        return added
