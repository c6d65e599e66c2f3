"""All packages of a scan, each looked into; what stands inside becomes components of the graph."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from licscan.inside.wheels import Contained, Wheel, contained_in
from licscan.insides import Inside, Insides
from licscan.model import (
    SCOPE_RANK,
    Component,
    ComponentKind,
    Dependency,
    Graph,
    PackageFiles,
    Problem,
    Scope,
)
from licscan.record import read_record

Files = Mapping[str, tuple[PackageFiles, ...]]


@dataclass(frozen=True, slots=True)
class Looked:
    """The graph with what stands inside packages, the facts of each package, and what could not be read."""

    graph: Graph
    insides: Insides
    problems: tuple[Problem, ...] = ()


def look_inside(graph: Graph, files: Files, root: Path) -> Looked:
    """Look into every installed package of others."""
    found: dict[str, Contained] = {}
    problems: list[Problem] = []
    for component in graph.components:
        if component.kind is not ComponentKind.PACKAGE:
            continue
        wheel = wheel_of(component, files.get(component.purl, ()), root)
        if wheel is not None:
            contained = contained_in(wheel)
            problems += contained.problems
            if contained.components:
                found[component.purl] = contained
    insides = {purl: Inside(embedded=one.embedded) for purl, one in found.items()}
    return Looked(_with_parts(graph, found), insides, tuple(problems))


def wheel_of(component: Component, files: Iterable[PackageFiles], root: Path) -> Wheel | None:
    """The package as an installed wheel, of several copies the first; None for what is none."""
    for place in sorted(component.installed_at):
        if component.ecosystem == "pypi" and place.endswith(".dist-info"):
            full = os.path.join(root, place)
            recorded = read_record(os.path.join(full, "RECORD"))
            if recorded is None:
                continue
            shown = place.rpartition("/")[0]
            texts = (text for one in files if one.place == shown for text in (*one.license_files, *one.notice_files))
            return Wheel(component, shown, os.path.dirname(full), recorded, tuple(texts))
    return None


def _with_parts(graph: Graph, found: Mapping[str, Contained]) -> Graph:
    """The graph with the parts of packages below these; what it has already is only joined to them."""
    if not found:
        return graph
    added: dict[str, Component] = {}
    edges: dict[Dependency, None] = {}
    for purl, contained in sorted(found.items()):
        holder = graph.by_purl[purl]
        for part in contained.components:
            scope = Scope.RUNTIME if part.embedded == "present" else Scope.OPTIONAL
            edges[Dependency(purl, part.purl, scope)] = None
            if part.purl in graph.by_purl:
                continue
            scopes = {max(one, scope, key=SCOPE_RANK.__getitem__) for one in holder.scopes or (Scope.RUNTIME,)}
            added[part.purl] = _merged(added.get(part.purl), part, scopes)
    return Graph(
        graph.roots,
        tuple(sorted((*graph.components, *added.values()), key=lambda component: component.purl)),
        tuple(sorted(dict.fromkeys((*graph.dependencies, *edges)))),
    )


def _merged(known: Component | None, part: Component, scopes: set[Scope]) -> Component:
    """The same library inside several packages: one component, present where it is in one of them."""
    every = scopes | set(known.scopes if known else ())
    ordered = tuple(sorted(every, key=SCOPE_RANK.__getitem__))
    if known is None:
        return replace(part, scopes=ordered)
    return replace(
        known,
        name=min(known.name, part.name),
        scopes=ordered,
        found_in=tuple(sorted({*known.found_in, *part.found_in})),
        claims=tuple(sorted({*known.claims, *part.claims})),
        embedded="present" if "present" in (known.embedded, part.embedded) else known.embedded,
    )
