"""Rows -> Scan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from licscan.model import (
    Claim,
    Component,
    ComponentKind,
    Conclusion,
    Copyright,
    Dependency,
    Evidence,
    EvidenceKind,
    Finding,
    Graph,
    InputFile,
    Location,
    Origin,
    Problem,
    Project,
    ProjectKind,
    Record,
    Scan,
    Scope,
    Severity,
    Source,
    SourceGroup,
    SourceGroupKind,
    SourceKind,
    Sources,
    Verdict,
)
from licscan.model.package import PackageMetadata
from licscan.model.surface import Judgement, Obligation, Surface
from licscan.store.content import read_content

if TYPE_CHECKING:
    import sqlite3

Row = tuple[Any, ...]

_COMPONENTS = """SELECT c.id, p.purl, c.name, c.version, c.ecosystem, c.kind, c.resolved, c.source_kind, c.source_url,
    c.condition, c.manifest, c.hashes, c.patches, c.installed_at,
    c.embedded, c.changed, c.content
FROM components c JOIN packages p ON p.id = c.package_id WHERE c.scan_id = ? ORDER BY c.id"""
_SCOPES = """SELECT component_id, scope FROM component_scopes
WHERE component_id IN (SELECT id FROM components WHERE scan_id = ?) ORDER BY id"""
_FOUND_IN = """SELECT component_id, path, start_line, end_line FROM component_locations
WHERE component_id IN (SELECT id FROM components WHERE scan_id = ?) ORDER BY id"""
_CLAIMS = """SELECT component_id, kind, field, coalesce(raw, text), origin, path, start_line, end_line, structured
FROM claims LEFT JOIN texts ON texts.id = claims.text_id
WHERE component_id IN (SELECT id FROM components WHERE scan_id = ?) ORDER BY claims.id"""
_ROOTS = "SELECT p.purl FROM roots r JOIN packages p ON p.id = r.package_id WHERE r.scan_id = ? ORDER BY r.id"
_DEPENDENCIES = """SELECT parent.purl, child.purl, d.scope, d.requirement
FROM dependencies d JOIN packages parent ON parent.id = d.parent_id JOIN packages child ON child.id = d.child_id
WHERE d.scan_id = ? ORDER BY d.id"""
_CONCLUSIONS = """SELECT c.id, p.purl, c.declared, c.detected, c.concluded, c.basis, c.disagreements, c.doubts,
    c.candidates, c.license_files, c.notice_files, c.text_conflicts, c.clarified
FROM conclusions c JOIN packages p ON p.id = c.package_id WHERE c.scan_id = ? ORDER BY c.id"""
_EVIDENCE = """SELECT conclusion_id, kind, field, coalesce(raw, text), expression, origin, path, start_line, end_line,
    method, score, note, evidence.sha256
FROM evidence LEFT JOIN texts ON texts.id = evidence.text_id
WHERE conclusion_id IN (SELECT id FROM conclusions WHERE scan_id = ?) ORDER BY evidence.id"""
_COPYRIGHTS = """SELECT conclusion_id, path, line, statement, holder, years, template FROM copyrights
WHERE conclusion_id IN (SELECT id FROM conclusions WHERE scan_id = ?) ORDER BY id"""
_SOURCES = "SELECT by_git, read, own, unread, own_licenses, own_holders, compared FROM sources WHERE scan_id = ?"
_GROUPS = """SELECT id, path, kind, expression, files, beside_own, name, version, license_file, in_tests, holders,
    rules, package, share, also, declared, stated, changed, unmarked FROM source_groups WHERE scan_id = ? ORDER BY id"""
_GROUP_PLACES = """SELECT source_group_id, path, start_line, end_line FROM source_locations
WHERE source_group_id IN (SELECT id FROM source_groups WHERE scan_id = ?) ORDER BY id"""
_FINDINGS = """SELECT f.id, f.code, f.severity, f.verdict, p.purl, f.message, f.why, f.remedies, f.surface, f.waiver,
    f.decision
FROM findings f LEFT JOIN packages p ON p.id = f.package_id WHERE f.scan_id = ? ORDER BY f.id"""
_PATHS = """SELECT t.finding_id, t.path_number, p.purl FROM finding_paths t JOIN packages p ON p.id = t.package_id
WHERE t.finding_id IN (SELECT id FROM findings WHERE scan_id = ?) ORDER BY t.finding_id, t.path_number, t.step"""
_PLACES = """SELECT finding_id, path, start_line, end_line FROM finding_locations
WHERE finding_id IN (SELECT id FROM findings WHERE scan_id = ?) ORDER BY id"""
_PROBLEMS = "SELECT stage, subject, message, code FROM problems WHERE scan_id = ? ORDER BY id"
_SURFACES = "SELECT name, deployment, outbound, roots, effective, assumed FROM surfaces WHERE scan_id = ? ORDER BY id"
_JUDGEMENTS = """SELECT j.id, j.surface, p.purl, j.relationship, j.ruling, j.license, j.reasons
FROM judgements j JOIN packages p ON p.id = j.package_id WHERE j.scan_id = ? ORDER BY j.id"""
_DUTIES = """SELECT judgement_id, name, license, clause FROM duties
WHERE judgement_id IN (SELECT id FROM judgements WHERE scan_id = ?) ORDER BY id"""
_INPUTS = "SELECT path, format, version, seen, understood, sha256 FROM inputs WHERE scan_id = ? ORDER BY id"
_METADATA = """SELECT p.purl, m.description, m.supplier, m.authors, m.maintainers, m.homepage, m.repository,
    m.issue_tracker, m.artifact_url, m.artifact_hashes, m.source_url, m.published, m.deprecated
FROM metadata m JOIN packages p ON p.id = m.package_id WHERE m.scan_id = ? ORDER BY m.id"""
_SCAN = """SELECT tool_version, project, path, outbound, assumptions, threshold, tables, kind, version, root
FROM scans WHERE id = ?"""
_RECORD = "SELECT id, started_at, revision, repository, asked, state FROM scans WHERE id = ?"


class Reader:
    """Takes one scan out of the database; ValueError, TypeError or sqlite3.Error where the file was tampered with."""

    def __init__(self, db: sqlite3.Connection, scan_id: int):
        self._db = db
        self._scan_id = scan_id

    def read(self) -> Scan:
        """The scan, equal to the one that was saved."""
        version, name, path, outbound, assumptions, threshold, tables, kind, own, root = next(self._rows(_SCAN))
        return Scan(
            tool_version=version,
            project=Project(name, path, outbound, _tuple(assumptions), ProjectKind(kind), own, root),
            graph=Graph(
                roots=tuple(purl for (purl,) in self._rows(_ROOTS)),
                components=tuple(self._components()),
                dependencies=tuple(Dependency(a, b, Scope(s), r) for a, b, s, r in self._rows(_DEPENDENCIES)),
            ),
            conclusions=tuple(self._conclusions()),
            findings=tuple(self._findings()),
            problems=tuple(Problem(*row) for row in self._rows(_PROBLEMS)),
            inputs=tuple(InputFile(*row) for row in self._rows(_INPUTS)),
            threshold=Severity(threshold) if threshold else None,
            tables=tuple((name, version) for name, version in json.loads(tables)),
            sources=self._sources(),
            content=read_content(self._rows, self._grouped),
            surfaces=tuple(self._surfaces()),
            judgements=tuple(self._judgements()),
            metadata=tuple(self._metadata()),
            record=self._record(),
        )

    def _record(self) -> Record:
        number, when, revision, repository, asked, state = next(self._rows(_RECORD))
        words = tuple((str(option), str(value)) for option, value in json.loads(asked))
        return Record(number, when, revision, repository, words, state)

    def _components(self) -> Iterator[Component]:
        scopes = self._grouped(_SCOPES)
        places = self._grouped(_FOUND_IN)
        claims = self._grouped(_CLAIMS)
        for row in self._rows(_COMPONENTS):
            key, purl, name, version, ecosystem, kind, resolved, source, url = row[:9]
            condition, manifest, hashes, patches, installed_at, embedded, changed, content = row[9:]
            yield Component(
                purl=purl,
                name=name,
                version=version,
                ecosystem=ecosystem,
                kind=ComponentKind(kind),
                resolved=bool(resolved),
                source=Source(SourceKind(source), url),
                scopes=tuple(Scope(scope) for (scope,) in scopes.get(key, ())),
                found_in=tuple(Location(*place) for place in places.get(key, ())),
                claims=tuple(map(_claim, claims.get(key, ()))),
                hashes=_tuple(hashes),
                condition=condition,
                patches=_tuple(patches),
                installed_at=_tuple(installed_at),
                manifest=manifest,
                embedded=embedded,
                changed=_tuple(changed),
                content=content,
            )

    def _conclusions(self) -> Iterator[Conclusion]:
        evidence = self._grouped(_EVIDENCE)
        copyrights = self._grouped(_COPYRIGHTS)
        for row in self._rows(_CONCLUSIONS):
            key, purl, declared, detected, concluded, basis = row[:6]
            disagreements, doubts, candidates, license_files, notice_files, text_conflicts = map(_tuple, row[6:12])
            yield Conclusion(
                purl=purl,
                declared=declared,
                detected=detected,
                concluded=concluded,
                basis=basis,
                disagreements=disagreements,
                doubts=doubts,
                candidates=candidates,
                evidence=tuple(map(_evidence, evidence.get(key, ()))),
                license_files=license_files,
                notice_files=notice_files,
                text_conflicts=text_conflicts,
                copyrights=tuple(map(_copyright, copyrights.get(key, ()))),
                clarified=row[12],
            )

    def _metadata(self) -> Iterator[PackageMetadata]:
        for row in self._rows(_METADATA):
            purl, description, supplier, authors, maintainers = row[:5]
            homepage, repository, issues, artifact, hashes, source, published, deprecated = row[5:]
            yield PackageMetadata(
                purl, description, supplier, _tuple(authors), _tuple(maintainers), homepage, repository, issues,
                artifact, _tuple(hashes), source, published, deprecated,
            )  # fmt: skip

    def _surfaces(self) -> Iterator[Surface]:
        for name, deployment, outbound, roots, effective, assumed in self._rows(_SURFACES):
            yield Surface(name, deployment, outbound, _tuple(roots), effective, _tuple(assumed))

    def _judgements(self) -> Iterator[Judgement]:
        duties = self._grouped(_DUTIES)
        for key, surface, purl, relationship, ruling, license_, reasons in self._rows(_JUDGEMENTS):
            owed = tuple(Obligation(*row) for row in duties.get(key, ()))
            yield Judgement(surface, purl, relationship, ruling, license_, owed, _tuple(reasons))

    def _sources(self) -> Sources | None:
        row = next(self._rows(_SOURCES), None)
        if row is None:
            return None
        by_git, read, own, unread, licenses, holders, compared = row
        groups = tuple(self._source_groups())
        return Sources(bool(by_git), read, own, unread, _tuple(licenses), _tuple(holders), groups, compared)

    def _source_groups(self) -> Iterator[SourceGroup]:
        places = self._grouped(_GROUP_PLACES)
        for row in self._rows(_GROUPS):
            key, path, kind, expression, files, beside, name, version, text, in_tests, holders, rules, *copy = row
            package, share, also, declared, stated, changed, unmarked = copy
            yield SourceGroup(
                path=path,
                kind=SourceGroupKind(kind),
                expression=expression,
                files=files,
                beside_own=bool(beside),
                name=name,
                version=version,
                license_file=text,
                in_tests=bool(in_tests),
                holders=_tuple(holders),
                rules=_tuple(rules),
                locations=tuple(Location(*place) for place in places.get(key, ())),
                package=package,
                share=share,
                also=_tuple(also),
                declared=declared,
                stated=stated,
                changed=bool(changed),
                unmarked=unmarked,
            )

    def _findings(self) -> Iterator[Finding]:
        steps = self._grouped(_PATHS)
        places = self._grouped(_PLACES)
        for key, code, severity, verdict, purl, message, why, remedies, *marks in self._rows(_FINDINGS):
            surface, waiver, decision = marks
            paths: dict[int, list[str]] = {}
            for number, step in steps.get(key, ()):
                paths.setdefault(number, []).append(step)
            yield Finding(
                code=code,
                severity=Severity(severity),
                verdict=Verdict(verdict),
                purl=purl,
                message=message,
                why=why,
                paths=tuple(map(tuple, paths.values())),
                remedies=_tuple(remedies),
                locations=tuple(Location(*place) for place in places.get(key, ())),
                surface=surface,
                waiver=waiver,
                decision=decision,
            )

    def _rows(self, sql: str) -> Iterator[Row]:
        for row in self._db.execute(sql, (self._scan_id,)):
            yield tuple(map(as_text, row)) if bytes in map(type, row) else row

    def _grouped(self, sql: str) -> dict[int, list[Row]]:
        """The rows by their first column, without it."""
        groups: dict[int, list[Row]] = {}
        for row in self._rows(sql):
            groups.setdefault(row[0], []).append(row[1:])
        return groups


def _claim(row: Row) -> Claim:
    kind, field, raw, origin, path, start, end, structured = row
    return Claim(EvidenceKind(kind), field, raw, Origin(origin), Location(path, start, end), bool(structured))


def _evidence(row: Row) -> Evidence:
    kind, field, raw, expression, origin, path, start, end, *rest = row
    return Evidence(EvidenceKind(kind), field, raw, expression, Origin(origin), Location(path, start, end), *rest)


def _copyright(row: Row) -> Copyright:
    path, line, statement, holder, years, template = row
    return Copyright(path, line, statement, holder, years, bool(template))


def _tuple(array: str) -> tuple[str, ...]:
    return () if array == "[]" else tuple(json.loads(array))


def as_text(value: Any) -> Any:
    """Text that SQLite could not hold was stored as bytes (see `write`)."""
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value
