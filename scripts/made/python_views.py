"""What licscan says of a Python project, in the terms of the clients."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from licscan.base.tree import Tree
from licscan.model import Component, ComponentKind, Graph, Scope
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.project import resolve_project
from licscan.resolve.python import markers
from made.python_projects import Project

Label = tuple[str, str]
HERE = {
    "python_version": f"{sys.version_info[0]}.{sys.version_info[1]}",
    "sys_platform": sys.platform,
}
GRAVE = ("dependency-unresolved", "lock-out-of-date", "input-unreadable", "entry-not-understood")
WITHOUT_INDEX = {"gitpkg": "3.1", "packed": "1.4", "loc": "1.0"}


@dataclass(frozen=True)
class View:
    """Packages, those of them that ship, who needs whom, and what licscan could not do."""

    labels: set[Label]
    shipped: set[Label]
    edges: set[tuple[Label, Label]]
    problems: tuple[str, ...]
    graph: Graph


def view_of(folder: Path, project: Project, *, here: bool = False, given: tuple[Path, ...] = ()) -> View:
    """`here`: without what markers leave out on this machine; `given` are environments that the user names."""
    resolution = resolve_project(Tree(folder), environments=given)
    graph = resolution.graph
    found = [c for c in graph.components if not here or markers.holds(c.condition, HERE) is not False]
    taken = {c.purl for c in found}
    problems = [f"{p.code} {p.subject}: {p.message}" for p in resolution.problems if p.code in GRAVE]
    edges = {
        (label_of(graph.by_purl[edge.parent]), label_of(graph.by_purl[edge.child]))
        for edge in graph.dependencies
        if edge.parent in taken and edge.child in taken
    }

    def foreign(component: Component) -> bool:
        return component.kind is ComponentKind.PACKAGE and component.name not in project.own

    return View(
        {label_of(c) for c in found if foreign(c)},
        {label_of(c) for c in found if foreign(c) and (not c.scopes or set(c.scopes) - {Scope.DEV, Scope.BUILD})},
        edges,
        tuple(sorted(problems)),
        graph,
    )


def label_of(component: Component) -> Label:
    """Name and version; what comes from no index may have none in a lock."""
    name = normalize_pypi_name(component.name)
    return name, component.version or WITHOUT_INDEX.get(name, "1.0" if component.is_first_party else "?")
