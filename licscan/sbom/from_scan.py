"""A scan as an SBOM: what is known of each component, and, said as such, what is not."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from licscan import __version__
from licscan.model import (
    Component,
    CoverageCount,
    Scan,
    Scope,
    count_coverage,
    counts_as_package,
)
from licscan.model.surface import Judgement
from licscan.packages import purls
from licscan.sbom.components import component_of, unknown_of, valid_expression
from licscan.sbom.content import by_component
from licscan.sbom.extents import doubtful_roots, extents_of, perhaps_shipped
from licscan.sbom.model import (
    Bom,
    BomComponent,
    BomDependency,
    DependencyKind,
    LicenseRole,
    LicenseStatement,
    Party,
    Property,
    Tool,
)
from licscan.sbom.references import references_of
from licscan.sbom.write.words import COVERAGE

_KINDS = {
    Scope.DEV: DependencyKind.DEV,
    Scope.BUILD: DependencyKind.BUILD,
    Scope.OPTIONAL: DependencyKind.OPTIONAL,
    Scope.PEER: DependencyKind.PEER,
}


@dataclass(frozen=True)
class SbomOptions:
    """What a caller adds to a scan: the surface, who answers for the document, and when it was made.

    `created` is ISO 8601 in UTC, to seconds.
    """

    created: str
    surface: str = ""
    name: str = ""
    version: str = ""
    creator: Party | None = None
    lifecycle: str = "build"
    tlp: str = ""


def bom_of(scan: Scan, wanted: SbomOptions) -> Bom:
    """The SBOM of a scan, or of one surface of it; its serial is derived from what it says, without the time."""
    judged = {one.purl: one for one in scan.judgements if one.surface == wanted.surface} if wanted.surface else {}
    kept = _kept(scan, wanted.surface, judged)
    files = by_component(scan.content)
    perhaps = perhaps_shipped(scan)
    components = [component_of(scan, one, judged.get(one.purl), wanted.creator, files) for one in kept]
    components = [
        replace(one, scope="") if one.scope == "excluded" and one.ref in perhaps else one for one in components
    ]
    carried = count_coverage(filter(counts_as_package, kept), scan.by_purl)
    read = carried if wanted.surface else scan.coverage
    dependencies = _dependencies(scan, {one.purl for one in kept})
    roots = _roots(scan, wanted.surface, {one.purl for one in kept})
    subject, components, dependencies = _with_subject(scan, wanted, roots, components, dependencies)
    bom = Bom(
        name=wanted.name or scan.project.name or "project",
        subject=subject,
        created=wanted.created,
        lifecycle=wanted.lifecycle,
        tools=(Tool("licscan", __version__),),
        authors=(wanted.creator,) if wanted.creator else (),
        supplier=wanted.creator,
        components=tuple(sorted(components, key=lambda one: one.ref)),
        dependencies=tuple(sorted(dependencies)),
        license_texts=references_of(components),
        data_license="CC0-1.0",
        tlp=wanted.tlp,
        comment=_comment(wanted, read, doubtful_roots(scan, wanted.surface)),
        properties=_read_properties(read),
    )
    told = extents_of(scan, bom, wanted.surface)
    known = tuple(ref for extent in told for ref in extent.refs)
    bom = replace(bom, extents=told, dependencies_of=tuple(sorted(known)))
    return replace(bom, serial=f"urn:uuid:{_serial(bom)}")


def _comment(wanted: SbomOptions, read: CoverageCount, doubtful: Iterable[str]) -> str:
    """What the document holds, and what its licenses rest on; the same in every language."""
    said = [f"What the surface {wanted.surface} ships."] if wanted.surface else []
    if wanted.tlp:
        said.append(f"TLP:{wanted.tlp.replace('_AND_STRICT', '+STRICT')}.")
    if read.shipped:
        said.append(
            f"Licenses were concluded from texts for {read.texts} of {read.shipped} shipped packages, from metadata "
            f"alone for {read.metadata}, from nothing for {read.nothing}."
        )
    if names := sorted(doubtful):
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        said.append(
            f"A bundler builds {shown}: which of the packages that are listed for development it takes in is not "
            "known, so that more of them may be shipped."
        )
    return " ".join(said)


def _read_properties(read: CoverageCount) -> tuple[Property, ...]:
    told = {"shipped": read.shipped, "texts": read.texts, "metadata": read.metadata, "nothing": read.nothing}
    return tuple(Property(f"{COVERAGE}:{name}", str(count)) for name, count in told.items()) if read.shipped else ()


def _serial(bom: Bom) -> uuid.UUID:
    content = repr((bom.name, bom.subject, bom.components, bom.dependencies, bom.extents, bom.authors, bom.tools))
    return uuid.uuid5(uuid.NAMESPACE_URL, "licscan:" + hashlib.sha256(content.encode("utf-8", "replace")).hexdigest())


def _kept(scan: Scan, surface: str, judged: Mapping[str, Judgement]) -> list[Component]:
    """Every component, or those that the surface carries: its roots and what is judged as shipped."""
    if not surface:
        return list(scan.graph.components)
    roots = set(next((one.roots for one in scan.surfaces if one.name == surface), ()))
    return [
        one
        for one in scan.graph.components
        if one.purl in roots or (one.purl in judged and judged[one.purl].is_shipped)
    ]


def _roots(scan: Scan, surface: str, kept: set[str]) -> list[str]:
    chosen = next((one.roots for one in scan.surfaces if one.name == surface), scan.graph.roots)
    return [root for root in chosen or scan.graph.roots if root in kept]


def _dependencies(scan: Scan, kept: set[str]) -> list[BomDependency]:
    """The edges, one for a pair: the one that is most surely shipped."""
    found: dict[tuple[str, str], BomDependency] = {}
    inside = {one.purl for one in scan.graph.components if one.embedded}
    order = {scope: number for number, scope in enumerate(Scope)}
    for edge in sorted(scan.graph.dependencies, key=lambda one: order[one.scope]):
        if edge.parent not in kept or edge.child not in kept or edge.parent == edge.child:
            continue
        kind = DependencyKind.CONTAINS if edge.child in inside else _KINDS.get(edge.scope, DependencyKind.DEPENDS_ON)
        found.setdefault((edge.parent, edge.child), BomDependency(edge.parent, edge.child, kind))
    return list(found.values())


def _with_subject(
    scan: Scan,
    wanted: SbomOptions,
    roots: list[str],
    components: list[BomComponent],
    dependencies: list[BomDependency],
) -> tuple[str, list[BomComponent], list[BomDependency]]:
    """What the document is about; what nobody needs hangs on it.

    That is the root that is the project itself, with its other roots below it; without one the product made of all.
    """
    if len(roots) == 1 or scan.project.root in roots:
        subject = scan.project.root if scan.project.root in roots else roots[0]
        components = [_named(one, scan, wanted) if one.ref == subject else one for one in components]
        reached = _reached(subject, dependencies)
        others = [root for root in roots if root not in reached]
        dependencies = [*dependencies, *(BomDependency(subject, one, DependencyKind.CONTAINS) for one in others)]
    else:
        versions = {one.version for one in components if one.ref in roots}
        product = _product(scan, wanted, next(iter(versions)) if len(versions) == 1 else "")
        subject = product.ref
        components = [*components, product]
        dependencies = [*dependencies, *(BomDependency(subject, root, DependencyKind.CONTAINS) for root in roots)]
    needed = {edge.child for edge in dependencies} | {subject}
    alone = [one.ref for one in components if one.ref not in needed]
    return subject, components, [*dependencies, *(BomDependency(subject, ref) for ref in alone)]


def _reached(start: str, dependencies: Iterable[BomDependency]) -> set[str]:
    """All that something needs, and itself."""
    children: dict[str, list[str]] = {}
    for edge in dependencies:
        children.setdefault(edge.parent, []).append(edge.child)
    found, open_ = {start}, [start]
    while open_:
        fresh = set(children.get(open_.pop(), ())) - found
        found |= fresh
        open_ += fresh
    return found


def _named(root: BomComponent, scan: Scan, wanted: SbomOptions) -> BomComponent:
    """The root under the name and version of the product: as asked for, as licscan.toml has them, or its own."""
    own = scan.project if scan.project.root == root.ref else None
    name, version = (own.name, own.version) if own else (root.name, root.version)
    made = replace(root, name=wanted.name or name, version=wanted.version or version or root.version)
    told = tuple(one for one in root.unknown if one.field != "version" or not made.version)
    return replace(made, unknown=told)


def _product(scan: Scan, wanted: SbomOptions, version: str) -> BomComponent:
    name = wanted.name or scan.project.name or "project"
    outbound = next((one.outbound for one in scan.surfaces if one.name == wanted.surface), scan.project.outbound)
    valid = valid_expression(outbound)
    licenses = tuple(LicenseStatement(role, valid) for role in (LicenseRole.DECLARED, LicenseRole.CONCLUDED))
    made = BomComponent(
        ref=f"licscan:product:{_slug(name)}",
        name=name,
        version=wanted.version or scan.project.version or version,
        kind="application",
        purl=purls.build("generic", None, name, wanted.version or scan.project.version or version or None),
        supplier=wanted.creator,
        licenses=licenses,
    )
    return replace(made, unknown=unknown_of(made))


def _slug(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name).strip("-") or "project"


def unknowns(components: Iterable[BomComponent]) -> dict[str, int]:
    """How many components lack each field."""
    counts: dict[str, int] = {}
    for component in components:
        for unknown in component.unknown:
            counts[unknown.field] = counts.get(unknown.field, 0) + 1
    return counts
