"""licscan.toml as a user meets it: written by init, obeyed by scan, outlived by its days and its evidence."""

from __future__ import annotations

import json
import re
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from licscan import cli
from licscan.config import Config, parse_config

DAY = 86_400
ODD = 'odd "name" \\ 聊天 \U0001f4ac\x7f\n'
TODAY = "1795392000"
"""2026-11-23."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    monkeypatch.setenv("LANGUAGE", "en")
    folder = tmp_path / "chat"
    write(folder, "package.json", {"name": "chat", "version": "1.0.0", "license": "UNLICENSED", "dependencies": {}})
    for name, license_ in (("agpl", "AGPL-3.0-only"), ("vague", "Custom")):
        write(folder, f"node_modules/{name}/package.json", {"name": name, "version": "1.0.0", "license": license_})
    manifest = json.loads((folder / "package.json").read_text())
    manifest["dependencies"] = {"agpl": "1.0.0", "vague": "1.0.0"}
    write(folder, "package.json", manifest)
    return folder


def write(folder: Path, path: str, data: object) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(json.dumps(data), encoding="utf-8")


@dataclass(frozen=True)
class Result:
    exit_code: int
    stdout: str
    stderr: str


def run(*arguments: str) -> Result:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = cli.run(list(arguments))
    return Result(status, out.getvalue(), err.getvalue())


def scanned(folder: Path) -> tuple[int, dict[str, object]]:
    result = run("scan", str(folder), "--offline", "--format", "json")
    return result.exit_code, json.loads(result.stdout)


def digest(folder: Path, name: str) -> str:
    found = re.search(r"sha256:[0-9a-f]{64}", run("show", name, "--project", str(folder), "--digest").stdout)
    assert found
    return found[0]


def configure(folder: Path, expires: str = "2026-11-23") -> None:
    (folder / "licscan.toml").write_text(
        f"""
[[waiver]]
finding = "license-conflict"
packages = "pkg:npm/agpl@1.0.0"
reason = "accepted-risk"
owner = "Ada"
expires = {expires}
evidence = "{digest(folder, "agpl")}"

[[clarification]]
packages = "pkg:npm/vague"
license = "MIT"
reason = "Their web site says so."
evidence = "{digest(folder, "vague")}"
""",
        encoding="utf-8",
    )


def codes(report: dict[str, object], *, waived: bool = False) -> set[str]:
    found = report["findings"]
    assert isinstance(found, list)
    return {finding["code"] for finding in found if bool(finding["waiver"]) is waived} - {"missing-license-text"}


def test_from_violation_to_answered_and_back(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, report = scanned(project)
    assert (status, codes(report)) == (1, {"license-conflict", "license-ambiguous"})

    configure(project)
    status, report = scanned(project)
    assert (status, codes(report), codes(report, waived=True)) == (0, set(), {"license-conflict"})
    assert report["gate"]["waived"] == 1  # type: ignore[index]
    assert any("2026-11-23" in said for said in report["project"]["assumptions"])  # type: ignore[index]

    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(TODAY) + DAY))
    status, report = scanned(project)
    assert (status, codes(report)) == (1, {"license-conflict", "waiver-expired"})

    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    write(project, "node_modules/vague/package.json", {"name": "vague", "version": "1.0.0", "license": "Custom 2"})
    status, report = scanned(project)
    assert (status, codes(report)) == (2, {"license-ambiguous", "clarification-lapsed"})


def test_the_report_for_people_shows_what_is_waived(project: Path) -> None:
    scanned(project)
    configure(project)
    shown = " ".join(run("scan", str(project), "--offline").stdout.split())
    assert "Waived (1) license-conflict: agpl 1.0.0 is under AGPL-3.0-only" in shown
    assert "accepted-risk, says Ada, until 2026-11-23" in shown
    told = " ".join(run("show", "vague", "--project", str(project)).stdout.split())
    assert "Recorded in licscan.toml as MIT: Their web site says so. The evidence alone gives NOASSERTION." in told


def test_a_bad_day_of_the_build_is_one_line(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    result = run("scan", str(project), "--offline")
    assert result.exit_code == 2
    assert "SOURCE_DATE_EPOCH is not a number of seconds: yesterday" in result.stderr


def test_init_writes_what_it_can_see(tmp_path: Path) -> None:
    folder = tmp_path / ODD
    write(folder, "package.json", {"name": "chat", "license": "MIT", "dependencies": {"left": "1"}})
    write(folder, "desk/package.json", {"name": "desk", "license": "MIT", "devDependencies": {"electron": "1"}})
    write(folder, "node_modules/left/package.json", {"name": "left", "version": "1.0.0", "license": "MIT"})
    before = run("scan", str(folder), "--offline", "--format", "json").stdout
    done = run("init", str(folder))
    assert done.exit_code == 0
    assert "licscan scan" in done.stdout
    text = (folder / "licscan.toml").read_text(encoding="utf-8")
    assert text.count("\n") < 60
    written = parse_config(text, "licscan.toml")
    assert (written.name, written.outbound) == ("chat", "MIT")
    assert {(one.deployment, one.roots) for one in written.surfaces} == {
        ("on-premise", (".",)),
        ("desktop-app", ("desk",)),
    }
    after = json.loads(run("scan", str(folder), "--offline", "--format", "json").stdout)
    assert [(one["name"], one["deployment"], one["roots"]) for one in after["surfaces"]] == [
        (one["name"], one["deployment"], one["roots"]) for one in json.loads(before)["surfaces"]
    ], "what was assumed is what is written"
    assert after["gate"] == json.loads(before)["gate"]
    assert run("init", str(folder)).exit_code == 2


def test_init_comments_out_what_it_cannot_know(tmp_path: Path) -> None:
    folder = tmp_path / ODD
    folder.mkdir()
    assert run("init", str(folder)).exit_code == 0
    text = (folder / "licscan.toml").read_text(encoding="utf-8")
    assert parse_config(text, "licscan.toml") == Config(name=ODD)
    filled = parse_config(re.sub(r"(?m)^# ([a-z-]+ = |\[\[)", r"\1", text), "licscan.toml")
    assert filled.surfaces[0].roots == (".",)


def test_roots_of_several_artefacts_in_one_folder_are_not_parted_by_it(tmp_path: Path) -> None:
    write(tmp_path, "package.json", {"name": "app", "dependencies": {"electron": "1"}})
    (tmp_path / "requirements.txt").write_text("left==1.0\n")
    assert run("init", str(tmp_path)).exit_code == 0
    text = (tmp_path / "licscan.toml").read_text(encoding="utf-8")
    assert not parse_config(text, "licscan.toml").surfaces
    assert "# [[surface]]" in text


def test_every_setting_is_written_where_asked_for(tmp_path: Path) -> None:
    assert run("init", str(tmp_path), "--full").exit_code == 0
    assert parse_config((tmp_path / "licscan.toml").read_text(encoding="utf-8"), "licscan.toml") == Config()
