"""Takes results out of the inbox into the store's tables: observations become intervals, in files that never change."""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from licscan.base.errors import LicscanError, StoreError
from licscan.base.messages import _
from licscan.fleet import manifest as manifests
from licscan.fleet.manifest import Manifest
from licscan.fleet.outcome import INBOX, SCANS, load_line, scan_name
from licscan.fleet.space import Space
from licscan.fleet.tables import BUCKETS, FINDING, OUTCOME, PACKAGE, TABLES, create, struct

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DATA = "data"
MOST_FILES = 24
"""Files of a table that is not split, before they are written as one."""
MOST_RESULTS = 1_000
"""Results that are taken at once: what bounds the memory, however many of them an outage left in the inbox."""
_TRIES = 20
_KEPT_MANIFESTS = 3


def seal(space: Space, checked: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Take all that is in the inbox, and when unchanged targets were looked at; names of damaged files in the inbox.

    Safe beside others that do the same: a result is in the tables once, whoever takes it, and leaves the inbox only
    when the manifest in force holds it.
    """
    names = space.names(INBOX)
    damaged: list[str] = []
    start = 0
    while start < len(names) or (checked and not start):
        end = min(start + MOST_RESULTS, len(names))
        while 0 < end < len(names) and _target_of(names[end]) == _target_of(names[end - 1]):
            end += 1  # all results of a target at once, for they are taken in the order of their time
        damaged += _take(space, names[start:end], {} if start else checked or {})
        start = max(end, 1)
    return tuple(damaged)


def _target_of(name: str) -> str:
    return name.partition("-")[0]


def _take(space: Space, names: list[str], checked: Mapping[str, str]) -> tuple[str, ...]:
    """Take these results; names of damaged files among them."""
    for attempt in range(_TRIES):
        before = manifests.last(space)
        try:
            damaged, is_done = _take_after(space, before, names, checked)
        except StoreError:
            # others may have gone so far meanwhile that files of `before` are no longer there
            if attempt == _TRIES - 1 or manifests.last(space) == before:
                raise
            continue
        if is_done:
            return damaged
        time.sleep(0.05)
    raise StoreError(_("other processes keep writing to it"), path=space.address, remedy=_("try again later"))


def _take_after(
    space: Space, before: Manifest, names: list[str], checked: Mapping[str, str]
) -> tuple[tuple[str, ...], bool]:
    """One try on top of a manifest; names of damaged files, and whether nobody else was first."""
    with connection() as db:
        load(db, space, before, ("outcomes", "checks"))
        damaged, batch = _read_inbox(db, space, names)
        if not batch and not checked:
            return damaged, True
        files = {name: dict(parts) for name, parts in before.files.items()}
        _merge(db, space, before, files, checked)
        made = Manifest(before.number + 1, {t: {b: tuple(n) for b, n in p.items()} for t, p in files.items()})
        if manifests.write(space, made):
            _tidy(db, space, made, batch)
            return damaged, True
        for name in sorted(made.every() - before.every()):
            space.remove(name)
        return damaged, False


@contextmanager
def connection() -> Iterator[DuckDBPyConnection]:
    """DuckDB in memory, without extensions that it would fetch from elsewhere."""
    try:
        import duckdb
    except ImportError as error:
        from licscan.fleet.engine import needs_extra

        raise needs_extra() from error
    with tempfile.TemporaryDirectory(prefix="licscan-fleet-", ignore_cleanup_errors=True) as folder:
        settings = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
            "temp_directory": folder,  # what does not fit into memory would go into a folder of the user otherwise
        }
        db = duckdb.connect(":memory:", config=settings)
        try:
            yield db
        except duckdb.Error as error:
            reason = str(error).partition("\n")[0]
            raise StoreError(_("the fleet's store cannot be used: {reason}").format(reason=reason)) from error
        finally:
            db.close()


def load(db: DuckDBPyConnection, space: Space, manifest: Manifest, tables: Iterable[str]) -> None:
    """Tables of the store as views, empty ones where there is nothing yet."""
    for table in tables:
        if paths := local_paths(space, manifest.of(table)):
            db.execute(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM {parquet(paths)}")
        else:
            db.execute(f"CREATE OR REPLACE VIEW {table} AS {empty(table)}")


def local_paths(space: Space, names: Iterable[str]) -> list[str]:
    """Where files of the store can be read; StoreError for one that is gone."""
    found = []
    for name in names:
        path = space.local(name)
        if path is None:
            raise StoreError(_("has lost a file: {name}").format(name=name), path=space.address)
        found.append(str(path))
    return found


def parquet(paths: Iterable[str]) -> str:
    """The SQL that reads files; those of older versions may lack columns."""
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}], union_by_name = true)"


def empty(table: str) -> str:
    """The SQL of a table without rows."""
    listed = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in TABLES[table].items())
    return f"SELECT {listed} WHERE false"


# --- the inbox --------------------------------------------------------------------------------------------------------


def _read_inbox(db: DuckDBPyConnection, space: Space, names: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """The new results as the table `batch`; the names of damaged files in the inbox, and of those that are sound."""
    damaged, sound = _load_inbox(db, space, names)
    if _rows(db) != len(sound):  # some line is no result though it looks like one: seldom, so each is tried alone
        every = sound
        sound = [name for name in every if _load_inbox(db, space, [name])[1] and _rows(db) == 1]
        damaged += [name for name in every if name not in set(sound)]
        _load_inbox(db, space, sound)
    db.execute("""CREATE OR REPLACE TABLE batch AS
        SELECT DISTINCT ON (target, "when", key, run) * FROM inbox ANTI JOIN outcomes
        ON inbox.target = outcomes.target AND inbox."when" = outcomes."when" AND inbox.key = outcomes.key""")
    return tuple(sorted(damaged)), sound


def _load_inbox(db: DuckDBPyConnection, space: Space, names: list[str]) -> tuple[list[str], list[str]]:
    """The results of files as the table `inbox`; the names of those that are none, and of the others."""
    damaged, sound, longest = [], [], 0
    with tempfile.TemporaryDirectory(prefix="licscan-fleet-") as folder:
        path = Path(folder) / "inbox.json"
        with open(path, "wb") as file:
            for name in names:
                data = space.read(name)
                line = load_line(data) if data is not None else None
                if line is not None:
                    longest = max(longest, file.write(line))
                    sound.append(name)
                elif data is not None:
                    damaged.append(name)
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in OUTCOME.items())
        rows = f"'packages': '{struct(PACKAGE)}[]', 'findings': '{struct(FINDING)}[]'"
        read = (
            f"SELECT * FROM read_json('{path}', format = 'newline_delimited', columns = {{{columns}, {rows}}}, "
            f"maximum_object_size = {max(2 * longest, 1 << 20)}, ignore_errors = true)"
        )
        lists = f"NULL::{struct(PACKAGE)}[] AS packages, NULL::{struct(FINDING)}[] AS findings"
        source = read if sound else f"SELECT *, {lists} FROM ({empty('outcomes')})"
        db.execute(f"CREATE OR REPLACE TABLE inbox AS {source}")
    return damaged, sound


def _rows(db: DuckDBPyConnection) -> int:
    """How many results the table `inbox` holds."""
    query = """SELECT count(*) FROM inbox WHERE target IS NOT NULL AND "when" IS NOT NULL AND key IS NOT NULL
        AND status IN ('done', 'failed', 'poisoned')"""
    (count,) = db.execute(query).fetchone() or (0,)
    return int(count)


# --- intervals --------------------------------------------------------------------------------------------------------


def _merge(
    db: DuckDBPyConnection,
    space: Space,
    before: Manifest,
    files: dict[str, dict[str, tuple[str, ...]]],
    checked: Mapping[str, str],
) -> None:
    listed = ", ".join(f'"{name}"' for name in OUTCOME)
    _append(db, space, before, files, "outcomes", f"SELECT {listed} FROM batch")
    db.execute(create("looked", TABLES["checks"]))
    if checked:
        rows = json.dumps([{"target": target, "checked": when} for target, when in sorted(checked.items())])
        db.execute(
            """INSERT INTO looked SELECT unnest(
                from_json(?, '[{"target":"VARCHAR","checked":"VARCHAR"}]'), recursive := true)""",
            [rows],
        )
    db.execute("""INSERT INTO looked SELECT target, "when" FROM batch""")
    newest = """SELECT target, max(checked) AS checked
        FROM (SELECT * FROM checks UNION ALL SELECT * FROM looked) GROUP BY target"""
    files["checks"] = {"": (_put(db, space, f"{newest} ORDER BY target"),)}
    # results of one target are taken in the order of their time; one that is older than what is known changes nothing
    db.execute("""CREATE OR REPLACE TABLE turns AS SELECT target, "when", rowid AS place,
        row_number() OVER (PARTITION BY target ORDER BY "when") AS turn FROM batch b
        WHERE status = 'done' AND NOT EXISTS (SELECT 1 FROM outcomes o
            WHERE o.target = b.target AND o.status = 'done' AND o."when" >= b."when")""")
    buckets = [one for (one,) in db.execute("SELECT DISTINCT target[1] FROM turns ORDER BY 1").fetchall()]
    for bucket in (one for one in buckets if one in BUCKETS):
        for table, columns in (("packages", PACKAGE), ("findings", FINDING)):
            name = _merge_bucket(db, space, before, table, columns, bucket)
            files.setdefault(table, {})[bucket] = (name,)


def _merge_bucket(
    db: DuckDBPyConnection, space: Space, before: Manifest, table: str, columns: dict[str, str], bucket: str
) -> str:
    paths = local_paths(space, before.of(table, bucket))
    db.execute(f"CREATE OR REPLACE TEMP TABLE rows AS {'SELECT * FROM ' + parquet(paths) if paths else empty(table)}")
    (most,) = db.execute("SELECT max(turn) FROM turns WHERE target[1] = ?", [bucket]).fetchone() or (0,)
    names = ", ".join(f'"{name}"' for name in columns)
    same = " AND ".join(f'o."{name}" IS NOT DISTINCT FROM n."{name}"' for name in ("target", *columns))
    for turn in range(1, most + 1):
        db.execute(f"""CREATE OR REPLACE TEMP TABLE fresh AS SELECT target, "when", unnest({table}, recursive := true)
            FROM batch WHERE rowid IN (SELECT place FROM turns WHERE target[1] = '{bucket}' AND turn = {turn})""")
        db.execute(f"""CREATE OR REPLACE TEMP TABLE scanned AS SELECT target, "when" FROM turns
            WHERE target[1] = '{bucket}' AND turn = {turn}""")
        db.execute(f"""CREATE OR REPLACE TEMP TABLE rows AS
            SELECT o.* REPLACE (CASE WHEN o.until IS NULL AND s.target IS NOT NULL AND NOT EXISTS
                (SELECT 1 FROM fresh n WHERE {same}) THEN s."when" ELSE o.until END AS until)
            FROM rows o LEFT JOIN scanned s ON s.target = o.target
            UNION ALL BY NAME
            SELECT n.target, {", ".join(f'n."{name}"' for name in columns)}, n."when" AS first_seen, NULL AS until
            FROM fresh n WHERE NOT EXISTS (SELECT 1 FROM rows o WHERE o.until IS NULL AND {same})""")
    return _put(db, space, f"SELECT target, {names}, first_seen, until FROM rows ORDER BY target, {names}, first_seen")


def _append(
    db: DuckDBPyConnection,
    space: Space,
    before: Manifest,
    files: dict[str, dict[str, tuple[str, ...]]],
    table: str,
    query: str,
) -> None:
    (count,) = db.execute(f"SELECT count(*) FROM ({query})").fetchone() or (0,)
    names = tuple(before.of(table))
    if not count:
        return
    if len(names) >= MOST_FILES:
        query, names = f"SELECT * FROM {table} UNION ALL BY NAME {query}", ()
    files[table] = {"": (*names, _put(db, space, f'{query} ORDER BY target, "when"'))}


def _put(db: DuckDBPyConnection, space: Space, query: str) -> str:
    """The rows of a query as a Parquet file of the store; its name."""
    name = f"{DATA}/{uuid4().hex}.parquet"
    with tempfile.TemporaryDirectory(prefix="licscan-fleet-") as folder:
        path = Path(folder) / "rows.parquet"
        db.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)")
        space.write(name, path.read_bytes())
    return name


# --- what is left behind ----------------------------------------------------------------------------------------------


def _tidy(db: DuckDBPyConnection, space: Space, now: Manifest, batch: list[str]) -> None:
    """Take away what no manifest needs. What fails here is done by the next one: nothing counts twice."""
    import duckdb

    with contextlib.suppress(LicscanError, duckdb.Error):
        if manifests.last(space) != now:
            return
        for name in batch:
            space.remove(name)
        kept: set[str] = set()
        names = space.names(manifests.FOLDER)
        for name in names[-_KEPT_MANIFESTS:]:
            kept |= manifests.read(space, name).every()
        gone: set[str] = set()
        for name in names[:-_KEPT_MANIFESTS]:
            gone |= manifests.read(space, name).every()
            space.remove(name)
        for name in sorted(gone - kept):
            space.remove(name)
        _forget_scans(db, space, now)


def _forget_scans(db: DuckDBPyConnection, space: Space, now: Manifest) -> None:
    """Of each target's databases the last two stay: what counts, and what a scan that runs now compares with."""
    load(db, space, now, ("outcomes",))
    rows = db.execute("""SELECT scan FROM
        (SELECT scan, row_number() OVER (PARTITION BY target ORDER BY "when" DESC) AS place
            FROM outcomes WHERE scan <> '')
        GROUP BY scan HAVING min(place) > 2""").fetchall()
    listed = set(space.names(SCANS)) if rows else set()
    for (digest,) in rows:
        if (name := scan_name(digest)) in listed:
            space.remove(name)
