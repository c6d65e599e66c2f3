"""What is read: nothing lost, whoever wrote it; bad entries are lines, unusable files are one error."""

from __future__ import annotations

import json
from typing import Any

import pytest

from licscan.base.errors import FormatError
from licscan.sbom.model import Bom, Completeness, DependencyKind, LicenseRole
from licscan.sbom.read import read_document, read_text

TAGS = """SPDXVersion: SPDX-2.3
SPDXID: SPDXRef-DOCUMENT
DataLicense: CC0-1.0
DocumentName: chat
DocumentNamespace: https://example.com/chat
Creator: Tool: maker-1.0
Creator: Organization: Example (sbom@example.com)
Created: 2026-01-02T03:04:05Z
CreatorComment: <text>SBOM Type: Build
over two lines</text>
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app
# a comment
PackageName: app
SPDXID: SPDXRef-app
PackageVersion: 1.0
PackageLicenseDeclared: NOASSERTION

PackageName: left
SPDXID: SPDXRef-left
PackageVersion: 2.0
PackageChecksum: SHA256: 0000000000000000000000000000000000000000000000000000000000000000
ExternalRef: PACKAGE-MANAGER purl pkg:npm/left@2.0
PackageLicenseDeclared: MIT OR LicenseRef-own
PackageLicenseConcluded: MIT
Relationship: SPDXRef-app DEPENDS_ON SPDXRef-left
Relationship: SPDXRef-left DEV_DEPENDENCY_OF SPDXRef-app

LicenseID: LicenseRef-own
ExtractedText: <text>Do as you like,
and say so.</text>
"""

XML = """<?xml version="1.0" encoding="UTF-16"?>
<bom xmlns="http://cyclonedx.org/schema/bom/{version}" xmlns:other="https://example.com/other" version="3">
 <metadata><timestamp>2026-01-02T03:04:05Z</timestamp>
  <tools><tool><vendor>Example</vendor><name>maker</name><version>1.0</version></tool></tools>
  <authors><author><name>Ann</name><email>ann@example.com</email></author></authors>
  <component type="application" bom-ref="app"><name>app</name><version>1</version></component>
 </metadata>
 <components>
  <component type="library" bom-ref="left"><author>Bob</author><group>@s</group><name>left</name><version>2</version>
   <hashes><hash alg="SHA-1">0000000000000000000000000000000000000000</hash></hashes>
   <licenses><license acknowledgement="declared"><id>MIT</id><text encoding="base64">TUlU</text></license></licenses>
   <purl>pkg:npm/%40s/left@2</purl><other:thing><other:inner/></other:thing>
   <components><component type="library"><name>inner</name><version>3</version>
     <licenses><expression>MIT OR Apache-2.0</expression></licenses></component></components>
   <properties><property name="a">b</property></properties>
  </component>
 </components>
 <dependencies><dependency ref="app"><dependency ref="left"/></dependency></dependencies>
 <compositions><composition><aggregate>incomplete</aggregate><dependencies><dependency ref="app"/></dependencies>
 </composition></compositions>
</bom>"""


def cyclonedx(**more: Any) -> dict[str, Any]:
    """A small CycloneDX document."""
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"component": {"type": "application", "name": "app", "bom-ref": "app"}},
        "components": [
            {"type": "library", "name": "left", "version": "1", "bom-ref": "left", "purl": "pkg:npm/left@1"},
        ],
        "dependencies": [{"ref": "app", "dependsOn": ["left"]}],
    } | more  # fmt: skip


def read(document: object) -> Bom:
    return read_text(json.dumps(document), "a file")


def test_tag_value_is_read_whole() -> None:
    bom = read_text(TAGS, "a.txt")
    assert (bom.format, bom.spec_version, bom.subject, bom.lifecycle) == ("spdx", "SPDX-2.3", "SPDXRef-app", "build")
    assert bom.authors[0].email == "sbom@example.com"
    left = bom.by_ref["SPDXRef-left"]
    assert (left.version, left.purl, left.hashes[0].algorithm) == ("2.0", "pkg:npm/left@2.0", "SHA-256")
    assert left.license_of(LicenseRole.DECLARED) == "MIT OR LicenseRef-own"
    assert {edge.kind for edge in bom.dependencies} == {DependencyKind.DEPENDS_ON, DependencyKind.DEV}
    assert bom.license_texts[0].text == "Do as you like,\nand say so."
    assert bom.problems == ()


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"])
def test_xml_is_read_in_every_version(version: str) -> None:
    bom = read_text(XML.format(version=version), "a")
    assert (bom.spec_version, bom.version, bom.subject) == (version, "3", "app")
    assert [one.name for one in bom.components] == ["app", "@s/left", "inner"]
    left = bom.by_ref["left"]
    assert (left.authors[0].name, left.hashes[0].algorithm, left.properties[0].value) == ("Bob", "SHA-1", "b")
    assert left.license_of(LicenseRole.DECLARED) == "MIT"
    assert bom.components[2].license_of(LicenseRole.UNSTATED) == "MIT OR Apache-2.0"
    assert {(edge.parent, edge.kind) for edge in bom.dependencies} == {
        ("app", DependencyKind.DEPENDS_ON),
        ("left", DependencyKind.CONTAINS),
    }
    assert bom.completeness == {"app": Completeness.INCOMPLETE}
    assert (bom.tools[0].name, bom.authors[0].email, bom.problems) == ("maker", "ann@example.com", ())


def test_yaml_is_the_same_as_json() -> None:
    document = {
        "spdxVersion": "SPDX-2.2", "SPDXID": "SPDXRef-DOCUMENT", "name": "chat",
        "packages": [{"SPDXID": "SPDXRef-a", "name": "a", "versionInfo": "1"}, {"SPDXID": "SPDXRef-b", "name": "b"}],
        "relationships": [
            {"spdxElementId": "SPDXRef-b", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-a"},
            {"spdxElementId": "SPDXRef-a", "relationshipType": "ANCESTOR_OF", "relatedSpdxElement": "SPDXRef-b"},
        ],
    }  # fmt: skip
    yaml = """spdxVersion: SPDX-2.2
SPDXID: SPDXRef-DOCUMENT
name: chat
packages:
  - {SPDXID: SPDXRef-a, name: a, versionInfo: "1"}
  - {SPDXID: SPDXRef-b, name: b}
relationships:
  - {spdxElementId: SPDXRef-b, relationshipType: DEPENDENCY_OF, relatedSpdxElement: SPDXRef-a}
  - {spdxElementId: SPDXRef-a, relationshipType: ANCESTOR_OF, relatedSpdxElement: SPDXRef-b}
"""
    assert read_text(yaml, "a file") == read(document)
    assert [(edge.parent, edge.child, edge.kind.value, edge.name) for edge in read(document).dependencies] == [
        ("SPDXRef-a", "SPDXRef-b", "depends-on", ""),
        ("SPDXRef-a", "SPDXRef-b", "other", "ANCESTOR_OF"),
    ]


def test_spdx_3_builds_licenses_of_elements_and_takes_elements_inside_others() -> None:
    space = "expandedlicensing_"
    graph = [
        {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2026-01-02T03:04:05Z"},
        {"type": "SpdxDocument", "spdxId": "d", "name": "chat", "creationInfo": "_:c", "rootElement": ["a"]},
        {"type": "software_Package", "spdxId": "a", "name": "a"},
        {"@type": "https://spdx.org/rdf/3.0.1/terms/Software/Package", "@id": "b", "name": "b"},
        {"type": "Relationship", "spdxId": "r", "from": {"spdxId": "a"}, "relationshipType": "dependsOn",
         "to": ["b", {"type": "software_Package", "spdxId": "c", "name": "c"}], "completeness": "complete"},
        {"type": "Relationship", "from": "b", "relationshipType": "hasDeclaredLicense", "to": ["set"]},
        {"type": "Relationship", "from": "c", "relationshipType": "hasConcludedLicense", "to": ["circle"]},
        {"type": space + "DisjunctiveLicenseSet", "spdxId": "set",
         space + "member": ["https://spdx.org/licenses/MIT", "with"]},
        {"type": space + "WithAdditionOperator", "spdxId": "with",
         space + "subjectExtendableLicense": "later", space + "subjectAddition": "extra"},
        {"type": space + "OrLaterOperator", "spdxId": "later",
         space + "subjectLicense": "https://spdx.org/licenses/GPL-2.0-only"},
        {"type": space + "CustomLicenseAddition", "spdxId": "extra", "name": "AdditionRef-more"},
        {"type": space + "ConjunctiveLicenseSet", "spdxId": "circle", space + "member": ["circle", "set"]},
    ]  # fmt: skip
    bom = read({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph})
    assert {one.name for one in bom.components} == {"a", "b", "c"}
    assert (bom.subject, bom.created, bom.completeness) == ("a", "2026-01-02T03:04:05Z", {"a": Completeness.COMPLETE})
    assert {(edge.parent, edge.child) for edge in bom.dependencies} == {("a", "b"), ("a", "c")}
    said = bom.by_ref["b"].license_of(LicenseRole.DECLARED)
    assert said == "MIT OR (GPL-2.0-or-later WITH AdditionRef-more)"
    assert bom.by_ref["c"].license_of(LicenseRole.CONCLUDED) == "NOASSERTION"


def test_bad_entries_are_lines_and_the_rest_stands() -> None:
    entry = {"type": "library", "name": "left", "version": "1", "bom-ref": "left", "purl": "pkg:npm/left@1"}
    bom = read(
        cyclonedx(
            components=[
                entry,
                entry,
                entry | {"version": "2"},
                5,
                {"type": "library", "name": ["x"], "bom-ref": "odd"},
            ],
            dependencies=[{"ref": "app", "dependsOn": ["left", "nowhere", "odd"]}, "x"],
        )
    )
    assert [one.ref for one in bom.components] == ["app", "left", "left#2", "odd"]
    assert {(edge.parent, edge.child) for edge in bom.dependencies} == {("app", "left"), ("app", "odd")}
    said = "\n".join(bom.problems)
    assert said.count("left: occurs twice") == 2
    assert "components[3]: int" in said
    assert "components[4].name: list" in said
    assert "nowhere: a dependency leads to no component" in said


def test_what_is_bad_again_and_again_is_counted() -> None:
    bom = read(cyclonedx(dependencies=[{"ref": "app", "dependsOn": [f"gone-{n}" for n in range(5_000)]}]))
    assert len(bom.problems) == 51
    assert bom.problems[-1].startswith("4,950 more")


def test_edges_may_name_packageurls_where_there_are_no_refs() -> None:
    plain = {"type": "library", "name": "left", "version": "1", "purl": "pkg:npm/left@1"}
    bom = read(cyclonedx(components=[plain], dependencies=[{"ref": "app", "dependsOn": ["pkg:npm/left@1"]}]))
    assert [(edge.parent, edge.child) for edge in bom.dependencies] == [("app", "pkg:npm/left@1")]


BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + XML.format(version="1.4").partition("?>")[2]
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"{}",
        b"[]",
        b"null",
        b"hello: world",
        b'{"bomFormat": "CycloneDX"',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"@graph": 5}',
        b'{"@graph": [{"type": "Person", "spdxId": "a"}]}',
        b"<html/>",
        b"<bom>",
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
        BOMB.encode(),
        b'<!DOCTYPE bom SYSTEM "file:///etc/passwd"><bom/>',
        b'<bom xmlns="http://cyclonedx.org/schema/bom/1.4">' + b"<components>" * 10_000,
        b"SPDXVersion: SPDX-2.3\nPackageComment: <text>never ends",
        "SPDXVersion: SPDX-2.3".encode("utf-16")[:9],
        b'{"bomFormat": "CycloneDX", "version": ' + b"9" * 10_000 + b"}",
    ],
)
def test_an_unusable_file_is_one_error(data: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        read_document(data, "a file")
    assert "a file" in str(caught.value)
    assert len(str(caught.value)) < 300


def test_deep_nesting_inside_a_document_needs_no_stack() -> None:
    """Components within components, as deep as the parser of JSON goes."""
    inner: dict[str, Any] = {"type": "library", "name": "x0"}
    for number in range(1, 150):
        inner = {"type": "library", "name": f"x{number}", "components": [inner]}
    assert len(read(cyclonedx(components=[inner])).components) == 151
