"""The command line: files by their endings, one line for what cannot be, an exit status for what is missing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from licscan.cli import run

PROJECT = Path(__file__).parents[1] / "cases" / "projects" / "messenger"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    return Path(shutil.copytree(PROJECT, tmp_path / "messenger"))


@pytest.mark.parametrize(
    ("format_", "name", "start"),
    [
        ("cyclonedx-1.6", "bom.json", "{"),
        ("cyclonedx-1.7", "bom.xml", "<?xml"),
        ("spdx-2.3", "bom.spdx", "SPDXVersion: SPDX-2.3"),
        ("spdx-3.0.1", "bom.json", '{\n  "@context"'),
    ],
)
def test_the_ending_chooses_the_kind_of_file(project: Path, format_: str, name: str, start: str) -> None:
    target = project.parent / name
    command = ["sbom", str(project), "--offline", "--format", format_, "--output", str(target)]
    assert run(command) == 0
    first = target.read_bytes()
    assert first.decode().startswith(start)
    assert run(command) == 0
    assert target.read_bytes() == first, "the second comes from the stored scan"


@pytest.mark.parametrize(("format_", "name"), [("spdx-3.0.1", "bom.xml"), ("cyclonedx-1.6", "bom.spdx")])
def test_an_ending_that_a_format_lacks_is_one_line(
    project: Path, format_: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sbom", str(project), "--offline", "--format", format_, "--output", name]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_check_says_what_is_missing_and_what_would_close_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = project.parent / "bom.json"
    run(["sbom", str(project), "--offline", "--output", str(target)])
    capsys.readouterr()
    assert run(["sbom", "check", str(target), "--profile", "bsi", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    fields = {gap["field"]: gap for gap in told["missing"]}
    assert fields["author-contact"]["components"] is None
    assert fields["supplier-contact"]["components"]
    assert fields["supplier-contact"]["closes"]


def test_check_of_what_is_no_sbom_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bom.json").write_text('{"name": "x"}')
    assert run(["sbom", "check", str(tmp_path / "bom.json")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
