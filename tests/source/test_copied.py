"""Copied code among the sources: found by the index of this machine, judged by its license, never an error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from licscan import store
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.copies.shelf import user_shelf
from licscan.export import json_format, table
from licscan.model import Finding, Scan, Severity, SourceGroupKind, Verdict
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
    assert "No license text stands near it" in copied(found)["static/a.js"].message


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
    stored = store.load(tmp_path / "scans.db")
    assert json_format.render(stored) == json_format.render(found)
    assert table.to_text(stored) == table.to_text(found)
    assert "Compared with the code of 3 packages." in " ".join(table.to_text(found).split())


def test_without_an_index_it_is_said_that_nothing_was_compared(project: Path) -> None:
    found = scanned(project)
    assert copied(found) == {}
    assert "Not compared with the code of packages" in " ".join(table.to_text(found).split())
