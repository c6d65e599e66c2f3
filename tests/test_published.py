"""From a lock alone: published archives are read once, and found again without a network."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.licenses.licensedb import license_text
from licscan.model import Coverage, Scan
from licscan.registry import Registry
from tests.registry.settings import NPM, Settings, digest, tarball, tarball_url, version_document
from tests.registry.wire import Answer, Wire

MANIFESTS = {
    # what it declares and what its text says differ; the second declares nothing at all
    "left": {"name": "left", "version": "1.0.0", "license": "MIT", "author": "Ada Example"},
    "right": {"name": "right", "version": "1.0.0"},
}


def archive(name: str) -> bytes:
    text = license_text("agpl-3.0" if name == "left" else "mit").encode()
    return tarball({"package.json": json.dumps(MANIFESTS[name]).encode(), "LICENSE": text})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    wanted = dict.fromkeys(MANIFESTS, "1.0.0")
    packages: dict[str, Any] = {"": {"name": "app", "version": "2.0.0", "license": "MIT", "dependencies": wanted}}
    for name in MANIFESTS:
        bytes_of = bytes.fromhex(digest(archive(name)).partition(":")[2])
        integrity = f"sha512-{base64.b64encode(bytes_of).decode()}"
        packages[f"node_modules/{name}"] = {"version": "1.0.0", "resolved": tarball_url(name), "integrity": integrity}
    (folder / "package.json").write_text(json.dumps(packages[""]))
    (folder / "package-lock.json").write_text(json.dumps({"lockfileVersion": 3, "packages": packages}))
    return folder


def scanned(
    project: Path,
    answers: dict[str, Answer],
    monkeypatch: pytest.MonkeyPatch,
    *,
    offline: bool = False,
    fetch_urls: bool = False,
) -> tuple[Scan, list[str]]:
    wire = Wire(answers)

    def of_user(*_place: object, **how: Any) -> Registry:
        return Registry(Settings(), adapter=wire, offline=how["offline"], use=how["use"], fetch_urls=how["fetch_urls"])

    monkeypatch.setattr(Registry, "of_user", of_user)
    return scan(Options((project,), outbound="proprietary", offline=offline, jobs=2, fetch_urls=fetch_urls)), wire.urls


ANSWERS: dict[str, Answer] = {tarball_url(name): (200, {}, archive(name)) for name in MANIFESTS}


def test_texts_are_read_and_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, asked = scanned(project, ANSWERS, monkeypatch)
    assert {url for url in asked if url.endswith(".tgz")} == set(ANSWERS)
    told = {c.purl: (c.declared, c.detected, c.coverage) for c in first.conclusions if "app" not in c.purl}
    assert told == {
        "pkg:npm/left@1.0.0": ("MIT", "AGPL-3.0-only", Coverage.TEXTS),
        "pkg:npm/right@1.0.0": ("NOASSERTION", "MIT", Coverage.TEXTS),
    }
    assert "license-text-conflict" in {finding.code for finding in first.findings}
    assert first.metadata_by_purl["pkg:npm/left@1.0.0"].supplier == "Ada Example"
    # never again on the network, not for the one that declares nothing either
    again, asked = scanned(project, {}, monkeypatch)
    assert asked == []
    offline, asked = scanned(project, {}, monkeypatch, offline=True)
    assert (asked, again.findings, offline.findings) == ([], first.findings, first.findings)
    assert again.conclusions == first.conclusions


def test_bytes_that_the_lock_does_not_pin_are_no_evidence(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other: dict[str, Answer] = {**ANSWERS, tarball_url("left"): (200, {}, archive("right"))}
    found, _asked = scanned(project, other, monkeypatch)
    assert "artifact-mismatch" in {finding.code for finding in found.findings if finding.purl == "pkg:npm/left@1.0.0"}
    assert found.by_purl["pkg:npm/left@1.0.0"].coverage is Coverage.NOTHING
    # nothing of it is kept: the right bytes count the next time
    again, _asked = scanned(project, ANSWERS, monkeypatch)
    assert again.by_purl["pkg:npm/left@1.0.0"].detected == "AGPL-3.0-only"


PNPM = """lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      left: {{specifier: 1.0.0, version: 1.0.0}}
packages:
  left@1.0.0:
    resolution: {{integrity: {integrity}}}
    bundledDependencies: [inner, gone]
snapshots:
  left@1.0.0: {{}}
"""


def test_what_an_archive_brings_along_is_asked_of_the_archive(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = json.dumps({"name": "inner", "version": "2.0.0", "license": "MIT"}).encode()
    manifest = {**MANIFESTS["left"], "bundleDependencies": ["inner"]}
    content = tarball({"package.json": json.dumps(manifest).encode(), "node_modules/inner/package.json": inner})
    integrity = base64.b64encode(bytes.fromhex(digest(content).partition(":")[2])).decode()
    (project / "package-lock.json").unlink()
    (project / "pnpm-lock.yaml").write_text(PNPM.format(integrity=f"sha512-{integrity}"))
    (project / "package.json").write_text(json.dumps({"name": "app", "dependencies": {"left": "1.0.0"}}))
    unread, _asked = scanned(project, {}, monkeypatch, offline=True)
    said = [f.message for f in unread.findings if f.code == "dependency-unresolved"]
    assert [message for message in said if "bundles 2 packages" in message and "gone, inner" in message] == said
    assert len(said) == 1
    answers: dict[str, Answer] = {tarball_url("left"): (200, {}, content)}
    found, _asked = scanned(project, answers | {f"{NPM}left/1.0.0": version_document("left", content)}, monkeypatch)
    assert "dependency-unresolved" not in {finding.code for finding in found.findings}
    assert "pkg:npm/inner@2.0.0" in found.by_purl


def test_archives_elsewhere_are_read_on_request_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = "https://forge.example/o/left/releases/left-1.0.0.tgz"
    moved = "https://blobs.example/signed"
    lock = json.loads((project / "package-lock.json").read_text())
    lock["packages"]["node_modules/left"]["resolved"] = elsewhere
    lock["packages"][""]["dependencies"]["left"] = elsewhere
    (project / "package-lock.json").write_text(json.dumps(lock))
    (project / "package.json").write_text(json.dumps(lock["packages"][""]))
    answers: dict[str, Answer] = {
        **ANSWERS,
        elsewhere: (302, {"Location": moved}, b""),
        moved: (200, {}, archive("left")),
    }
    found, asked = scanned(project, answers, monkeypatch)
    purl = next(c.purl for c in found.graph.components if c.name == "left")
    assert not {elsewhere, moved, tarball_url("left")} & set(asked)
    said = [f.message for f in found.findings if f.purl == purl and f.code == "license-missing"]
    assert [message for message in said if "comes from forge.example" in message and "--fetch-urls" in message] == said
    assert len(said) == 1
    again, asked = scanned(project, answers, monkeypatch, fetch_urls=True)
    assert [url for url in asked if "forge" in url or "blobs" in url] == [elsewhere, moved]
    assert again.by_purl[purl].detected == "AGPL-3.0-only"
    # seen once: known without asking, and never taken for the registry's package of that name
    offline, asked = scanned(project, {}, monkeypatch, offline=True)
    assert (asked, offline.by_purl[purl].detected) == ([], "AGPL-3.0-only")
