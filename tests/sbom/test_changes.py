"""The last delivery is of the same product and supplier; vulnerabilities and names that an SBOM has twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from licscan.sbom.changes import is_same_product
from licscan.sbom.profiles import missing
from licscan.sbom.read import read_text
from tests.sbom.documents import Json, audited, cyclonedx, element, library, package, spdx2, spdx3


def product(*names: str, supplier: str = "", purl: str = "", version: str = "1", **more: Any) -> Json:
    document = cyclonedx(*(library(name) for name in names))
    one = document["metadata"]["component"] | {"version": version} | more
    one |= {"supplier": {"name": supplier}} if supplier else {}
    one |= {"purl": purl} if purl else {}
    return document | {"metadata": document["metadata"] | {"component": one}}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({}, {}, True),
        ({"supplier": "Acme Ltd"}, {"supplier": "ACME Limited"}, True),
        ({"supplier": "Acme Ltd"}, {"supplier": "Other Ltd"}, False),
        ({"supplier": "Acme Ltd"}, {}, False),
        ({}, {"supplier": "Other Ltd", "purl": "pkg:generic/other/talk@9"}, False),
        ({"purl": "pkg:npm/talk@1"}, {"purl": "pkg:npm/talk@2?arch=x"}, True),
        ({"purl": "pkg:npm/talk@1"}, {"purl": "pkg:npm/%40other/talk@2"}, False),
        ({"purl": "pkg:npm/talk@1"}, {"purl": "pkg:npm/talk@2", "supplier": "Acme Ltd"}, True),
        ({"purl": "pkg:npm/talk@1", "supplier": "Acme"}, {"purl": "pkg:npm/talk@2", "supplier": "Other"}, False),
        ({"supplier": "Acme Ltd"}, {"supplier": "Acme Ltd", "purl": "pkg:npm/talk@2"}, True),
    ],
)
def test_the_last_delivery_is_of_the_same_product_and_supplier(
    first: dict[str, str], second: dict[str, str], same: bool, tmp_path: Path
) -> None:
    database = tmp_path / "audits.db"
    audited(product("old", **first), tmp_path, "1.json", database)
    found = audited(product("new", version="2", **second), tmp_path, "2.json", database)
    assert (found.changes is not None) is same
    if found.changes is not None:
        assert [one.name for one in found.changes.added] == ["new"]


def test_an_audit_of_another_in_between_is_passed_over(tmp_path: Path) -> None:
    database = tmp_path / "audits.db"
    audited(product("old", supplier="Acme Ltd"), tmp_path, "1.json", database)
    audited(product("other", supplier="Other Ltd"), tmp_path, "2.json", database)
    found = audited(product("old", "new", supplier="Acme Ltd", version="2"), tmp_path, "3.json", database)
    assert found.changes is not None
    assert ([one.name for one in found.changes.added], found.changes.removed) == (["new"], ())


def test_the_answer_is_the_same_from_both_sides() -> None:
    cases = [("pkg:npm/a@1", "A Ltd"), ("pkg:npm/a@2", ""), ("pkg:generic/a@1", "A"), ("pkg:generic/a", ""), ("", "B")]
    for one in cases:
        assert is_same_product(*one, *one)
        for other in cases:
            assert is_same_product(*one, *other) == is_same_product(*other, *one)


# --- vulnerabilities --------------------------------------------------------------------------------------------------

VEX = {
    "type": "security_VexAffectedVulnAssessmentRelationship", "spdxId": "urn:t:vex", "from": "urn:other:weakness",
    "to": ["urn:t:app"], "relationshipType": "affects",
}  # fmt: skip
ADVISORY = {"referenceCategory": "SECURITY", "referenceType": "advisory", "referenceLocator": "https://a.example/1"}
REFERENCE = {"type": "exploitability-statement", "url": "https://a.example/vex"}
LEADS = {"type": "ExternalRef", "externalRefType": "securityAdvisory", "locator": ["https://a.example/1"]}


@pytest.mark.parametrize(
    ("document", "inside", "referred"),
    [
        (cyclonedx(library(), vulnerabilities=[{"id": "X-1"}]), True, False),
        (cyclonedx(library(externalReferences=[REFERENCE])), False, True),
        (spdx2(package(externalRefs=[ADVISORY])), False, True),
        (spdx3(VEX), True, False),
        (spdx3(element("software_Package", "lib", externalRef=[LEADS])), False, True),
        (cyclonedx(library()), False, False),
        (spdx2(package()), False, False),
        (spdx3(), False, False),
    ],
)
def test_vulnerabilities_are_seen_in_every_format(document: Json, inside: bool, referred: bool) -> None:
    gaps = {gap.field: gap.required for gap in missing(read_text(json.dumps(document), "x"), "bsi")}
    assert ("no-vulnerabilities" in gaps) is inside
    assert ("no-vulnerability-references" in gaps) is referred
    assert not gaps.get("no-vulnerability-references", False)


# --- names ------------------------------------------------------------------------------------------------------------


def named(*purls: str, type_: str = "purl") -> Json:
    keys = ("referenceCategory", "referenceType", "referenceLocator")
    return spdx2(package(externalRefs=[dict(zip(keys, ("PACKAGE-MANAGER", type_, one), strict=True)) for one in purls]))


@pytest.mark.parametrize(
    "type_", ["purl", "http://spdx.org/rdf/references/purl", "https://spdx.org/rdf/references/purl/"]
)
def test_a_package_url_is_known_under_each_name_of_its_type(type_: str) -> None:
    bom = read_text(json.dumps(named("pkg:npm/lib@2", type_=type_)), "x")
    assert bom.by_ref["SPDXRef-lib"].purl == "pkg:npm/lib@2"


def test_of_two_package_urls_the_first_counts_and_the_other_is_told() -> None:
    bom = read_text(json.dumps(named("pkg:npm/lib@2", "pkg:pypi/lib@2")), "x")
    lib = bom.by_ref["SPDXRef-lib"]
    assert (lib.purl, [one.value for one in lib.identifiers]) == ("pkg:npm/lib@2", ["pkg:pypi/lib@2"])
    assert bom.problems == ("packages[1]: has 2 PackageURLs; the first one counts",)
    twice = named("pkg:oci/lib@sha256%3Aab?tag=1", "pkg:oci/lib@sha256%3Aab?tag=2")
    assert read_text(json.dumps(twice), "x").problems == ()
