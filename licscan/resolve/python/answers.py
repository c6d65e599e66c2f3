"""Open Python requests, joined with what a lock or a pin beside them holds: where name, version and marker allow it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from licscan.model import Component, ComponentKind, Dependency
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.builder import Parsed, merge
from licscan.resolve.python import markers
from licscan.resolve.python.joining import ANSWERED, meets
from licscan.resolve.reading import Read

Key = tuple[str, str]


class PythonAnswers:
    """Resolved packages by name, with the folder for which they answer.

    Each request is asked for itself: of `numpy<2` and `numpy>=2`, a pin answers one. The nearest folder at or above
    the request's own that holds the name answers, if it holds one package that fits; all else stays unresolved.
    """

    def __init__(self, reads: Iterable[Read]):
        self._known: dict[Key, list[tuple[str, Component]]] = {}
        for read in reads:
            for component in read.parsed.components:
                if component.resolved and component.version:
                    self._known.setdefault(_key(component), []).append((read.folder, component))

    def settled(self, read: Read) -> Parsed:
        """The lot of a read with its answered requests in their packages' place."""
        lot = read.parsed
        open_ = {c.purl: c for c in lot.components if not c.resolved and c.source.kind in ANSWERED}
        if not open_:
            return lot
        edges, answered, unanswered = [], dict[str, list[Component]](), set[str]()
        for edge in lot.dependencies:
            request = open_.get(edge.child)
            answer = self._find(request, edge, read.folder) if request else None
            if request and answer:
                answered.setdefault(edge.child, []).append(answer)
                edge = replace(edge, child=answer.purl)
            elif request:
                unanswered.add(edge.child)
            edges.append(edge)
        if not answered:
            return lot
        components: dict[str, Component] = {}
        for component in lot.components:
            found = [replace(one, found_in=component.found_in) for one in answered.get(component.purl, ())]
            for one in (*found, *([component] if not found or component.purl in unanswered else [])):
                before = components.get(one.purl)
                components[one.purl] = merge(before, one) if before else one
        return replace(lot, components=tuple(components.values()), dependencies=tuple(dict.fromkeys(edges)))

    def _find(self, request: Component, edge: Dependency, folder: str) -> Component | None:
        near = [
            (len(place), component)
            for place, component in self._known.get(_key(request), ())
            if not place or folder == place or folder.startswith(place + "/")
        ]
        closest = max((rank for rank, _component in near), default=0)
        fitting = {c.purl: c for rank, c in near if rank == closest and _fits(c, request, edge)}
        return next(iter(fitting.values())) if len(fitting) == 1 else None


def _fits(component: Component, request: Component, edge: Dependency) -> bool:
    if component.kind is ComponentKind.PROJECT:
        return True
    return meets(component.version, edge.requirement) and markers.covers(component.condition, request.condition)


def _key(component: Component) -> Key:
    name = normalize_pypi_name(component.name) if component.ecosystem == "pypi" else component.name
    return (component.ecosystem, name)
