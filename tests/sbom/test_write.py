"""What is written: valid for the validators of other people, the same bytes for the same scan, nothing lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from licscan.cli import run
from licscan.config.kinds import TLP
from licscan.licenses.statements import read_license
from licscan.model import Scan
from licscan.sbom.from_scan import SbomOptions, bom_of
from licscan.sbom.model import Bom, LicenseRole, Party, PartyKind
from licscan.sbom.read import read_text
from licscan.sbom.write import write
from tests.factories import rich_scan
from tests.sbom import validators

ALL = [
    ("cyclonedx-1.6", ".json"),
    ("cyclonedx-1.6", ".xml"),
    ("cyclonedx-1.7", ".json"),
    ("cyclonedx-1.7", ".xml"),
    ("spdx-2.3", ".json"),
    ("spdx-2.3", ".spdx"),
    ("spdx-3.0.1", ".json"),
]
READABLE = ["cyclonedx-1.6", "cyclonedx-1.7", "spdx-2.3"]
CREATOR = Party("Example", "sbom@example.com", "", PartyKind.ORGANIZATION)


def made(scan: Scan, **more: str) -> Bom:
    return bom_of(scan, SbomOptions(created="2026-01-02T03:04:05Z", creator=CREATOR, **more))  # type: ignore[arg-type]


def complaints(text: str, folder: Path) -> list[str]:
    """What the validator of the text's format says."""
    if "cyclonedx" in text[:200].lower():
        return validators.cyclonedx(text)
    if '"@context"' in text[:200]:
        return validators.spdx_3_model(text)
    return validators.spdx_tools(text, folder)


@pytest.mark.parametrize(("format_", "ending"), ALL)
def test_validators_accept_what_is_written(format_: str, ending: str, tmp_path: Path) -> None:
    assert complaints(write(made(rich_scan()), format_, ending), tmp_path) == []


@pytest.mark.parametrize(("format_", "ending"), ALL)
def test_the_same_scan_gives_the_same_bytes(format_: str, ending: str) -> None:
    assert write(made(rich_scan()), format_, ending) == write(made(rich_scan()), format_, ending)


@pytest.mark.parametrize("format_", READABLE)
def test_what_is_written_reads_back(format_: str) -> None:
    bom = made(rich_scan())
    read = read_text(write(bom, format_), "bom.json")
    assert read.problems == ()
    assert facts(read) == facts(bom)


def facts(bom: Bom) -> tuple[set[tuple[str, ...]], set[tuple[str, str]]]:
    """Components with their licenses, and edges, by PackageURL."""
    roles = (LicenseRole.DECLARED, LicenseRole.CONCLUDED)
    components = {
        (one.purl, one.name, one.version, *(one.license_of(role) or "NOASSERTION" for role in roles))
        for one in bom.components
    }
    names = {ref: one.purl for ref, one in bom.by_ref.items()}
    return components, {(names[edge.parent], names[edge.child]) for edge in bom.dependencies}


def test_the_serial_follows_the_content_and_not_the_time() -> None:
    scan = rich_scan()
    first, later = (
        bom_of(scan, SbomOptions(created=when)) for when in ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")
    )
    assert first.serial == later.serial
    assert bom_of(scan, SbomOptions(created=first.created, version="2")).serial != first.serial


def test_a_surface_holds_what_it_ships_under_the_license_chosen() -> None:
    scan = rich_scan()
    surface = scan.surfaces[0].name
    judged = {one.purl: one for one in scan.judgements if one.surface == surface}
    bom = made(scan, surface=surface)
    purls = {one.purl for one in bom.others()}
    assert purls <= judged.keys() | set(scan.graph.roots)
    for one in bom.others():
        if one.purl in judged and judged[one.purl].license not in ("", "NOASSERTION"):
            assert one.license_of(LicenseRole.CONCLUDED) == judged[one.purl].license


def under(license_: str) -> Scan:
    """The rich scan with all packages under one license."""
    scan = rich_scan()
    told = tuple(replace(one, declared=license_, concluded=license_) for one in scan.conclusions)
    return replace(scan, conclusions=told)


@pytest.mark.parametrize(("format_", "ending"), ALL)
def test_or_later_is_a_plus_where_spdx_has_no_id_for_it(format_: str, ending: str, tmp_path: Path) -> None:
    """SPDX 2.3, Annex D, has the `+`; spdx-tools knows only those of the GNU licenses."""
    text = write(made(under("Apache-2.0+ OR MIT")), format_, ending)
    told = {one.license_of(LicenseRole.CONCLUDED) for one in read_text(text, "a file").components}
    assert told - {"NOASSERTION"} == {"Apache-2.0+ OR MIT"}
    complained = complaints(text, tmp_path)
    assert all(one.startswith("Unrecognized license reference: Apache-2.0+.") for one in complained)
    assert format_ == "spdx-2.3" or not complained


def test_or_later_is_never_a_plus_where_spdx_has_an_id_for_it() -> None:
    assert read_license("GPL-2.0+ OR MPL-1.1+").expression == "GPL-2.0-or-later OR MPL-1.1+"
    assert "GPL-2.0+" not in write(made(under("GPL-2.0+")), "spdx-2.3")


@pytest.mark.parametrize("ending", [".json", ".xml"])
@pytest.mark.parametrize("label", TLP)
def test_a_document_of_1_7_says_whom_it_may_be_passed_on_to_and_who_concluded(label: str, ending: str) -> None:
    bom = bom_of(rich_scan(), SbomOptions("2026-01-02T03:04:05Z", tlp=label))
    text = write(bom, "cyclonedx-1.7", ending)
    assert not validators.cyclonedx(text)
    assert f"TLP:{label.replace('_AND_STRICT', '+STRICT')}." in write(bom, "spdx-2.3")
    if ending == ".json":
        told = json.loads(text)
        assert told["metadata"]["distributionConstraints"] == {"tlp": label}
        (citation,) = told["citations"]
        assert citation["attributedTo"] == told["metadata"]["tools"]["components"][0]["bom-ref"]
        for pointer in citation["pointers"]:
            at: Any = told
            for part in pointer.split("/")[1:]:
                at = at[int(part)] if part.isdigit() else at[part]
            assert at.get("license", at)["acknowledgement"] == "concluded"
        concluded = text.count('"acknowledgement": "concluded"')
        assert len(citation["pointers"]) == concluded > 0


def test_dsdx_holds_components_licenses_and_dependencies() -> None:
    bom = made(rich_scan())
    told = json.loads(write(bom, "dsdx-1.0"))
    assert (told["dsdx_version"], told["create_time"]) == ("DSDX-1.0", "2026-01-02 03:04:05")
    assert len(told["components"]) == len(bom.components)
    known = {one["id"] for one in told["components"]}
    assert len(known) == len(told["components"])
    assert {end for below in told["dependencies"].values() for end in below} | set(told["dependencies"]) <= known
    pairs = sum(len(below) for below in told["dependencies"].values())
    assert pairs == len({(edge.parent, edge.child) for edge in bom.dependencies})
    stated = [one["license"] for one in told["components"] if one["license"]]
    assert ["MIT"] in stated


def test_the_command_says_what_dsdx_loses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "package.json").write_text('{"name": "talk", "version": "1.0.0", "license": "MIT"}')
    (tmp_path / "licscan.toml").write_text(
        '[project]\nsupplier = "Talk Ltd"\ncontact = "a@talk.example"\ntlp = "RED"\n'
    )
    assert run(["sbom", str(tmp_path), "--offline", "--format", "dsdx-1.0"]) == 0
    told = capsys.readouterr()
    assert "experimental" in told.err
    assert "digests" in told.err
    assert "Talk Ltd" in json.loads(told.out)["creator"]
    assert run(["sbom", str(tmp_path), "--offline", "--format", "cyclonedx-1.7"]) == 0
    metadata = json.loads(capsys.readouterr().out)["metadata"]
    assert metadata["supplier"] == {"name": "Talk Ltd", "contact": [{"name": "Talk Ltd", "email": "a@talk.example"}]}
    assert metadata["distributionConstraints"] == {"tlp": "RED"}


@pytest.mark.parametrize("setting", ['contact = "nobody"', 'tlp = "PINK"', 'supplier = ""', "supplier = 3"])
def test_a_setting_that_is_none_is_one_line(setting: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "licscan.toml").write_text(f"[project]\n{setting}\n")
    assert run(["sbom", str(tmp_path), "--offline"]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
