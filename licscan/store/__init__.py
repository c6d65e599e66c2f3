"""Scan <-> one SQLite file that any SQLite tool can read; docs/store.md tells of its tables and views."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base import clock
from licscan.base.errors import StoreError
from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.model import ProjectKind, Record, Scan, Verdict

if TYPE_CHECKING:
    from licscan.store.read import Reader


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One line of the list of scans; `started_at` is ISO 8601 in UTC; `components` are packages, as scans count them.

    `revision` is the commit that was scanned, with `+` where files that were read differ from it.
    """

    id: int
    project: str
    started_at: str
    gate: Verdict
    components: int
    errors: int
    warnings: int
    notes: int
    kind: ProjectKind = ProjectKind.OWN
    revision: str = ""


def save(scan: Scan, path: Path, started_at: str | None = None, revision: str = "") -> int:
    """Add a scan to the file, as `stored` does; the scan's id."""
    record = stored(scan, path, Record(0, started_at or "", revision)).record
    return record.number if record else 0


def stored(scan: Scan, path: Path, record: Record) -> Scan:
    """Add a scan to the file, which is made if need be; the scan with its record, whose number is given here.

    Without a `started_at` in the record SOURCE_DATE_EPOCH counts, else now. One transaction: after a crash the file has
    the whole scan or nothing of it. StoreError if the file cannot be written.
    """
    from licscan.store.connection import writing
    from licscan.store.write import Writer

    record = replace(record, started_at=record.started_at or _now())
    try:
        try:
            with writing(path) as db:
                number = Writer(db).write(scan, record)
        except UnicodeEncodeError:
            with writing(path) as db:
                number = Writer(db, guard=True).write(scan, record)
    except OverflowError as error:
        raise StoreError(
            _("cannot store a number of the scan: {reason}").format(reason=error), path=str(path)
        ) from error
    return replace(scan, record=replace(record, number=number))


def as_bytes(scan: Scan, started_at: str | None = None, revision: str = "") -> bytes:
    """A database file with this scan alone, as `save` would have made it, without a disk."""
    from licscan.store.connection import in_memory
    from licscan.store.write import Writer

    def made(guard: bool) -> bytes:
        with in_memory() as db:
            Writer(db, guard=guard).write(scan, Record(0, started_at or _now(), revision))
            db.execute("COMMIT")
            return db.serialize()

    try:
        return made(False)
    except UnicodeEncodeError:
        return made(True)
    except OverflowError as error:
        raise StoreError(_("cannot store a number of the scan: {reason}").format(reason=error)) from error


def load(
    path: Path,
    scan_id: int | None = None,
    project: str | None = None,
    *,
    folder: Path | None = None,
    only_there: bool = False,
) -> Scan:
    """One scan by id, else the last one (of the project, where named); StoreError if there is none.

    Scans of `folder` go before others where it is given; `only_there`: no others are taken. Audits of suppliers' SBOMs
    are taken last: they stand beside the scans of one's own projects.
    """
    from licscan.store.connection import reading
    from licscan.store.read import Reader

    query = """SELECT id FROM scans WHERE (?1 IS NULL OR id = ?1) AND (?2 IS NULL OR project = ?2)
AND (NOT ?4 OR ?1 IS NOT NULL OR path = ?3) ORDER BY kind = 'own' DESC, path IS ?3 DESC, id DESC LIMIT 1"""
    with reading(path) as db:
        row = db.execute(query, (scan_id, project, None if folder is None else str(folder), only_there)).fetchone()
        if row is None:
            message = _("has no such scan")
            if folder is not None and only_there and scan_id is None:
                message = _("contains no scan of {folder}").format(folder=folder)
            raise StoreError(message, path=str(path), remedy=_("`licscan history` lists them"))
        return _scan(Reader(db, row[0]), path)


def last_row(path: Path, folder: Path) -> ScanRow | None:
    """What is told of the scan that `load` takes for a folder; None without any."""
    from licscan.store.connection import reading

    query = "SELECT id FROM scans ORDER BY kind = 'own' DESC, path IS ? DESC, id DESC LIMIT 1"
    with reading(path) as db:
        found = db.execute(query, (str(folder),)).fetchone()
    return next((row for row in scans(path) if found and row.id == found[0]), None)


def has_scan_of(path: Path, folder: Path) -> bool:
    """Whether a file holds a scan of a folder; StoreError if it cannot be read."""
    from licscan.store.connection import reading

    with reading(path) as db:
        return db.execute("SELECT 1 FROM scans WHERE path = ? LIMIT 1", (str(folder),)).fetchone() is not None


def _scan(reader: Reader, path: Path) -> Scan:
    try:
        return reader.read()
    except (ValueError, TypeError) as error:
        raise StoreError(
            _("contains values that licscan did not write: {reason}").format(reason=error),
            path=str(path),
            remedy=_("move it away and scan again"),
        ) from error


def last_delivery(
    path: Path,
    project: str,
    unlike: str,
    kind: ProjectKind = ProjectKind.SBOM,
    is_same: Callable[[str, str], bool] = lambda _purl, _supplier: True,
) -> tuple[int, str, Scan] | None:
    """The last audit of a supplier's product, of an SBOM or of sources, whose bytes had another digest than `unlike`.

    Its id, time and scan.
    `is_same` tells by the product's PackageURL and its supplier, each as that audit has them, whether it is the one.
    """
    from licscan.store.connection import reading
    from licscan.store.read import Reader, as_text

    query = """SELECT s.id, s.started_at, coalesce(p.purl, ''), coalesce(m.supplier, '') FROM scans s
LEFT JOIN roots r ON r.scan_id = s.id LEFT JOIN packages p ON p.id = r.package_id
LEFT JOIN metadata m ON m.scan_id = s.id AND m.package_id = r.package_id
WHERE s.kind = ? AND s.project = ? AND s.id NOT IN (SELECT scan_id FROM inputs WHERE sha256 = ?)
ORDER BY s.id DESC"""
    if not path.exists():
        return None
    with reading(path) as db:
        for key, when, purl, supplier in db.execute(query, (kind.value, project, unlike)):
            if is_same(as_text(purl), as_text(supplier)):
                return key, when, _scan(Reader(db, key), path)
    return None


def scans(path: Path) -> list[ScanRow]:
    """Every scan in the file, oldest first; StoreError if it cannot be read."""
    from licscan.store.connection import reading
    from licscan.store.read import as_text

    # the projects themselves are components too, and no packages
    query = """SELECT s.id, project, started_at, gate,
    (SELECT count(*) FROM components c WHERE c.scan_id = s.id AND c.kind = 'package'),
    errors, warnings, notes, s.kind, revision
FROM scans s ORDER BY s.id"""
    with reading(path) as db:
        rows = db.execute(query).fetchall()
    return [
        ScanRow(
            key,
            as_text(name),
            when,
            Verdict(gate),
            components,
            errors,
            warnings,
            notes,
            ProjectKind(kind),
            as_text(revision),
        )
        for key, name, when, gate, components, errors, warnings, notes, kind, revision in rows
    ]


def _now() -> str:
    try:
        return clock.moment()
    except (ValueError, OverflowError, OSError) as error:
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        raise StoreError(
            _("SOURCE_DATE_EPOCH is not a number of seconds: {value}").format(value=one_line(epoch, 80)),
            remedy=_("set it to seconds since 1970, or unset it"),
        ) from error
