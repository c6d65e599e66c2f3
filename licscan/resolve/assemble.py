"""The lots of all inputs as one graph: merged by PackageURL, with scopes, sorted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import fields, replace
from operator import attrgetter

from licscan.base.listing import listed
from licscan.base.messages import ngettext
from licscan.model import Component, ComponentKind, Dependency, Graph, Problem, Scope
from licscan.resolve.builder import Parsed, merge
from licscan.resolve.scopes import scopes_from_graph

NAMELESS = "pkg:generic/project"
"""The PackageURL that the builder gives to a nameless project at the top of what is scanned."""
SHOWN = 5
"""So many names in a sentence; the rest is counted."""


def assemble(lots: Iterable[Parsed], name: str = "") -> tuple[Graph, tuple[Problem, ...]]:
    """One graph; entries of a lock that no root reaches are problems, by lock.

    A project at the top that no manifest names goes by `name`, that of its folder.
    """
    components: dict[str, Component] = {}
    edges: set[Dependency] = set()
    roots: set[str] = set()
    for lot in lots:
        roots.update(lot.roots)
        edges.update(lot.dependencies)
        for component in lot.components:
            known = components.get(component.purl)
            components[component.purl] = merge(known, component) if known else component
    edges = {edge for edge in edges if edge.parent in components and edge.child in components}
    scopes = scopes_from_graph(sorted(roots), edges)
    if name and NAMELESS in components:
        components[NAMELESS] = replace(components[NAMELESS], name=name)
    scoped = [_with_scopes(component, scopes.get(component.purl, ())) for component in components.values()]
    graph = Graph(
        roots=tuple(sorted(roots)),
        components=tuple(sorted(scoped, key=lambda component: component.purl)),
        dependencies=tuple(sorted(edges, key=_edge_key)),
    )
    return graph, _unreached(graph, scopes)


_MAKE: Callable[..., Component] = Component
_NAMES = [field.name for field in fields(Component)]
_BEFORE = attrgetter(*_NAMES[: _NAMES.index("scopes")])
_AFTER = attrgetter(*_NAMES[_NAMES.index("scopes") + 1 :])


def _with_scopes(component: Component, scopes: tuple[Scope, ...]) -> Component:
    """As `dataclasses.replace` would do it, which takes a tenth of the time of reading a lock."""
    return _MAKE(*_BEFORE(component), scopes, *_AFTER(component))


def _edge_key(edge: Dependency) -> tuple[str, str, str, str]:
    return (edge.parent, edge.child, edge.scope, edge.requirement or "")


def _unreached(graph: Graph, scopes: Collection[str]) -> tuple[Problem, ...]:
    by_file: dict[str, list[str]] = {}
    for component in graph.components:
        if component.purl not in scopes and component.kind is ComponentKind.PACKAGE:
            place = component.found_in[0].path if component.found_in else "?"
            by_file.setdefault(place, []).append(f"{component.name}@{component.version}")
    problems = []
    for path, names in sorted(by_file.items()):
        message = ngettext(
            "{count} entry that no root needs: {names}", "{count} entries that no root needs: {names}", len(names)
        ).format(count=f"{len(names):,}", names=listed(sorted(names), SHOWN))
        problems.append(Problem("resolve", path, message, "entry-unreached"))
    return tuple(problems)
