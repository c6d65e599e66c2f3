"""Scan -> rows.

Rows go through `executemany` with ids counted here: sqlite-utils' `insert_all` took 0.42 s where this takes 0.12 s
(100,000 rows of seven columns).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from licscan.compare.grouping import grouped
from licscan.model import Component, Conclusion, Finding, Record, Scan, Severity, Sources, Verdict
from licscan.model.package import PackageMetadata
from licscan.packages import purls
from licscan.store import content

if TYPE_CHECKING:
    import sqlite3

LONG = 200
"""Raw texts of more characters than this are stored once, in `texts`."""

AT_ONCE = 500
"""Values in one query, below what any SQLite takes."""

_PLAIN = re.compile(r"[ !#-\[\]-~]*").fullmatch
"""What JSON writes as it is: most lists have one such text, and a scan has thousands of lists."""

Row = tuple[Any, ...]

_COLUMNS = {
    "scans": 21,
    "roots": 3,
    "components": 19,
    "component_scopes": 3,
    "component_locations": 5,
    "claims": 11,
    "dependencies": 6,
    "conclusions": 14,
    "evidence": 15,
    "copyrights": 8,
    "sources": 9,
    "source_groups": 20,
    "source_locations": 5,
    "findings": 12,
    "finding_paths": 4,
    "finding_locations": 5,
    "problems": 6,
    "inputs": 8,
    "surfaces": 8,
    "judgements": 8,
    "duties": 5,
    "metadata": 15,
    **content.COLUMNS,
}


class Writer:
    """Puts one scan into an open write transaction.

    `guard`: look for lone surrogates in every value; slow, so only after a first try has met one.
    """

    def __init__(self, db: sqlite3.Connection, guard: bool = False):
        self._connection = db
        self._guard = guard
        self._next = {table: self._free_id(table) for table in _COLUMNS if table != "finding_paths"}
        self._rows: dict[str, list[Row]] = {table: [] for table in _COLUMNS}
        self._packages: dict[str, int] = {}
        self._texts: dict[str, int] = {}

    def write(self, scan: Scan, record: Record) -> int:
        """Insert every row; the id of the scan, which is the next free one whatever the record says."""
        found = (*_scan_row(scan, record.started_at), record.revision, scan.project.version, scan.project.root)
        row = (*found, record.repository, _array(record.asked), record.state)
        scan_id = self._add("scans", *row)
        self._packages = self._known([*scan.graph.roots, *(one.purl for one in scan.graph.components)])
        self._graph(scan, scan_id)
        for conclusion in scan.conclusions:
            self._conclusion(scan_id, conclusion)
        for told in scan.metadata:
            self._metadata(scan_id, told)
        if scan.sources is not None:
            self._sources(scan_id, scan.sources)
        if scan.content is not None:
            content.add_content(self._add, scan_id, scan.content)
        self._judged(scan_id, scan)
        for finding in scan.findings:
            self._finding(scan_id, finding)
        for problem in scan.problems:
            self._add("problems", scan_id, problem.stage, problem.subject, problem.message, problem.code)
        for file in scan.inputs:
            counts = (file.seen, file.understood)
            self._add("inputs", scan_id, file.path, file.format, file.version, *counts, file.sha256)
        for table, rows in self._rows.items():
            marks = ", ".join("?" * _COLUMNS[table])
            self._many(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 (keys of _COLUMNS)
        return scan_id

    def _graph(self, scan: Scan, scan_id: int) -> None:
        for purl in scan.graph.roots:
            self._add("roots", scan_id, self._package(purl))
        for component in scan.graph.components:
            self._component(scan_id, component, scan.verdicts[component.purl])
        for edge in scan.graph.dependencies:
            ends = (self._package(edge.parent), self._package(edge.child))
            self._add("dependencies", scan_id, *ends, edge.scope.value, _safe_url(edge.requirement))

    def _component(self, scan_id: int, component: Component, verdict: Verdict) -> None:
        key = self._add(
            "components",
            scan_id,
            self._package(component.purl),
            component.name,
            component.version,
            component.ecosystem,
            component.kind.value,
            int(component.resolved),
            verdict.value,
            component.source.kind.value,
            _safe_url(component.source.url),
            component.condition,
            component.manifest,
            _array(component.hashes),
            _array(component.patches),
            _array(component.installed_at),
            component.embedded,
            _array(component.changed),
            component.content,
        )
        for scope in component.scopes:
            self._add("component_scopes", key, scope.value)
        for place in component.found_in:
            self._add("component_locations", key, place.path, place.start_line, place.end_line)
        for claim in component.claims:
            where = claim.location
            self._add(
                "claims",
                key,
                claim.kind.value,
                claim.field,
                *self._raw(claim.raw),
                claim.origin.value,
                where.path,
                where.start_line,
                where.end_line,
                int(claim.structured),
            )

    def _conclusion(self, scan_id: int, conclusion: Conclusion) -> None:
        key = self._add(
            "conclusions",
            scan_id,
            self._package(conclusion.purl),
            conclusion.declared,
            conclusion.detected,
            conclusion.concluded,
            conclusion.basis,
            _array(conclusion.disagreements),
            _array(conclusion.doubts),
            _array(conclusion.candidates),
            _array(conclusion.license_files),
            _array(conclusion.notice_files),
            _array(conclusion.text_conflicts),
            conclusion.clarified,
        )
        for item in conclusion.evidence:
            self._add(
                "evidence",
                key,
                item.kind.value,
                item.field,
                *self._raw(item.raw),
                item.expression,
                item.origin.value,
                item.location.path,
                item.location.start_line,
                item.location.end_line,
                item.method,
                item.score,
                item.note,
                item.sha256,
            )

        for said in conclusion.copyrights:
            facts = (said.statement, said.holder, said.years, int(said.template))
            self._add("copyrights", key, said.path, said.line, *facts)

    def _metadata(self, scan_id: int, told: PackageMetadata) -> None:
        self._add(
            "metadata",
            scan_id,
            self._package(told.purl),
            told.description,
            told.supplier,
            _array(told.authors),
            _array(told.maintainers),
            told.homepage,
            told.repository,
            told.issue_tracker,
            told.artifact_url,
            _array(told.artifact_hashes),
            told.source_url,
            told.published,
            told.deprecated,
        )

    def _judged(self, scan_id: int, scan: Scan) -> None:
        for one in scan.surfaces:
            words = (one.name, one.deployment, one.outbound, one.effective)
            self._add("surfaces", scan_id, *words, _array(one.roots), _array(one.assumed))
        for judgement in scan.judgements:
            key = self._add(
                "judgements",
                scan_id,
                self._package(judgement.purl),
                judgement.surface,
                judgement.relationship,
                judgement.ruling,
                judgement.license,
                _array(judgement.reasons),
            )
            for duty in judgement.duties:
                self._add("duties", key, duty.name, duty.license, duty.clause)

    def _sources(self, scan_id: int, sources: Sources) -> None:
        own = (_array(sources.own_licenses), _array(sources.own_holders))
        self._add(
            "sources", scan_id, int(sources.by_git), sources.read, sources.own, sources.unread, *own, sources.compared
        )
        for group in sources.groups:
            key = self._add(
                "source_groups",
                scan_id,
                group.path,
                group.kind.value,
                group.expression,
                group.files,
                int(group.beside_own),
                group.name,
                group.version,
                group.license_file,
                int(group.in_tests),
                _array(group.holders),
                _array(group.rules),
                group.package,
                group.share,
                _array(group.also),
                group.declared,
                group.stated,
                group.unmarked,
                int(group.changed),
            )
            for place in group.locations:
                self._add("source_locations", key, place.path, place.start_line, place.end_line)

    def _finding(self, scan_id: int, finding: Finding) -> None:
        key = self._add(
            "findings",
            scan_id,
            None if finding.purl is None else self._package(finding.purl),
            finding.code,
            finding.severity.value,
            finding.verdict.value,
            finding.message,
            finding.why,
            _array(finding.remedies),
            finding.surface,
            finding.waiver,
            finding.decision,
        )
        paths = self._rows["finding_paths"]
        for number, path in enumerate(finding.paths, 1):
            paths.extend((key, number, step, self._package(purl)) for step, purl in enumerate(path, 1))
        for place in finding.locations:
            self._add("finding_locations", key, place.path, place.start_line, place.end_line)

    def _add(self, table: str, *values: Any) -> int:
        key = self._next[table]
        self._next[table] = key + 1
        self._rows[table].append((key, *values))
        return key

    def _raw(self, raw: str) -> tuple[str | None, int | None]:
        """The columns `raw` and `text_id`, of which one is NULL."""
        if len(raw) <= LONG:
            return raw, None
        if raw not in self._texts:
            digest = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
            self._one("INSERT OR IGNORE INTO texts (sha256, text) VALUES (?, ?)", (digest, raw))
            self._texts[raw] = self._one("SELECT id FROM texts WHERE sha256 = ?", (digest,))
        return None, self._texts[raw]

    def _known(self, purls: list[str]) -> dict[str, int]:
        """The keys of many packages at once: one by one they took as long as all other rows of a scan."""
        self._many("INSERT OR IGNORE INTO packages (purl) VALUES (?)", [(purl,) for purl in purls])
        found: dict[str, int] = {}
        for start in range(0, len(purls), AT_ONCE):
            some: Row = tuple(purls[start : start + AT_ONCE])
            marks = ", ".join("?" * len(some))
            values = _guarded(some) if self._guard else some
            rows = self._connection.execute(f"SELECT purl, id FROM packages WHERE purl IN ({marks})", values)  # noqa: S608 (marks)
            ids = dict(rows.fetchall())
            found |= {purl: ids[value] for purl, value in zip(some, values, strict=True)}
        return found

    def _package(self, purl: str) -> int:
        if purl not in self._packages:
            self._one("INSERT OR IGNORE INTO packages (purl) VALUES (?)", (purl,))
            self._packages[purl] = self._one("SELECT id FROM packages WHERE purl = ?", (purl,))
        return self._packages[purl]

    def _one(self, sql: str, values: Row) -> int:
        row = self._connection.execute(sql, _guarded(values) if self._guard else values).fetchone()
        return int(row[0]) if row else 0

    def _many(self, sql: str, rows: Sequence[Row]) -> None:
        self._connection.executemany(sql, map(_guarded, rows) if self._guard else rows)

    def _free_id(self, table: str) -> int:
        # the table names are the keys of _COLUMNS
        return self._one(f"SELECT coalesce(max(id), 0) + 1 FROM {table}", ())  # noqa: S608


def _scan_row(scan: Scan, started_at: str) -> Row:
    # what people count is decisions, as on the screen and in JSON
    loud = [group.first.severity for group in grouped(scan, (one for one in scan.findings if not one.waiver))]
    return (
        scan.project.name,
        scan.project.path,
        scan.project.outbound,
        started_at,
        scan.gate.value,
        scan.threshold.value if scan.threshold else None,
        len(scan.graph.components),
        *(loud.count(severity) for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE)),
        scan.tool_version,
        _array(scan.project.assumptions),
        _array(scan.tables),
        scan.project.kind.value,
    )


def _array(values: Iterable[Any]) -> str:
    listed = values if isinstance(values, tuple) else tuple(values)
    if not listed:
        return "[]"
    if len(listed) == 1 and isinstance(listed[0], str) and _PLAIN(listed[0]):
        return f'["{listed[0]}"]'
    return json.dumps(listed, ensure_ascii=False)


def _safe_url(url: str | None) -> str | None:
    """The resolvers have stripped credentials; a database lives long, so look once more."""
    return purls.strip_credentials(url) if url and "://" in url else url


def _guarded(values: Row) -> Row:
    return tuple(_bytes_if_needed(value) if isinstance(value, str) else value for value in values)


def _bytes_if_needed(value: str) -> str | bytes:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")
    return value
