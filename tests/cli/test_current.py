"""Which scan a command speaks of: the stored one while all is as it was, else a new one, asked for as that was."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_policy import Result, run, write

SAYS_CHANGED = "licscan: changed since the scan of "
WAYS = {
    "sbom": ("sbom", "{root}"),
    "export": ("export", "--format", "json", "--project", "{root}"),
    "why": ("why", "left", "--project", "{root}"),
    "show": ("show", "left", "--project", "{root}"),
    "duties": ("duties", "--project", "{root}"),
    "notices": ("notices", "{root}"),
    "report": ("report", "{root}", "-o", "-"),
    "findings": ("findings", "--project", "{root}"),
    "licenses": ("licenses", "--packages", "--project", "{root}"),
    "review": ("review", "--project", "{root}", "--from", "{root}/none.json"),
}


def lock(license_: str) -> dict[str, Any]:
    root = {"name": "chat", "version": "1.0.0", "license": "UNLICENSED", "dependencies": {"left": "1.0.0"}}
    left = {"version": "1.0.0", "license": license_, "resolved": "https://registry.npm.example/left/-/left-1.0.0.tgz"}
    return {"name": "chat", "lockfileVersion": 3, "packages": {"": root, "node_modules/left": left}}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LANGUAGE", "en")
    folder = tmp_path / "chat"
    write(folder, "package.json", lock("")["packages"][""])
    write(folder, "package-lock.json", lock("AGPL-3.0-only"))
    write(folder, "none.json", [])
    assert run("scan", str(folder), "--offline", "--no-texts", "--quiet").exit_code == 1
    return folder


def ask(way: str, root: Path, *more: str) -> Result:
    return run(*(word.format(root=root) for word in WAYS[way]), *more)


def scans(root: Path) -> int:
    return len(json.loads(run("history", "--project", str(root), "--format", "json").stdout))


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_said_and_scanned_while_nothing_has_changed(root: Path, way: str) -> None:
    assert SAYS_CHANGED not in ask(way, root).stderr
    assert scans(root) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_stale_scan_is_made_again(root: Path, way: str) -> None:
    write(root, "package-lock.json", lock("MIT"))
    told = ask(way, root)
    assert SAYS_CHANGED in told.stderr
    assert ": package-lock.json; scanning again" in told.stderr
    assert "AGPL" not in told.stdout
    assert scans(root) == 2


@pytest.mark.parametrize("way", [way for way in WAYS if way != "review"])
def test_the_stored_scan_is_taken_where_that_is_asked_for(root: Path, way: str) -> None:
    write(root, "package-lock.json", lock("MIT"))
    told = ask(way, root, "--stored")
    assert SAYS_CHANGED in told.stderr
    assert "using that scan anyway" in told.stderr
    assert scans(root) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_fresh_scan_is_made_where_that_is_asked_for(root: Path, way: str) -> None:
    ask(way, root, "--fresh")
    assert scans(root) == 2


def test_two_wishes_at_once_are_refused(root: Path) -> None:
    assert run("duties", "--fresh", "--stored", "--project", str(root)).exit_code == 2
    assert run("duties", "--fresh", "--scan", "1", "--project", str(root)).exit_code == 2
    assert scans(root) == 1


@pytest.mark.parametrize(
    ("path", "text", "what"),
    [
        ("licscan.toml", "[project]\nname = 'other'\n", "licscan.toml"),
        ("requirements.txt", "left==1\n", "manifests or installed packages"),
        ("node_modules/right/package.json", '{"name": "right", "version": "1"}', "manifests or installed packages"),
        ("node_modules/.package-lock.json", "{}", "manifests or installed packages"),
        ("assets/new.ttf", "no font", "the project's own files"),
        ("models/new.gguf", "no model", "the project's own files"),
        ("assets/logo.png.license", "SPDX-License-Identifier: MIT", "the project's own files"),
        ("LICENSE", "MIT License", "the project's own files"),
        ("sub/pyproject.toml", '[project]\nname = "sub"\nversion = "1"\n', "manifests or installed packages"),
    ],
)
def test_what_comes_beside_the_files_that_were_read_makes_a_scan_stale(
    root: Path, path: str, text: str, what: str
) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)
    assert f": {what}; scanning again" in run("duties", "--project", str(root)).stderr


@pytest.mark.parametrize("way", [way for way in WAYS if way != "review"])
def test_new_art_makes_a_scan_stale_whatever_asks(root: Path, way: str) -> None:
    write(root, "assets/sticker.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert ": the project's own files; scanning again" in ask(way, root).stderr


def test_what_was_not_read_makes_no_scan_stale(root: Path) -> None:
    assert run("scan", str(root), "--offline", "--no-content", "--quiet").exit_code in (0, 1, 2)
    write(root, "assets/new.ttf", "no font")
    write(root, "main.js", "// SPDX-License-Identifier: MIT")
    assert SAYS_CHANGED not in run("duties", "--project", str(root)).stderr


def test_a_source_file_makes_a_scan_of_sources_stale(root: Path) -> None:
    write(root, "main.js", "// SPDX-License-Identifier: MIT")
    assert run("scan", str(root), "--offline", "--source", "--quiet").exit_code in (0, 1, 2)
    assert SAYS_CHANGED not in run("duties", "--project", str(root)).stderr
    write(root, "main.js", "// SPDX-License-Identifier: GPL-3.0-only")
    assert ": the project's own files; scanning again" in run("duties", "--project", str(root)).stderr


def test_a_decision_makes_a_scan_stale_though_the_database_is_younger_than_all(root: Path) -> None:
    wish = {"finding": "license-conflict", "package": "left", "decision": "accept", "why": "called as a program"}
    write(root, "wishes.json", [wish])
    told = run("review", "--project", str(root), "--from", str(root / "wishes.json"), "--by", "Ada")
    assert told.exit_code == 0, told.stderr
    again = run("review", "list", "--project", str(root))
    assert "scanning again" not in again.stderr
    assert ": decisions; scanning again" in run("duties", "--project", str(root)).stderr


def test_the_new_scan_is_asked_for_as_the_old_one_was(root: Path) -> None:
    asked = ("--offline", "--no-texts", "--outbound", "AGPL-3.0-only", "--exclude", "sub/**", "--no-content")
    assert run("scan", str(root), *asked, "--quiet").exit_code == 0
    write(root, "sub/package.json", {"name": "sub", "dependencies": {"stranger": "1"}})
    assert SAYS_CHANGED not in run("duties", "--project", str(root)).stderr
    write(root, "package-lock.json", lock("GPL-3.0-only"))
    told = run("export", "--format", "json", "--project", str(root))
    assert "scanning again" in told.stderr
    document = json.loads(told.stdout)
    assert document["project"]["outbound"] == "AGPL-3.0-only"
    assert not [one for one in document["components"] if one["name"] in ("sub", "stranger")]
    assert document["gate"]["verdict"] == "ok"


def test_the_scan_is_named(root: Path) -> None:
    document = json.loads(run("export", "--format", "json", "--project", str(root)).stdout)
    assert document["scan"]["number"] == 1
    assert set(document["tool"]["tables"]) >= {"licscan-tables", "license-expression"}
    shown = run("scan", str(root), "--offline", "--verbose")
    assert f"Scan 2 of {document['scan']['started_at'][:4]}" in shown.stdout
    assert "licscan-tables" in shown.stdout


def test_the_verdict_stands_on_standard_error_where_the_result_goes_to_a_file(root: Path) -> None:
    verdict = "chat 1.0.0: May not ship as it is: 1 violation among 1 package."
    told = run("scan", str(root), "--offline", "--format", f"sarif={root.parent / 'a.sarif'}")
    assert verdict in told.stderr
    assert told.stdout == ""
    assert verdict in run("scan", str(root), "--offline", "-o", str(root.parent / "a.txt")).stderr
    assert verdict in run("scan", str(root), "--offline", "--format", "json").stderr
    shown = run("scan", str(root), "--offline")
    assert verdict in shown.stdout
    assert verdict not in shown.stderr
    assert run("scan", str(root), "--offline", "-q").stderr == ""


def test_no_file_is_written_where_one_of_them_cannot_be_made(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    first, second = root.parent / "a.csv", root.parent / "a.xlsx"
    told = run("export", "--format", f"csv={first}", "--format", f"xlsx={second}", "--project", str(root))
    assert told.exit_code == 2
    assert "XlsxWriter" in told.stderr
    assert not first.exists()


def test_findings_are_listed_by_code_and_severity(root: Path) -> None:
    told = run("findings", "license-conflict", "--project", str(root)).stdout
    assert "Error: license-conflict" in told
    assert "left 1.0.0  AGPL-3.0-only" in told
    assert "No such findings." in run("findings", "missing-license-text", "--project", str(root)).stdout
    wrong = run("findings", "license-conflikt", "--project", str(root))
    assert wrong.exit_code == 2
    assert "license-conflikt: is not a finding code" in wrong.stderr
    every = run("findings", "--format", "csv", "--project", str(root)).stdout
    loud = run("findings", "--severity", "error", "--format", "csv", "--project", str(root)).stdout
    assert 1 < len(list(csv.reader(StringIO(loud, newline="")))) <= len(list(csv.reader(StringIO(every, newline=""))))


def test_licenses_are_counted_and_listed(root: Path) -> None:
    dev = {
        "version": "2.0.0",
        "license": "MIT",
        "dev": True,
        "resolved": "https://registry.npm.example/d/-/d-2.0.0.tgz",
    }
    locked = lock("MIT")
    locked["packages"][""]["devDependencies"] = {"@a/dev": "2.0.0"}
    locked["packages"]["node_modules/@a/dev"] = dev
    write(root, "package.json", locked["packages"][""])
    write(root, "package-lock.json", locked)
    asked = ("--project", str(root))
    assert run("licenses", *asked).stdout == "2  MIT  @a/dev, left\n"
    assert run("licenses", "--production", *asked).stdout == "1  MIT  left\n"
    assert run("licenses", "--license", "Zlib", *asked).stdout == "No packages.\n"
    counted = json.loads(run("licenses", "--format", "json", *asked).stdout)
    assert counted == [{"license": "MIT", "count": 2, "packages": ["pkg:npm/%40a/dev@2.0.0", "pkg:npm/left@1.0.0"]}]
    listed = json.loads(run("licenses", "--packages", "--format", "json", *asked).stdout)
    assert [(one["name"], one["shipped"]) for one in listed] == [("@a/dev", False), ("left", True)]
    rows = list(csv.reader(StringIO(run("licenses", "--packages", "--format", "csv", *asked).stdout, newline="")))
    assert rows[1] == ["@a/dev", "2.0.0", "MIT", "no", "pkg:npm/%40a/dev@2.0.0"]
    exported = list(csv.DictReader(StringIO(run("export", "--format", "csv", *asked).stdout, newline="")))
    assert {row["Package"]: row["Shipped"] for row in exported} == {"chat": "yes", "@a/dev": "no", "left": "yes"}


def test_from_a_subfolder_the_scan_above_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "package.json", lock("MIT")["packages"][""])
    write(root, "package-lock.json", lock("MIT"))
    assert run("licenses", "--project", str(root)).exit_code == 0
    below = root / "src" / "ui"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    lost = run("findings")
    assert lost.exit_code == 2
    assert f"{root.name} above was scanned: add `--project ../..`" in lost.stderr
    assert run("findings", "--project", "../..").exit_code == 0


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("left@9.9.9", "left@9.9.9: no component has this version (known here: left@1.0.0)"),
        ("lef", "did you mean left?"),
    ],
)
def test_a_name_or_version_that_is_nearly_right(root: Path, asked: str, told: str) -> None:
    write(root, "package.json", lock("MIT")["packages"][""])
    write(root, "package-lock.json", lock("MIT"))
    assert run("licenses", "--project", str(root)).exit_code == 0
    assert told in run("why", asked, "--project", str(root)).stderr
