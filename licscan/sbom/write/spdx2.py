"""SPDX 2.3 as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from licscan.licenses.spdx import index
from licscan.model import NOASSERTION, NONE
from licscan.sbom.model import (
    Bom,
    BomComponent,
    BomDependency,
    Completeness,
    DependencyKind,
    LicenseRole,
)
from licscan.sbom.references import UNKNOWN_TEXT
from licscan.sbom.write.names import element_names, party_text
from licscan.sbom.write.words import content_text, license_text, unknown_text

Json = dict[str, Any]

SBOM_TYPES = {
    "design": "design", "pre-build": "source", "build": "build", "post-build": "analyzed", "operations": "deployed",
    "discovery": "analyzed", "decommission": "deployed",
}  # fmt: skip
"""CycloneDX's lifecycles as CISA's types of SBOMs."""

ALGORITHMS = {
    "ADLER32", "BLAKE2b-256", "BLAKE2b-384", "BLAKE2b-512", "BLAKE3", "MD2", "MD4", "MD5", "MD6", "SHA-1", "SHA-224",
    "SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384", "SHA3-512",
}  # fmt: skip
_PURPOSES = frozenset(
    {"application", "framework", "library", "container", "operating-system", "device", "firmware", "file"}
)
BESIDE = "LicenseRef-beside-"
_REFERENCE = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")
_ADDITION = re.compile(r"(\S+) WITH AdditionRef-([A-Za-z0-9.-]+)")


def to_dict(bom: Bom) -> Json:
    """The document as values of JSON, keys in the order of the specification."""
    names = {ref: f"SPDXRef-Package-{name}" for ref, name in element_names(bom).items()}
    creators = [party_text(one) for one in bom.authors] + [
        f"Tool: {tool.name}-{tool.version}" if tool.version else f"Tool: {tool.name}" for tool in bom.tools
    ]
    type_ = SBOM_TYPES.get(bom.lifecycle)
    info: Json = {"created": bom.created, "creators": [one for one in creators if one != NOASSERTION]}
    if type_:
        info["comment"] = f"SBOM Type: {type_}"
    document: Json = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": bom.name,
        "documentNamespace": bom.serial,
        "creationInfo": info,
        "comment": bom.comment,
        "packages": [_package(one, names, bom) for one in bom.components],
        "hasExtractedLicensingInfos": list(_texts(bom)),
        "relationships": list(_relationships(bom, names)),
    }
    return {key: value for key, value in document.items() if value not in ("", [])}


def expression_for(expression: str) -> str:
    """An expression in the grammar of SPDX 2.3, which has no `AdditionRef`: what is added stands beside the license.

    Its tools read a reference to an addition of the LicenseDB as an exception, and refuse it without WITH; it gets a
    name of its own, which our reader takes back.
    """
    if "Ref-" not in expression:
        return expression
    beside = _ADDITION.sub(r"(\1 AND LicenseRef-Addition-\2)", expression)
    return _REFERENCE.sub(lambda match: reference_for(match[0]), beside)


def reference_for(reference: str) -> str:
    """One reference, as `expression_for` names it."""
    if reference.startswith("AdditionRef-"):
        return reference.replace("AdditionRef-", "LicenseRef-Addition-", 1)
    return reference.replace("LicenseRef-", BESIDE, 1) if reference in index().additions else reference


def _purpose(one: BomComponent) -> str:
    """FILE for one file of content, OTHER for several: SPDX 2.3 has no word for data and models."""
    if one.content is not None and len(one.content.files) == 1:
        return "file"
    return one.kind if one.kind in _PURPOSES else "other"


def _annotations(one: BomComponent, bom: Bom) -> Iterator[Json]:
    """The files of content and what is known of a model; elements for files would need SHA-1 digests."""
    if one.content is None:
        return
    tool = f"Tool: {bom.tools[0].name}-{bom.tools[0].version}" if bom.tools else "Tool: licscan"
    yield {
        "annotationDate": bom.created,
        "annotationType": "OTHER",
        "annotator": tool,
        "comment": content_text(one.content),
    }


def _package(one: BomComponent, names: dict[str, str], bom: Bom) -> Json:
    told: Json = {
        "SPDXID": names[one.ref],
        "name": one.name,
        "versionInfo": one.version,
        "packageFileName": one.filename,
        "supplier": party_text(one.supplier),
        "originator": party_text(one.authors[0] if one.authors else one.manufacturer),
        "downloadLocation": one.download_location or NOASSERTION,
        "filesAnalyzed": False,
        "checksums": _checksums(one),
        "homepage": _homepage(one),
        "licenseConcluded": _license(one, LicenseRole.CONCLUDED),
        "licenseDeclared": _license(one, LicenseRole.DECLARED),
        "licenseComments": license_text(one),
        "copyrightText": one.copyright_text or NOASSERTION,
        "description": one.description,
        "comment": unknown_text(one),
        "externalRefs": list(_external(one)),
        "primaryPackagePurpose": _purpose(one).upper(),
        "annotations": list(_annotations(one, bom)),
    }
    return {key: value for key, value in told.items() if value not in ("", []) or key == "name"}


def _homepage(one: BomComponent) -> str:
    """Its web page; without one that of its supplier, for which SPDX 2.3 has no other field."""
    page = next((item.url for item in one.references if item.kind == "website"), "")
    return page or (one.supplier.url if one.supplier else "")


def _license(one: BomComponent, role: LicenseRole) -> str:
    """The expression of a role; a name that is no expression says nothing that SPDX could hold."""
    said = [item.expression for item in one.licenses if item.role is role and item.expression]
    if len(said) > 1:
        said = [" AND ".join(f"({item})" if " " in item else item for item in said)]
    return expression_for(said[0]) if said else NOASSERTION


def _checksums(one: BomComponent) -> list[Json]:
    hashes = one.hashes or tuple(digest for reference in one.references for digest in reference.hashes)
    return [
        {
            "algorithm": digest.algorithm.replace("SHA-", "SHA")
            if digest.algorithm.startswith("SHA-")
            else digest.algorithm,
            "checksumValue": digest.value,
        }
        for digest in hashes
        if digest.algorithm in ALGORITHMS
    ]


def _external(one: BomComponent) -> Iterator[Json]:
    if one.purl:
        yield _locator("PACKAGE-MANAGER", "purl", one.purl)
    for name in one.identifiers:
        if name.kind == "cpe" and " " not in name.value:
            type_ = "cpe23Type" if name.value.startswith("cpe:2.3:") else "cpe22Type"
            yield _locator("SECURITY", type_, name.value)
    for item in one.references:
        if item.kind in _ADDRESSES and item.url != one.download_location:
            yield _locator("OTHER", item.kind, item.url)


_ADDRESSES = ("vcs", "issue-tracker", "source-distribution")
"""References that SPDX 2.3 has no field for; under OTHER any word is a type."""


def _locator(category: str, type_: str, value: str) -> Json:
    return {"referenceCategory": category, "referenceType": type_, "referenceLocator": value}


def _texts(bom: Bom) -> Iterator[Json]:
    for one in bom.license_texts:
        told: Json = {
            "licenseId": reference_for(one.ref),
            "extractedText": one.text or UNKNOWN_TEXT,
            "name": one.name,
            "seeAlsos": list(one.urls),
            "comment": one.comment,
        }
        yield {key: value for key, value in told.items() if value}


def _relationships(bom: Bom, names: dict[str, str]) -> Iterator[Json]:
    if bom.subject in names:
        yield _relationship("SPDXRef-DOCUMENT", "DESCRIBES", names[bom.subject])
    for edge in bom.dependencies:
        if edge.parent in names and edge.child in names:
            yield _edge(edge, names)
    for ref, told in sorted(bom.completeness.items()):
        if ref not in names:
            continue
        if told is not Completeness.COMPLETE:
            yield _relationship(names[ref], "DEPENDS_ON", NOASSERTION)
        elif ref not in bom.children:
            yield _relationship(names[ref], "DEPENDS_ON", NONE)


def _edge(edge: BomDependency, names: dict[str, str]) -> Json:
    """`DEPENDS_ON` for every scope, which readers follow from the root; the scope is a comment."""
    contains = edge.kind is DependencyKind.CONTAINS
    told = _relationship(names[edge.parent], "CONTAINS" if contains else "DEPENDS_ON", names[edge.child])
    if edge.kind not in (DependencyKind.CONTAINS, DependencyKind.DEPENDS_ON):
        told["comment"] = f"scope: {edge.kind.value}"
    return told


def _relationship(start: str, type_: str, end: str) -> Json:
    return {"spdxElementId": start, "relationshipType": type_, "relatedSpdxElement": end}
