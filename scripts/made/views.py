"""What licscan says of a folder, in the terms of the clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from licscan.base.tree import Tree
from licscan.model import Component, ComponentKind, Graph, Scope
from licscan.packages import purls
from licscan.resolve.project import resolve_project

Label = tuple[str, str]
HERE = {"os": "linux", "cpu": "x64", "libc": "glibc"}
GRAVE = ("dependency-unresolved", "lock-out-of-date", "input-unreadable", "entry-not-understood")


@dataclass(frozen=True)
class View:
    """Packages, those of them that ship, who needs whom, and what licscan could not do."""

    labels: set[Label]
    shipped: set[Label]
    edges: set[tuple[Label, Label]]
    problems: tuple[str, ...]
    loose: set[Label]
    ships_by: frozenset[tuple[Label, Label]] = frozenset()

    def below(self, name: str) -> set[Label]:
        """What a project leads to, by its name."""
        found = {label for _parent, label in self.edges if label[0] == name} | {(name, "1.0.0")}
        while more := {child for parent, child in self.edges if parent in found} - found:
            found |= more
        return found

    def open_below(self, name: str) -> set[str]:
        """The problems of what is open there."""
        return {f"open: {purls.npm(one, None)}" for one, version in self.below(name) if not version}


def view_of(folder: Path, *, here: bool, versions: Mapping[str, str] | None = None) -> View:
    """`here`: only what a way of packages for this machine leads to; `versions` of what may have none, by name."""

    resolution = resolve_project(Tree(folder))
    graph = resolution.graph
    by_purl = graph.by_purl
    loose = {c.purl for c in graph.components if not c.scopes and not (here and elsewhere(c))}
    every = reached(graph, here=here, shipped=False) | loose
    shipped = reached(graph, here=here, shipped=True) | loose
    problems = [f"{p.code} {p.subject}: {p.message}" for p in resolution.problems if p.code in GRAVE]
    problems += [f"open: {c.purl}" for c in graph.components if not c.resolved and c.purl in every]

    def _label(component: Component) -> Label:
        known = (versions or {}).get(component.name, "")
        return component.name, component.version or known

    edges = {
        (_label(by_purl[edge.parent]), _label(by_purl[edge.child]))
        for edge in graph.dependencies
        if edge.child in by_purl and edge.parent in by_purl
    }
    return View(
        {_label(by_purl[purl]) for purl in every if _is_package(by_purl[purl])},
        {_label(by_purl[purl]) for purl in shipped if _is_package(by_purl[purl])},
        edges,
        tuple(sorted(problems)),
        {_label(by_purl[purl]) for purl in loose},
        frozenset(
            (_label(by_purl[edge.parent]), _label(by_purl[edge.child]))
            for edge in graph.dependencies
            if edge.parent in shipped and edge.child in shipped and edge.scope not in (Scope.DEV, Scope.BUILD)
        ),
    )


def reached(graph: Graph, *, here: bool, shipped: bool) -> set[str]:
    """The PackageURLs that a root leads to."""
    found = set(graph.roots)
    queue = list(graph.roots)
    while queue:
        for edge in graph.children.get(queue.pop(), ()):
            leads = not shipped or edge.scope not in (Scope.DEV, Scope.BUILD)
            if leads and edge.child not in found and not (here and elsewhere(graph.by_purl[edge.child])):
                found.add(edge.child)
                queue.append(edge.child)
    return found


def elsewhere(component: Component) -> bool:
    """Whether npm's conditions leave a package out on this machine."""
    for part in (component.condition or "").split():
        field, _is, said = part.partition("=")
        values = said.split(",")
        refused = {value[1:] for value in values if value.startswith("!")}
        wanted = {value for value in values if not value.startswith("!")}
        if HERE.get(field) in refused or (wanted and HERE.get(field) not in wanted):
            return True
    return False


def _is_package(component: Component) -> bool:
    return component.kind is ComponentKind.PACKAGE
