"""SPDX 3.0 and 3.0.1 as JSON-LD: a graph of elements, a lone element, or elements written inside others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from licscan.sbom.addresses import algorithm_of
from licscan.sbom.model import (
    Bom,
    BomComponent,
    BomDependency,
    Completeness,
    DependencyKind,
    Extent,
    ExternalReference,
    Hash,
    Identifier,
    LicenseRole,
    LicenseStatement,
    LicenseText,
    Party,
    PartyKind,
    Tool,
)
from licscan.sbom.read.of_files import FileLicense, found_in, under
from licscan.sbom.read.spdx3_elements import PACKAGES, Elements, elements_of
from licscan.sbom.read.spdx3_licenses import Licenses
from licscan.sbom.read.values import Values

_PARTIES = {"Organization": PartyKind.ORGANIZATION, "Person": PartyKind.PERSON}
_NONE = "NoneElement"
_UNSAID = "NoAssertionElement"
_LIFECYCLES = {
    "design": "design", "source": "pre-build", "build": "build", "analyzed": "post-build", "deployed": "operations",
    "runtime": "operations",
}  # fmt: skip
_KINDS = {
    "contains": DependencyKind.CONTAINS,
    "hasOptionalDependency": DependencyKind.OPTIONAL,
    "hasOptionalComponent": DependencyKind.OPTIONAL,
    "hasProvidedDependency": DependencyKind.PEER,
    "hasStaticLink": DependencyKind.DEPENDS_ON,
    "hasDynamicLink": DependencyKind.DEPENDS_ON,
    "hasPrerequisite": DependencyKind.DEPENDS_ON,
    "packagedBy": DependencyKind.OTHER,
    "usesTool": DependencyKind.OTHER,
}
_SCOPES = {"development": DependencyKind.DEV, "build": DependencyKind.BUILD, "test": DependencyKind.TEST}
_CLASSES = {
    "ai_AIPackage": "machine-learning-model", "dataset_DatasetPackage": "data", "software_File": "file",
    "software_Snippet": "file",
}  # fmt: skip
_ROLES = {"hasDeclaredLicense": LicenseRole.DECLARED, "hasConcludedLicense": LicenseRole.CONCLUDED}
_FILES = ("software_File", "software_Snippet")


@dataclass(frozen=True, slots=True)
class _Edge:
    start: str
    type: str
    end: str
    scope: str
    completeness: str
    comment: str


def read(document: Values) -> Bom:
    """The document as the model."""
    elements = elements_of(document)
    edges = list(_edges(elements))
    stated = _stated(elements, edges)
    files = _files(elements, edges)
    packages = elements.of(*PACKAGES)
    found, lone = _found_in_files(elements, edges, stated, {ref for ref, _values in packages})
    stated |= {ref: [*stated.get(ref, ()), *said] for ref, said in found.items()}
    components = tuple(_component(ref, values, elements, stated, files) for ref, values in (*packages, *lone))
    inside = {ref for ref, _values in elements.of(*_FILES)} - {ref for ref, _values in lone}
    needs = [edge for edge in edges if _kind(edge) is not None]
    top = next((values for _ref, values in elements.of("SpdxDocument")), Values({}, "", document.problems))
    sbom = next((values for _ref, values in elements.of("software_Sbom")), Values({}, "", document.problems))
    creation = elements.creation(top if top.data else sbom)
    types = [one.rpartition("/")[2] for one in _words(sbom, "software_sbomType")]
    return Bom(
        name=top.text("name") or sbom.text("name"),
        subject=_subject(sbom, top, {ref for ref, _values in packages}),
        format="spdx",
        spec_version=creation.text("specVersion") or "3.0.1",
        serial=elements.id(top).partition("#")[0],
        created=creation.text("created"),
        lifecycle=next((_LIFECYCLES[one] for one in types if one in _LIFECYCLES), ""),
        tools=tuple(_tools(elements, creation)),
        authors=tuple(filter(None, (_party(elements, ref) for ref in elements.refs(creation, "createdBy")))),
        components=components,
        dependencies=tuple(dict.fromkeys(_dependencies(needs, inside))),
        dependencies_of=tuple(sorted({edge.start for edge in needs})),
        extents=tuple(_extents(needs)),
        license_texts=tuple(_texts(elements)),
        data_license=elements.ref(top, "dataLicense").rpartition("/")[2],
        comment=top.text("comment"),
        has_vulnerabilities=elements.has_type("security_"),
        refers_to_vulnerabilities=any(
            one.text("externalRefType").rpartition("/")[2] in _OF_VULNERABILITIES
            for _ref, values in packages
            for one in values.objects("externalRef")
        ),
        problems=tuple(document.problems),
    )


def _subject(sbom: Values, top: Values, packages: set[str]) -> str:
    """The root element of the SBOM; a document's root is often the SBOM itself."""
    roots = [*_words(sbom, "rootElement"), *_words(top, "rootElement")]
    return next((ref for ref in roots if ref in packages), "")


def _words(values: Values, key: str) -> list[str]:
    said = values.data.get(key)
    return [said] if isinstance(said, str) else values.texts(key)


def _edges(elements: Elements) -> Iterator[_Edge]:
    for _ref, one in elements.of("Relationship", "LifecycleScopedRelationship", "software_DependencyRelationship"):
        start = elements.ref(one, "from")
        told = [one.text(key).rpartition("/")[2] for key in ("relationshipType", "scope", "completeness")]
        for end in elements.refs(one, "to"):
            yield _Edge(start, told[0], end, told[1], told[2], one.text("comment"))


def _kind(edge: _Edge) -> DependencyKind | None:
    if edge.type == "dependsOn":
        return _SCOPES.get(edge.scope, DependencyKind.DEPENDS_ON)
    return _KINDS.get(edge.type)


def _individual(ref: str) -> str:
    return ref.rpartition("/")[2].rpartition(":")[2]


def _dependencies(edges: Iterable[_Edge], files: set[str]) -> Iterator[BomDependency]:
    for edge in edges:
        kind = _kind(edge)
        said = _individual(edge.end) not in (_NONE, _UNSAID) and edge.end not in files and edge.start not in files
        if kind is not None and said:
            yield BomDependency(edge.start, edge.end, kind, edge.type if kind is DependencyKind.OTHER else "")


def _extents(edges: Iterable[_Edge]) -> Iterator[Extent]:
    """How complete each list is: the least that any of its relationships says."""
    told: dict[str, Completeness] = {}
    order = (Completeness.COMPLETE, Completeness.INCOMPLETE, Completeness.UNKNOWN)
    for edge in edges:
        if edge.type == "contains":
            continue
        said = {"complete": order[0], "incomplete": order[1], "noAssertion": order[2]}.get(edge.completeness)
        said = {_NONE: order[0], _UNSAID: order[2]}.get(_individual(edge.end), said)
        if said is not None:
            told[edge.start] = max(told.get(edge.start, said), said, key=order.index)
    for completeness in order:
        refs = tuple(sorted(ref for ref, one in told.items() if one is completeness))
        if refs:
            yield Extent(completeness, refs)


def _stated(elements: Elements, edges: Iterable[_Edge]) -> dict[str, list[LicenseStatement]]:
    licenses = Licenses(elements)
    stated: dict[str, list[LicenseStatement]] = {}
    for edge in edges:
        role = _ROLES.get(edge.type)
        if edge.type == "other" and edge.comment == "hasEffectiveLicense":
            role = LicenseRole.EFFECTIVE
        if role is not None:
            comment = edge.comment if role is LicenseRole.CONCLUDED else ""
            said = LicenseStatement(role, licenses.expression(edge.end), comment=comment)
            stated.setdefault(edge.start, []).append(said)
    return stated


def _found_in_files(
    elements: Elements, edges: Iterable[_Edge], stated: Mapping[str, list[LicenseStatement]], packages: set[str]
) -> tuple[dict[str, tuple[LicenseStatement, ...]], list[tuple[str, Values]]]:
    """What the files and snippets of each package are under, and the files with a license that stand in no package."""
    holders: dict[str, list[str]] = {}
    for edge in edges:
        if edge.type in ("contains", "hasDistributionArtifact"):
            holders.setdefault(edge.end, []).append(edge.start)
    every = elements.of(*_FILES)
    for ref, values in every:
        if outer := elements.ref(values, "software_snippetFromFile"):
            holders.setdefault(ref, []).append(outer)
    licenses = []
    for ref, values in every:
        said = stated.get(ref, ())
        concluded = next((one.expression for one in said if one.role is LicenseRole.CONCLUDED), "")
        declared = (one.expression for one in said if one.role is LicenseRole.DECLARED)
        licenses.append(FileLicense(ref, values.text("name") or ref, under(concluded, declared)))
    found, alone = found_in(licenses, holders, packages)
    own = {one.ref for one in alone}
    return found, [(ref, values) for ref, values in every if ref in own]


def _files(elements: Elements, edges: Iterable[_Edge]) -> dict[str, Values]:
    """The one file in which each package is shipped."""
    found: dict[str, Values] = {}
    for edge in edges:
        if edge.type == "hasDistributionArtifact" and (file := elements.get(edge.end)) is not None:
            found.setdefault(edge.start, file)
    return found


_OF_VULNERABILITIES = frozenset(
    {"securityAdvisory", "securityFix", "vulnerabilityDisclosureReport", "vulnerabilityExploitabilityAssessment"}
)
_ADDRESSES = {"vcs": "vcs", "issueTracker": "issue-tracker", "sourceArtifact": "source-distribution"}


def _addresses(values: Values) -> Iterator[ExternalReference]:
    """The web page and the other addresses of a package."""
    if home := values.text("software_homePage"):
        yield ExternalReference("website", home)
    for one in values.objects("externalRef"):
        kind = _ADDRESSES.get(one.text("externalRefType").rpartition("/")[2])
        for url in _words(one, "locator") if kind else ():
            yield ExternalReference(kind or "", url)


def _component(
    ref: str, values: Values, elements: Elements, stated: dict[str, list[LicenseStatement]], files: dict[str, Values]
) -> BomComponent:
    identifiers = list(_identifiers(values, elements))
    purl = values.text("software_packageUrl")
    purl = purl or next((one.value for one in identifiers if one.kind in ("packageUrl", "purl")), "")
    location = values.text("software_downloadLocation")
    file = files.get(ref, Values({}, "", values.problems))
    purposes = {one.rpartition("/")[2] for one in _words(file, "software_additionalPurpose")}
    known = bool(file.data)
    references = [ExternalReference("vcs" if location.startswith("git+") else "distribution", location)]
    references = [*(references if "://" in location else ()), *_addresses(values)]
    return BomComponent(
        ref=ref,
        name=values.text("name"),
        version=values.text("software_packageVersion"),
        kind=_kind_of(values, elements),
        purl=purl,
        supplier=_party(elements, elements.ref(values, "suppliedBy")),
        authors=tuple(filter(None, (_party(elements, one) for one in elements.refs(values, "originatedBy")))),
        licenses=tuple(dict.fromkeys(stated.get(ref, ()))),
        copyright_text=values.text("software_copyrightText"),
        hashes=_hashes(values, elements) or _hashes(file, elements),
        filename=file.text("name"),
        download_location=location,
        references=tuple(references),
        identifiers=tuple(one for one in identifiers if one.kind not in ("packageUrl", "purl")),
        description=values.text("description") or values.text("summary"),
        comment=values.text("comment"),
        executable="executable" in purposes if known else None,
        archive="archive" in purposes if known else None,
        structured=("firmware" not in purposes) if known else None,
    )


def _kind_of(values: Values, elements: Elements) -> str:
    """CycloneDX's type of component for a class and its purpose."""
    class_ = elements.type(values)
    if class_ in _CLASSES:
        return _CLASSES[class_]
    purpose = values.text("software_primaryPurpose").rpartition("/")[2]
    return "machine-learning-model" if purpose == "model" else purpose or "library"


def _hashes(values: Values, elements: Elements) -> tuple[Hash, ...]:
    told = []
    for one in elements.objects(values, "verifiedUsing"):
        name, value = one.text("algorithm").rpartition("/")[2], one.text("hashValue").lower()
        if value:
            told.append(Hash(algorithm_of(name) or name, value))
    return tuple(told)


def _identifiers(values: Values, elements: Elements) -> Iterator[Identifier]:
    for one in elements.objects(values, "externalIdentifier"):
        kind = one.text("externalIdentifierType").rpartition("/")[2]
        yield Identifier("cpe" if kind.startswith("cpe") else kind, one.text("identifier"))


def _party(elements: Elements, ref: str) -> Party | None:
    values = elements.get(ref)
    if values is None:
        return None
    told = {one.kind: one.value for one in _identifiers(values, elements)}
    kind = _PARTIES.get(elements.type(values), PartyKind.UNKNOWN)
    return Party(values.text("name"), told.get("email", ""), told.get("urlScheme", ""), kind)


def _tools(elements: Elements, creation: Values) -> Iterator[Tool]:
    for ref in elements.refs(creation, "createdUsing"):
        values = elements.get(ref)
        if values is not None:
            name, dash, version = values.text("name").rpartition("-")
            yield Tool(name, version) if dash and version[:1].isdigit() else Tool(values.text("name"))


def _texts(elements: Elements) -> Iterator[LicenseText]:
    for ref, values in elements.of("simplelicensing_SimpleLicensingText", "expandedlicensing_CustomLicense"):
        text = values.text("simplelicensing_licenseText")
        yield LicenseText(values.text("name") or ref, text, comment=values.text("comment"))
