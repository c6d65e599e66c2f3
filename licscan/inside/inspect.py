"""All packages of a scan, each looked into; what stands inside becomes components of the graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from licscan.inside.changed import changed_files
from licscan.inside.holders import named_holders, notice_in
from licscan.inside.libraries import text_named_for
from licscan.inside.listing import Installed, installed_files
from licscan.inside.patches import patches_of, with_patches
from licscan.inside.vendored import vendored_in
from licscan.inside.wheels import Contained, Wheel, claim_key, contained_in, place_key
from licscan.model import (
    SCOPE_RANK,
    Component,
    ComponentKind,
    Dependency,
    Evidence,
    EvidenceKind,
    Graph,
    PackageFiles,
    Problem,
    Scope,
)
from licscan.model.contents import ContentsByPurl, PackageContents

Files = Mapping[str, tuple[PackageFiles, ...]]


@dataclass(frozen=True, slots=True)
class Inspection:
    """The graph with what stands inside packages, the facts of each package, and what could not be read."""

    graph: Graph
    insides: ContentsByPurl
    problems: tuple[Problem, ...] = ()


def inspect_packages(graph: Graph, files: Files, root: Path) -> Inspection:
    """Look into every installed package of others that may be shipped."""
    found: dict[str, Contained] = {}
    insides: dict[str, PackageContents] = {}
    problems: list[Problem] = []
    for component in graph.components:
        if component.kind is not ComponentKind.PACKAGE or not component.is_shipped:
            continue
        installed = installed_files(component, str(root))
        if installed is None:
            continue
        texts = _texts_at(files.get(component.purl, ()), installed)
        contained = Contained()
        if installed.is_wheel:
            wheel = Wheel(component, installed.place, installed.folder, installed.files, texts)
            contained = contained_in(wheel)
            problems += contained.problems
        if contained.components:
            found[component.purl] = contained
        vendored = tuple(vendored_in(installed.folder, installed.paths, texts, component.name))
        if vendored or contained.embedded:
            insides[component.purl] = PackageContents(contained.embedded, vendored)
    return Inspection(_with_patches(_with_parts(graph, found), root), insides, tuple(problems))


def _with_patches(graph: Graph, root: Path) -> Graph:
    """The graph in which packages name the patches that patch-package applies to them."""
    patches = patches_of(graph, str(root))
    if not patches:
        return graph
    components = tuple(replace(c, patches=with_patches(c, patches.get(c.purl, ()))) for c in graph.components)
    return Graph(graph.roots, components, graph.dependencies)


def _texts_at(files: Iterable[PackageFiles], installed: Installed) -> tuple[str, ...]:
    """The paths of license texts and notices in the folder of the package."""
    return tuple(
        text for one in files if one.place == installed.place for text in (*one.license_files, *one.notice_files)
    )


def inspect_further(
    looked: Inspection, files: Files, root: Path, *, holders: Iterable[str], changes: Iterable[str]
) -> Inspection:
    """Look again at some packages: whom they name outside their texts, and which of their files were changed."""
    insides = dict(looked.insides)
    changed: dict[str, tuple[str, ...]] = {}
    for purl in holders:
        if (installed := _shipped(looked.graph, purl, root)) is not None:
            here = [one for one in files.get(purl, ()) if one.place == installed.place]
            texts = [path for one in here for path in (*one.license_files, *one.notice_files, *one.readme_files)]
            insides[purl] = replace(
                insides.get(purl, PackageContents()),
                notice=notice_in(installed.folder, filter(_is_top, texts)),
                holders=named_holders(installed.folder, installed.metadata, installed.paths),
            )
    for purl in changes:
        installed = _shipped(looked.graph, purl, root)
        if installed is not None and installed.is_wheel and (found := changed_files(installed.folder, installed.files)):
            changed[purl] = found
    return replace(looked, graph=_with_changes(looked.graph, changed), insides=insides)


def _shipped(graph: Graph, purl: str, root: Path) -> Installed | None:
    component = graph.by_purl.get(purl)
    if component is None or component.kind is not ComponentKind.PACKAGE or not component.is_shipped:
        return None
    return installed_files(component, str(root))


def _with_changes(graph: Graph, changed: Mapping[str, tuple[str, ...]]) -> Graph:
    if not changed:
        return graph
    components = tuple(replace(c, changed=changed.get(c.purl, c.changed)) for c in graph.components)
    return Graph(graph.roots, components, graph.dependencies)


def separate_parts(
    texts: Mapping[str, tuple[Evidence, ...]], insides: ContentsByPurl
) -> Mapping[str, tuple[Evidence, ...]]:
    """The evidence of texts, that of parts marked: a license file that lists what a wheel carries begins with its own.

    Each part is a component, with the license that the list gives it.
    """
    told = dict(texts)
    for purl, inside in insides.items():
        lists = {one.text for one in inside.embedded if one.text}
        if not lists or purl not in told:
            continue
        named = {one.text for one in inside.embedded if text_named_for(one.name, [one.text])}
        for one in inside.embedded:
            if one.text in named:
                # a text of the part's own, which says what it is under
                own = (piece for piece in told[purl] if piece.location.path.endswith(one.text))
                told[one.purl] = (*told.get(one.purl, ()), *(replace(piece, kind=EvidenceKind.FILE) for piece in own))
        told[purl] = tuple(_apart(told[purl], lists, named))
    return told


def _apart(evidence: tuple[Evidence, ...], lists: set[str], named: set[str]) -> Iterator[Evidence]:
    first: dict[str, int] = {}
    for one in evidence:
        if one.kind is EvidenceKind.FILE:
            path, line = one.location.path, one.location.start_line or 0
            first[path] = min(first.get(path, line), line)
    for one in evidence:
        path, line = one.location.path, one.location.start_line or 0
        below = one.kind is EvidenceKind.FILE and line > first[path] and any(path.endswith(text) for text in lists)
        below = below or (one.kind is EvidenceKind.FILE and any(path.endswith(text) for text in named))
        yield replace(one, kind=EvidenceKind.PART) if below else one


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
        tuple(sorted(dict.fromkeys((*graph.dependencies, *edges)), key=_edge_key)),
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
        found_in=tuple(sorted({*known.found_in, *part.found_in}, key=place_key)),
        claims=tuple(sorted({*known.claims, *part.claims}, key=claim_key)),
        embedded="present" if "present" in (known.embedded, part.embedded) else known.embedded,
    )


def _edge_key(edge: Dependency) -> tuple[str, str, int, str]:
    return (edge.parent, edge.child, SCOPE_RANK[edge.scope], edge.requirement or "")


def _is_top(path: str) -> bool:
    """Whether a text speaks for the package as a whole: at its root, or in a wheel's metadata."""
    return "/" not in path or path.partition("/")[0].endswith(".dist-info")
