"""What manifests are for, by their names."""

from __future__ import annotations

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
    "folder", ["tests", "examples/app", "docs", "a/fixtures/b", "samples", "benchmarks", "test_data"]
)
def test_folders_beside_the_product(folder: str) -> None:
    assert is_aside(f"{folder}/pyproject.toml")


@pytest.mark.parametrize("folder", ["src", "testimony", "server", "contest", "documents"])
def test_folders_of_the_product(folder: str) -> None:
    assert not is_aside(f"{folder}/pyproject.toml")


SIDE = {
    "requirements": {"requirements.txt": "hachoir==3.4.0\n"},
    "pyproject": {"pyproject.toml": PROJECT.format("side")},
    "lock": {"pyproject.toml": PROJECT.format("side"), "uv.lock": UV.format("side")},
    "setup.cfg": {"setup.cfg": "[metadata]\nname = side\n[options]\ninstall_requires = hachoir==3.4.0\n"},
    "Pipfile": {"Pipfile": '[packages]\nhachoir = "==3.4.0"\n'},
    "environment": {"environment.yml": "dependencies:\n - pip:\n   - hachoir==3.4.0\n"},
}


@pytest.mark.parametrize("folder", ["tests", "examples/bot", "docs"])
@pytest.mark.parametrize("kind", sorted(SIDE))
def test_a_project_beside_the_product_is_for_development(tmp_path: Path, kind: str, folder: str) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "acme"\nversion = "1"\ndependencies = ["six==1"]\n')
    for name, text in SIDE[kind].items():
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / name).write_text(text)
    found = resolve_project(Tree(tmp_path))
    assert scopes(found) == {"six@1": ("runtime",), "hachoir@3.4.0": ("dev",)}
    assert found.graph.roots == ("pkg:pypi/acme@1",)
    assert "--exclude" in " ".join(found.assumptions)
    alone = resolve_project(Tree(tmp_path), [folder])
    assert scopes(alone) == {"hachoir@3.4.0": ("dev" if kind in ("requirements", "environment") else "runtime",)}


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
