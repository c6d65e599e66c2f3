"""The scan as SARIF 2.1.0, for the places where code is reviewed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from licscan.base.escape import one_line
from licscan.base.messages import NOT_ADVICE, _
from licscan.base.tables import load_toml
from licscan.compare.codes import told_of
from licscan.compare.fingerprint import fingerprints
from licscan.export.json_format import coverage_object, harmless, record_object
from licscan.export.places import is_project_file, license_of, places_of
from licscan.model import Finding, Location, Problem, Record, Scan, Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "licscan/v1"
_LONG = 4_000
Json = dict[str, Any]


def render(scan: Scan) -> str:
    """The same bytes for the same scan; ends in a newline."""
    return harmless(json.dumps(document(scan), ensure_ascii=False, indent=1)) + "\n"


def document(scan: Scan) -> Json:
    """One run: a rule for each code that occurs, a result for each finding, problems as notifications."""
    codes = sorted({finding.code for finding in scan.findings})
    results = [_result(scan, finding, mark, codes) for finding, mark in fingerprints(scan)]
    driver = {"name": "licscan", "version": scan.tool_version, "rules": [_rule(code) for code in codes]}
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "invocations": [
            {"executionSuccessful": True, "toolExecutionNotifications": [_notification(one) for one in scan.problems]}
        ],
        "results": results,
        **_versioned(scan.record),
        "properties": {
            "tables": dict(scan.tables),
            "scan": record_object(scan.record),
            "verdict": scan.gate.value,
            "coverage": coverage_object(scan.coverage),
            "assumptions": [one_line(one, _LONG) for one in scan.project.assumptions],
            "disclaimer": _(NOT_ADVICE),
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _versioned(record: Record | None) -> Json:
    """Which commit of which repository was scanned, where both are known and the files were as they are in it."""
    if record is None or not (record.revision and record.repository) or record.revision.endswith("+"):
        return {}
    held = {"repositoryUri": record.repository, "revisionId": record.revision}
    return {"versionControlProvenance": [{**held, "mappedTo": {"uriBaseId": "%SRCROOT%"}}]}


def _rule(code: str) -> Json:
    """What findings.toml says of a code; a code that a newer licscan stored has only its name."""
    texts, told = load_toml("findings.toml").get(code, {}), told_of(code)
    listed = "\n".join(f"- {one}" for one in told.remedies)
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in code.split("-")),
        "shortDescription": {"text": told.title},
        "fullDescription": {"text": told.meaning},
        "help": {
            "text": "\n".join((told.why, *told.remedies)),
            "markdown": f"{told.why}\n\n**{_('What to do')}**\n\n{listed}" if told.remedies else told.why,
        },
        "defaultConfiguration": {"level": texts.get("severity", "warning")},
        "properties": {"tags": ["license", "compliance"], "precision": "high", "problem.severity": _github(texts)},
    }


def _github(texts: Json) -> str:
    """GitHub's word for a level."""
    severity: str = texts.get("severity", "warning")
    return "recommendation" if severity == "note" else severity


def _result(scan: Scan, finding: Finding, mark: str, codes: list[str]) -> Json:
    places = places_of(scan, finding)
    result: Json = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": Severity(finding.severity).value,
        "message": {"text": _message(finding)},
        "locations": [_location(places[0], finding)] if places else [],
        "relatedLocations": [
            {"id": number, **_location(place, None)} for number, place in enumerate(places[1:], start=1)
        ],
        # GitHub follows results by the second name only
        "partialFingerprints": {FINGERPRINT: mark, "primaryLocationLineHash": mark},
        "properties": {
            "purl": finding.purl,
            "license": license_of(scan, finding.purl),
            "surface": finding.surface,
            "verdict": finding.verdict.value,
            "coverage": scan.by_purl[finding.purl].coverage.value if finding.purl in scan.by_purl else None,
            "paths": [list(path) for path in finding.paths],
            "remedies": list(finding.remedies),
        },
    }
    if finding.waiver:
        waived = {"kind": "external", "status": "accepted", "justification": one_line(finding.waiver, _LONG)}
        result["suppressions"] = [waived]
    return {key: value for key, value in result.items() if value != []}


def _message(finding: Finding) -> str:
    said = [finding.message, finding.why, *(f"- {remedy}" for remedy in finding.remedies)]
    return "\n".join(one_line(one, _LONG) for one in said if one)


def _location(place: Location, finding: Finding | None) -> Json:
    """A file and its lines; GitHub shows no result without a line, so a file as a whole is shown at its first."""
    start = place.start_line or 1
    region = {"startLine": start, "endLine": max(start, place.end_line or start)}
    told: Json = {"physicalLocation": {"artifactLocation": _artifact(place.path), "region": region}}
    if finding is not None and finding.purl:
        told["logicalLocations"] = [{"fullyQualifiedName": finding.purl, "kind": "module"}]
    return told


def _artifact(path: str) -> Json:
    return {"uri": quote(path.encode("utf-8", "replace")), "uriBaseId": "%SRCROOT%"}


def _notification(problem: Problem) -> Json:
    level = "warning" if problem.code else "note"
    said: Json = {"level": level, "message": {"text": one_line(f"{problem.subject}: {problem.message}", _LONG)}}
    return {**said, **dict(_where(problem))}


def _where(problem: Problem) -> Iterator[tuple[str, Any]]:
    if is_project_file(problem.subject) and not problem.subject.startswith("pkg:"):
        yield "locations", [{"physicalLocation": {"artifactLocation": _artifact(problem.subject)}}]
