"""All packages whose files are at hand, each looked into; what stands inside becomes components of the graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.inside.changed import changed_files
from licscan.inside.holders import named_holders, notice_in
from licscan.inside.libraries import text_named_for
from licscan.inside.listing import Held, held, installed_record
from licscan.inside.patches import patches_of, with_patches
from licscan.inside.vendored import vendored_in
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
from licscan.packages.tree import TreeSource, metadata_path, own_paths

if TYPE_CHECKING:
    from licscan.inside.wheels import Contained

Files = Mapping[str, tuple[PackageFiles, ...]]


@dataclass(frozen=True, slots=True)
class Inspection:
    """The graph with what stands inside packages, the facts of each package, and what could not be read."""

    graph: Graph
    insides: ContentsByPurl
    problems: tuple[Problem, ...] = ()


def inspect_packages(graph: Graph, files: Files, source: TreeSource, root: Path) -> Inspection:
    """Look into every package of others that may be shipped and whose files are at hand."""
    found: dict[str, Contained] = {}
    insides: dict[str, PackageContents] = {}
    problems: list[Problem] = []
    for component in graph.components:
        here = _held(component, files, source)
        if here is None:
            continue
        texts = (*here.files.license_files, *here.files.notice_files)
        contained = _contained(component, here, texts)
        problems += contained.problems if contained else ()
        if contained and contained.components:
            found[component.purl] = contained
        embedded = contained.embedded if contained else ()
        vendored = tuple(vendored_in(here.tree, own_paths(here.tree), texts, component.name))
        if vendored or embedded:
            insides[component.purl] = PackageContents(embedded, vendored)
    return Inspection(_with_patches(_with_parts(graph, found), root), insides, tuple(problems))


def _contained(component: Component, here: Held, texts: tuple[str, ...]) -> Contained | None:
    """What stands inside a wheel; its readers are imported only where there is one."""
    if component.ecosystem != "pypi" or not here.is_wheel:
        return None
    from licscan.inside.wheels import Wheel, contained_in

    return contained_in(Wheel(component, here.tree, texts))


def _held(component: Component | None, files: Files, source: TreeSource) -> Held | None:
    """The files of a package of others that may be shipped."""
    if component is None or component.kind is not ComponentKind.PACKAGE or not component.is_shipped:
        return None
    return held(component, files.get(component.purl, ()), source)


def _with_patches(graph: Graph, root: Path) -> Graph:
    """The graph in which packages name the patches that patch-package applies to them."""
    patches = patches_of(graph, str(root))
    if not patches:
        return graph
    components = tuple(replace(c, patches=with_patches(c, patches.get(c.purl, ()))) for c in graph.components)
    return Graph(graph.roots, components, graph.dependencies)


def inspect_further(
    looked: Inspection,
    files: Files,
    source: TreeSource,
    root: Path,
    *,
    holders: Iterable[str],
    changes: Iterable[str],
) -> Inspection:
    """Look again at some packages: whom they name outside their texts, and which installed files were changed."""
    insides = dict(looked.insides)
    changed: dict[str, tuple[str, ...]] = {}
    for purl in holders:
        component = looked.graph.by_purl.get(purl)
        here = _held(component, files, source)
        if component is not None and here is not None:
            texts = (*here.files.license_files, *here.files.notice_files, *here.files.readme_files)
            insides[purl] = replace(
                insides.get(purl, PackageContents()),
                notice=notice_in(here.tree, filter(_is_top, texts)),
                holders=named_holders(here.tree, metadata_path(component.ecosystem, here.tree), own_paths(here.tree)),
            )
    for purl in changes:
        component = looked.graph.by_purl.get(purl)
        if component is None or component.kind is not ComponentKind.PACKAGE or not component.is_shipped:
            continue
        recorded = installed_record(component, str(root))
        if recorded is not None and (found := changed_files(*recorded)):
            changed[purl] = found
    return replace(looked, graph=_with_changes(looked.graph, changed), insides=insides)


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
    return graph.with_more(added.values(), edges)


def _merged(known: Component | None, part: Component, scopes: set[Scope]) -> Component:
    """The same library inside several packages: one component, present where it is in one of them."""
    every = scopes | set(known.scopes if known else ())
    ordered = tuple(sorted(every, key=SCOPE_RANK.__getitem__))
    from licscan.inside.wheels import claim_key, place_key

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


def _is_top(path: str) -> bool:
    """Whether a text speaks for the package as a whole: at its root, or in a wheel's metadata."""
    return "/" not in path or path.partition("/")[0].endswith(".dist-info")
