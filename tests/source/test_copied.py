"""Copied code among the sources: found by the index of this machine, judged by its license, never an error."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from licscan import store
from licscan.compose.notices import notices
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.config import parse_config
from licscan.copies.shelf import user_shelf
from licscan.export import json_format, table
from licscan.model import Finding, Location, Scan, Severity, SourceGroupKind, Verdict
from licscan.sbom.from_scan import SbomOptions, bom_of
from tests.copies.made import library, minified, segment


@pytest.fixture
def indexed() -> None:
    shelf = user_shelf()
    shelf.put([
        segment("alpha", "1.0.0", {"index.js": library(1)}),
        segment("bravo", "2.0.0", {"index.js": library(2)}, license_="GPL-3.0-only"),
        segment("chat", "1.0.0", {"index.js": library(3)}),
    ])  # fmt: skip
    shelf.rebuild()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "chat"
    (folder / "static").mkdir(parents=True)
    manifest = {"name": "chat", "version": "1.0.0", "license": "MIT"}
    (folder / "package.json").write_text(json.dumps(manifest))
    (folder / "package-lock.json").write_text(
        json.dumps({**manifest, "lockfileVersion": 3, "packages": {"": manifest}})
    )
    (folder / "static" / "a.js").write_text(minified(library(1)))
    (folder / "static" / "b.js").write_text(library(2).replace("    ", "\t"))
    (folder / "static" / "own.js").write_text(library(3))
    (folder / "static" / "new.js").write_text(library(4))
    return folder


def scanned(project: Path, outbound: str = "proprietary") -> Scan:
    return scan(Options((project,), offline=True, source=True, outbound=outbound))


def copied(found: Scan) -> dict[str, Finding]:
    return {one.locations[0].path: one for one in found.findings if one.code == "copied-code"}


@pytest.mark.usefixtures("indexed")
def test_copies_are_found_and_own_code_is_not(project: Path) -> None:
    found = scanned(project)
    assert found.sources is not None
    assert found.sources.compared == 3
    groups = {one.path: one for one in found.sources.groups if one.kind is SourceGroupKind.COPIED}
    assert {path: (one.package, one.expression) for path, one in groups.items()} == {
        "static/a.js": ("pkg:npm/alpha", "MIT"),
        "static/b.js": ("pkg:npm/bravo", "GPL-3.0-only"),
    }
    assert all(one.share > 50 for one in groups.values())
    assert "There is no license text near it" in copied(found)["static/a.js"].message


@pytest.mark.usefixtures("indexed")
def test_a_likeness_is_never_an_error_and_never_ok(project: Path) -> None:
    found = copied(scanned(project))
    assert {one.severity for one in found.values()} == {Severity.WARNING}
    assert found["static/b.js"].verdict is Verdict.CANNOT_TELL
    assert copied(scanned(project, "GPL-3.0-only"))["static/b.js"].verdict is Verdict.OK


@pytest.mark.usefixtures("indexed")
def test_a_stored_scan_says_the_same(project: Path, tmp_path: Path) -> None:
    found = scanned(project)
    store.save(found, tmp_path / "scans.db")
    stored = replace(store.load(tmp_path / "scans.db"), record=None)
    assert json_format.render(stored) == json_format.render(found)
    assert table.to_text(stored) == table.to_text(found)
    assert "Compared with the code of 3 packages." in " ".join(table.to_text(found).split())


def test_without_an_index_it_is_said_that_nothing_was_compared(project: Path) -> None:
    found = scanned(project)
    assert copied(found) == {}
    assert "Not compared with the code of packages" in " ".join(table.to_text(found).split())


BANNER = "/*!\n * Alpha\n * Copyright (c) 2019 Ada Byron\n * Released under the MIT license\n */\n"
SPDX = "// SPDX-License-Identifier: {}\n"


def one(tmp_path: Path, text: str, *, files: dict[str, str] | None = None, license_: str = "MIT") -> Scan:
    """A scan of a proprietary product with one file, a copy of a package whose own file has a license comment."""
    shelf = user_shelf()
    shelf.put([segment("alpha", "1.0.0", {"dist/a.js": BANNER + library(1)}, license_=license_, holders=("2019 Ada",))])
    shelf.rebuild()
    folder = tmp_path / "chat"
    (folder / "src").mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"name": "chat", "version": "1.0.0", "license": "UNLICENSED"}))
    (folder / "src" / "a.js").write_text(text)
    for path, content in (files or {}).items():
        (folder / path).write_text(content)
    return scanned(folder)


EDITED = library(1).replace("    ", "\t")
MIT_TEXT = "Copyright (c) 2020 Eva\n\nSPDX-License-Identifier: MIT\n"
SAYS = {
    # the copy, the package's license, other files: in the finding or not, severity, verdict, ruling
    "lost": (EDITED, "MIT", {}, ["dist/a.js has a license comment that is missing here"], "warning", "ok",
             "ok"),
    "kept": (BANNER + EDITED, "MIT", {}, [], "warning", "ok", "ok"),
    "changed": (SPDX.format("ISC") + EDITED, "MIT", {}, ["under MIT", "This copy states ISC instead (src/a.js:1)"],
                "warning", "cannot-tell", "ok"),
    "copyleft by likeness": (EDITED, "GPL-3.0-only", {}, ["GPL-3.0-only must be checked"], "warning", "cannot-tell",
                             "review"),
    "copyleft covered up": (SPDX.format("MIT") + EDITED, "GPL-3.0-only", {}, ["This copy states MIT instead"],
                            "warning", "cannot-tell", "review"),
    "copyleft in its own words": (SPDX.format("GPL-3.0-only") + EDITED, "MIT", {}, ["states GPL-3.0-only instead"],
                                  "error", "violation", "review"),
    "one of two": (SPDX.format("MIT") + EDITED, "MIT OR GPL-3.0-only", {}, ["under MIT OR GPL-3.0-only"], "warning",
                   "ok", "ok"),
    "unknown": (EDITED, "", {}, ["terms that licscan does not know"], "warning", "cannot-tell", "review"),
    "a text beside": (EDITED, "ISC", {"src/a.js.license": MIT_TEXT}, ["states MIT instead (src/a.js.license)"],
                      "warning", "cannot-tell", "ok"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAYS)
def test_what_is_said_of_a_copy(name: str, tmp_path: Path) -> None:
    text, license_, files, words, severity, verdict, ruling = SAYS[name]
    found = one(tmp_path, text, files=files, license_=license_)
    (finding,) = (each for each in found.findings if each.code == "copied-code")
    assert [word for word in words if word not in finding.message] == []
    assert ("missing here" in finding.message) is (name not in ("kept",) and not text.startswith(("//", "/*")))
    assert ("instead" in finding.message) is any("instead" in word for word in words)
    assert (finding.severity, finding.verdict) == (severity, verdict)
    assert {each.ruling for each in found.judgements if each.purl == finding.purl} == {ruling}
    # nothing beside it says the same twice, or louder
    others = {each.code for each in found.findings if each.purl == finding.purl and each.severity is not Severity.NOTE}
    assert others == {"copied-code"}


def test_a_copy_is_a_component_of_the_product(tmp_path: Path) -> None:
    found = one(tmp_path, EDITED)
    (finding,) = (each for each in found.findings if each.code == "copied-code")
    component = found.graph.by_purl["pkg:npm/alpha@1.0.0"]
    assert finding.purl == component.purl
    assert finding.paths == ((found.graph.roots[0], component.purl),)
    assert component.embedded == "copied"
    assert component.found_in == (Location("src/a.js"),)
    (judgement,) = (each for each in found.judgements if each.purl == component.purl)
    assert judgement.relationship == "vendored-file"
    assert {duty.name for duty in judgement.duties} >= {"license-text", "copyright-notice"}
    told = bom_of(found, SbomOptions("2026-01-01T00:00:00Z"))
    assert component.purl in {each.purl for each in told.components}
    given = notices(found, tmp_path / "chat")
    (entry,) = (each for each in given.entries if each.purl == component.purl)
    assert entry.license == "MIT"
    assert "Copyright 2019 Ada" in "\n".join([*entry.holders, *(text.body.text for text in entry.texts)])
    assert any("Permission is hereby granted" in text.body.text for text in entry.texts)


def test_a_denied_license_of_a_likeness_is_a_question(tmp_path: Path) -> None:
    scan_ = one(tmp_path, EDITED, license_="ISC")
    config = parse_config('[policy]\ndeny = ["ISC"]\n', "licscan.toml")
    found = scan(Options((tmp_path / "chat",), offline=True, source=True, outbound="proprietary", config=config))
    (denied,) = (each for each in found.findings if each.code == "policy-denied")
    assert (denied.severity, denied.verdict) == (Severity.WARNING, Verdict.CANNOT_TELL)
    assert not [each for each in scan_.findings if each.code == "policy-denied"]


def test_what_a_lock_names_in_that_version_stays_a_dependency(tmp_path: Path) -> None:
    lock = {"": {"name": "chat", "dependencies": {"alpha": "1.0.0"}}, "node_modules/alpha": {"version": "1.0.0"}}
    text = json.dumps({"name": "chat", "lockfileVersion": 3, "packages": lock})
    found = one(tmp_path, EDITED, files={"package-lock.json": text})
    assert found.graph.by_purl["pkg:npm/alpha@1.0.0"].embedded == ""
    assert [each.code for each in found.findings if each.code == "copied-code"] == ["copied-code"]
