"""`licscan notices` from the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from licscan.cli import run

CASES = Path(__file__).resolve().parents[1] / "cases" / "notices"


def project(tmp_path: Path, name: str) -> Path:
    """A copy of a case, since a scan is stored beside it."""
    return shutil.copytree(CASES / name / "input", tmp_path / "messenger")


def test_it_scans_where_no_scan_is_stored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project(tmp_path, "one-text-for-many")
    assert run(["notices", str(folder), "--offline"]) == 0
    first = capsys.readouterr().out
    assert "Third-party notices: messenger" in first
    assert (folder / ".licscan" / "licscan.db").is_file()
    assert run(["notices", str(folder), "--offline"]) == 0
    again = capsys.readouterr()
    assert again.out == first
    assert again.err == ""


def test_a_project_that_has_changed_is_scanned_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project(tmp_path, "one-text-for-many")
    assert run(["notices", str(folder), "--offline"]) == 0
    lock = folder / "package-lock.json"
    content = json.loads(lock.read_text())
    del content["packages"]["node_modules/up"], content["packages"][""]["dependencies"]["up"]
    lock.write_text(json.dumps(content))
    shutil.rmtree(folder / "node_modules" / "up")
    capsys.readouterr()
    run(["notices", str(folder), "--offline"])
    told = capsys.readouterr()
    assert "scanning again" in told.err
    assert "up 0.3.0" not in told.out


def test_gaps_are_one_line_and_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project(tmp_path, "source-is-owed")
    assert run(["notices", str(folder), "--offline", "--format", "html", "-o", str(tmp_path / "n.html")]) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 2
    assert "Source code must be offered, and no contact is set" in told.err
    assert "[GAP:" in (tmp_path / "n.html").read_text()


def test_a_text_that_has_changed_since_the_scan_is_a_gap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project(tmp_path, "one-text-for-many")
    assert run(["notices", str(folder), "--offline"]) == 0
    (folder / "node_modules" / "left" / "LICENSE").write_text("Something else entirely.\n")
    capsys.readouterr()
    assert run(["notices", str(folder), "--offline"]) == 2
    assert "has changed since the scan" in capsys.readouterr().err


def test_one_surface_of_several(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project(tmp_path, "two-surfaces")
    assert run(["notices", str(folder), "--offline", "--surface", "web"]) == 0
    told = capsys.readouterr().out
    assert "for-web 1.0.0" in told
    assert "for-app 1.0.0" not in told
    assert run(["notices", str(folder), "--offline", "--surface", "wep"]) == 2
    assert "wep: is not a surface of this scan (app, inside, web)" in capsys.readouterr().err


def test_a_day_only_where_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path, "one-surface")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    run(["notices", str(folder), "--offline", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["day"] is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    run(["notices", str(folder), "--offline", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["day"] == "2023-11-14"


def test_the_template_of_licscan_toml(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project(tmp_path, "one-text-for-many")
    (folder / "licscan.toml").write_text('[notices]\ntemplate = "mine.j2"\n')
    assert run(["notices", str(folder), "--offline"]) == 2
    assert "mine.j2: does not exist" in capsys.readouterr().err
    (folder / "mine.j2").write_text("{{ doc.components }} of {{ doc.project }}\n{{ oops }}")
    assert run(["notices", str(folder), "--offline"]) == 2
    assert "mine.j2: line 2: 'oops' is undefined" in capsys.readouterr().err
    (folder / "mine.j2").write_text("{{ doc.components }} of {{ doc.project }}\n")
    assert run(["notices", str(folder), "--offline"]) == 0
    assert capsys.readouterr().out == "3 of messenger\n"
    assert run(["notices", str(folder), "--offline", "--format", "json"]) == 0


def test_json_has_no_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["notices", str(tmp_path), "--format", "json", "--template", "x"]) == 2
    assert "JSON has no template" in capsys.readouterr().err
