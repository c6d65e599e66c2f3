"""What SBOMs say of licenses beyond their names: texts, contracts, derivations; and what is no package."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from licscan.compose.audit import Audit
from licscan.licenses.licensedb import license_text
from licscan.model import Conclusion
from tests.sbom.documents import Json, answers, audited, cyclonedx, element, library, package, relation, spdx2, spdx3

AGPL = license_text("agpl-3.0")
MIT = license_text("mit").replace("<year>", "2026").replace("<copyright holders>", "Ada Example")
OURS = "Our own terms. Whoever has a contract with us may use this for three years, and nobody else may. " * 3


def conclusion(found: Audit, name: str = "lib") -> Conclusion:
    (purl,) = [one.purl for one in found.scan.graph.components if one.name == name]
    return found.scan.by_purl[purl]


def of_cyclonedx(name: str, text: str, **more: Any) -> Json:
    content = {"contentType": "text/plain", "content": text, **more}
    return cyclonedx(library(license_={"license": {"name": name, "text": content}}))


def in_base64(text: str) -> Json:
    return of_cyclonedx("Custom license", base64.b64encode(text.encode()).decode(), encoding="base64")


def of_spdx2(expression: str, text: str) -> Json:
    infos = [{"licenseId": "LicenseRef-1", "extractedText": text, "name": "one"}]
    return spdx2(package(declared=expression), hasExtractedLicensingInfos=infos)


def of_spdx3(text: str) -> Json:
    custom = [{"type": "DictionaryEntry", "key": "LicenseRef-1", "value": "urn:t:text"}]
    return spdx3(
        element("software_Package", "lib", software_packageVersion="2"),
        {"type": "simplelicensing_SimpleLicensingText", "spdxId": "urn:t:text", "name": "LicenseRef-1",
         "simplelicensing_licenseText": text},
        {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:t:own", "simplelicensing_customIdToUri": custom,
         "simplelicensing_licenseExpression": "LicenseRef-1"},
        relation("app", "dependsOn", "lib"),
        relation("lib", "hasDeclaredLicense", "own"),
    )  # fmt: skip


TAGS = f"""SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: talk
DocumentNamespace: https://talk.example/1
Creator: Organization: Talk Ltd
Created: 2026-03-04T05:06:07Z
PackageName: app
SPDXID: SPDXRef-app
PackageName: lib
SPDXID: SPDXRef-lib
PackageVersion: 2
PackageLicenseDeclared: LicenseRef-1
LicenseID: LicenseRef-1
ExtractedText: <text>{AGPL}</text>
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app
Relationship: SPDXRef-app DEPENDS_ON SPDXRef-lib
"""


@pytest.mark.parametrize(
    "document",
    [
        of_cyclonedx("Custom license", AGPL),
        of_cyclonedx("LicenseRef-1", AGPL),
        of_cyclonedx("declared license of 'lib'", AGPL),
        in_base64(AGPL),
        of_spdx2("LicenseRef-1", AGPL),
        of_spdx3(AGPL),
        TAGS,
    ],
    ids=["name", "reference", "no name", "base64", "2", "3", "tag-value"],
)
def test_a_text_tells_what_a_name_does_not(document: Json | str, tmp_path: Path) -> None:
    found = audited(document, tmp_path)
    assert conclusion(found).concluded == "AGPL-3.0-only"
    assert ("license-conflict", "lib", "violation") in answers(found)


def test_a_text_tells_a_part_of_an_expression(tmp_path: Path) -> None:
    found = audited(of_spdx2("MIT AND LicenseRef-1", AGPL), tmp_path)
    assert conclusion(found).concluded == "MIT AND AGPL-3.0-only"
    assert found.scan.gate.value == "violation"


def test_a_text_that_nobody_knows_leaves_the_name(tmp_path: Path) -> None:
    found = audited(of_spdx2("LicenseRef-1", OURS), tmp_path)
    assert conclusion(found).concluded == "LicenseRef-1"
    assert found.scan.gate.value == "cannot-tell"


@pytest.mark.parametrize("text", [AGPL, base64.b64encode(AGPL.encode()).decode()], ids=["plain", "base64"])
def test_a_text_that_is_not_that_of_its_name_is_a_conflict(text: str, tmp_path: Path) -> None:
    encoding = {} if text == AGPL else {"encoding": "base64"}
    entry = {"license": {"id": "MIT", "text": {"content": text, **encoding}}}
    found = audited(cyclonedx(library(license_=entry)), tmp_path)
    assert ("license-text-conflict", "lib", "cannot-tell") in answers(found)


def test_a_text_that_is_that_of_its_name_is_none(tmp_path: Path) -> None:
    entry = {"license": {"id": "MIT", "text": {"content": MIT}}}
    assert audited(cyclonedx(library(license_=entry)), tmp_path).scan.gate.value == "ok"


def test_a_text_that_is_no_base64_is_no_text(tmp_path: Path) -> None:
    found = audited(of_cyclonedx("Custom license", "%%%", encoding="base64"), tmp_path)
    assert conclusion(found).concluded == "NOASSERTION"


# --- contracts --------------------------------------------------------------------------------------------------------


def contract(name: str) -> Json:
    licensing = {
        "licensor": {"organization": {"name": "Acme Ltd"}},
        "licensee": {"organization": {"name": "Talk Ltd"}},
        "licenseTypes": ["appliance"],
        "expiration": "2027-01-31T00:00:00Z",
    }
    return {"license": {"name": name, "licensing": licensing}}


def test_a_license_that_was_bought_is_proprietary_and_tells_the_contract(tmp_path: Path) -> None:
    found = audited(cyclonedx(library(license_=contract("Acme Appliance"))), tmp_path)
    told = conclusion(found)
    assert told.concluded == "LicenseRef-scancode-proprietary-license"
    (evidence,) = [one for one in told.evidence if one.method == "contract"]
    for part in ("licensor: Acme Ltd", "licensee: Talk Ltd", "appliance", "2027-01-31"):
        assert part in (evidence.note or "")
    assert found.scan.gate.value != "ok"


def test_a_contract_beside_a_known_name_changes_nothing(tmp_path: Path) -> None:
    assert conclusion(audited(cyclonedx(library(license_=contract("MIT"))), tmp_path)).concluded == "MIT"


# --- derivations ------------------------------------------------------------------------------------------------------


def derived(ancestor: str | None, own: str = "MIT", deeper: bool = False) -> Json:
    upstream: Json = {"type": "library", "name": "upstream", "version": "1"}
    upstream |= {"licenses": [{"license": {"id": ancestor}}]} if ancestor else {}
    if deeper:
        upstream = {"type": "library", "name": "between", "pedigree": {"ancestors": [upstream]}}
    return cyclonedx(library(license_=own, pedigree={"ancestors": [upstream], "patches": [{"type": "unofficial"}]}))


@pytest.mark.parametrize("deeper", [False, True])
def test_the_license_of_an_ancestor_is_that_of_a_part(deeper: bool, tmp_path: Path) -> None:
    found = audited(derived("GPL-3.0-only", deeper=deeper), tmp_path)
    assert ("license-review", "lib", "cannot-tell") in answers(found)
    assert any("upstream 1" in one.location.path for one in conclusion(found).evidence)
    (lib,) = [one for one in found.scan.graph.components if one.name == "lib"]
    assert lib.patches == ("sbom:modified",)


def test_an_ancestor_under_the_same_license_is_no_question(tmp_path: Path) -> None:
    assert "license-review" not in {code for code, _name, _verdict in answers(audited(derived("MIT"), tmp_path))}


def test_an_ancestor_without_a_license_is_told(tmp_path: Path) -> None:
    found = audited(derived(None), tmp_path)
    assert any("derived from states no license" in said for said in found.scan.project.assumptions)


XML = """<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><components>
<component type="library" bom-ref="lib">
<name>lib</name><version>2</version><licenses><license><id>MIT</id></license></licenses>
<pedigree><ancestors><component type="library"><name>upstream</name><version>1</version>
<licenses><license><id>GPL-3.0-only</id></license></licenses></component></ancestors></pedigree></component>
<component type="library" bom-ref="paid"><name>paid</name><version>1</version><licenses><license>
<name>Acme Appliance</name>
<licensing><licensor><organization><name>Acme Ltd</name></organization></licensor>
<licenseTypes><licenseType>appliance</licenseType></licenseTypes></licensing></license></licenses></component>
</components></bom>"""


def test_xml_says_the_same_of_derivations_and_contracts(tmp_path: Path) -> None:
    found = audited(XML, tmp_path)
    assert ("license-review", "lib", "cannot-tell") in answers(found)
    assert conclusion(found, "paid").concluded == "LicenseRef-scancode-proprietary-license"


# --- what is no package -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", ["cryptographic-asset", "device"])
def test_what_is_no_software_is_judged_only_where_it_says_a_license(type_: str, tmp_path: Path) -> None:
    thing: Json = {"type": type_, "bom-ref": "thing", "name": "thing"}
    found = audited(cyclonedx(library(), thing), tmp_path)
    assert [one.name for one in found.bom.components] == ["talk", "lib"]
    assert (found.scan.gate.value, found.bom.problems) == ("ok", ())
    assert any("not software" in said for said in found.scan.project.assumptions)
    licensed = audited(cyclonedx(thing | {"licenses": [{"license": {"id": "AGPL-3.0-only"}}]}), tmp_path)
    assert ("license-conflict", "thing", "violation") in answers(licensed)


def test_a_component_of_a_supplier_without_a_version_is_a_question_to_the_supplier(tmp_path: Path) -> None:
    thing: Json = {"type": "library", "bom-ref": "thing", "name": "thing"}
    found = audited(cyclonedx(thing), tmp_path)
    (told,) = [one for one in found.scan.findings if one.code == "dependency-unresolved"]
    assert len(told.remedies) == 1
    assert "supplier" in told.remedies[0]


# --- statements that are known in part --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("HPND AND acme-own AND AGPL-3.0-only", "violation"),
        ("acme-own AND (GPL-3.0-only AND MIT)", "violation"),
        ("MIT AND acme-own", "cannot-tell"),
        ("AGPL-3.0-only OR acme-own", "cannot-tell"),
        ("(AGPL-3.0-only OR acme-own) AND MIT", "cannot-tell"),
    ],
)
def test_of_what_is_joined_by_and_the_known_parts_count(expression: str, answer: str, tmp_path: Path) -> None:
    found = audited(cyclonedx(library(license_={"expression": expression})), tmp_path)
    assert found.scan.gate.value == answer
