"""The project itself: one root with one version, whoever names it, also where it is installed in its environment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from licscan.base.tree import folder_of
from licscan.model import UNSHIPPED, Component, ComponentKind, Dependency, Graph
from licscan.packages import purls
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.builder import Parsed
from licscan.resolve.reading import Read

ENVIRONMENT = "pkg:generic/environment"
_SITE = "site-packages"
_ORDER = {"pypi": 0, "npm": 1}


@dataclass(frozen=True, slots=True)
class _Own:
    """A first-party Python project: what it is called in the graph, and whether its manifest states a license."""

    component: Component
    renamed: frozenset[str]


_Projects = dict[tuple[str, str | None], _Own]
"""By normalised name and folder; None for any folder."""


def unify(reads: Sequence[Read]) -> list[Read]:
    """Every first-party Python project under one PackageURL in all files that name it.

    A lock or an environment may know it without the version, or as an installed distribution: that is the project, no
    dependency. The version of its manifest counts, else that of the distribution (its build computed it).
    """
    own = _own(reads)
    if not own:
        return list(reads)
    return [replace(read, parsed=_renamed(read.parsed, own, read.format.name == _SITE)) for read in reads]


def _own(reads: Iterable[Read]) -> _Projects:
    """By normalised name; a name that several folders have in different versions, by folder too."""
    projects: dict[str, list[Component]] = {}
    installed: dict[str, list[Component]] = {}
    for read in reads:
        for component in read.parsed.components:
            if component.purl.startswith("pkg:pypi/"):
                if read.format.name == _SITE:
                    installed.setdefault(normalize_pypi_name(component.name), []).append(component)
                elif component.kind is ComponentKind.PROJECT:
                    projects.setdefault(normalize_pypi_name(component.name), []).append(component)
    found: _Projects = {}
    for name, views in projects.items():
        copies = installed.get(name, [])
        if one := _one(views, copies):
            found[name, None] = one
            continue
        for folder in {_folder(view) for view in views} - {None}:
            if one := _one([view for view in views if _folder(view) == folder], ()):
                found[name, folder] = one
    return found


def _one(views: Sequence[Component], copies: Sequence[Component]) -> _Own | None:
    """The views as one project, with its installed copies; None where they are of different versions."""
    stated = sorted({view.version for view in views if view.version})
    known = stated or sorted({copy.version for copy in copies if copy.version})
    if len(known) > 1:
        return None
    version = known[0] if known else None
    chosen = min(views, key=lambda view: (not view.claims, view.manifest or "", view.purl))
    chosen = replace(chosen, purl=purls.pypi(chosen.name, version), version=version)
    return _Own(chosen, frozenset(view.purl for view in (*views, *copies)))


def _folder(component: Component) -> str | None:
    return None if component.manifest is None else folder_of(component.manifest)


def _renamed(parsed: Parsed, own: _Projects, is_site: bool) -> Parsed:
    target: dict[str, Component] = {}
    for component in parsed.components:
        name = normalize_pypi_name(component.name)
        one = own.get((name, None)) or own.get((name, _folder(component)))
        if one is not None and component.purl in one.renamed:
            target[component.purl] = one.component
    if not target:
        return parsed
    components = tuple(
        _as_own(component, target[component.purl], is_site) if component.purl in target else component
        for component in parsed.components
    )
    edges: dict[Dependency, None] = {}
    for edge in parsed.dependencies:
        if edge.child in target and edge.parent.startswith(ENVIRONMENT):
            continue
        parent, child = (target[end].purl if end in target else end for end in (edge.parent, edge.child))
        if parent != child:
            edges[replace(edge, parent=parent, child=child)] = None
    roots = tuple(dict.fromkeys(target[root].purl if root in target else root for root in parsed.roots))
    extras = tuple(replace(one, root=target[one.root].purl) if one.root in target else one for one in parsed.extras)
    return replace(parsed, components=components, dependencies=tuple(edges), roots=roots, extras=extras)


def _as_own(view: Component, own: Component, is_site: bool) -> Component:
    """A view of the project; of an installed one only the claims, and these only where no manifest states any."""
    if not is_site:
        return replace(view, purl=own.purl, version=own.version)
    claims = () if own.claims else view.claims
    return replace(own, claims=claims, found_in=own.found_in)


def main_root(graph: Graph, starts: Iterable[str] = ("",)) -> str:
    """The PackageURL of the root that is the project itself; empty where several could be.

    That is the one whose manifest lies in the folder at which the scan starts. Of several there, the one that needs
    most of what is shipped; without one, the only named root there is.
    """
    named = [graph.by_purl[root] for root in graph.roots if root in graph.by_purl and not root.startswith(ENVIRONMENT)]
    folders = {start if not _is_file(start, named) else folder_of(start) for start in starts}
    here = [one for one in named if one.manifest is not None and folder_of(one.manifest) in folders]
    if here:
        return min(here, key=lambda one: _rank(graph, one)).purl
    told = [one for one in named if not one.purl.startswith("pkg:generic/")]
    return told[0].purl if len(told) == 1 else ""


def _is_file(start: str, roots: Iterable[Component]) -> bool:
    return any(start == place.path or start == root.manifest for root in roots for place in root.found_in)


def _rank(graph: Graph, root: Component) -> tuple[bool, bool, int, int, str]:
    needs = [edge for edge in graph.children.get(root.purl, ()) if edge.scope not in UNSHIPPED]
    nameless = root.purl.startswith("pkg:generic/")
    return (nameless, not needs, _ORDER.get(root.ecosystem, 9), -len(needs), root.purl)
