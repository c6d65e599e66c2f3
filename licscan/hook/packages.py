"""The packages that the changed locks and manifests name, before and after, and which of them are new or other ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from licscan.base.tree import Tree, folder_of, join
from licscan.model import Component, ComponentKind, Graph
from licscan.resolve.discover import SKIPPED_FOLDERS
from licscan.resolve.formats import FORMATS, Format, Role, format_of
from licscan.resolve.project import Resolution, resolve_files

Key = tuple[str, str]
"""A package whatever its version: ecosystem and name."""


@dataclass(frozen=True, slots=True)
class NewPackage:
    """A component that the commit brings, and the versions of it that were there before (those that went, if any)."""

    component: Component
    before: tuple[Component, ...] = ()


def format_at(path: str) -> Format | None:
    """The format of a file by its path; what stands in an installed tree is no file of the project."""
    folder, _slash, name = path.rpartition("/")
    if any(part in SKIPPED_FOLDERS for part in folder.split("/")):
        return None
    known = format_of(name)
    if known is None and folder.rpartition("/")[2].endswith("requirements") and name.endswith((".txt", ".in")):
        return FORMATS["requirements.txt"]
    return known


def resolve_changed(tree: Tree, changed: Iterable[str], extras: tuple[str, ...] | None = None) -> Resolution:
    """What the changed files say in one tree, with what belongs to them: a lock's manifest, a manifest's lock."""
    wanted: dict[str, Format] = {}
    for path in changed:
        known = format_at(path)
        if known is not None:
            wanted.update(_together(tree, path, known))
    files = sorted(wanted.items(), key=lambda item: (item[0].count("/"), item[0]))
    return resolve_files(tree, files, extras)


def _together(tree: Tree, path: str, known: Format) -> dict[str, Format]:
    """The file, and those of its ecosystem in its folder and in the folders above that answer for it."""
    found = {path: known} if tree.exists(path) else {}
    folder = folder_of(path)
    while True:
        beside = {
            join(folder, name): entry
            for name, entry in FORMATS.items()
            if entry.ecosystem == known.ecosystem and entry.role is not Role.TREE and name != "requirements.txt"
        }
        there = {place: entry for place, entry in beside.items() if tree.exists(place)}
        found.update(there)
        if not folder or any(entry.role is Role.LOCK for entry in there.values()):
            return found
        folder = folder_of(folder)


def key_of(component: Component) -> Key:
    """A package whatever its version."""
    return (component.ecosystem, component.name.lower())


def new_packages(graph: Graph, parents: Sequence[Graph]) -> tuple[NewPackage, ...]:
    """The packages that no parent of the commit has like this, sorted by PackageURL."""
    known = [parent.by_purl for parent in parents]
    earlier: dict[Key, dict[str, Component]] = {}
    for parent in parents:
        for component in parent.components:
            if component.kind is ComponentKind.PACKAGE:
                earlier.setdefault(key_of(component), {})[component.purl] = component
    found = []
    for component in graph.components:
        if component.kind is not ComponentKind.PACKAGE or any(_is_same(component, one) for one in known):
            continue
        before = earlier.get(key_of(component), {})
        went = [one for purl, one in before.items() if purl not in graph.by_purl]
        found.append(NewPackage(component, tuple(went or before.values())))
    return tuple(found)


def _is_same(component: Component, known: Mapping[str, Component]) -> bool:
    """Whether it was there with the same bytes from the same place, and as surely shipped."""
    other = known.get(component.purl)
    if other is None or other.source != component.source or _said(other) != _said(component):
        return False
    if other.hashes and component.hashes and not set(other.hashes) & set(component.hashes):
        return False
    return other.is_shipped or not component.is_shipped


def _said(component: Component) -> set[tuple[str, str]]:
    return {(claim.field, claim.raw) for claim in component.claims}


def around(graph: Graph, purls: Iterable[str]) -> Graph:
    """The part of a graph that says why these packages are there: what needs them, all roots and their direct needs."""
    kept = set(purls)
    stack = list(kept)
    while stack:
        for edge in graph.parents.get(stack.pop(), ()):
            if edge.parent not in kept:
                kept.add(edge.parent)
                stack.append(edge.parent)
    kept.update(graph.roots)
    kept.update(edge.child for root in graph.roots for edge in graph.children.get(root, ()))
    return Graph(
        graph.roots,
        tuple(component for component in graph.components if component.purl in kept),
        tuple(edge for edge in graph.dependencies if edge.parent in kept and edge.child in kept),
    )
