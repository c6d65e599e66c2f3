"""Packages that an npm package brings in its own `node_modules` (bundleDependencies): components below it.

npm's locks list them, without an archive of their own; other clients' locks know nothing of them. The whole
`node_modules` of an archive counts; what is installed, `resolve.lending` joins to its lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from licscan.base.errors import InputError
from licscan.base.listing import listed
from licscan.base.messages import ngettext
from licscan.locate.installed import files_at
from licscan.locate.packed import MANIFEST, json_object, texts_of
from licscan.locate.remote import holds
from licscan.model import (
    SCOPE_RANK,
    Component,
    ComponentKind,
    Dependency,
    Graph,
    Location,
    Origin,
    PackageFiles,
    Problem,
    Scope,
)
from licscan.packages import purls
from licscan.packages.npm_metadata import license_claims, npm_facts
from licscan.packages.tree import PackageTree, TreeSource, prepare

MAX_MANIFEST = 1024 * 1024
MAX_NAME = 300
SHOWN = 5
"""So many names in a sentence; the rest is counted."""
_MODULES = "node_modules"

Files = Mapping[str, tuple[PackageFiles, ...]]


@dataclass(frozen=True, slots=True)
class Bundled:
    """One package inside another: as a component, and the evidence at its place."""

    component: Component
    files: PackageFiles


def with_bundled(graph: Graph, files: Files, source: TreeSource) -> tuple[Graph, dict[str, tuple[PackageFiles, ...]]]:
    """The graph and the evidence with what packages bring in their own `node_modules`.

    What the graph has already is joined to the package that brings it, and lent its evidence where there is none.
    """
    told = dict(files)
    added: dict[str, Component] = {}
    edges: dict[Dependency, None] = {}
    for component in graph.components:
        if component.ecosystem != "npm" or component.kind is not ComponentKind.PACKAGE:
            continue
        below: set[str] | None = None
        for one in bundled_in(component, files.get(component.purl, ()), source):
            purl = one.component.purl
            known = added.get(purl) or graph.by_purl.get(purl)
            if purl == component.purl or (known and known.is_first_party):
                continue
            told[purl] = _evidence(told.get(purl, ()), one.files)
            below = _below(graph, component.purl) if below is None else below
            if purl in below:
                # its lock has told of it, with the scope that it has there
                continue
            added[purl] = _merged(known, one.component, component.scopes)
            edges[Dependency(component.purl, purl, Scope.RUNTIME)] = None
    if not added:
        return graph, told
    return graph.with_more(added.values(), edges), told


def _below(graph: Graph, purl: str) -> set[str]:
    """All that a component needs, by the graph."""
    found: set[str] = set()
    waiting = [purl]
    while waiting:
        for edge in graph.children.get(waiting.pop(), ()):
            if edge.child not in found:
                found.add(edge.child)
                waiting.append(edge.child)
    return found


def bundled_in(
    component: Component,
    files: Iterable[PackageFiles],
    source: TreeSource,
) -> Iterator[Bundled]:
    """What a package brings in its archive, in order of the folders; of what is installed, the tree's reader tells.

    Only the first of several archives is looked into: they hold the same.
    """
    packed = next((place for place in files if place.bundled), None)
    tree = _tree(component, packed, source) if packed else None
    if packed is None or tree is None:
        return
    for folder in packed.bundled:
        found = _packed(packed, tree, folder)
        if found is not None:
            yield found


def unanswered(unlisted: Iterable[tuple[str, tuple[str, ...]]], files: Files) -> tuple[Problem, ...]:
    """A problem for each package that brings along what no lock lists, where its archive was not read either.

    `unlisted` are PackageURLs with the names of what they bring.
    """
    found = []
    for purl, names in unlisted:
        if any(place.origin is not Origin.REGISTRY and holds(place) for place in files.get(purl, ())):
            continue
        shown = listed(sorted(names), SHOWN)
        message = ngettext(
            "bundles {count} package in its archive that the lockfile does not list: {names}",
            "bundles {count} packages in its archive that the lockfile does not list: {names}",
            len(names),
        ).format(count=f"{len(names):,}", names=shown)
        found.append(Problem("locate", purl, message, "dependency-unresolved"))
    return tuple(found)


def _tree(component: Component, files: PackageFiles, source: TreeSource) -> PackageTree | None:
    try:
        tree = source.tree(component, files)
        if tree is not None:
            prepare(tree, [f"{folder}/{MANIFEST}" for folder in files.bundled])
    except InputError:
        # whoever located the package has said so
        return None
    return tree


def _packed(holder: PackageFiles, tree: PackageTree, folder: str) -> Bundled | None:
    try:
        table = json_object(tree.read(f"{folder}/{MANIFEST}", MAX_MANIFEST))
    except InputError:
        return None
    place = f"{holder.place}/{folder}"
    component = _component(table, place, folder)
    if component is None or table is None:
        return None
    names = [one.path[len(folder) + 1 :] for one in tree.entries if one.path.startswith(f"{folder}/")]
    files = files_at(holder.origin, place, texts_of(names))
    claims = license_claims(table, f"{place}/{MANIFEST}", holder.origin)
    return Bundled(component, replace(files, claims=claims, metadata=npm_facts(table)))


def _component(table: dict[str, Any] | None, place: str, folder: str) -> Component | None:
    """The package of a package.json; what has neither name nor version marks a folder as a module, no more."""
    name, version = (table or {}).get("name"), (table or {}).get("version")
    name = name if isinstance(name, str) and 0 < len(name) <= MAX_NAME and name.strip() == name else None
    version = version.strip() if isinstance(version, str) and 0 < len(version.strip()) <= MAX_NAME else None
    if name is None and version is None:
        return None
    name = name or folder.rpartition(f"{_MODULES}/")[2]
    try:
        purl = purls.npm(name, version)
    except ValueError:
        return None
    return Component(purl, name, version, "npm", found_in=(Location(f"{place}/{MANIFEST}"),))


def _merged(known: Component | None, one: Component, scopes: tuple[Scope, ...]) -> Component:
    """The same package in several places: one component, needed wherever one of those that bring it is."""
    if known is None:
        return replace(one, scopes=scopes or (Scope.RUNTIME,))
    every = {*known.scopes, *(scopes or (Scope.RUNTIME,))}
    return replace(
        known,
        scopes=tuple(sorted(every, key=SCOPE_RANK.__getitem__)) if known.scopes else known.scopes,
        claims=known.claims if set(one.claims) <= set(known.claims) else (*known.claims, *one.claims),
    )


def _evidence(known: tuple[PackageFiles, ...], one: PackageFiles) -> tuple[PackageFiles, ...]:
    """A place more where nothing is at hand."""
    if any(place.origin is one.origin and not place.problems for place in known):
        return known
    return known if one in known else (*known, one)
