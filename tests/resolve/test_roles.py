"""What manifests are for, by their names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from licscan.base.tree import Tree
from licscan.model import Scope
from licscan.resolve.project import resolve_project
from licscan.resolve.roles import is_aside, scope_of
from tests.resolve.test_environments import scopes

PROJECT = '[project]\nname = "{}"\nversion = "1"\ndependencies = ["hachoir==3.4.0"]\n'
UV = """version = 1
[[package]]
name = "{0}"
version = "1"
source = {{ virtual = "." }}
dependencies = [{{ name = "hachoir" }}]
[[package]]
name = "hachoir"
version = "3.4.0"
source = {{ registry = "https://index.example/simple" }}
"""
NODE = json.dumps({"name": "side", "version": "1.0.0", "dependencies": {"hachoir": "3.4.0"}})
NPM_LOCK = json.dumps(
    {
        "lockfileVersion": 3,
        "packages": {"": json.loads(NODE), "node_modules/hachoir": {"version": "3.4.0"}},
    }
)


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("requirements.txt", Scope.RUNTIME),
        ("optional-requirements.txt", Scope.OPTIONAL),
        ("requirements-optional.txt", Scope.OPTIONAL),
        ("optional_requirements.txt", Scope.OPTIONAL),
        ("requirements/extras.txt", Scope.OPTIONAL),
        ("requirements/optional/voice.txt", Scope.OPTIONAL),
        ("test-optional-requirements.txt", Scope.DEV),
        ("requirements_readthedocs.txt", Scope.DEV),
        ("readthedocs/requirements.txt", Scope.DEV),
        ("examples/a/requirements.txt", Scope.DEV),
        ("tests/fixtures/requirements.txt", Scope.DEV),
        ("requirements-build.txt", Scope.BUILD),
        ("requirements-prod.txt", Scope.RUNTIME),
        ("testimony/requirements.txt", Scope.RUNTIME),
        ("extraction-requirements.txt", Scope.RUNTIME),
    ],
)
def test_the_scope_of_a_requirements_file(path: str, scope: Scope) -> None:
    assert scope_of(path) is scope


@pytest.mark.parametrize(
    "folder",
    ["tests", "examples/app", "docs", "a/fixtures/b", "samples", "benchmarks", "test_data", "__tests__", "spec"],
)
def test_folders_beside_the_product(folder: str) -> None:
    assert is_aside(f"{folder}/pyproject.toml")


@pytest.mark.parametrize("folder", ["src", "testimony", "server", "contest", "documents", "website", "templates/app"])
def test_folders_of_the_product(folder: str) -> None:
    assert not is_aside(f"{folder}/pyproject.toml")


SIDE = {
    "requirements": {"requirements.txt": "hachoir==3.4.0\n"},
    "pyproject": {"pyproject.toml": PROJECT.format("side")},
    "lock": {"pyproject.toml": PROJECT.format("side"), "uv.lock": UV.format("side")},
    "setup.cfg": {"setup.cfg": "[metadata]\nname = side\n[options]\ninstall_requires = hachoir==3.4.0\n"},
    "Pipfile": {"Pipfile": '[packages]\nhachoir = "==3.4.0"\n'},
    "environment": {"environment.yml": "dependencies:\n - pip:\n   - hachoir==3.4.0\n"},
    "npm": {"package.json": NODE, "package-lock.json": NPM_LOCK},
    "yarn": {"package.json": NODE, "yarn.lock": '# yarn lockfile v1\n\nhachoir@3.4.0:\n  version "3.4.0"\n'},
    "node_modules": {
        "package.json": NODE,
        "node_modules/hachoir/package.json": json.dumps({"name": "hachoir", "version": "3.4.0"}),
    },
}


def put(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize("folder", ["tests", "examples/bot", "docs"])
@pytest.mark.parametrize("kind", sorted(SIDE))
def test_a_project_beside_the_product_is_for_development(tmp_path: Path, kind: str, folder: str) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "acme"\nversion = "1"\ndependencies = ["six==1"]\n')
    put(tmp_path / folder, SIDE[kind])
    found = resolve_project(Tree(tmp_path))
    assert scopes(found) == {"six@1": ("runtime",), "hachoir@3.4.0": ("dev",)}
    assert found.graph.roots == ("pkg:pypi/acme@1",)
    assert "--exclude" in " ".join(found.assumptions)
    alone = resolve_project(Tree(tmp_path), [folder])
    assert scopes(alone) == {"hachoir@3.4.0": ("dev" if kind in ("requirements", "environment") else "runtime",)}


WORKSPACE = {"name": "acme", "version": "1.0.0", "workspaces": ["examples/*"], "dependencies": {"six": "1"}}
MEMBERS = {
    "npm": {
        "package-lock.json": json.dumps(
            {
                "lockfileVersion": 3,
                "packages": {
                    "": WORKSPACE,
                    "examples/bot": json.loads(NODE),
                    "node_modules/side": {"resolved": "examples/bot", "link": True},
                    "node_modules/six": {"version": "1"},
                    "node_modules/hachoir": {"version": "3.4.0"},
                },
            }
        )
    },
    "pnpm": {
        "pnpm-workspace.yaml": "packages: ['examples/*']\n",
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"
        "importers:\n"
        "  .:\n    dependencies:\n      six: {specifier: '1', version: '1'}\n"
        "  examples/bot:\n    dependencies:\n      hachoir: {specifier: 3.4.0, version: 3.4.0}\n"
        "packages:\n  six@1: {resolution: {integrity: x}}\n  hachoir@3.4.0: {resolution: {integrity: x}}\n"
        "snapshots:\n  six@1: {}\n  hachoir@3.4.0: {}\n",
    },
    "yarn": {
        "yarn.lock": '# yarn lockfile v1\n\nhachoir@3.4.0:\n  version "3.4.0"\n\nsix@1:\n  version "1"\n',
    },
    "bun": {
        "bun.lock": json.dumps(
            {
                "lockfileVersion": 1,
                "workspaces": {
                    "": {"name": "acme", "dependencies": {"six": "1"}},
                    "examples/bot": {"name": "side", "version": "1.0.0", "dependencies": {"hachoir": "3.4.0"}},
                },
                "packages": {
                    "hachoir": ["hachoir@3.4.0", "", {}, ""],
                    "side": ["side@workspace:examples/bot"],
                    "six": ["six@1", "", {}, ""],
                },
            }
        )
    },
    "without a lock": {
        "node_modules/six/package.json": '{"name": "six", "version": "1"}',
        "node_modules/hachoir/package.json": '{"name": "hachoir", "version": "3.4.0"}',
    },
}


@pytest.mark.parametrize("kind", sorted(MEMBERS))
def test_a_member_of_a_workspace_beside_the_product_is_for_development(tmp_path: Path, kind: str) -> None:
    put(tmp_path, {"package.json": json.dumps(WORKSPACE), "examples/bot/package.json": NODE, **MEMBERS[kind]})
    found = resolve_project(Tree(tmp_path))
    assert scopes(found) == {"six@1": ("runtime",), "hachoir@3.4.0": ("dev",)}
    assert found.graph.roots == ("pkg:npm/acme@1.0.0",)
    assert "examples/bot/package.json" in " ".join(found.assumptions)


def test_a_uv_member_beside_the_product_is_for_development(tmp_path: Path) -> None:
    members = 'version = 1\n[manifest]\nmembers = ["acme", "side"]'
    lock = UV.format("side").replace("version = 1", members, 1).replace('virtual = "."', 'editable = "examples/bot"')
    lock += '[[package]]\nname = "acme"\nversion = "1"\nsource = { virtual = "." }\n'
    root = '[project]\nname = "acme"\nversion = "1"\n[tool.uv.workspace]\nmembers = ["examples/*"]\n'
    put(tmp_path, {"pyproject.toml": root, "examples/bot/pyproject.toml": PROJECT.format("side"), "uv.lock": lock})
    found = resolve_project(Tree(tmp_path))
    assert scopes(found) == {"hachoir@3.4.0": ("dev",)}
    assert found.graph.roots == ("pkg:pypi/acme@1",)


@pytest.mark.parametrize(
    "top",
    [
        {"name": "tools", "devDependencies": {"six": "1"}},
        {"private": True, "workspaces": ["demo"]},
    ],
)
def test_where_nothing_else_ships_what_stands_aside_does(tmp_path: Path, top: dict[str, object]) -> None:
    put(tmp_path, {"package.json": json.dumps(top), "demo/package.json": NODE, "demo/package-lock.json": NPM_LOCK})
    found = resolve_project(Tree(tmp_path))
    assert scopes(found)["hachoir@3.4.0"] == ("runtime",)
    assert "pkg:npm/side@1.0.0" in found.graph.roots
    assert not found.assumptions


def test_what_the_product_needs_ships_wherever_it_stands(tmp_path: Path) -> None:
    top = {"name": "acme", "version": "1.0.0", "dependencies": {"side": "file:examples/side"}}
    put(tmp_path, {"package.json": json.dumps(top), "examples/side/package.json": NODE})
    put(tmp_path, {"examples/side/package-lock.json": NPM_LOCK})
    found = resolve_project(Tree(tmp_path))
    assert "runtime" in scopes(found)["hachoir@3.4.0"]
    assert not found.assumptions


def test_what_is_optional_is_said(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("six==1\n")
    (tmp_path / "optional-requirements.txt").write_text("hachoir==3.4.0\n")
    found = resolve_project(Tree(tmp_path))
    assert scopes(found) == {"six@1": ("runtime",), "hachoir@3.4.0": ("optional",)}
    assert "optional-requirements.txt" in " ".join(found.assumptions)


@pytest.mark.parametrize(
    "path", ["requirements.lock", "requirements-prod.lock", "reqs/base.txt", "deps.txt", "reqs.txt"]
)
def test_more_names_of_requirements_files(tmp_path: Path, path: str) -> None:
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text("six==1\n")
    assert scopes(resolve_project(Tree(tmp_path))) == {"six@1": ("runtime",)}
