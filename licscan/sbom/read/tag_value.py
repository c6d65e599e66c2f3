"""SPDX 2.2 and 2.3 as tag-value: put into the shape of its JSON, which one reader understands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from licscan.base.errors import FormatError
from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.sbom.model import Bom
from licscan.sbom.read import spdx2
from licscan.sbom.read.values import MAX_PROBLEMS, Values

Json = dict[str, Any]

_DOCUMENT = {
    "SPDXVersion": "spdxVersion", "DataLicense": "dataLicense", "DocumentName": "name",
    "DocumentNamespace": "documentNamespace", "DocumentComment": "comment",
}  # fmt: skip
_CREATION = {"Created": "created", "CreatorComment": "comment", "LicenseListVersion": "licenseListVersion"}
_PACKAGE = {
    "PackageVersion": "versionInfo", "PackageFileName": "packageFileName", "PackageSupplier": "supplier",
    "PackageOriginator": "originator", "PackageDownloadLocation": "downloadLocation", "PackageHomePage": "homepage",
    "PackageSourceInfo": "sourceInfo", "PackageLicenseConcluded": "licenseConcluded",
    "PackageLicenseDeclared": "licenseDeclared", "PackageLicenseComments": "licenseComments",
    "PackageCopyrightText": "copyrightText", "PackageSummary": "summary", "PackageDescription": "description",
    "PackageComment": "comment", "PrimaryPackagePurpose": "primaryPackagePurpose",
}  # fmt: skip
_FILE = {
    "LicenseConcluded": "licenseConcluded", "FileCopyrightText": "copyrightText", "FileComment": "comment",
}  # fmt: skip
_SNIPPET = {
    "SnippetFromFileSPDXID": "snippetFromFile", "SnippetLicenseConcluded": "licenseConcluded", "SnippetName": "name",
}  # fmt: skip
_TEXT = {"ExtractedText": "extractedText", "LicenseName": "name", "LicenseComment": "comment"}

_BEGINNINGS = {
    "PackageName": ("packages", "name", _PACKAGE),
    "FileName": ("files", "fileName", _FILE),
    "SnippetSPDXID": ("snippets", "SPDXID", _SNIPPET),
    "LicenseID": ("hasExtractedLicensingInfos", "licenseId", _TEXT),
}
"""Tags with which something begins: its list, the name of the value, the tags that may follow."""


def read(text: str, path: str) -> Bom:
    """The document; FormatError for a text that is none."""
    builder = _Builder()
    for number, tag, value in _pairs(text, path):
        builder.add(number, tag, value)
    if not builder.document.get("spdxVersion"):
        raise FormatError(_("is not an SBOM that licscan knows"), path=path, remedy=_("SPDXVersion is not in it"))
    return spdx2.read(Values(builder.document, "", builder.problems))


def _pairs(text: str, path: str) -> Iterator[tuple[int, str, str]]:
    """Every tag with its line and value; a value in `<text>` goes over several lines."""
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        tag, colon, value = line.partition(":")
        value = value.strip()
        if value.startswith("<text>"):
            value = value.removeprefix("<text>")
            parts = [value]
            while "</text>" not in parts[-1]:
                following = next(lines, None)
                if following is None:
                    place = _("line {line}").format(line=number)
                    raise FormatError(_("has an unclosed <text>"), path=path, place=place)
                parts.append(following[1])
            value = "\n".join(parts).rpartition("</text>")[0]
        yield number, tag.strip() if colon else "", value if colon else line.strip()


class _Builder:
    """Puts tags where the JSON has them; each belongs to the package, file or license that was opened last."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.document: Json = {
            "creationInfo": {"creators": []}, "packages": [], "files": [], "snippets": [], "relationships": [],
            "hasExtractedLicensingInfos": [],
        }  # fmt: skip
        self._at: Json = self.document
        self._names: dict[str, str] = _DOCUMENT
        self._package: Json | None = None

    def add(self, number: int, tag: str, value: str) -> None:
        """One tag; what is none is a problem."""
        if tag in _BEGINNINGS:
            self._begin(tag, value)
        elif tag == "Creator":
            self.document["creationInfo"]["creators"].append(value)
        elif tag in _CREATION:
            self.document["creationInfo"][_CREATION[tag]] = value
        elif tag in _DOCUMENT:
            self.document[_DOCUMENT[tag]] = value
        elif tag == "SPDXID":
            self._at["SPDXID"] = value
            if self._names is _FILE and self._package is not None:  # files follow the package that holds them
                self._package.setdefault("hasFiles", []).append(value)
        elif tag == "Relationship":
            self._relationship(number, value)
        elif tag in self._names:
            self._at[self._names[tag]] = value
        elif self._at is not self.document:
            self._repeated(number, tag, value)
        if not tag:
            self._complain(number, value)

    def _begin(self, tag: str, value: str) -> None:
        key, name, names = _BEGINNINGS[tag]
        self._at, self._names = {name: value}, names
        self.document[key].append(self._at)
        if tag == "PackageName":
            self._package = self._at

    def _repeated(self, number: int, tag: str, value: str) -> None:
        if tag in ("PackageChecksum", "FileChecksum"):
            name, _colon, digest = value.partition(":")
            self._list("checksums", {"algorithm": name.strip(), "checksumValue": digest.strip()})
        elif tag == "ExternalRef":
            words = value.split(None, 2)
            if len(words) != 3:
                return self._complain(number, value)
            keys = ("referenceCategory", "referenceType", "referenceLocator")
            self._list("externalRefs", dict(zip(keys, words, strict=True)))
        elif tag == "PackageVerificationCode":
            self._at["packageVerificationCode"] = {"packageVerificationCodeValue": value.partition("(")[0].strip()}
        elif tag == "PackageLicenseInfoFromFiles":
            self._list("licenseInfoFromFiles", value)
        elif tag == "LicenseInfoInFile":
            self._list("licenseInfoInFiles", value)
        elif tag == "LicenseInfoInSnippet":
            self._list("licenseInfoInSnippets", value)
        elif tag == "LicenseCrossReference":
            self._list("seeAlsos", value)
        return None

    def _list(self, key: str, value: object) -> None:
        self._at.setdefault(key, []).append(value)

    def _relationship(self, number: int, value: str) -> None:
        words = value.split()
        if len(words) != 3:
            return self._complain(number, value)
        keys = ("spdxElementId", "relationshipType", "relatedSpdxElement")
        self.document["relationships"].append(dict(zip(keys, words, strict=True)))
        return None

    def _complain(self, number: int, value: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            place = _("line {line}").format(line=number)
            self.problems.append(f"{place}: {one_line(value, 100)}")
