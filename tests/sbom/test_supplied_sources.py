"""`licscan audit` of sources: folders and archives, judged alike; nothing in them leads out, or is run."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from licscan.cli import run
from licscan.compose.audit import audit
from licscan.compose.code_index import index_own
from licscan.compose.options import Options
from licscan.compose.sources import are_sources
from licscan.copies.shelf import user_shelf
from licscan.fleet.listing import target_of
from licscan.fleet.model import Kind
from licscan.model import ProjectKind, Scan
from licscan.store import scans
from tests.copies.made import library, minified, segment

MANIFEST = json.dumps({"name": "bot", "version": "2.0.0", "license": "Apache-2.0"})
FILES = {
    "package.json": MANIFEST,
    "src/main.js": "// SPDX-License-Identifier: Apache-2.0\nstart();\n",
    "src/foreign.js": "// SPDX-License-Identifier: GPL-3.0-only\nstop();\n",
    "src/copied.js": minified(library(1)),
    "src/ours.js": library(7).replace("    ", "\t"),
    ".npmrc": "registry=https://evil.example/\n",
}


@pytest.fixture(autouse=True)
def indexed(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "core.js").write_text(library(7))
    shelf = user_shelf()
    shelf.put([segment("alpha", "1.0.0", {"index.js": library(1)})])
    assert index_own(ours, "Bot", shelf) == 1
    shelf.rebuild()


def folder(place: Path) -> Path:
    made = place / "bot"
    for path, text in FILES.items():
        (made / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).write_text(text)
    return made


def zipped(place: Path) -> Path:
    with zipfile.ZipFile(place / "bot.zip", "w") as archive:
        for path, text in FILES.items():
            archive.writestr(path, text)
    return place / "bot.zip"


def packed(place: Path, top: str = "package/", name: str = "bot.tgz") -> Path:
    with tarfile.open(place / name, "w:gz") as archive:
        for path, text in FILES.items():
            member = tarfile.TarInfo(top + path)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return place / name


def sdist(place: Path) -> Path:
    return packed(place, "bot-2.0.0/", "bot-2.0.0.tar.gz")


KINDS: dict[str, Callable[[Path], Path]] = {"folder": folder, "zip": zipped, "npm": packed, "sdist": sdist}


def audited(path: Path, database: Path | None = None) -> Scan:
    return audit(path, path.parent, Options((path,), offline=True), None, database).scan


@pytest.mark.parametrize("kind", KINDS)
def test_a_delivery_is_judged_like_a_scan(kind: str, tmp_path: Path) -> None:
    found = audited(KINDS[kind](tmp_path))
    assert (found.project.name, found.project.kind, found.project.outbound) == (
        "bot", ProjectKind.DELIVERY, "proprietary",
    )  # fmt: skip
    told = {(one.code, one.locations[0].path) for one in found.findings if one.locations}
    assert ("source-foreign-license", "src/foreign.js") in told
    assert ("copied-code", "src/copied.js") in told
    assert any(
        "According to its sources, the product itself is under Apache-2.0" in one for one in found.project.assumptions
    )
    assert not [one for one in found.findings if "licscan-" in one.message]


def test_what_is_an_sbom_is_told_by_its_bytes_whatever_is_around_it(tmp_path: Path) -> None:
    bom = json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": []}).encode()
    (tmp_path / "bom.json").write_bytes(bom)
    (tmp_path / "bom.json.gz").write_bytes(gzip.compress(bom))
    with tarfile.open(tmp_path / "yaml.tgz", "w:gz") as archive:
        text = b"# SPDX-License-Identifier: MIT\npackages:\n  - a\n"
        member = tarfile.TarInfo("pnpm-workspace.yaml")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    told = {name: are_sources(tmp_path / name) for name in ("bom.json", "bom.json.gz", "yaml.tgz")}
    assert told == {"bom.json": False, "bom.json.gz": False, "yaml.tgz": True}
    assert target_of("yaml.tgz", folder=tmp_path).kind is Kind.ARTIFACT


@pytest.mark.parametrize("kind", KINDS)
def test_our_code_in_their_delivery_is_told_also_under_their_name(kind: str, tmp_path: Path) -> None:
    found = audited(KINDS[kind](tmp_path))
    (ours,) = (one for one in found.findings if one.locations and one.locations[0].path == "src/ours.js")
    assert ours.code == "copied-code"
    assert ours.purl is None
    assert "the code of Bot, which is indexed as your own" in ours.message
    assert "pkg:generic/Bot" not in found.graph.by_purl


def test_the_next_delivery_is_held_against_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = tmp_path / "d.db"
    audited(sdist(tmp_path), database)
    monkeypatch.setitem(FILES, "src/copied.js", "nothing();\n")
    again = audit(sdist(tmp_path), tmp_path, Options((tmp_path,), offline=True), None, database)
    assert again.changes is not None
    assert [one.name for one in again.changes.removed] == ["alpha"]
    assert [row.kind for row in scans(database)] == [ProjectKind.DELIVERY] * 2


def test_the_command_prints_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = zipped(tmp_path)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    assert run(["audit", str(path)]) == 1
    said = capsys.readouterr().out
    assert f"Sources {path}: {len(FILES)} files" in " ".join(said.split())
    assert "which is indexed as your own" in " ".join(said.split())
    assert "What the SBOM lacks" not in said
    assert run(["audit", str(path), "--format", "json"]) == 1
    (told,) = json.loads(capsys.readouterr().out)["audits"]
    assert (told["path"], told["sbom"], told["quality"]) == (str(path), None, {})
    assert run(["audit", str(path), "--compare"]) == 2
    assert "apply to SBOMs only" in capsys.readouterr().err


HOSTILE = {
    "climbs": "../evil.js",
    "absolute": "/tmp/evil-licscan.js",
    "git": ".git/hooks/post-checkout",
    "store": ".licscan/licscan.db",
    "long": "n" * 300 + ".js",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_inside(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bot.zip", "w") as archive:
        archive.writestr("package.json", MANIFEST)
        archive.writestr(HOSTILE[name], library(1))
    found = audited(tmp_path / "bot.zip")
    assert found.project.name == "bot"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["bot.zip", "ours"]
    assert not Path("/tmp/evil-licscan.js").exists()


DAMAGED = {"no archive": b"PK\x03\x04 and then nothing", "cut off": b"\x1f\x8b\x08\x00", "empty": b""}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_cannot_be_opened_is_one_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.zip").write_bytes(DAMAGED[name])
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    assert run(["audit", "../x.zip"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
