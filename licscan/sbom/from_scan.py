"""A scan as an SBOM: what is known of each component, and, said as such, what is not."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from licscan import __version__
from licscan.licenses.spdx import validate
from licscan.model import (
    NOASSERTION,
    Component,
    ComponentKind,
    Conclusion,
    CoverageCount,
    Evidence,
    EvidenceKind,
    Scan,
    Scope,
    SourceKind,
    count_coverage,
    counts_as_package,
    coverage_of,
)
from licscan.model.package import PackageMetadata
from licscan.model.surface import Judgement
from licscan.packages import purls
from licscan.sbom.addresses import address, digest
from licscan.sbom.extents import extents_of
from licscan.sbom.model import (
    Bom,
    BomComponent,
    BomDependency,
    CopyrightNotice,
    DependencyKind,
    ExternalReference,
    Hash,
    LicenseEvidence,
    LicenseRole,
    LicenseStatement,
    Party,
    Property,
    Tool,
    Unknown,
)
from licscan.sbom.parties import authors_of, supplier_of
from licscan.sbom.references import references_of
from licscan.sbom.write.words import COVERAGE

_KINDS = {
    Scope.DEV: DependencyKind.DEV,
    Scope.BUILD: DependencyKind.BUILD,
    Scope.OPTIONAL: DependencyKind.OPTIONAL,
    Scope.PEER: DependencyKind.PEER,
}
_ARCHIVES = (".tgz", ".whl", ".tar.gz", ".tar.bz2", ".tar.xz", ".zip", ".conda", ".egg", ".jar")
MAX_RAW = 500
MAX_EVIDENCE = 50
MAX_COPYRIGHTS = 200


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


def bom_of(scan: Scan, wanted: SbomOptions) -> Bom:
    """The SBOM of a scan, or of one surface of it; its serial is derived from what it says, without the time."""
    judged = {one.purl: one for one in scan.judgements if one.surface == wanted.surface} if wanted.surface else {}
    kept = _kept(scan, wanted.surface, judged)
    components = [_component(scan, one, judged.get(one.purl), wanted) for one in kept]
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
        comment=_comment(wanted.surface, read),
        properties=_read_properties(read),
    )
    told = extents_of(scan, bom)
    known = tuple(ref for extent in told for ref in extent.refs)
    bom = replace(bom, extents=told, dependencies_of=tuple(sorted(known)))
    return replace(bom, serial=f"urn:uuid:{_serial(bom)}")


def _comment(surface: str, read: CoverageCount) -> str:
    """What the document holds, and what its licenses rest on; the same in every language."""
    said = [f"What the surface {surface} ships."] if surface else []
    if read.shipped:
        said.append(
            f"Licenses were concluded from texts for {read.texts} of {read.shipped} shipped packages, from metadata "
            f"alone for {read.metadata}, from nothing for {read.nothing}."
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
    valid = _valid(outbound)
    product = Component(f"pkg:generic/{_slug(name)}", name, None, "", ComponentKind.PROJECT)
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
    return replace(made, unknown=_unknown(made, product))


def _slug(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name).strip("-") or "project"


def _component(scan: Scan, component: Component, judgement: Judgement | None, wanted: SbomOptions) -> BomComponent:
    project = component.kind is ComponentKind.PROJECT
    conclusion = scan.by_purl.get(component.purl)
    known = scan.metadata_by_purl.get(component.purl) or PackageMetadata(component.purl)
    hashes, files = _hashes(component, known)
    url = address(known.artifact_url) or address(_own_address(component))
    filename = _filename(url)
    notices = _copyrights(conclusion)
    made = BomComponent(
        ref=component.purl,
        name=component.name,
        version=component.version or "",
        kind="application" if project else "library",
        purl=component.purl,
        scope=_scope(component, judgement),
        supplier=(wanted.creator if project else None) or supplier_of(known),
        authors=authors_of(known),
        licenses=_statements(conclusion, judgement),
        license_comment=conclusion.basis if conclusion else "",
        evidence=_evidence(conclusion),
        copyrights=notices,
        copyright_text="\n".join(dict.fromkeys(notice.statement for notice in notices)),
        hashes=hashes,
        filename=filename,
        download_location=url,
        description=known.description,
        references=(*_references(component, url, files or hashes), *_pages(component, known, url)),
        archive=True if filename else None,
        structured=True if filename else None,
        executable=False if filename else None,
        modified=bool(component.patches or component.changed),
        properties=_properties(component, conclusion, files, known),
    )
    return replace(made, unknown=_unknown(made, component))


def _scope(component: Component, judgement: Judgement | None) -> str:
    if judgement is not None:
        return "optional" if judgement.relationship.startswith("optional") else "required"
    if not component.scopes:
        return ""
    if Scope.RUNTIME in component.scopes:
        return "required"
    return "optional" if {Scope.PEER, Scope.OPTIONAL} & set(component.scopes) else "excluded"


def _statements(conclusion: Conclusion | None, judgement: Judgement | None) -> tuple[LicenseStatement, ...]:
    """Declared and concluded; of a surface the effective license is what is concluded, with the choice said."""
    declared = _valid(conclusion.declared if conclusion else NOASSERTION)
    concluded = _valid(conclusion.concluded if conclusion else NOASSERTION)
    comment = conclusion.clarified if conclusion else ""
    said = [LicenseStatement(LicenseRole.DECLARED, declared)]
    effective = _valid(judgement.license) if judgement and judgement.license else NOASSERTION
    if effective not in (NOASSERTION, concluded):
        comment = f"{effective} is the branch of {concluded} that is chosen for this artefact."
        concluded = effective
    said.append(LicenseStatement(LicenseRole.CONCLUDED, concluded, comment=comment))
    if effective != NOASSERTION:
        said.append(LicenseStatement(LicenseRole.EFFECTIVE, effective))
    return tuple(said)


def _valid(expression: str) -> str:
    """The expression, or NOASSERTION for one that no reader could take: schemas let nonsense pass."""
    usable = expression and "DocumentRef-" not in expression and not validate(expression)
    return expression if usable else NOASSERTION


def _evidence(conclusion: Conclusion | None) -> tuple[LicenseEvidence, ...]:
    given = conclusion.evidence[:MAX_EVIDENCE] if conclusion else ()
    return tuple(_one_evidence(one) for one in given)


def _one_evidence(one: Evidence) -> LicenseEvidence:
    short = one.kind in (EvidenceKind.DECLARED, EvidenceKind.CLASSIFIER, EvidenceKind.TAG)
    return LicenseEvidence(
        kind=one.kind.value,
        path=one.location.path,
        line=one.location.start_line,
        end_line=one.location.end_line,
        field=one.field,
        raw=one.raw[:MAX_RAW] if short else "",
        expression=one.expression if one.expression and _valid(one.expression) == one.expression else "",
        origin=one.origin.value,
        method=one.method,
        score=one.score,
        sha256=one.sha256 or "",
    )


def _copyrights(conclusion: Conclusion | None) -> tuple[CopyrightNotice, ...]:
    given = conclusion.copyrights if conclusion else ()
    told = [CopyrightNotice(one.statement, one.path, one.line) for one in given if not one.template]
    return tuple(told[:MAX_COPYRIGHTS])


def _hashes(component: Component, known: PackageMetadata) -> tuple[tuple[Hash, ...], tuple[Hash, ...]]:
    """The digests of the one file that is installed, and those of several files, of which nobody knows which came."""
    one = _digests(known.artifact_hashes)
    told = _digests(component.hashes)
    one_file = len({each.algorithm for each in told}) == len(told)
    return (one or told, ()) if one or one_file else ((), told)


def _digests(said: Iterable[str]) -> tuple[Hash, ...]:
    pairs = (each.partition(":") for each in said)
    return tuple(sorted(set(filter(None, (digest(name, value) for name, _sign, value in pairs)))))


def _own_address(component: Component) -> str:
    """Where a lock says that it comes from; the address of an index is not that of a package."""
    url, kind = component.source.url or "", component.source.kind
    if kind is SourceKind.PATH or (kind is SourceKind.REGISTRY and component.ecosystem != "npm" and not _filename(url)):
        return ""
    return url


def _filename(url: str) -> str:
    name = url.partition("#")[0].partition("?")[0].rpartition("/")[2]
    return name if name.endswith(_ARCHIVES) else ""


def _references(component: Component, url: str, hashes: tuple[Hash, ...]) -> tuple[ExternalReference, ...]:
    """Where it comes from; a lock that names several files and no address gives their digests by the PackageURL."""
    if url:
        kind = "vcs" if component.source.kind is SourceKind.GIT else "distribution"
        return (ExternalReference(kind, url, hashes if kind == "distribution" else ()),)
    if len(hashes) > 1 and len({one.algorithm for one in hashes}) < len(hashes):
        comment = "One digest for each file that is published of this version."
        return (ExternalReference("distribution", component.purl, hashes, comment),)
    return ()


def _pages(component: Component, known: PackageMetadata, url: str) -> Iterator[ExternalReference]:
    """Its web page, source code, issue tracker and source distribution, where they are not told already."""
    repository = "" if component.source.kind is SourceKind.GIT else known.repository
    for kind, told in (
        ("website", known.homepage),
        ("vcs", repository),
        ("issue-tracker", known.issue_tracker),
        ("source-distribution", known.source_url),
    ):
        if (place := address(told)) and place != url:
            yield ExternalReference(kind, place)


def _properties(
    component: Component, conclusion: Conclusion | None, files: tuple[Hash, ...], known: PackageMetadata
) -> tuple[Property, ...]:
    said: list[tuple[str, str]] = []
    if component.kind is ComponentKind.PACKAGE:
        said.append((COVERAGE, coverage_of(conclusion).value))
    if known.published:
        said.append(("licscan:published", known.published))
    if known.deprecated:
        said.append(("licscan:deprecated", known.deprecated))
    said += (("licscan:maintainer", person) for person in known.maintainers[:20])
    said += (("licscan:scope", scope.value) for scope in component.scopes)
    said += (("licscan:found-in", str(place)) for place in component.found_in[:20])
    said += (("licscan:patch", path) for path in component.patches)
    if component.condition:
        said.append(("licscan:condition", component.condition))
    if component.embedded:
        said.append(("licscan:embedded", component.embedded))
    if not component.resolved:
        said.append(("licscan:resolved", "false"))
    if files:
        said.append(("licscan:hashes", "one for each published file; which was installed is not known"))
    return tuple(Property(*pair) for pair in dict.fromkeys(said))


def _unknown(made: BomComponent, component: Component) -> tuple[Unknown, ...]:
    """The fields of which nobody could be asked, by their names in the table of profiles."""
    silent = {
        "version": not made.version,
        "supplier": made.supplier is None,
        "license-declared": made.license_of(LicenseRole.DECLARED) == NOASSERTION,
        "license-concluded": made.license_of(LicenseRole.CONCLUDED) == NOASSERTION,
        "copyright": not made.copyright_text,
        "hash": not made.hashes and not any(one.hashes for one in made.references),
        "download-location": not made.download_location,
    }
    return tuple(Unknown(name) for name, missing in silent.items() if missing)


def unknowns(components: Iterable[BomComponent]) -> dict[str, int]:
    """How many components lack each field."""
    counts: dict[str, int] = {}
    for component in components:
        for unknown in component.unknown:
            counts[unknown.field] = counts.get(unknown.field, 0) + 1
    return counts
