"""What is written: valid for the validators of other people, the same bytes for the same scan, nothing lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

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
