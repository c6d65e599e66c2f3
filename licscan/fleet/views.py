"""The store as tables to ask: the targets, how each stands, and what is observed now or was observed before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from licscan.base import clock
from licscan.base.errors import StoreError
from licscan.base.messages import _
from licscan.fleet import manifest as manifests
from licscan.fleet.catalogue import Entry
from licscan.fleet.model import Known, Target
from licscan.fleet.seal import connection, load, local_paths
from licscan.fleet.space import Space
from licscan.fleet.tables import TABLES, create

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STALE_AFTER = 7
"""Days after which a target that nobody looked at is stale."""
_TARGETS = dict.fromkeys(("id", *Target.__dataclass_fields__, "added"), "VARCHAR")
_STATE = """
CREATE VIEW last_done AS SELECT DISTINCT ON (target) * FROM outcomes WHERE status = 'done' ORDER BY target, "when" DESC;
CREATE VIEW last_try AS SELECT DISTINCT ON (target) * FROM outcomes ORDER BY target, "when" DESC;
CREATE VIEW state AS SELECT t.*, coalesce(d.project, '') AS project, d.version, d.revision, d.gate,
    d.components, d.errors, d.warnings, d.notes, d.texts, d.metadata, d.nothing, d."when" AS scanned, c.checked, d.tool,
    d.versions, d.inputs, d.scan,
    CASE WHEN l.target IS NULL THEN 'new'
         WHEN l.status <> 'done' AND c.checked <= l."when" AND d.target IS NULL THEN l.status
         WHEN l.status <> 'done' AND c.checked <= l."when" THEN 'stale'
         WHEN c.checked < $edge THEN 'stale' ELSE 'current' END AS status,
    CASE WHEN l.status <> 'done' AND c.checked <= l."when" THEN l.status END AS last_failure,
    CASE WHEN l.status <> 'done' AND c.checked <= l."when" THEN l.reason
         WHEN c.checked < $edge THEN $late ELSE '' END AS reason
FROM targets t LEFT JOIN last_done d ON d.target = t.id LEFT JOIN last_try l ON l.target = t.id
LEFT JOIN checks c ON c.target = t.id;
CREATE VIEW packages_now AS SELECT t.name AS target_name, p.*
    FROM packages p JOIN targets t ON t.id = p.target WHERE until IS NULL;
CREATE VIEW findings_now AS SELECT t.name AS target_name, f.*
    FROM findings f JOIN targets t ON t.id = f.target WHERE until IS NULL;
"""
_RETRIES = 5


@dataclass(frozen=True, slots=True)
class Coverage:
    """For how many targets an answer speaks; it is whole only where it speaks for all of them as they are now."""

    targets: int
    current: int
    stale: int
    failed: int
    new: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing from an answer."""
        return self.current == self.targets

    def __str__(self) -> str:
        parts = [_("{count} of {all} targets").format(count=f"{self.current:,}", all=f"{self.targets:,}")]
        for count, told in (
            (self.stale, _("{count} stale")),
            (self.failed, _("{count} failed")),
            (self.new, _("{count} not scanned yet")),
        ):
            if count:
                parts.append(told.format(count=f"{count:,}"))
        return ", ".join(parts)


class Fleet:
    """One consistent view of a store; the connection is DuckDB's, with all tables and views in it."""

    def __init__(self, db: DuckDBPyConnection, files: list[str]):
        self.db = db
        self._files = files

    def only_its_files(self) -> None:
        """From here on nothing but the files of the store is read, whatever is asked."""
        listed = ", ".join("'" + path.replace("'", "''") + "'" for path in self._files)
        self.db.execute(f"SET allowed_paths = [{listed}]")
        self.db.execute("SET enable_external_access = false")
        self.db.execute("SET lock_configuration = true")

    def rows(self, sql: str, parameters: object = None) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
        """The names of the columns and the rows of one question."""
        done = self.db.execute(sql, parameters)
        return tuple(one[0] for one in done.description or ()), done.fetchall()

    def coverage(self) -> Coverage:
        """For how many targets the view speaks."""
        found = dict(self.db.execute("SELECT status, count(*) FROM state GROUP BY status").fetchall())
        failed = found.get("failed", 0) + found.get("poisoned", 0)
        every = sum(found.values())
        return Coverage(every, found.get("current", 0), found.get("stale", 0), failed, found.get("new", 0))

    def gates(self) -> dict[str, int]:
        """How many targets have which verdict; those without a result have none."""
        query = "SELECT gate, count(*) FROM state WHERE gate IS NOT NULL GROUP BY gate"
        return {str(gate): int(count) for gate, count in self.db.execute(query).fetchall()}

    def known(self) -> dict[str, Known]:
        """The last result of each target, for who decides whether to scan it again."""
        query = """SELECT l.target, coalesce(d.key, ''), coalesce(d.day, ''), coalesce(d.scan, ''),
            CASE WHEN l.status <> 'done' THEN l.key ELSE '' END, l.status, l.reason
            FROM last_try l LEFT JOIN last_done d ON d.target = l.target"""
        return {target: Known(*map(str, told)) for target, *told in self.db.execute(query).fetchall()}


@contextmanager
def opened(space: Space, entries: Mapping[str, Entry], stale_after: int = STALE_AFTER) -> Iterator[Fleet]:
    """The store as it is now. StoreError where it cannot be read.

    A compaction may take away a file between the look at the manifest and that at the file: then the next one counts.
    """
    for attempt in range(_RETRIES):
        with connection() as db:
            import duckdb

            try:
                manifest = manifests.last(space)
                load(db, space, manifest, TABLES)
                files = local_paths(space, sorted(manifest.every()))
            except (StoreError, duckdb.Error):
                if attempt == _RETRIES - 1:
                    raise
                continue
            _put_targets(db, entries)
            edge = _days_ago(stale_after)
            late = _("not checked for {days} days").format(days=stale_after)
            script = _STATE.replace("$edge", f"'{edge}'").replace("$late", "'" + late.replace("'", "''") + "'")
            db.execute(script)
            yield Fleet(db, files)
            return


def _put_targets(db: DuckDBPyConnection, entries: Mapping[str, Entry]) -> None:
    db.execute(create("targets", _TARGETS))
    if entries:
        targets = [one.target for one in entries.values()]
        columns = {name: [str(getattr(one, name)) for one in targets] for name in Target.__dataclass_fields__}
        columns |= {"id": list(entries), "name": [one.label for one in targets]}
        columns |= {"added": [one.added for one in entries.values()]}
        lists = ", ".join("unnest(?)" for _name in _TARGETS)  # JSON would take four times as long
        db.execute(f"INSERT INTO targets SELECT {lists}", [columns[name] for name in _TARGETS])


def _days_ago(days: int) -> str:
    from datetime import timedelta

    return clock.stamp(clock.now() - timedelta(days=days))
