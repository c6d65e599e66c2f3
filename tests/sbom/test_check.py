"""`sbom check` takes for there what is there and sound: malformed values, schemas, wrappings."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from licscan.base.errors import FormatError
from licscan.cli import run
from licscan.sbom import sound
from licscan.sbom.fields import COMPONENT, DOCUMENT
from licscan.sbom.model import Bom
from licscan.sbom.profiles import missing
from licscan.sbom.read import opened, read_document, read_opened
from licscan.sbom.read.wrapping import MAX_LAYERS
from licscan.sbom.schema import Validity, validity
from tests.sbom.documents import Json, audited, cyclonedx, library, package, spdx2, spdx3

SHA512, SHA256 = "ab" * 64, "cd" * 32
FLAGS = {"executable": "non-executable", "archive": "archive", "structured": "structured"}


def whole() -> Json:
    """A document that lacks nothing that BSI and CISA ask for."""
    hashes = [{"alg": "SHA-512", "content": SHA512}]
    flags = [{"name": f"bsi:component:{name}", "value": value} for name, value in FLAGS.items()]
    party = {"name": "Lib Ltd", "url": ["https://lib.example"]}
    one = {
        "type": "library", "bom-ref": "lib", "name": "lib", "version": "2", "purl": "pkg:npm/lib@2", "supplier": party,
        "copyright": "Copyright 2026 Lib Ltd",
        "licenses": [
            {"license": {"id": "MIT", "acknowledgement": "concluded"}},
            {"license": {"id": "MIT", "acknowledgement": "declared"}},
        ],
        "externalReferences": [
            {"type": "distribution", "url": "https://files.example/lib-2.tgz", "hashes": hashes},
            {"type": "vcs", "url": "https://code.example/lib"},
        ],
        "properties": [{"name": "bsi:component:filename", "value": "lib-2.tgz"}, *flags,
                       {"name": "bsi:component:effectiveLicense", "value": "MIT"}],
    }  # fmt: skip
    document = cyclonedx(one)
    subject = {**one, "type": "application", "bom-ref": "app", "name": "talk", "purl": "pkg:npm/talk@1", "version": "1"}
    metadata = document["metadata"] | {
        "component": subject,
        "authors": [{"name": "Ada Example", "email": "ada@talk.example"}],
        "lifecycles": [{"phase": "build"}],
        "tools": {"components": [{"type": "application", "name": "maker", "version": "1"}]},
    }
    return document | {
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "metadata": metadata,
        "dependencies": [{"ref": "app", "dependsOn": ["lib"]}, {"ref": "lib"}],
        "compositions": [{"aggregate": "complete", "dependencies": ["app", "lib"]}],
    }


def read(document: Any) -> Bom:
    return read_document(json.dumps(document).encode(), "x")


def gaps(document: Json, profile: str) -> dict[str, tuple[str, ...]]:
    return {gap.field: gap.malformed for gap in missing(read(document), profile)}


def checked(document: Any) -> Validity:
    found = opened(json.dumps(document).encode() if not isinstance(document, bytes) else document, "x")
    return validity(found, read_opened(found, "x"))


def set_in(document: Json, path: str, value: Any) -> Json:
    made = json.loads(json.dumps(document))
    at = made
    *above, last = (int(part) if part.isdigit() else part for part in path.split("/"))
    for part in above:
        at = at[part]
    at[last] = value
    return made


def test_a_document_with_all_lacks_nothing() -> None:
    assert gaps(whole(), "bsi") == {}
    assert gaps(whole(), "cisa") == {}
    assert checked(whole()).is_valid


def test_a_sound_digest_of_another_algorithm_is_missing_and_not_malformed() -> None:
    other = {"alg": "SHA-256", "content": SHA256}
    document = set_in(whole(), "components/0/externalReferences/0/hashes", [other, other])
    assert gaps(document, "bsi")["sha512"] == ()


MALFORMED = [
    ("bsi", "timestamp", "metadata/timestamp", "yesterday"),
    ("bsi", "timestamp", "metadata/timestamp", "2026-13-40T25:00:00Z"),
    ("bsi", "timestamp", "metadata/timestamp", "2026-03-04"),
    ("bsi", "serial", "serialNumber", "my-bom"),
    ("bsi", "serial", "serialNumber", "urn:uuid:not-one"),
    ("bsi", "author-contact", "metadata/authors/0/email", "@"),
    ("bsi", "author-contact", "metadata/authors/0/email", "ada at talk.example"),
    ("cisa", "author", "metadata/authors/0/name", "Unknown"),
    ("cisa", "tool", "metadata/tools/components/0/name", "n/a"),
    ("bsi", "supplier-contact", "components/0/supplier/url/0", "http://"),
    ("bsi", "supplier-contact", "components/0/supplier/url/0", "lib.example"),
    ("cisa", "supplier", "components/0/supplier/name", "TODO"),
    ("cisa", "version", "components/0/version", "unknown"),
    ("bsi", "sha512", "components/0/externalReferences/0/hashes/0/content", "TODO"),
    ("bsi", "sha512", "components/0/externalReferences/0/hashes/0/content", SHA256),
    ("bsi", "sha512", "components/0/externalReferences/0/hashes/0/content", "zz" * 64),
    ("cisa", "hash", "components/0/externalReferences/0/hashes/0/content", "0x12"),
    (
        "bsi",
        "license-concluded",
        "components/0/licenses/0/license",
        {"id": "Freeware!!", "acknowledgement": "concluded"},
    ),
    ("bsi", "license-concluded", "components/0/licenses/0/license", {"name": "Ours", "acknowledgement": "concluded"}),
    ("bsi", "license-declared", "components/0/licenses/1/license", {"id": "MIT AND", "acknowledgement": "declared"}),
    ("bsi", "license-effective", "components/0/properties/4/value", "some of them"),
    ("bsi", "filename", "components/0/properties/0/value", "dist/lib-2.tgz"),
    ("bsi", "executable", "components/0/properties/1/value", "maybe"),
    ("bsi", "executable", "components/0/properties/1/value", "Executable"),
    ("bsi", "archive", "components/0/properties/2/value", "candidate"),
    ("bsi", "structured", "components/0/properties/3/value", "?"),
    ("bsi", "purl", "components/0/purl", "nopurl"),
    ("bsi", "purl", "components/0/purl", "pkg:npm"),
    ("cisa", "identifier", "components/0/purl", "lib 2"),
    ("bsi", "download-location", "components/0/externalReferences/0/url", "ask us"),
    ("bsi", "source-location", "components/0/externalReferences/1/url", "https://"),
    ("cisa", "copyright", "components/0/copyright", "NOASSERTION"),
]


@pytest.mark.parametrize(("profile", "field", "path", "value"), MALFORMED)
def test_a_value_that_is_none_of_its_kind_is_missing(profile: str, field: str, path: str, value: Any) -> None:
    document = set_in(whole(), path, value)
    if field == "download-location":
        document["components"][0]["externalReferences"].pop(1)
    found = gaps(document, profile)
    assert field in found
    told = value if isinstance(value, str) else next(iter(value.values()))
    assert told == "NOASSERTION" or any(told.lower() in one.lower() for one in found[field])


def test_a_composition_that_is_not_specified_says_nothing() -> None:
    found = gaps(set_in(whole(), "compositions/0/aggregate", "not_specified"), "bsi")
    assert found == {"completeness": ()}


@pytest.mark.parametrize(
    ("location", "there"),
    [("NOASSERTION", True), ("NONE", True), ("https://files.example/a.tgz", True), ("somewhere", False)],
)
def test_a_download_location_of_spdx_is_an_address_or_one_of_two_words(location: str, there: bool) -> None:
    bom = read(spdx2(package(downloadLocation=location)))
    lib = bom.by_ref["SPDXRef-lib"]
    assert COMPONENT["download-location-said"].holds(bom, lib) is there


def test_a_namespace_of_spdx_is_a_uri_without_fragment() -> None:
    assert DOCUMENT["serial"].holds(read(spdx2(package())))
    assert not DOCUMENT["serial"].holds(read(spdx2(package()) | {"documentNamespace": "https://x.example/#a"}))
    assert not DOCUMENT["serial"].holds(read(spdx2(package()) | {"documentNamespace": "mine"}))


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (
            sound.is_time,
            ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123+02:00"],
            ["2026-01-02", "now", "2026-02-30T00:00:00Z"],
        ),
        (sound.is_mail, ["a@b.example", "a.b+c@d-e.example"], ["@", "a@", "a b@c", "a@-", "a@@b"]),
        (sound.is_web, ["https://a.example/b?c=d", "http://a"], ["http://", "ftp://a", "a.example", "https://a b"]),
        (sound.is_purl, ["pkg:npm/%40a/b@1"], ["pkg:npm", "npm:a", ""]),
        (
            sound.is_identifier,
            ["cpe:2.3:a:x:y:1:*:*:*:*:*:*:*", "cpe:/a:x:y:1", "swid-1"],
            ["cpe:", "pkg:", "", "unknown"],
        ),
        (sound.is_license, ["MIT", "Our own license", "NONE"], ["", "NOASSERTION", "n/a"]),
        (
            sound.is_expression,
            ["MIT OR (ISC AND LicenseRef-x)", "GPL-2.0", "Apache-2.0+"],
            ["Ours", "MIT OR", "NOASSERTION"],
        ),
    ],
)
def test_sound(check: Any, good: list[str], bad: list[str]) -> None:
    assert [one for one in good if not check(one)] == []
    assert [one for one in bad if check(one)] == []


# --- schemas ----------------------------------------------------------------------------------------------------------

AGAINST = [
    ("components/0/type", "gadget", "components[0].type"),
    ("components/0/hashes", [{"alg": "SHA-256", "content": "12"}], "components[0].hashes[0].content"),
    ("components/0/scope", "sometimes", "components[0].scope"),
    ("components/0/colour", "red", "components[0]"),
    ("metadata/timestamp", "yesterday", "metadata.timestamp"),
    ("serialNumber", "x", "serialNumber"),
    ("compositions/0/aggregate", "some", "compositions[0].aggregate"),
    ("version", 0, "version"),
]


@pytest.mark.parametrize(("path", "value", "place"), AGAINST)
def test_what_the_schema_does_not_allow_has_place_and_remedy(path: str, value: Any, place: str) -> None:
    found = checked(set_in(whole(), path, value))
    assert place in [one.place for one in found.faults]
    assert all(one.remedy for one in found.faults)
    assert not found.is_valid


def test_what_the_schemas_let_pass_is_found_too() -> None:
    document = set_in(whole(), "components/0/licenses", [{"expression": "MIT OR OR (", "acknowledgement": "concluded"}])
    assert [one.place for one in checked(document).faults] == ["lib"]
    old = set_in(whole(), "components/0/licenses", [{"expression": "MIT OR GPL-2.0", "acknowledgement": "concluded"}])
    assert checked(old).is_valid


def test_xml_is_held_against_its_schema() -> None:
    head = '<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">\n<components>\n'
    tail = "</components></bom>"
    good = f'{head}<component type="library"><name>a</name></component>{tail}'
    bad = f'{head}<component type="gadget"><name>a</name><colour>red</colour></component>{tail}'
    assert checked(good.encode()).is_valid
    assert {one.place for one in checked(bad.encode()).faults} == {"line 4"}


def test_spdx_is_held_against_its_rules() -> None:
    good = spdx2(package())
    assert checked(good).is_valid
    assert not checked(set_in(good, "packages/1/SPDXID", "lib!")).is_valid
    assert not checked(set_in(good, "creationInfo/created", "2026-03-04")).is_valid
    plus = set_in(good, "packages/1/licenseDeclared", "Apache-2.0+")  # SPDX 2.3 allows it, spdx-tools does not
    assert checked(plus).is_valid
    three = spdx3()
    three["@graph"][2]["profileConformance"] = ["core", "software"]
    three["@graph"][2]["name"] = "talk"
    assert checked(three).is_valid
    assert not checked(set_in(three, "@graph/3/software_primaryPurpose", "toy")).is_valid


def test_a_version_that_never_was_is_a_fault() -> None:
    space = b'<bom xmlns="http://cyclonedx.org/schema/bom/12" version="1"><components/></bom>'
    for document in (cyclonedx(library(), version="12"), space):
        assert [one.place for one in checked(document).faults] == ["specVersion"]


def test_a_version_without_schema_is_not_called_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    found = checked(cyclonedx(library(), version="1.99"))
    assert (found.is_valid, bool(found.unchecked), found.faults) == (False, True, ())
    monkeypatch.setitem(__import__("sys").modules, "jsonschema_rs", None)
    from licscan.sbom import schema

    schema._validator.cache_clear()
    found = checked(whole())
    schema._validator.cache_clear()
    assert "licscan[schemas]" in found.unchecked
    assert not found.is_valid


def test_what_is_too_large_for_a_slow_check_is_not_called_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("licscan.sbom.schema.MAX_SLOW", 100)
    found = checked(spdx2(package()))
    assert "too slow" in found.unchecked
    assert not found.is_valid


def test_the_command_says_place_and_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(set_in(whole(), "components/0/scope", "sometimes")))
    assert run(["sbom", "check", str(tmp_path / "a.json")]) == 1
    said = capsys.readouterr().out
    assert "Schema of CycloneDX 1.6: 1 place does not conform" in said
    assert "components[0].scope: " in said
    assert "write one of the values that the schema lists" in said
    assert run(["sbom", "check", str(tmp_path / "a.json"), "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["schema"]["valid"] is False
    assert told["schema"]["faults"][0]["place"] == "components[0].scope"
    (tmp_path / "b.json").write_text(json.dumps(whole()))
    assert run(["sbom", "check", str(tmp_path / "b.json"), "--profile", "bsi"]) == 0
    assert "Schema of CycloneDX 1.6: valid" in capsys.readouterr().out


# --- wrappings --------------------------------------------------------------------------------------------------------


def statement(document: Any) -> Json:
    subject = [{"name": "talk.tgz", "digest": {"sha256": SHA256}}]
    kind = "https://in-toto.io/Statement/v1"
    return {"_type": kind, "subject": subject, "predicateType": "https://cyclonedx.org/bom", "predicate": document}


def envelope(inner: bytes) -> Json:
    payload = base64.b64encode(inner).decode()
    return {"payloadType": "application/vnd.in-toto+json", "payload": payload, "signatures": [{"sig": "eA=="}]}


def packed(document: Any) -> bytes:
    return gzip.compress(json.dumps(document).encode(), mtime=0)


PLAIN = [cyclonedx(library()), spdx2(package()), spdx3()]
XML = b'<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><components/></bom>'
WRAPPED = {
    "gzip": packed,
    "statement": lambda d: json.dumps(statement(d)).encode(),
    "statement, text": lambda d: json.dumps(statement({"Data": json.dumps(d)})).encode(),
    "envelope": lambda d: json.dumps(envelope(json.dumps(statement(d)).encode())).encode(),
    "envelope of a document": lambda d: json.dumps(envelope(json.dumps(d).encode())).encode(),
    "bundle": lambda d: json.dumps({"dsseEnvelope": envelope(json.dumps(statement(d)).encode())}).encode(),
    "export": lambda d: json.dumps({"sbom": d}).encode(),
    "all of them": lambda d: packed(envelope(packed(statement(d)))),
}  # fmt: skip


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("wrapping", WRAPPED)
def test_a_wrapped_document_is_the_same_and_says_in_what_it_was(wrapping: str, number: int) -> None:
    plain = read(PLAIN[number])
    wrapped = WRAPPED[wrapping](PLAIN[number])
    bom = read_document(wrapped, "x")
    assert replace(bom, wrapping=()) == plain
    assert bom.wrapping
    if "envelope" in wrapping or wrapping in ("bundle", "all of them"):
        assert any("were not verified" in said for said in bom.wrapping)
    found = opened(wrapped, "x")
    assert validity(found, read_opened(found, "x")) == checked(PLAIN[number])


def test_xml_in_an_envelope_is_read() -> None:
    assert read_document(json.dumps(envelope(XML)).encode(), "x").spec_version == "1.5"


def test_an_audit_says_that_the_signature_was_not_verified(tmp_path: Path) -> None:
    found = audited(json.dumps(envelope(json.dumps(statement(PLAIN[0])).encode())), tmp_path)
    assert any("signatures (1) were not verified" in said for said in found.scan.project.assumptions)


def layers(count: int) -> bytes:
    inner = json.dumps(PLAIN[0]).encode()
    for _layer in range(count):
        inner = json.dumps(envelope(inner)).encode()
    return inner


def nested(count: int) -> bytes:
    return b'{"sbom":' * count + json.dumps(PLAIN[0]).encode() + b"}" * count


@pytest.mark.parametrize(
    "data",
    [
        b"\x1f\x8b nonsense",
        packed(PLAIN[0])[:-9],
        layers(MAX_LAYERS + 1),
        nested(MAX_LAYERS + 1),
        json.dumps({"payload": "%%%", "signatures": []}).encode(),
        json.dumps({"payload": base64.b64encode(b"hello").decode()}).encode(),
        json.dumps({"sbom": {"name": "x"}}).encode(),
        json.dumps(statement("text")).encode(),
        json.dumps(statement({"Data": 5})).encode(),
    ],
)
def test_a_bad_wrapping_is_one_line(data: bytes) -> None:
    with pytest.raises(FormatError) as error:
        read_document(data, "x")
    assert "\n" not in str(error.value)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("licscan.sbom.read.wrapping.MAX_BYTES", 1_000)
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join([*(packer.compress(b" " * 100_000) for _part in range(50)), packer.flush()])
    with pytest.raises(FormatError, match="larger than"):
        read_document(bomb, "x")


# --- what is no component ---------------------------------------------------------------------------------------------


def test_a_service_without_license_is_told_and_no_complaint(tmp_path: Path) -> None:
    service = {"bom-ref": "push", "name": "push", "services": [{"bom-ref": "inner", "name": "inner"}]}
    found = audited(cyclonedx(library(), needs=("lib", "push", "inner"), services=[service]), tmp_path)
    assert found.bom.problems == ()
    assert [one.name for one in found.bom.components] == ["talk", "lib"]
    assert any(said.startswith("2 entries that are not software") for said in found.scan.project.assumptions)


def test_a_service_with_a_license_is_judged_as_what_runs_behind_an_interface(tmp_path: Path) -> None:
    service = {"bom-ref": "push", "name": "push", "licenses": [{"license": {"id": "AGPL-3.0-only"}}]}
    found = audited(cyclonedx(library(), needs=("lib", "push"), services=[service]), tmp_path)
    (told,) = [one for one in found.scan.judgements if "push" in one.purl]
    assert (told.relationship, told.license) == ("network-api-client", "AGPL-3.0-only")
    assert {one.code for one in found.scan.findings if one.purl == told.purl} >= {"license-duties"}


def test_an_edge_into_another_document_says_so() -> None:
    bom = read(spdx2(package(), edges=(("SPDXRef-lib", "DEPENDS_ON", "DocumentRef-base:SPDXRef-libc"),)))
    assert bom.problems == (
        "DocumentRef-base:SPDXRef-libc: a dependency leads into another document, which was not read",
    )
