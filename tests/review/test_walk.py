"""The whole way: scan, decide, scan again, change what was decided on, verify, and carry it to another project."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from licscan.cli import run

LICENSES = {"left": "GPL-3.0-only", "mid": "SSPL-1.0", "right": "AGPL-3.0-only"}


def package(folder: Path, name: str, license_id: str, version: str = "1.0.0") -> None:
    place = folder / "node_modules" / name
    place.mkdir(parents=True, exist_ok=True)
    told = {"name": name, "version": version, "license": license_id}
    (place / "package.json").write_text(json.dumps(told))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make(tmp_path / "shop")


def make(folder: Path, licenses: dict[str, str] | None = None) -> Path:
    for name, license_id in (licenses or LICENSES).items():
        package(folder, name, license_id)
    needed = dict.fromkeys(licenses or LICENSES, "*")
    told = {"name": "shop", "version": "1.0.0", "license": "MIT", "dependencies": needed}
    (folder / "package.json").write_text(json.dumps(told))
    return folder


def scan(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    run(["scan", str(folder), "--offline", "--outbound", "proprietary", "--format", "json"])
    findings: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return findings


def conflicts(findings: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["purl"].rpartition("@")[0]: one for one in findings if one["code"] == "license-conflict"}


def decide(folder: Path) -> int:
    entries = [
        {"finding": "license-conflict", "package": "left", "decision": "accept", "why": "called as a program"},
        {"finding": "license-conflict", "package": "mid", "decision": "replace", "why": "too much to ask"},
        {"finding": "license-conflict", "package": "pkg:npm/right", "decision": "waive-until", "why": "goes soon",
         "until": "2999-01-31"},
    ]  # fmt: skip
    (folder / "decisions.json").write_text(json.dumps(entries))
    return run(["review", "--project", str(folder), "--from", str(folder / "decisions.json"), "--by", "Ada"])


def test_the_walk(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scan(shop, capsys)
    assert decide(shop) == 0
    assert "Head: sha256:" in capsys.readouterr().out
    found = conflicts(scan(shop, capsys))
    assert "called as a program, says Ada" in found["pkg:npm/left"]["waiver"]
    assert found["pkg:npm/mid"]["waiver"] == ""
    assert "to be replaced: too much to ask, says Ada" in found["pkg:npm/mid"]["decision"]
    assert "waived until 2999-01-31" in found["pkg:npm/right"]["waiver"]

    package(shop, "left", "GPL-3.0-only", "1.1.0")
    package(shop, "right", "AGPL-3.0-or-later")
    findings = scan(shop, capsys)
    found = conflicts(findings)
    lapsed = {one["purl"]: one["message"] for one in findings if one["code"] == "decision-lapsed"}
    assert found["pkg:npm/left"]["waiver"] == found["pkg:npm/right"]["waiver"] == ""
    assert "version: 1.0.0, now 1.1.0" in lapsed["pkg:npm/left@1.1.0"]
    assert "effective license: AGPL-3.0-only, now AGPL-3.0-or-later" in lapsed["pkg:npm/right@1.0.0"]
    assert run(["review", "list", "--lapsed", "--format", "json", "--project", str(shop)]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["decision"]["package"] for one in listed] == ["pkg:npm/left", "pkg:npm/right"]
    assert run(["review", "verify", "--project", str(shop)]) == 0

    capsys.readouterr()
    assert run(["review", "export", "--project", str(shop), "-o", str(tmp_path / "out.json")]) == 0
    other = make(tmp_path / "other")
    scan(other, capsys)
    assert run(["review", "import", str(tmp_path / "out.json"), "--project", str(other), "--by", "Bob"]) == 0
    assert "Imported: 3 of 3" in capsys.readouterr().out
    assert run(["review", "import", str(tmp_path / "out.json"), "--project", str(other), "--by", "Bob"]) == 0
    assert "Imported: 0 of 3" in capsys.readouterr().out
    assert "says Ada" in conflicts(scan(other, capsys))["pkg:npm/left"]["waiver"]


def test_a_broken_ledger_covers_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scan(shop, capsys)
    decide(shop)
    with sqlite3.connect(shop / ".licscan" / "licscan.db") as db:
        db.execute("DROP TRIGGER decisions_keep")
        db.execute("UPDATE decisions SET body = replace(body, 'Ada', 'Eve') WHERE id = 2")
    findings = scan(shop, capsys)
    assert next(one["message"] for one in findings if one["code"] == "ledger-broken").count("entry 2 (replace") == 1
    assert not any(one["waiver"] for one in findings)
    assert run(["review", "verify", "--project", str(shop)]) == 1
    assert "Broken: entry 2" in capsys.readouterr().out


def test_a_list_is_signed_whole_or_not_at_all(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scan(shop, capsys)
    (shop / "list.csv").write_text(
        "finding,package,decision,why\nlicense-conflict,left,accept,fine\nlicense-conflict,nobody,accept,fine\n"
    )
    assert run(["review", "--project", str(shop), "--from", str(shop / "list.csv"), "--by", "Ada"]) == 2
    assert "entry 2" in capsys.readouterr().err
    run(["review", "list", "--project", str(shop)])
    assert "No decisions" in capsys.readouterr().out


def test_what_was_signed_before_an_interruption_stays(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(shop, capsys)
    # the keyboard ends in the middle of the second question, as with Ctrl-D
    monkeypatch.setattr("sys.stdin", io.StringIO("a\nfine\n\ny\nr\n"))
    assert run(["review", "--project", str(shop), "--by", "Ada"]) == 130
    assert "1 decision signed, 5 findings left." in capsys.readouterr().out
    assert run(["review", "list", "--format", "json", "--project", str(shop)]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(one["decision"]["verb"], one["state"]) for one in listed] == [("accept", "stands")]
    assert run(["review", "verify", "--project", str(shop)]) == 0
