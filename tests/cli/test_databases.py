"""One database for several projects: what is asked of a project is told of that one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_policy import run, write

COMMANDS = (
    ("show", "left"),
    ("why", "left"),
    ("export", "--format", "json"),
    ("duties",),
    ("review", "list", "--format", "json"),
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Scans of `one` (left 1.0.0), then of `two` (left 2.0.0)."""
    for name, version in (("one", "1.0.0"), ("two", "2.0.0")):
        folder = tmp_path / name
        write(folder, "package.json", {"name": name, "license": "MIT", "dependencies": {"left": version}})
        write(folder, "node_modules/left/package.json", {"name": "left", "version": version, "license": "MIT"})
        run("scan", str(folder), "--offline", "--no-texts", "--quiet", "--db", str(tmp_path / "all.db"))
    return tmp_path / "all.db"


@pytest.mark.parametrize("command", [("show", "left"), ("why", "left"), ("export", "--format", "json")])
def test_the_project_that_is_named_answers(database: Path, command: tuple[str, ...]) -> None:
    for name, version, other in (("one", "1.0.0", "2.0.0"), ("two", "2.0.0", "1.0.0")):
        told = run(*command, "--project", str(database.parent / name), "--db", str(database)).stdout
        assert version in told
        assert other not in told


@pytest.mark.parametrize("command", COMMANDS[:-1])
def test_of_a_project_without_a_scan_nothing_is_told(database: Path, command: tuple[str, ...]) -> None:
    (database.parent / "three").mkdir()
    told = run(*command, "--project", str(database.parent / "three"), "--db", str(database))
    assert told.exit_code == 2
    assert not told.stdout
    assert f"contains no scan of {database.parent / 'three'}" in told.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_project_the_folder_or_the_last_scan_answers(
    database: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(database.parent / "one")
    here = run(*command, "--db", str(database))
    assert here.exit_code == 0
    assert "2.0.0" not in here.stdout
    monkeypatch.chdir(database.parent)
    elsewhere = run(*command, "--db", str(database))
    assert elsewhere.exit_code == 0
    assert "1.0.0" not in elsewhere.stdout


@pytest.mark.parametrize("path", ["one", "two"])
def test_documents_are_of_the_project_that_is_named(database: Path, path: str) -> None:
    folder = database.parent / path
    told = json.loads(run("sbom", str(folder), "--offline", "--db", str(database)).stdout)
    assert told["metadata"]["component"]["name"] == path
    made = run("notices", str(folder), "--offline", "--db", str(database))
    assert "changed since it was scanned" not in made.stderr


def test_a_document_of_a_project_without_a_scan_is_made_from_a_new_one(database: Path) -> None:
    folder = database.parent / "three"
    write(folder, "package.json", {"name": "three", "license": "MIT"})
    made = run("sbom", str(folder), "--offline", "--db", str(database))
    assert json.loads(made.stdout)["metadata"]["component"]["name"] == "three"
