"""What a scan knows of some components, as JSON; the objects are those of `data/scan.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from licscan.base.messages import NOT_ADVICE, _
from licscan.export import json_format
from licscan.export.tree import MOST_PATHS, shortest_paths
from licscan.model import Component, Finding, Scan

SCHEMA_VERSION = json_format.SCHEMA_VERSION


def text_of(document: dict[str, Any]) -> str:
    """JSON in which nothing hides or reorders what is shown, ending in a newline."""
    return json_format.harmless(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def components_json(scan: Scan, chosen: Iterable[Component]) -> str:
    """Each component as in the scan, with `paths`, `needed_by`, `judgements`, `findings` and `problems` of its own."""
    whole = json_format.document(scan)
    return text_of(
        {
            "schema_version": SCHEMA_VERSION,
            "project": whole["project"],
            "components": [_component(scan, whole, one) for one in sorted(chosen, key=lambda one: one.purl)],
            "disclaimer": _(NOT_ADVICE),
        }
    )


def findings_json(scan: Scan, chosen: Iterable[Finding]) -> str:
    """These findings of a scan as in the whole of it, each with its packages; the answer is that of the whole scan."""
    told = json_format.document(replace(scan, findings=tuple(chosen)))
    return text_of(
        {
            "schema_version": SCHEMA_VERSION,
            "project": told["project"],
            "gate": json_format.gate_object(scan),
            "findings": told["findings"],
            "disclaimer": _(NOT_ADVICE),
        }
    )


def _component(scan: Scan, whole: dict[str, Any], component: Component) -> dict[str, Any]:
    purl = component.purl
    told: dict[str, Any] = next(one for one in whole["components"] if one["purl"] == purl)
    return told | {
        **_paths(scan, purl),
        "judgements": [one for one in whole["judgements"] if one["purl"] == purl],
        "findings": [_own(one, purl) for one in whole["findings"] if _is_about(one, purl)],
        "problems": [one for one in whole["problems"] if one["subject"] == purl],
    }


def _is_about(finding: dict[str, Any], purl: str) -> bool:
    return finding["purl"] == purl or any(one["purl"] == purl for one in finding["packages"])


def _own(finding: dict[str, Any], purl: str) -> dict[str, Any]:
    """A finding of several packages with what is said of this one alone, and where."""
    own = [one for one in finding["packages"] if one["purl"] == purl]
    places = [place for one in own for place in one["locations"]]
    kept = [place for number, place in enumerate(places) if place not in places[:number]]
    return finding | {"packages": own, "locations": kept if own else finding["locations"]}


def _paths(scan: Scan, purl: str) -> dict[str, Any]:
    paths, more = shortest_paths(scan.graph, purl, MOST_PATHS)
    edges = sorted(
        scan.graph.parents.get(purl, ()), key=lambda edge: (edge.parent, edge.scope.value, edge.requirement or "")
    )
    return {
        "paths": [list(path) for path in paths],
        "more_paths": more,
        "needed_by": [
            {"purl": edge.parent, "scope": edge.scope.value, "requirement": edge.requirement} for edge in edges
        ],
    }


def paths_json(scan: Scan, chosen: Iterable[Component]) -> str:
    """For each component the shortest paths from the roots, and who needs it directly."""
    told = [{"purl": one.purl, **_paths(scan, one.purl)} for one in sorted(chosen, key=lambda one: one.purl)]
    return text_of({"schema_version": SCHEMA_VERSION, "components": told})


def graph_json(scan: Scan, roots: Iterable[str], depth: int | None) -> str:
    """What the roots need, down to `depth` steps: the components with their licenses, and the edges between them."""
    tops = sorted(roots)
    reached = set(tops)
    edges, layer, level = [], tops, 0
    while layer and (depth is None or level < depth):
        level += 1
        found = [edge for purl in layer for edge in scan.graph.children.get(purl, ())]
        edges += found
        layer = sorted({edge.child for edge in found} - reached)
        reached.update(layer)
    components = [one for one in scan.graph.components if one.purl in reached]
    return text_of(
        {
            "schema_version": SCHEMA_VERSION,
            "roots": tops,
            "components": [
                {
                    "purl": one.purl,
                    "name": one.name,
                    "version": one.version,
                    "scopes": [scope.value for scope in one.scopes],
                    "concluded": conclusion.concluded if (conclusion := scan.by_purl.get(one.purl)) else None,
                    "verdict": scan.verdicts[one.purl].value,
                }
                for one in sorted(components, key=lambda one: one.purl)
            ],
            "dependencies": sorted(
                (
                    {
                        "parent": edge.parent,
                        "child": edge.child,
                        "scope": edge.scope.value,
                        "requirement": edge.requirement,
                    }
                    for edge in edges
                ),
                key=lambda edge: (edge["parent"], edge["child"], edge["scope"], edge["requirement"] or ""),
            ),
        }
    )
