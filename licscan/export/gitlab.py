"""What GitLab reads: a report of its Code Quality, and an SBOM with the properties that it looks for."""

from __future__ import annotations

import json
from typing import Any

from licscan.base.escape import one_line
from licscan.compare.fingerprint import fingerprints
from licscan.export.json_format import harmless
from licscan.export.places import is_project_file, places_of, sentence_of
from licscan.model import Component, Finding, Scan, Scope, Severity, Verdict

_LONG = 2_000
_SPEC = "1.6"
_NAMESPACE = "gitlab:dependency_scanning"
_LANGUAGES = {"npm": "JavaScript", "pypi": "Python", "conda": "Python"}
_MANAGERS = {
    "package-lock.json": "npm", "npm-shrinkwrap.json": "npm", "yarn.lock": "yarn", "pnpm-lock.yaml": "pnpm",
    "bun.lock": "bun", "deno.lock": "deno", "poetry.lock": "poetry", "Pipfile.lock": "pipenv", "pdm.lock": "pdm",
    "uv.lock": "uv", "environment.yml": "conda", "conda-lock.yml": "conda", "pixi.lock": "pixi",
}  # fmt: skip
"""The package manager by the name of its lock."""
Json = dict[str, Any]


def render_quality(scan: Scan) -> str:
    """The findings that are not waived and have a place, as a report of Code Quality; ends in a newline."""
    found = [_issue(scan, one, mark) for one, mark in fingerprints(scan) if not one.waiver and places_of(scan, one)]
    return harmless(json.dumps(found, ensure_ascii=False, indent=1)) + "\n"


def _issue(scan: Scan, finding: Finding, mark: str) -> Json:
    place = places_of(scan, finding)[0]
    return {
        "description": one_line(sentence_of(scan, finding), _LONG),
        "check_name": finding.code,
        "fingerprint": mark,
        "severity": _severity(finding),
        "location": {"path": place.path, "lines": {"begin": place.start_line or 1}},
    }


def _severity(finding: Finding) -> str:
    """GitLab has five degrees; the loudest are for what breaks a rule and what nobody can tell."""
    if finding.severity is Severity.ERROR:
        return "blocker" if finding.verdict is Verdict.VIOLATION else "critical"
    return "major" if finding.severity is Severity.WARNING else "info"


def render_sbom(scan: Scan) -> str:
    """CycloneDX with GitLab's properties: from which file each component is, by which package manager.

    It carries no time of its own, so that the same scan gives the same bytes.
    """
    from licscan.sbom.from_scan import SbomOptions, bom_of
    from licscan.sbom.write import to_json
    from licscan.sbom.write.cyclonedx import to_dict

    document = to_dict(bom_of(scan, SbomOptions(created="")), _SPEC)
    metadata = document["metadata"]
    if not metadata.get("timestamp"):
        metadata.pop("timestamp", None)
    metadata["properties"] = [
        _property("gitlab:meta:schema_version", "1"), *_of_scan(scan), *metadata.get("properties", [])
    ]  # fmt: skip
    by_purl = scan.graph.by_purl
    for one in document.get("components", []):
        component = by_purl.get(one.get("purl", ""))
        if component is not None:
            one["properties"] = [*_of_component(component), *one.get("properties", [])]
    return to_json(document)


def _of_scan(scan: Scan) -> list[Json]:
    """What holds for all components that say nothing else: the first lock."""
    for file in scan.inputs:
        manager = _MANAGERS.get(file.path.rpartition("/")[2])
        if manager and is_project_file(file.path):
            return [
                _property(f"{_NAMESPACE}:input_file:path", file.path),
                _property(f"{_NAMESPACE}:package_manager:name", manager),
            ]
    return []


def _of_component(component: Component) -> list[Json]:
    shipped = not component.scopes or {Scope.RUNTIME, Scope.PEER, Scope.OPTIONAL} & set(component.scopes)
    named = {"category": "production" if shipped else "development"}
    for place in component.found_in:
        if is_project_file(place.path):
            named["input_file:path"] = place.path
            named["package_manager:name"] = _MANAGERS.get(place.path.rpartition("/")[2], component.ecosystem)
            break
    if component.ecosystem in _LANGUAGES:
        named["language:name"] = _LANGUAGES[component.ecosystem]
    return [_property(f"{_NAMESPACE}:{name}", value) for name, value in named.items()]


def _property(name: str, value: str) -> Json:
    return {"name": name, "value": one_line(value, _LONG)}
