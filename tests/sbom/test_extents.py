"""An SBOM claims no more than its scan knows: of what a bundler took in, and of lists that a surface cuts short."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from licscan.compose.options import Options
from licscan.compose.scan import scan as scan_of
from licscan.config import load_config
from licscan.model import Scan
from licscan.sbom.from_scan import SbomOptions, bom_of
from licscan.sbom.model import Bom, Completeness
from licscan.sbom.write import write

WAIVER = """
[[waiver]]
finding = "bundled-unknown"
packages = ["pkg:npm/talk-web"]
reason = "REASON"
note = "This is not-shipped for sure."
owner = "Ada Example"
expires = 2026-12-31
"""


def locked(**packages: dict[str, Any]) -> str:
    root = {
        "name": "talk-web",
        "version": "1.0.0",
        "license": "MIT",
        "dependencies": {"kit": "1.0.0"},
        "devDependencies": {"webpack": "5.0.0", "view": "2.0.0"},
    }
    lock = {"name": "talk-web", "version": "1.0.0", "lockfileVersion": 3}
    return json.dumps(lock | {"packages": {"": root} | {f"node_modules/{k}": v for k, v in packages.items()}})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    entries = {
        "kit": {"version": "1.0.0", "license": "MIT"},
        "webpack": {"version": "5.0.0", "license": "MIT", "dev": True},
        "view": {"version": "2.0.0", "license": "MIT", "dev": True, "dependencies": {"inner": "3.0.0"}},
        "inner": {"version": "3.0.0", "license": "MIT", "dev": True},
    }
    text = locked(**entries)
    (tmp_path / "package-lock.json").write_text(text)
    (tmp_path / "package.json").write_text(json.dumps(json.loads(text)["packages"][""]))
    return tmp_path


def scanned(project: Path, more: str = "") -> Scan:
    (project / "licscan.toml").write_text('[[surface]]\nname = "web"\ndeployment = "browser"\nroots = ["."]\n' + more)
    return scan_of(Options((project,), offline=True, config=load_config(project), today=date(2026, 11, 1)))


def made(scan: Scan, surface: str = "") -> Bom:
    return bom_of(scan, SbomOptions("2026-01-02T03:04:05Z", surface=surface))


def by_name(bom: Bom) -> dict[str, tuple[str, Completeness | None]]:
    return {one.name: (one.scope, bom.completeness.get(one.ref)) for one in bom.components}


def test_what_a_bundler_may_take_in_is_not_called_excluded(project: Path) -> None:
    bom = made(scanned(project))
    assert {name: scope for name, (scope, _told) in by_name(bom).items() if name != "talk-web"} == {
        "kit": "required", "webpack": "", "view": "", "inner": "",
    }  # fmt: skip
    assert "which of the packages that are listed for development it takes in is not known" in bom.comment


def test_the_list_of_a_surface_that_may_miss_something_is_not_complete(project: Path) -> None:
    bom = made(scanned(project), "web")
    assert by_name(bom) == {
        "talk-web": ("", Completeness.INCOMPLETE),
        "kit": ("required", Completeness.COMPLETE),
    }
    assert '"aggregate": "incomplete"' in write(bom, "cyclonedx-1.6")
    assert "is not known, so that more of them may be shipped" in write(bom, "spdx-2.3")


def test_where_somebody_answers_that_all_is_named_the_scopes_stand(project: Path) -> None:
    scan = scanned(project, WAIVER.replace("REASON", "not-shipped"))
    bom = made(scan)
    assert by_name(bom)["view"] == ("excluded", Completeness.COMPLETE)
    assert "bundler" not in bom.comment
    # the list that the surface cuts is still a part of the whole
    assert by_name(made(scan, "web"))["talk-web"][1] is Completeness.INCOMPLETE


def test_a_risk_that_somebody_accepts_tells_nothing_of_what_is_in_the_product(project: Path) -> None:
    scan = scanned(project, WAIVER.replace("REASON", "accepted-risk"))
    assert [one.waiver[:13] for one in scan.findings if one.code == "bundled-unknown"] == ["accepted-risk"]
    assert by_name(made(scan))["view"][0] == ""
