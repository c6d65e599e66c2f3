"""Licenses of files and snippets count for the packages that hold them, in every format that has files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from licscan.sbom.model import LicenseRole
from licscan.sbom.read import read_text
from tests.growth import assert_linear
from tests.sbom.documents import (
    Json,
    answers,
    audited,
    element,
    licensed,
    package,
    relation,
    spdx2,
    spdx3,
)

HEAD = """SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: talk
DocumentNamespace: https://talk.example/1
Creator: Organization: Talk Ltd
Created: 2026-03-04T05:06:07Z
"""
PACKAGES = """
PackageName: app
SPDXID: SPDXRef-app
PackageLicenseDeclared: MIT

PackageName: lib
SPDXID: SPDXRef-lib
PackageVersion: 2
PackageLicenseDeclared: MIT
"""
EDGES = """
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app
Relationship: SPDXRef-app DEPENDS_ON SPDXRef-lib
"""


def a_file(concluded: str = "NOASSERTION", *found: str, name: str = "f") -> Json:
    told = {"SPDXID": f"SPDXRef-{name}", "fileName": f"./src/{name}.c", "licenseConcluded": concluded}
    return told | {"licenseInfoInFiles": list(found)}


def a_snippet(concluded: str) -> Json:
    return {"SPDXID": "SPDXRef-s", "snippetFromFile": "SPDXRef-f", "licenseConcluded": concluded, "name": "part"}


MIT_LIB, AGPL_FILE = package(), a_file("AGPL-3.0-only")
HELD = ("SPDXRef-lib", "CONTAINS", "SPDXRef-f")
OF_THREE = (
    element("software_Package", "lib", software_packageVersion="2"),
    element("software_File", "f"),
    licensed("MIT"),
    licensed("AGPL-3.0-only"),
    relation("app", "dependsOn", "lib"),
    relation("lib", "hasDeclaredLicense", "MIT"),
)
SAID = {
    "contains": spdx2(MIT_LIB, files=[AGPL_FILE], edges=(HELD,)),
    "contained": spdx2(MIT_LIB, files=[AGPL_FILE], edges=(("SPDXRef-f", "CONTAINED_BY", "SPDXRef-lib"),)),
    "has files": spdx2(package(hasFiles=["SPDXRef-f"]), files=[AGPL_FILE]),
    "found in files": spdx2(MIT_LIB, files=[a_file("NOASSERTION", "AGPL-3.0-only")], edges=(HELD,)),
    "a folder between": spdx2(
        MIT_LIB,
        files=[a_file(name="folder"), AGPL_FILE],
        edges=(("SPDXRef-lib", "CONTAINS", "SPDXRef-folder"), ("SPDXRef-folder", "CONTAINS", "SPDXRef-f")),
    ),
    "snippet": spdx2(MIT_LIB, files=[a_file("MIT")], snippets=[a_snippet("AGPL-3.0-only")], edges=(HELD,)),
    "tag-value": f"{HEAD}{PACKAGES}\nFileName: ./src/f.c\nSPDXID: SPDXRef-f\nLicenseConcluded: AGPL-3.0-only\n{EDGES}",
    "tag-value, in files": f"{HEAD}{PACKAGES}\nFileName: ./src/f.c\nSPDXID: SPDXRef-f\nLicenseConcluded: NOASSERTION\n"
    f"LicenseInfoInFile: AGPL-3.0-only\n{EDGES}",
    "tag-value, snippet": f"{HEAD}{PACKAGES}\nFileName: ./src/f.c\nSPDXID: SPDXRef-f\nLicenseConcluded: MIT\n\n"
    f"SnippetSPDXID: SPDXRef-s\nSnippetFromFileSPDXID: SPDXRef-f\nSnippetLicenseConcluded: AGPL-3.0-only\n{EDGES}",
    "3, concluded": spdx3(
        *OF_THREE, relation("lib", "contains", "f"), relation("f", "hasConcludedLicense", "AGPL-3.0-only")
    ),
    "3, declared": spdx3(
        *OF_THREE, relation("lib", "contains", "f"), relation("f", "hasDeclaredLicense", "AGPL-3.0-only")
    ),
    "3, shipped file": spdx3(
        *OF_THREE,
        relation("lib", "hasDistributionArtifact", "f"),
        relation("f", "hasConcludedLicense", "AGPL-3.0-only"),
    ),
    "3, snippet": spdx3(
        *OF_THREE,
        relation("lib", "contains", "f"),
        element("software_Snippet", "s", software_snippetFromFile="urn:t:f"),
        relation("s", "hasConcludedLicense", "AGPL-3.0-only"),
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_a_license_of_a_file_reaches_its_package(name: str, tmp_path: Path) -> None:
    found = audited(SAID[name], tmp_path)
    (lib,) = [one for one in found.bom.components if one.name == "lib"]
    assert [one.expression for one in lib.licenses if one.role is LicenseRole.FOUND][-1] == "AGPL-3.0-only"
    assert ("license-review", "lib", "cannot-tell") in answers(found)
    assert found.scan.gate.value == "cannot-tell"
    (evidence,) = [one for one in found.scan.conclusions for one in one.evidence if one.expression == "AGPL-3.0-only"]
    assert evidence.location.path.endswith(("f.c", ": f", "f)", ": s"))


def test_many_files_under_one_license_are_one_statement() -> None:
    files = [a_file("GPL-2.0-only", name=f"f{number}") for number in range(300)]
    document = spdx2(package(hasFiles=[one["SPDXID"] for one in files]), files=files)
    lib = read_text(json.dumps(document), "x").by_ref["SPDXRef-lib"]
    assert [(one.expression, one.comment) for one in lib.licenses if one.role is LicenseRole.FOUND] == [
        ("GPL-2.0-only", "./src/f0.c (+299)")
    ]


def test_a_conclusion_on_a_file_goes_before_what_stands_in_it(tmp_path: Path) -> None:
    dual = a_file("MIT OR GPL-2.0-only", "MIT", "GPL-2.0-only")
    found = audited(spdx2(package(declared="MIT OR GPL-2.0-only"), files=[dual], edges=(HELD,)), tmp_path)
    assert found.scan.gate.value == "ok"


@pytest.mark.parametrize(
    "document",
    [
        spdx2(MIT_LIB, files=[AGPL_FILE, a_file(name="silent")]),
        spdx3(*OF_THREE, relation("f", "hasConcludedLicense", "AGPL-3.0-only"), element("software_File", "silent")),
    ],
    ids=["2", "3"],
)
def test_a_file_in_no_package_is_judged_by_itself_where_it_says_its_license(document: Json, tmp_path: Path) -> None:
    found = audited(document, tmp_path)
    files = [one for one in found.bom.components if one.kind == "file"]
    assert len(files) == 1
    assert ("license-conflict", files[0].name, "violation") in answers(found)


@pytest.mark.parametrize(
    "before",
    ["# Made by a tool\n\n", "DataLicense: CC0-1.0\n", "#" * 30_000 + "\n", "\ufeff# x\n", "  \n# a\n# b\n"],
)
def test_tag_value_is_known_wherever_its_version_stands(before: str) -> None:
    bom = read_text(f"{before}{HEAD}{PACKAGES}{EDGES}", "talk.spdx")
    assert (bom.spec_version, [one.name for one in bom.components]) == ("SPDX-2.3", ["app", "lib"])


def test_yaml_that_speaks_of_tag_value_stays_yaml() -> None:
    text = "comment: |\n  converted from\n  SPDXVersion: SPDX-2.2\nspdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\n"
    assert read_text(text + "name: talk\npackages: []\n", "talk.yaml").name == "talk"


def test_files_that_hold_each_other_are_read_in_a_time_that_grows_with_their_number() -> None:
    def work(size: int) -> Callable[[], object]:
        files = [a_file("MIT", name=f"f{number}") for number in range(size)]
        edges = tuple((f"SPDXRef-f{n}", "CONTAINS", f"SPDXRef-f{(n + 1) % size}") for n in range(size))
        text = json.dumps(spdx2(MIT_LIB, files=files, edges=edges))
        return lambda: read_text(text, "x")

    assert_linear(work, 2_000)
