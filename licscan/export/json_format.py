"""The scan as JSON, as `data/scan.schema.json` describes it."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from licscan.base.messages import NOT_ADVICE, _
from licscan.compare.digest import evidence_digest
from licscan.compare.grouping import Group, as_one, grouped
from licscan.export.json_files import content_object, place_object, sources_object
from licscan.model import (
    Component,
    Conclusion,
    Copyright,
    CoverageCount,
    Dependency,
    Evidence,
    Finding,
    Record,
    Scan,
    Severity,
    Verdict,
)
from licscan.model.package import PackageMetadata
from licscan.model.surface import Judgement, Surface

SCHEMA_VERSION = "1.0"

# json.dumps escapes C0 only; these could still hide or reorder text where the file is looked at
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def render(scan: Scan) -> str:
    """The same bytes for the same scan; ends in a newline, and any encoder of UTF-8 can write it."""
    parts = [f"{json.dumps(key)}: {_value(value)}" for key, value in document(scan).items()]
    return harmless("{\n" + ",\n".join(parts) + "\n}\n")


def harmless(text: str) -> str:
    """JSON text in which nothing hides or reorders what is shown."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _value(value: Any) -> str:
    """One item a line: short to read, and a tenth of the time of the indenting encoder, which is not in C."""
    if not isinstance(value, list) or not value:
        return json.dumps(value, ensure_ascii=False)
    return "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False) for item in value) + "\n]"


def document(scan: Scan) -> dict[str, Any]:
    """The scan as what `json` can write; lists are sorted, evidence stays in the order of its weight."""
    graph = scan.graph
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "licscan", "version": scan.tool_version, "tables": dict(sorted(scan.tables))},
        "scan": record_object(scan.record),
        "project": {
            "name": scan.project.name,
            "version": scan.project.version,
            "root": scan.project.root,
            "path": scan.project.path,
            "outbound": scan.project.outbound,
            "assumptions": list(scan.project.assumptions),
        },
        "gate": gate_object(scan),
        "coverage": coverage_object(scan.coverage),
        "roots": [_root(purl, graph.by_purl.get(purl)) for purl in sorted(graph.roots)],
        "components": [_component(scan, item) for item in sorted(graph.components, key=lambda c: c.purl)],
        "dependencies": [_dependency(edge) for edge in sorted(graph.dependencies, key=_edge_key)],
        "findings": [_decision(scan, group) for group in grouped(scan, scan.findings)],
        "problems": [
            {"stage": p.stage, "subject": p.subject, "message": p.message, "code": p.code}
            for p in sorted(scan.problems, key=lambda p: (p.stage, p.subject, p.message, p.code or ""))
        ],
        "surfaces": [_surface(surface) for surface in sorted(scan.surfaces)],
        "judgements": [_judgement(judgement) for judgement in sorted(scan.judgements)],
        "sources": sources_object(scan.sources),
        "content": content_object(scan.content),
        "inputs": [
            {
                "path": file.path,
                "format": file.format,
                "version": file.version,
                "seen": file.seen,
                "understood": file.understood,
                "sha256": file.sha256,
            }
            for file in sorted(scan.inputs, key=lambda file: (file.path, file.format))
        ],
        "disclaimer": _(NOT_ADVICE),
    }


def record_object(record: Record | None) -> dict[str, Any] | None:
    """Which scan of the database it is, of when and of which commit; null for one that is not stored."""
    if record is None:
        return None
    return {
        "number": record.number,
        "started_at": record.started_at,
        "revision": record.revision,
        "repository": record.repository,
    }


def _surface(surface: Surface) -> dict[str, Any]:
    return {
        "name": surface.name,
        "deployment": surface.deployment,
        "outbound": surface.outbound,
        "effective_outbound": surface.effective,
        "roots": list(surface.roots),
        "assumed": list(surface.assumed),
    }


def _judgement(judgement: Judgement) -> dict[str, Any]:
    return {
        "surface": judgement.surface,
        "purl": judgement.purl,
        "relationship": judgement.relationship,
        "ruling": judgement.ruling,
        "license": judgement.license,
        "duties": [{"name": d.name, "license": d.license, "clause": d.clause} for d in judgement.duties],
        "reasons": list(judgement.reasons),
    }


def gate_object(scan: Scan) -> dict[str, Any]:
    """The answer, and how many decisions there are, not how many packages are under them."""
    groups = [group.first for group in grouped(scan, scan.findings)]
    standing = [finding for finding in groups if not finding.waiver]
    severities = Counter(finding.severity for finding in standing)
    verdicts = Counter(finding.verdict for finding in standing)
    return {
        "verdict": scan.gate.value,
        "threshold": scan.threshold.value if scan.threshold else None,
        "severities": {severity.value: severities[severity] for severity in Severity},
        "verdicts": {verdict.value: verdicts[verdict] for verdict in Verdict},
        "waived": len(groups) - len(standing),
    }


def coverage_object(count: CoverageCount) -> dict[str, int]:
    """What the shipped packages of others were judged on."""
    return {
        "shipped": count.shipped,
        "texts": count.texts,
        "metadata": count.metadata,
        "nothing": count.nothing,
    }


def _root(purl: str, component: Component | None) -> dict[str, Any]:
    return {
        "purl": purl,
        "name": component.name if component else None,
        "version": component.version if component else None,
        "path": component.manifest if component else None,
    }


def _component(scan: Scan, component: Component) -> dict[str, Any]:
    return {
        "purl": component.purl,
        "name": component.name,
        "version": component.version,
        "ecosystem": component.ecosystem,
        "kind": component.kind.value,
        "resolved": component.resolved,
        "scopes": [scope.value for scope in component.scopes],
        **_concluded(scan.by_purl.get(component.purl), scan.verdicts[component.purl]),
        "found_in": [place_object(place) for place in component.found_in],
        "installed_at": list(component.installed_at),
        "source": {"kind": component.source.kind.value, "url": component.source.url},
        "hashes": list(component.hashes),
        "condition": component.condition,
        "patches": list(component.patches),
        "embedded": component.embedded,
        "changed": list(component.changed),
        "content": component.content,
        "metadata": _metadata(scan.metadata_by_purl.get(component.purl)),
    }


def _metadata(told: PackageMetadata | None) -> dict[str, Any] | None:
    """What is known beside the license; null where nobody says anything."""
    if told is None:
        return None
    return {
        "description": told.description,
        "supplier": told.supplier,
        "authors": list(told.authors),
        "maintainers": list(told.maintainers),
        "homepage": told.homepage,
        "repository": told.repository,
        "issue_tracker": told.issue_tracker,
        "artifact_url": told.artifact_url,
        "artifact_hashes": list(told.artifact_hashes),
        "source_url": told.source_url,
        "published": told.published,
        "deprecated": told.deprecated,
    }


def _concluded(conclusion: Conclusion | None, verdict: Verdict) -> dict[str, Any]:
    """What is known of the license; nulls where no stage has looked (a first-party project)."""
    return {
        "declared": conclusion.declared if conclusion else None,
        "detected": conclusion.detected if conclusion else None,
        "concluded": conclusion.concluded if conclusion else None,
        "verdict": verdict.value,
        "coverage": conclusion.coverage.value if conclusion else None,
        "basis": conclusion.basis if conclusion else None,
        "clarified": conclusion.clarified if conclusion else "",
        "evidence_digest": evidence_digest(conclusion) if conclusion else None,
        "candidates": list(conclusion.candidates) if conclusion else [],
        "disagreements": list(conclusion.disagreements) if conclusion else [],
        "text_conflicts": list(conclusion.text_conflicts) if conclusion else [],
        "doubts": list(conclusion.doubts) if conclusion else [],
        "evidence": [_evidence(item) for item in conclusion.evidence] if conclusion else [],
        "license_files": list(conclusion.license_files) if conclusion else [],
        "notice_files": list(conclusion.notice_files) if conclusion else [],
        "copyrights": [_copyright(item) for item in conclusion.copyrights] if conclusion else [],
    }


def _evidence(item: Evidence) -> dict[str, Any]:
    return {
        "kind": item.kind.value,
        "field": item.field,
        "raw": item.raw,
        "expression": item.expression,
        "origin": item.origin.value,
        "path": item.location.path,
        "start_line": item.location.start_line,
        "end_line": item.location.end_line,
        "method": item.method,
        "score": item.score,
        "note": item.note,
        "sha256": item.sha256,
    }


def _copyright(item: Copyright) -> dict[str, Any]:
    return {
        "statement": item.statement,
        "holder": item.holder,
        "years": item.years,
        "template": item.template,
        "path": item.path,
        "line": item.line,
    }


def _dependency(edge: Dependency) -> dict[str, Any]:
    return {
        "parent": edge.parent,
        "child": edge.child,
        "scope": edge.scope.value,
        "requirement": edge.requirement,
    }


def _edge_key(edge: Dependency) -> tuple[str, str, str, str]:
    return (edge.parent, edge.child, edge.scope, edge.requirement or "")


def _decision(scan: Scan, group: Group) -> dict[str, Any]:
    """The findings that one decision settles as one, with what is said of each package."""
    told = _finding(as_one(scan, group))
    told["packages"] = [
        {
            "purl": one.purl,
            "surface": one.surface,
            "message": one.message,
            "paths": [list(path) for path in one.paths],
            "locations": [place_object(place) for place in one.locations],
        }
        for one in group.findings
        if one.purl is not None
    ]
    return told


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "verdict": finding.verdict.value,
        "purl": finding.purl,
        "surface": finding.surface,
        "waiver": finding.waiver,
        "decision": finding.decision,
        "message": finding.message,
        "why": finding.why,
        "paths": [list(path) for path in finding.paths],
        "remedies": list(finding.remedies),
        "locations": [place_object(place) for place in finding.locations],
    }
