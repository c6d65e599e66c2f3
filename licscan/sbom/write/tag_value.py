"""SPDX 2.3 as tag-value, from the values of its JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_PACKAGE = (
    ("name", "PackageName"), ("SPDXID", "SPDXID"), ("versionInfo", "PackageVersion"),
    ("packageFileName", "PackageFileName"), ("supplier", "PackageSupplier"), ("originator", "PackageOriginator"),
    ("downloadLocation", "PackageDownloadLocation"), ("filesAnalyzed", "FilesAnalyzed"),
    ("checksums", "PackageChecksum"), ("homepage", "PackageHomePage"), ("licenseConcluded", "PackageLicenseConcluded"),
    ("licenseDeclared", "PackageLicenseDeclared"), ("licenseComments", "PackageLicenseComments"),
    ("copyrightText", "PackageCopyrightText"), ("description", "PackageDescription"), ("comment", "PackageComment"),
    ("externalRefs", "ExternalRef"), ("primaryPackagePurpose", "PrimaryPackagePurpose"),
)  # fmt: skip
_LONG = frozenset(
    {"PackageLicenseComments", "PackageCopyrightText", "PackageDescription", "PackageComment", "ExtractedText",
     "LicenseComment", "DocumentComment", "CreatorComment", "RelationshipComment", "AnnotationComment"}
)  # fmt: skip
"""Tags whose value may have several lines, between `<text>` and `</text>`."""


def to_text(document: Json) -> str:
    """The document, a tag a line, an empty line before each package, license and the relationships."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Json) -> Iterator[str]:
    yield _tag("SPDXVersion", document["spdxVersion"])
    yield _tag("DataLicense", document["dataLicense"])
    yield _tag("SPDXID", document["SPDXID"])
    yield _tag("DocumentName", document["name"])
    yield _tag("DocumentNamespace", document["documentNamespace"])
    if document.get("comment"):
        yield _tag("DocumentComment", document["comment"])
    info = document["creationInfo"]
    yield from (_tag("Creator", one) for one in info["creators"])
    yield _tag("Created", info["created"])
    if info.get("comment"):
        yield _tag("CreatorComment", info["comment"])
    for package in document.get("packages", []):
        yield ""
        yield from _package(package)
    for text in document.get("hasExtractedLicensingInfos", []):
        yield ""
        yield from _license(text)
    yield ""
    for one in document.get("relationships", []):
        said = f"{one['spdxElementId']} {one['relationshipType']} {one['relatedSpdxElement']}"
        yield _tag("Relationship", said)
        if one.get("comment"):
            yield _tag("RelationshipComment", one["comment"])
    for package in document.get("packages", []):
        for one in package.get("annotations", []):
            yield ""
            yield _tag("Annotator", one["annotator"])
            yield _tag("AnnotationDate", one["annotationDate"])
            yield _tag("AnnotationType", one["annotationType"])
            yield _tag("SPDXREF", package["SPDXID"])
            yield _tag("AnnotationComment", one["comment"])


def _package(package: Json) -> Iterator[str]:
    for key, tag in _PACKAGE:
        value = package.get(key)
        if value is None:
            continue
        if key == "checksums":
            yield from (_tag(tag, f"{one['algorithm']}: {one['checksumValue']}") for one in value)
        elif key == "externalRefs":
            for one in value:
                said = f"{one['referenceCategory']} {one['referenceType']} {one['referenceLocator']}"
                yield _tag(tag, said)
        else:
            yield _tag(tag, str(value).lower() if isinstance(value, bool) else value)


def _license(text: Json) -> Iterator[str]:
    yield _tag("LicenseID", text["licenseId"])
    yield _tag("ExtractedText", text["extractedText"])
    if text.get("name"):
        yield _tag("LicenseName", text["name"])
    if text.get("comment"):
        yield _tag("LicenseComment", text["comment"])


def _tag(tag: str, value: str) -> str:
    if tag in _LONG and value not in ("NOASSERTION", "NONE"):
        return f"{tag}: <text>{value.replace('</text>', '< /text>')}</text>"
    return f"{tag}: {' '.join(value.split())}"
