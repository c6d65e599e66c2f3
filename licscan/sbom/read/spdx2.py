"""SPDX 2.2 and 2.3, from JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from licscan.base.messages import _
from licscan.model import NOASSERTION, NONE
from licscan.sbom.addresses import algorithm_of
from licscan.sbom.model import (
    VERIFICATION_CODE,
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
from licscan.sbom.read.values import MAX_PROBLEMS, Values

_PARTY = re.compile(r"(Person|Organization|Tool):\s*(.*?)\s*(?:\(([^()]*)\))?\s*", re.DOTALL)
_TYPE = re.compile(r"sbom type:?\s*(\w+)", re.IGNORECASE)

KINDS = {
    "DEPENDS_ON": (DependencyKind.DEPENDS_ON, False),
    "DEPENDENCY_OF": (DependencyKind.DEPENDS_ON, True),
    "CONTAINS": (DependencyKind.CONTAINS, False),
    "CONTAINED_BY": (DependencyKind.CONTAINS, True),
    "RUNTIME_DEPENDENCY_OF": (DependencyKind.DEPENDS_ON, True),
    "DEV_DEPENDENCY_OF": (DependencyKind.DEV, True),
    "BUILD_DEPENDENCY_OF": (DependencyKind.BUILD, True),
    "TEST_DEPENDENCY_OF": (DependencyKind.TEST, True),
    "OPTIONAL_DEPENDENCY_OF": (DependencyKind.OPTIONAL, True),
    "PROVIDED_DEPENDENCY_OF": (DependencyKind.PEER, True),
    "HAS_PREREQUISITE": (DependencyKind.DEPENDS_ON, False),
    "PREREQUISITE_FOR": (DependencyKind.DEPENDS_ON, True),
    "STATIC_LINK": (DependencyKind.DEPENDS_ON, False),
    "DYNAMIC_LINK": (DependencyKind.DEPENDS_ON, False),
    "PACKAGE_OF": (DependencyKind.CONTAINS, True),
    "OPTIONAL_COMPONENT_OF": (DependencyKind.OPTIONAL, True),
    "DEV_TOOL_OF": (DependencyKind.DEV, True),
    "BUILD_TOOL_OF": (DependencyKind.BUILD, True),
    "TEST_TOOL_OF": (DependencyKind.TEST, True),
    "TEST_OF": (DependencyKind.TEST, True),
}
"""Relationships as kinds of edges; True where the child stands first."""

LIFECYCLES = {
    "design": "design", "source": "pre-build", "build": "build", "analyzed": "post-build", "deployed": "operations",
    "runtime": "operations",
}  # fmt: skip
"""CISA's types of SBOMs as CycloneDX's lifecycles."""


def read(document: Values) -> Bom:
    """The document as the model."""
    info = document.object("creationInfo")
    creators = info.texts("creators")
    edges = tuple(_edges(document))
    described = document.texts("documentDescribes") if "documentDescribes" in document.data else []
    described += [edge[2] for edge in edges if edge[1] == "DESCRIBES"]
    components = _components(document, edges)
    others = _others(document) - {one.ref for one in components}
    dependencies = tuple(sorted(set(_dependencies(edges, others))))
    stated = {edge[0] for edge in edges if edge[2] in (NONE, NOASSERTION)}
    type_ = _TYPE.search(info.text("comment"))
    return Bom(
        name=document.text("name"),
        subject=next((one for one in described if one in {component.ref for component in components}), ""),
        format="spdx",
        spec_version=document.text("spdxVersion"),
        serial=document.text("documentNamespace"),
        created=info.text("created"),
        lifecycle=LIFECYCLES.get(type_[1].lower(), "") if type_ else "",
        tools=tuple(_tool(one) for one in creators if one.startswith("Tool:")),
        authors=tuple(filter(None, (party_of(one) for one in creators if not one.startswith("Tool:")))),
        components=components,
        dependencies=dependencies,
        dependencies_of=tuple(sorted(stated | {edge.parent for edge in dependencies})),
        extents=tuple(_extents(edges)),
        license_texts=tuple(_texts(document)),
        refers_to_vulnerabilities=_vulnerability_references(document),
        data_license=document.text("dataLicense"),
        comment=document.text("comment"),
        problems=tuple(document.problems),
    )


def _components(document: Values, edges: Sequence[tuple[str, str, str]]) -> tuple[BomComponent, ...]:
    """The packages, each with what was found in its files; and the files that stand in none.

    A document of files alone is taken as it is. Else a file that stands in no package is a component only where it says
    under which license it is.
    """
    packages = list(document.objects("packages"))
    made = [_package(one) for one in packages]
    files = list(document.objects("files"))
    if not made:
        return tuple(map(_file, files))
    refs = {one.ref for one in made}
    said, alone = found_in(_file_licenses(document, files), _holders(document, packages, edges), refs)
    own = {one.ref for one in alone}
    lone = (_file(one) for one in files if one.text("SPDXID") in own)
    told = (replace(one, licenses=_with(one.licenses, said[one.ref])) if one.ref in said else one for one in made)
    return (*told, *lone)


def _with(stated: tuple[LicenseStatement, ...], found: tuple[LicenseStatement, ...]) -> tuple[LicenseStatement, ...]:
    """The statements of a package and of its files; of two that name one license as found, that with its place."""
    places = {one.expression for one in found}
    kept = (one for one in stated if one.role is not LicenseRole.FOUND or one.expression not in places)
    return (*kept, *found)


def _file_licenses(document: Values, files: Iterable[Values]) -> Iterator[FileLicense]:
    for one in files:
        expressions = under(one.text("licenseConcluded"), one.texts("licenseInfoInFiles"))
        yield FileLicense(one.text("SPDXID"), one.text("fileName"), expressions)
    names = {one.text("SPDXID"): one.text("fileName") for one in files}
    for one in document.objects("snippets"):
        expressions = under(one.text("licenseConcluded"), one.texts("licenseInfoInSnippets"))
        path = names.get(one.text("snippetFromFile"), "") or one.text("name") or one.text("SPDXID")
        yield FileLicense(one.text("SPDXID"), path, expressions)


def _holders(
    document: Values, packages: Iterable[Values], edges: Iterable[tuple[str, str, str]]
) -> dict[str, list[str]]:
    """What holds each file and snippet, by any of the three ways in which SPDX 2 says it."""
    found: dict[str, list[str]] = {}
    for one in packages:
        for ref in one.texts("hasFiles"):
            found.setdefault(ref, []).append(one.text("SPDXID"))
    for one in document.objects("snippets"):
        found.setdefault(one.text("SPDXID"), []).append(one.text("snippetFromFile"))
    for start, type_, end in edges:
        if KINDS.get(type_, (None, False))[0] is DependencyKind.CONTAINS:
            inner, outer = (start, end) if KINDS[type_][1] else (end, start)
            found.setdefault(inner, []).append(outer)
    return found


def _file(values: Values) -> BomComponent:
    """A file as a component of its own."""
    made = _package(values)
    expressions = under(values.text("licenseConcluded"), values.texts("licenseInfoInFiles"))
    kept = tuple(one for one in made.licenses if one.role is not LicenseRole.CONCLUDED)
    role = LicenseRole.CONCLUDED if values.text("licenseConcluded") in expressions else LicenseRole.FOUND
    return replace(made, kind="file", licenses=(*kept, *(LicenseStatement(role, one) for one in expressions)))


def _vulnerability_references(document: Values) -> bool:
    """Whether a package refers to what is wrong with it: advisories, fixes (SPDX 2.3, Annex F.2)."""
    references = (one for package in document.objects("packages") for one in package.objects("externalRefs"))
    return any(_kind_of(one) in ("advisory", "fix") for one in references)


def party_of(text: str) -> Party | None:
    """A supplier, originator or creator; None for NOASSERTION and text that is none."""
    match = _PARTY.fullmatch(text)
    if not match:
        return None
    contact = match[3] or ""
    is_page = "://" in contact
    email, url = ("", contact) if is_page else (contact, "")
    return Party(match[2], email, url, PartyKind(match[1].lower()) if match[1] != "Tool" else PartyKind.UNKNOWN)


def _tool(text: str) -> Tool:
    name, dash, version = text.partition(":")[2].strip().rpartition("-")
    return Tool(name, version) if dash and version[:1].isdigit() else Tool(text.partition(":")[2].strip())


def _package(values: Values) -> BomComponent:
    references = list(values.objects("externalRefs"))
    purls = [one.text("referenceLocator") for one in references if _kind_of(one) == "purl"]
    if len({one.partition("?")[0] for one in purls}) > 1 and len(values.problems) < MAX_PROBLEMS:
        said = _("{place}: has {count} PackageURLs; the first one counts")
        values.problems.append(said.format(place=values.place, count=len(purls)))
    location = values.text("downloadLocation")
    text = values.text("copyrightText")
    people = tuple(filter(None, [party_of(values.text("originator"))]))
    return BomComponent(
        ref=values.text("SPDXID") or values.place,
        name=values.text("name") or values.text("fileName"),
        version=values.text("versionInfo"),
        kind=values.text("primaryPackagePurpose").lower() or "library",
        purl=purls[0] if purls else "",
        supplier=party_of(values.text("supplier")),
        authors=people,
        licenses=tuple(_licenses(values)),
        license_comment=values.text("licenseComments"),
        copyright_text=text,
        hashes=_hashes(values),
        filename=values.text("packageFileName"),
        download_location=location,
        references=tuple(_references(values, location)),
        identifiers=(*(Identifier("purl", one) for one in purls[1:]), *_identifiers(references), *_verified(values)),
        description=values.text("description") or values.text("summary"),
        comment=values.text("comment"),
    )


def _licenses(values: Values) -> Iterator[LicenseStatement]:
    for key, role in (("licenseDeclared", LicenseRole.DECLARED), ("licenseConcluded", LicenseRole.CONCLUDED)):
        if values.text(key):
            yield LicenseStatement(role, values.text(key).replace("LicenseRef-beside-", "LicenseRef-"))
    for found in values.texts("licenseInfoFromFiles"):
        yield LicenseStatement(LicenseRole.FOUND, found)


def _hashes(values: Values) -> tuple[Hash, ...]:
    pairs = ((one.text("algorithm"), one.text("checksumValue").lower()) for one in values.objects("checksums"))
    return tuple(Hash(algorithm_of(name) or name, value) for name, value in pairs if value)


def _references(values: Values, location: str) -> Iterator[ExternalReference]:
    if "://" in location:
        yield ExternalReference("vcs" if location.startswith("git+") else "distribution", location)
    if values.text("homepage") not in ("", NONE, NOASSERTION):
        yield ExternalReference("website", values.text("homepage"))
    for one in values.objects("externalRefs"):
        if one.text("referenceCategory") == "OTHER" and one.text("referenceType") in _ADDRESSES:
            yield ExternalReference(one.text("referenceType"), one.text("referenceLocator"))


_ADDRESSES = ("vcs", "issue-tracker", "source-distribution")
"""Types of addresses that have no category of their own in SPDX 2."""


def _identifiers(references: list[Values]) -> Iterator[Identifier]:
    for one in references:
        kind = _kind_of(one)
        if kind.startswith("cpe") or kind in ("swid", "swh", "gitoid"):
            yield Identifier("cpe" if kind.startswith("cpe") else kind, one.text("referenceLocator"))


def _verified(values: Values) -> Iterator[Identifier]:
    """The code that is made of the digests of a package's files."""
    code = values.data.get("packageVerificationCode")
    value = values.object("packageVerificationCode").text("packageVerificationCodeValue") if code else ""
    if value:
        yield Identifier(VERIFICATION_CODE, value.lower())


def _kind_of(reference: Values) -> str:
    """The type of an external reference; some write its address (`http://spdx.org/rdf/references/purl`)."""
    return reference.text("referenceType").rstrip("/").rpartition("/")[2].rpartition("#")[2]


def _edges(document: Values) -> Iterator[tuple[str, str, str]]:
    for one in document.objects("relationships"):
        start, end = one.text("spdxElementId"), one.text("relatedSpdxElement")
        if one.text("relationshipType") == "DESCRIBED_BY":
            yield end, "DESCRIBES", start
        else:
            yield start, one.text("relationshipType"), end


def _others(document: Values) -> set[str]:
    """The names of what an edge may join and may be no component: the document, its files and snippets, NONE."""
    names = {NONE, NOASSERTION, document.text("SPDXID") or "SPDXRef-DOCUMENT"}
    return names | {one.text("SPDXID") for key in ("files", "snippets") for one in document.objects(key)}


def _dependencies(edges: tuple[tuple[str, str, str], ...], others: set[str]) -> Iterator[BomDependency]:
    """The edges between components; one that licscan has no word for keeps its own."""
    for start, type_, end in edges:
        kind, turned = KINDS.get(type_, (DependencyKind.OTHER, False))
        if type_ in ("DESCRIBES", "") or start in others or end in others:
            continue
        name = type_ if kind is DependencyKind.OTHER else ""
        yield BomDependency(end, start, kind, name) if turned else BomDependency(start, end, kind, name)


def _extents(edges: tuple[tuple[str, str, str], ...]) -> Iterator[Extent]:
    """SPDX 2 says that a list is all (NONE) or that nobody knows what else (NOASSERTION) by a relationship to it."""
    for keyword, told in ((NONE, Completeness.COMPLETE), (NOASSERTION, Completeness.UNKNOWN)):
        refs = tuple(sorted({start for start, type_, end in edges if end == keyword and type_ == "DEPENDS_ON"}))
        if refs:
            yield Extent(told, refs)


def _texts(document: Values) -> Iterator[LicenseText]:
    for one in document.objects("hasExtractedLicensingInfos"):
        urls = tuple(one.texts("seeAlsos"))
        yield LicenseText(one.text("licenseId"), one.text("extractedText"), one.text("name"), urls, one.text("comment"))
