"""What the last scan of a project concluded of its packages, for what changed since; read with sqlite3 alone.

A file that is missing, damaged or of an older licscan tells nothing: then nothing is known to have changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from licscan.compare.drift import Earlier
from licscan.model import Conclusion, Copyright, Evidence, EvidenceKind, Location, Origin

_LAST = """SELECT max(id) FROM scans
WHERE kind = 'own' AND (?1 IS NULL OR project = ?1) AND (?2 IS NULL OR path = ?2)"""
_PACKAGES = """SELECT x.id, p.purl, c.ecosystem, c.name, c.version, x.declared, x.detected, x.concluded, x.basis,
    x.candidates, x.license_files, x.notice_files, x.clarified
FROM conclusions x JOIN packages p ON p.id = x.package_id
JOIN components c ON c.scan_id = x.scan_id AND c.package_id = x.package_id
WHERE x.scan_id = ? AND c.kind = 'package'"""
_EVIDENCE = """SELECT conclusion_id, kind, field, coalesce(raw, ''), expression, origin, path, start_line, end_line,
    method, score, note, sha256
FROM evidence WHERE conclusion_id IN (SELECT id FROM conclusions WHERE scan_id = ?) ORDER BY id"""
_COPYRIGHTS = """SELECT conclusion_id, path, line, statement, holder, years, template FROM copyrights
WHERE conclusion_id IN (SELECT id FROM conclusions WHERE scan_id = ?) ORDER BY id"""
_ONLY = " AND p.purl IN (SELECT value FROM json_each(?))"
_ONE = " AND conclusion_id IN (SELECT value FROM json_each(?)) ORDER BY id"


def earlier(
    database: Path, project: str | None = None, purls: Iterable[str] | None = None, path: str | None = None
) -> tuple[Earlier, ...]:
    """The packages of the last scan (of a project; of a folder; only those with these PackageURLs), sorted."""
    if database.is_symlink() or database.parent.is_symlink() or not database.is_file():
        return ()
    try:
        connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True, timeout=5.0)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            return _read(connection, (project, path), None if purls is None else sorted(purls))
        finally:
            connection.close()
    except (sqlite3.Error, ValueError, TypeError):
        return ()


def _read(
    connection: sqlite3.Connection, which: tuple[str | None, str | None], purls: list[str] | None
) -> tuple[Earlier, ...]:
    (scan,) = connection.execute(_LAST, which).fetchone()
    if scan is None:
        return ()
    narrow = () if purls is None else (json.dumps(purls),)
    rows = connection.execute(_PACKAGES + (_ONLY if narrow else ""), (scan, *narrow)).fetchall()
    within = (json.dumps([row[0] for row in rows]),) if narrow else ()
    evidence: dict[int, list[Evidence]] = {}
    for key, *values in connection.execute(_within(_EVIDENCE, within), (scan, *within)):
        evidence.setdefault(key, []).append(_evidence(*values))
    copyrights: dict[int, list[Copyright]] = {}
    for key, path, line, statement, holder, years, template in connection.execute(
        _within(_COPYRIGHTS, within), (scan, *within)
    ):
        copyrights.setdefault(key, []).append(
            Copyright(str(path), line, str(statement), str(holder), str(years), bool(template))
        )
    found = (_earlier(row, tuple(evidence.get(row[0], ())), tuple(copyrights.get(row[0], ()))) for row in rows)
    return tuple(sorted(found, key=lambda one: one.conclusion.purl))


def _within(query: str, within: tuple[str, ...]) -> str:
    return query.replace(" ORDER BY id", _ONE) if within else query


def _evidence(kind: str, field: str, raw: str, expression: str | None, origin: str, *rest: object) -> Evidence:
    path, start, end, method, score, note, digest = rest
    where = Location(str(path), start, end)  # type: ignore[arg-type]
    said = (str(method), float(score), note, digest)  # type: ignore[arg-type]
    return Evidence(EvidenceKind(kind), str(field), str(raw), expression, Origin(origin), where, *said)  # type: ignore[arg-type]


def _earlier(row: tuple[object, ...], evidence: tuple[Evidence, ...], copyrights: tuple[Copyright, ...]) -> Earlier:
    _key, purl, ecosystem, name, version, declared, detected, concluded, basis, *lists, clarified = row
    candidates, licenses, notices = (tuple(map(str, json.loads(str(text)))) for text in lists)
    conclusion = Conclusion(
        purl=str(purl),
        declared=str(declared),
        detected=None if detected is None else str(detected),
        concluded=str(concluded),
        basis=str(basis),
        candidates=candidates,
        evidence=evidence,
        license_files=licenses,
        notice_files=notices,
        copyrights=copyrights,
        clarified=str(clarified or ""),
    )
    return Earlier(str(ecosystem), str(name), None if version is None else str(version), conclusion)
