"""What other people's validators say is missing is what our own check says: the same components, field by field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from licscan.sbom.fields import COMPONENT
from licscan.sbom.model import Bom, LicenseRole
from licscan.sbom.profiles import missing
from licscan.sbom.read import read_text
from licscan.sbom.write import write
from tests.factories import rich_scan
from tests.sbom import validators
from tests.sbom.test_write import made

pytestmark = pytest.mark.slow

NTIA = {"names": "name", "versions": "version", "suppliers": "supplier", "identifiers": "identifier"}
FSCT = {**NTIA, "concluded_licenses": "license-concluded", "copyright_texts": "copyright"}
"""The checker's lists, and our fields."""

BSI = {
    "names": "name",
    "versions": "version",
    "creators": "supplier-contact",
    "filenames": "filename",
    "source_code_uris": "source-location",
    "effective_licenses": "license-effective",
}
BSI_OF_FILES = {
    "sha512_hashes": "sha512",
    "executable_prop": "executable",
    "archive_prop": "archive",
    "structured_prop": "structured",
}
"""What the checker asks only of components that name their file; we ask it of all."""

TELCO_ERRORS = {
    "Package without a version": "version",
    "Package with no package supplier and no package originator": "supplier",
    "Both PackageChecksum and PackageVerificationCode fields are missing": "checksum",
}
TELCO_UNSAID = {
    "License concluded is NOASSERTION": "license-concluded",
    "License declared is NOASSERTION": "license-declared",
    "Copyright text is NOASSERTION": "copyright",
    "Download location is NOASSERTION": "download-location",
}


def lacking(bom: Bom, field: str) -> set[str]:
    """The names of the components that our field is missing of."""
    return {one.name for one in bom.components if not COMPONENT[field].holds(bom, one)}


def of_profile(bom: Bom, profile: str, *, required: bool) -> dict[str, set[str]]:
    names = {f"{one.name}@{one.version}" if one.version else one.name: one.name for one in bom.components}
    return {
        gap.field: {names[label] for label in gap.components or ()}
        for gap in missing(bom, profile)
        if gap.required is required
    }


@pytest.mark.parametrize("format_", ["spdx-2.3", "spdx-3.0.1"])
@pytest.mark.parametrize(("standard", "fields"), [("ntia", NTIA), ("fsct3-min", FSCT)])
def test_conformance_lists_are_those_of_our_own_check(
    standard: str, fields: dict[str, str], format_: str, tmp_path: Path
) -> None:
    text = write(made(rich_scan()), format_)
    bom = read_text(text, "bom.json")
    theirs = validators.conformance(text, tmp_path, standard)
    assert {name: set(theirs.get(name, ())) for name in fields} == {
        name: lacking(bom, field) for name, field in fields.items()
    }


@pytest.mark.parametrize("format_", ["spdx-2.3", "spdx-3.0.1"])
def test_the_profile_ntia_misses_what_the_checker_misses(format_: str, tmp_path: Path) -> None:
    text = write(made(rich_scan()), format_)
    theirs = validators.conformance(text, tmp_path, "ntia")
    assert of_profile(read_text(text, "bom.json"), "ntia", required=True) == {
        field: set(theirs[name]) for name, field in NTIA.items() if name in theirs
    }


def test_bsi_lists_are_those_of_our_own_check(tmp_path: Path) -> None:
    text = write(made(rich_scan()), "spdx-3.0.1")
    bom = read_text(text, "bom.json")
    theirs = validators.conformance(text, tmp_path, "bsi")
    assert {name: set(theirs.get(name, ())) for name in BSI} == {
        name: lacking(bom, field) for name, field in BSI.items()
    }
    nameless = lacking(bom, "filename")
    assert {name: set(theirs.get(name, ())) for name in BSI_OF_FILES} == {
        name: lacking(bom, field) - nameless for name, field in BSI_OF_FILES.items()
    }


def test_bsi_takes_none_for_no_license_said(tmp_path: Path) -> None:
    """The checker asks for a license; we take NONE, which somebody looked for and did not find, for an answer."""
    text = write(made(rich_scan()), "spdx-3.0.1")
    bom = read_text(text, "bom.json")
    theirs = validators.conformance(text, tmp_path, "bsi")
    for name, field, role in (
        ("concluded_licenses", "license-concluded", LicenseRole.CONCLUDED),
        ("original_licenses", "license-declared", LicenseRole.DECLARED),
    ):
        none = {one.name for one in bom.components if one.license_of(role) == "NONE"}
        assert none
        assert set(theirs[name]) == lacking(bom, field) | none


def test_telco_lists_are_those_of_our_own_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "bom.spdx.json"
    file.write_text(write(made(rich_scan()), "spdx-2.3"), encoding="utf-8")
    bom = read_text(file.read_text(encoding="utf-8"), "bom.json")
    errors, unsaid = validators.telco(file, monkeypatch)
    assert errors == {reason: told for reason, field in TELCO_ERRORS.items() if (told := lacking(bom, field))}
    assert unsaid == {reason: told for reason, field in TELCO_UNSAID.items() if (told := lacking(bom, field))}
    musts = of_profile(bom, "telco", required=True)
    # a license that nobody could tell is NOASSERTION to them, and a gap to us
    assert {field: told for field, told in musts.items() if field != "license"} == {
        TELCO_ERRORS[reason]: told for reason, told in errors.items()
    }


def broken(change: str) -> str:
    document = json.loads(write(made(rich_scan()), "spdx-3.0.1"))
    package = next(one for one in document["@graph"] if one["type"] == "software_Package")
    relationship = next(one for one in document["@graph"] if one["type"].endswith("Relationship"))
    if change == "no creation":
        del package["creationInfo"]
    elif change == "unknown property":
        package["software_color"] = "red"
    elif change == "unknown type":
        package["type"] = "software_Thing"
    elif change == "unknown relationship":
        relationship["relationshipType"] = "resembles"
    elif change == "no target":
        del relationship["to"]
    elif change == "two names":
        package["name"] = ["one", "two"]
    elif change == "absent element":
        relationship["to"] = ["urn:example:absent"]
    return json.dumps(document)


@pytest.mark.parametrize(
    "change",
    ["no creation", "unknown property", "unknown type", "unknown relationship", "no target", "two names",
     "absent element"],
)  # fmt: skip
def test_the_model_of_spdx_3_refuses_what_it_does_not_know(change: str) -> None:
    assert validators.spdx_3_model(broken("")) == []
    assert validators.spdx_3_model(broken(change)) != []
