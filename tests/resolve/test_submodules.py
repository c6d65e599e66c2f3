"""Submodules that are not checked out are told of, whoever needs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from licscan.base.tree import Tree
from licscan.resolve.discover import discover
from licscan.resolve.project import resolve_project
from licscan.vcs.gitmodules import submodule_folders

TEXT = '[submodule "x"]\n\tpath = {}\n\turl = https://forge.example/x.git\n'


def told(root: Path, starts: tuple[str, ...] = ("",), exclude: tuple[str, ...] = ()) -> list[tuple[str, str | None]]:
    return [(p.subject, p.code) for p in discover(Tree(root), starts, exclude).problems]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "package.json").write_text('{"name": "app", "version": "1.0.0"}')
    (tmp_path / ".gitmodules").write_text(TEXT.format("libs/x"))
    return tmp_path


@pytest.mark.parametrize("folder", ["", "libs/x"])
def test_a_missing_or_empty_folder_is_told(project: Path, folder: str) -> None:
    (project / folder).mkdir(parents=True, exist_ok=True)
    assert told(project) == [("libs/x", "input-absent")]


def test_what_is_checked_out_is_not(project: Path) -> None:
    (project / "libs/x").mkdir(parents=True)
    (project / "libs/x/README").write_text("here")
    assert told(project) == []


def test_of_a_submodule_of_a_submodule(project: Path) -> None:
    (project / "libs/x").mkdir(parents=True)
    (project / "libs/x/.gitmodules").write_text(TEXT.format("inner"))
    assert told(project) == [("libs/x/inner", "input-absent")]


def test_only_of_what_is_scanned(project: Path) -> None:
    (project / "server").mkdir()
    assert told(project, ("server",)) == []
    assert told(project, exclude=("libs",)) == []
    assert told(project, exclude=("libs/*",)) == []
    (project / "libs").mkdir()
    assert told(project, ("libs",)) == [("libs/x", "input-absent")]


@pytest.mark.parametrize("folder", ["docs/theme", "tests/vectors", "examples/bot"])
def test_beside_the_product_it_is_no_finding(project: Path, folder: str) -> None:
    (project / ".gitmodules").write_text(TEXT.format(folder))
    assert told(project) == [(folder, None)]


@pytest.mark.parametrize(
    ("text", "folders"),
    [
        ("", ()),
        ("path=a\r\npath = a\r\n", ("a",)),
        ('\tPATH = "b c"\n\tpathology = no\n', ("b c",)),
        ("path = ../up\npath = a/../../up\npath =\n", ()),
        ("path = /a/\n", ("a",)),
    ],
)
def test_what_gitmodules_names(text: str, folders: tuple[str, ...]) -> None:
    assert submodule_folders(text) == folders


def test_one_that_the_product_needs_is_told_of_once(project: Path) -> None:
    (project / "package.json").write_text('{"name": "app", "dependencies": {"x": "file:libs/x"}}')
    lock = {
        "lockfileVersion": 3,
        "packages": {
            "": {"name": "app", "dependencies": {"x": "file:libs/x"}},
            "libs/x": {},
            "node_modules/x": {"resolved": "libs/x", "link": True},
        },
    }
    (project / "package-lock.json").write_text(json.dumps(lock))
    (project / "libs/x").mkdir(parents=True)
    codes = [p.code for p in resolve_project(Tree(project)).problems]
    assert codes == ["dependency-unresolved"]
