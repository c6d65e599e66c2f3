"""Scans without their evidence: what a comparison over time needs, in a tenth of the time of a whole one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from licscan.base.errors import StoreError
from licscan.base.messages import _
from licscan.model import (
    Component,
    ComponentKind,
    Conclusion,
    Finding,
    Graph,
    Location,
    Project,
    Scan,
    Severity,
    Verdict,
)

_COMPONENTS = """SELECT p.purl, c.name, c.version, c.ecosystem, c.kind FROM components c
JOIN packages p ON p.id = c.package_id WHERE c.scan_id = ? ORDER BY c.id"""
_CONCLUSIONS = """SELECT p.purl, c.declared, c.concluded FROM conclusions c JOIN packages p ON p.id = c.package_id
WHERE c.scan_id = ? ORDER BY c.id"""
_FINDINGS = """SELECT f.id, f.code, f.severity, f.verdict, p.purl, f.message, f.surface, f.waiver FROM findings f
LEFT JOIN packages p ON p.id = f.package_id WHERE f.scan_id = ? ORDER BY f.id"""
_PLACES = """SELECT finding_id, path, start_line, end_line FROM finding_locations
WHERE finding_id IN (SELECT id FROM findings WHERE scan_id = ?) ORDER BY id"""


def light_scans(path: Path, ids: Iterable[int]) -> dict[int, Scan]:
    """These scans with components, licenses and findings only; StoreError where the file holds something else."""
    from licscan.store.connection import reading

    with reading(path) as db:
        try:
            return {scan_id: _scan(db, scan_id) for scan_id in ids}
        except (ValueError, TypeError, sqlite3.DataError) as error:
            raise StoreError(
                _("contains values that licscan did not write: {reason}").format(reason=error),
                path=str(path),
                remedy=_("move it away and scan again"),
            ) from error


def _scan(db: Any, scan_id: int) -> Scan:
    head = "SELECT tool_version, project, path, outbound, threshold FROM scans WHERE id = ?"
    version, name, path, outbound, threshold = next(_rows(db, head, scan_id))
    return Scan(
        tool_version=version,
        project=Project(name, path, outbound),
        graph=Graph(
            components=tuple(
                Component(purl, called, release, ecosystem, ComponentKind(kind))
                for purl, called, release, ecosystem, kind in _rows(db, _COMPONENTS, scan_id)
            )
        ),
        conclusions=tuple(
            Conclusion(purl, declared, None, concluded, "")
            for purl, declared, concluded in _rows(db, _CONCLUSIONS, scan_id)
        ),
        findings=tuple(_findings(db, scan_id)),
        threshold=Severity(threshold) if threshold else None,
    )


def _findings(db: Any, scan_id: int) -> Iterator[Finding]:
    places: dict[int, list[Location]] = {}
    for key, *place in _rows(db, _PLACES, scan_id):
        places.setdefault(key, []).append(Location(*place))
    for key, code, severity, verdict, purl, message, surface, waiver in _rows(db, _FINDINGS, scan_id):
        yield Finding(
            code, Severity(severity), Verdict(verdict), purl, message,
            locations=tuple(places.get(key, ())), surface=surface, waiver=waiver,
        )  # fmt: skip


def _rows(db: Any, query: str, scan_id: int) -> Iterator[tuple[Any, ...]]:
    from licscan.store.read import as_text

    for row in db.execute(query, (scan_id,)):
        yield tuple(as_text(value) if isinstance(value, bytes) else value for value in row)
