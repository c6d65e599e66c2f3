"""A first-party Python project has one identity, whichever of its files names it: that of its folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from licscan.base.tree import folder_of
from licscan.model import Component, ComponentKind
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.builder import Parsed, merge
from licscan.resolve.python.identity import MANIFESTS

_Place = tuple[str, str]


def unite_projects(lots: Iterable[Parsed]) -> list[Parsed]:
    """The lots with one PackageURL for each project that goes by one name in one folder.

    A lock may leave out a version that the manifest computes, and the manifest one that the lock knows.
    """
    lots = list(lots)
    places: dict[_Place, list[Component]] = {}
    for lot in lots:
        for component in lot.components:
            if place := _place(component):
                places.setdefault(place, []).append(component)
    renamed: dict[str, str] = {}
    for views in places.values():
        purls = sorted({view.purl for view in views})
        if len(purls) > 1:
            best = max(views, key=lambda view: (view.version is not None, len(view.claims), view.purl))
            renamed.update({purl: best.purl for purl in purls if purl != best.purl})
    targets = {c.purl: c for views in places.values() for c in views}
    return [_renamed(lot, renamed, targets) for lot in lots] if renamed else lots


def _place(component: Component) -> _Place | None:
    if component.kind is not ComponentKind.PROJECT or component.ecosystem != "pypi" or component.manifest is None:
        return None
    if component.manifest.rpartition("/")[2] not in MANIFESTS or component.purl.startswith("pkg:generic/"):
        return None
    return folder_of(component.manifest), normalize_pypi_name(component.name)


def _renamed(lot: Parsed, renamed: dict[str, str], targets: dict[str, Component]) -> Parsed:
    if not any(component.purl in renamed for component in lot.components):
        return lot
    components: dict[str, Component] = {}
    for component in lot.components:
        if component.purl in renamed:
            target = targets[renamed[component.purl]]
            component = replace(component, purl=target.purl, name=target.name, version=target.version)
        before = components.get(component.purl)
        components[component.purl] = merge(before, component) if before else component
    edges = (
        replace(edge, parent=renamed.get(edge.parent, edge.parent), child=renamed.get(edge.child, edge.child))
        for edge in lot.dependencies
    )
    return replace(
        lot,
        roots=tuple(dict.fromkeys(renamed.get(root, root) for root in lot.roots)),
        components=tuple(components.values()),
        dependencies=tuple(dict.fromkeys(edge for edge in edges if edge.parent != edge.child)),
    )
