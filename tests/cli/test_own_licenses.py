"""A company's own license, named in `licenses/` beside licscan.toml, is recognised wherever its text stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from licscan.cli import run

TEXT = """Acme Messenger Terms
Whoever has bought a seat may run the messenger for the people of that seat, on hardware of their own choosing.
Neither the messenger nor a part of it may be handed to other companies, lent, hosted for them or taken apart.
Acme gives no promise that the messenger fits a purpose, and answers for gross negligence alone.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "package.json").write_text('{"name": "acme-chat", "version": "1.0.0", "dependencies": {"left": "^1"}}')
    (tmp_path / "licscan.toml").write_text('[project]\nname = "acme"\n')
    (tmp_path / "LICENSE").write_text(TEXT)
    (tmp_path / "licenses").mkdir()
    (tmp_path / "licenses" / "acme.txt").write_text(TEXT)
    (tmp_path / "licenses" / "acme.toml").write_text('expression = "LicenseRef-Acme"\n')
    return tmp_path


def outbound(project: Path, capsys: pytest.CaptureFixture[str]) -> str:
    run(["scan", "--offline", "--format", "json", str(project)])
    told: str = json.loads(capsys.readouterr().out)["project"]["outbound"]
    return told


def test_it_is_recognised_beside_licscan_toml(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outbound(project, capsys) == "LicenseRef-Acme"


def test_it_is_not_without(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "licscan.toml").unlink()
    assert outbound(project, capsys) == "proprietary"


def test_a_damaged_one_is_one_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "licenses" / "acme.toml").write_text("expression = ")
    assert run(["scan", "--offline", str(project)]) == 2
    error = capsys.readouterr().err.strip()
    assert "acme.toml" in error
    assert "\n" not in error


def test_a_folder_that_is_not_there_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "licscan.toml").write_text('[scan]\nlicenses = "terms"\n')
    assert run(["scan", "--offline", str(project)]) == 2
    assert "is not a folder (see scan.licenses in licscan.toml)" in capsys.readouterr().err
