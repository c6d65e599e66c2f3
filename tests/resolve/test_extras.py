"""Extras and groups of the projects themselves: which ship, which are for development, which are not installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from licscan.base.tree import Tree
from licscan.resolve.project import Resolution, resolve_project
from licscan.resolve.python.extras import is_for_development
from tests.resolve.test_environments import environment, scopes

PYPROJECT = """[project]
name = "relay"
version = "1"
dependencies = ["six"]
[project.optional-dependencies]
dev = ["relay[test]", "black"]
test = ["pytest>=7", "colorama"]
postgres = ["psycopg"]
everything = ["relay[postgres]", "redis"]
"""
SETUP_PY = """from setuptools import setup
more = ["pytest>=7", "colorama"]
setup(name="relay", version="1", install_requires=["six"], extras_require={
    "dev": more + ["black"], "test": more, "postgres": ["psycopg"], "everything": ["psycopg", "redis"]})
"""
SETUP_CFG = """[metadata]
name = relay
version = 1
[options]
install_requires = six
[options.extras_require]
dev =
    pytest>=7
    colorama
    black
test =
    pytest>=7
    colorama
postgres = psycopg
everything =
    psycopg
    redis
"""
POETRY = """[tool.poetry]
name = "relay"
version = "1"
[tool.poetry.dependencies]
six = "*"
psycopg = { version = "*", optional = true }
redis = { version = "*", optional = true }
[tool.poetry.extras]
postgres = ["psycopg"]
everything = ["psycopg", "redis"]
[tool.poetry.group.test.dependencies]
pytest = ">=7"
colorama = "*"
[tool.poetry.dev-dependencies]
black = "*"
"""
FILES = {
    "pyproject": ("pyproject.toml", PYPROJECT),
    "setup.py": ("setup.py", SETUP_PY),
    "setup.cfg": ("setup.cfg", SETUP_CFG),
    "poetry": ("pyproject.toml", POETRY),
}
SIX = ("six", "1.16")


def scan(root: Path, kind: str, *installed: tuple[str, ...], extras: tuple[str, ...] | None = None) -> Resolution:
    name, text = FILES[kind]
    (root / name).write_text(text)
    if installed:
        environment(root, *installed)
    return resolve_project(Tree(root), extras=extras)


def said(found: Resolution) -> str:
    return " ".join(found.assumptions)


@pytest.mark.parametrize("kind", sorted(FILES))
def test_what_is_not_installed_of_extras_and_groups_is_named_and_not_asked_for(tmp_path: Path, kind: str) -> None:
    found = scan(tmp_path, kind, SIX)
    assert scopes(found) == {"six@1.16": ("runtime",)}
    sentence = next(one for one in found.assumptions if "not installed in" in one)
    for name in ("dev", "test", "postgres", "everything"):
        assert name in sentence.split(" of relay")[0].split(", ")


@pytest.mark.parametrize("kind", sorted(FILES))
def test_a_missing_requirement_stays_missing(tmp_path: Path, kind: str) -> None:
    found = scan(tmp_path, kind, ("idna", "3.7"))
    assert scopes(found)["six?"] == ("runtime",)


@pytest.mark.parametrize("kind", sorted(FILES))
def test_an_installed_extra_counts(tmp_path: Path, kind: str) -> None:
    found = scan(tmp_path, kind, SIX, ("psycopg", "3.1"), ("pytest", "8.0"), ("colorama", "0.4"))
    assert scopes(found) == {
        "six@1.16": ("runtime",),
        "psycopg@3.1": ("optional",),
        "pytest@8.0": ("dev",),
        "colorama@0.4": ("dev",),
    }
    # the rest of `everything` is not installed: what of it is there belongs to another extra
    assert "everything" in next(one for one in found.assumptions if "not installed in" in one)


@pytest.mark.parametrize("kind", sorted(FILES))
def test_of_an_extra_that_is_installed_in_part_the_rest_stays_open(tmp_path: Path, kind: str) -> None:
    found = scan(tmp_path, kind, SIX, ("redis", "5.0"))
    assert scopes(found) == {"six@1.16": ("runtime",), "redis@5.0": ("optional",), "psycopg?": ("optional",)}


@pytest.mark.parametrize("kind", sorted(FILES))
def test_the_wrong_version_of_an_extra_is_no_missing_extra(tmp_path: Path, kind: str) -> None:
    found = scan(tmp_path, kind, SIX, ("pytest", "6.0"))
    assert scopes(found)["pytest?"] == ("dev",)


@pytest.mark.parametrize("kind", sorted(FILES))
def test_what_ships_must_be_there(tmp_path: Path, kind: str) -> None:
    found = scan(tmp_path, kind, SIX, extras=("relay[everything]",))
    assert scopes(found) == {"six@1.16": ("runtime",), "psycopg?": ("runtime",), "redis?": ("runtime",)}


@pytest.mark.parametrize("kind", sorted(FILES))
def test_what_does_not_ship_is_not_taken_as_shipped(tmp_path: Path, kind: str) -> None:
    found = scan(tmp_path, kind, SIX, ("psycopg", "3.1"), extras=())
    assert scopes(found)["psycopg@3.1"] == ("dev",)
    assert "According to licscan.toml, the extra postgres of relay does not ship" in said(found)


def test_an_extra_that_no_project_has_is_a_problem(tmp_path: Path) -> None:
    found = scan(tmp_path, "pyproject", SIX, extras=("postgers",))
    (problem,) = found.problems
    assert problem.code == "dependency-unresolved"
    assert "postgers" in problem.message


def test_without_an_environment_everything_is_open(tmp_path: Path) -> None:
    found = scan(tmp_path, "pyproject")
    assert scopes(found)["psycopg?"] == ("optional",)
    assert scopes(found)["pytest?"] == ("dev",)


UV_LOCK = """version = 1
requires-python = ">=3.11"

[[package]]
name = "greenlet"
version = "3.0"
source = { registry = "https://pypi.example/simple" }

[[package]]
name = "pytest"
version = "8.0"
source = { registry = "https://pypi.example/simple" }

[[package]]
name = "relay"
version = "1"
source = { editable = "." }

[package.optional-dependencies]
postgres = [{ name = "sqlalchemy", extra = ["asyncio"] }]
test = [{ name = "pytest" }]

[package.metadata]
requires-dist = [
    { name = "pytest", marker = "extra == 'test'" },
    { name = "sqlalchemy", extras = ["asyncio"], marker = "extra == 'postgres'" },
]
provides-extras = ["postgres", "test"]

[[package]]
name = "sqlalchemy"
version = "2.0"
source = { registry = "https://pypi.example/simple" }

[package.optional-dependencies]
asyncio = [{ name = "greenlet" }]
"""
LOCKED = """[project]
name = "relay"
version = "1"
[project.optional-dependencies]
postgres = ["sqlalchemy[asyncio]"]
test = ["pytest"]
"""
POETRY_LOCK = """[[package]]
name = "greenlet"
version = "3.0"
optional = true
python-versions = "*"
files = []

[[package]]
name = "pytest"
version = "8.0"
optional = true
python-versions = "*"
files = []

[[package]]
name = "sqlalchemy"
version = "2.0"
optional = true
python-versions = "*"
files = []

[package.dependencies]
greenlet = { version = "*", optional = true, markers = "extra == \\"asyncio\\"" }

[package.extras]
asyncio = ["greenlet"]

[extras]
postgres = ["sqlalchemy"]
test = ["pytest"]

[metadata]
lock-version = "2.1"
python-versions = "*"
content-hash = ""
"""
PDM_LOCK = """[metadata]
groups = ["default", "postgres", "test"]
lock_version = "4.4"

[[package]]
name = "greenlet"
version = "3.0"

[[package]]
name = "pytest"
version = "8.0"

[[package]]
name = "sqlalchemy"
version = "2.0"

[[package]]
name = "sqlalchemy"
version = "2.0"
extras = ["asyncio"]
dependencies = ["greenlet", "sqlalchemy==2.0"]
"""
PYLOCK = """lock-version = "1.0"
created-by = "pip"
extras = ["postgres", "test"]

[[packages]]
name = "greenlet"
version = "3.0"
marker = "'postgres' in extras"

[[packages]]
name = "pytest"
version = "8.0"
marker = "'test' in extras"

[[packages]]
name = "sqlalchemy"
version = "2.0"
marker = "'postgres' in extras"
"""
LOCKS = {"uv.lock": UV_LOCK, "poetry.lock": POETRY_LOCK, "pdm.lock": PDM_LOCK, "pylock.toml": PYLOCK}


@pytest.mark.parametrize("name", sorted(LOCKS))
@pytest.mark.parametrize(
    ("extras", "postgres"),
    [(None, "optional"), (("postgres",), "runtime"), ((), "dev")],
    ids=["unsaid", "told", "none"],
)
def test_extras_in_locks(tmp_path: Path, name: str, extras: tuple[str, ...] | None, postgres: str) -> None:
    (tmp_path / "pyproject.toml").write_text(LOCKED)
    (tmp_path / name).write_text(LOCKS[name])
    found = resolve_project(Tree(tmp_path), extras=extras)
    assert scopes(found) == {
        "greenlet@3.0": (postgres,),
        "pytest@8.0": ("dev",),
        "sqlalchemy@2.0": (postgres,),
    }
    assert not [one for one in found.problems if one.code == "dependency-unresolved"]
    assert ("postgres of relay is taken as shipped" in said(found)) == (extras is None)


@pytest.mark.parametrize(
    "name",
    ["dev", "tests", "testing", "linting", "typing", "docs", "test-all", "dev_extras", "ci", "py3-test"],
)
def test_names_of_development(name: str) -> None:
    assert is_for_development(name)


@pytest.mark.parametrize(
    "name",
    ["postgres", "test-postgres", "all", "types", "format", "doc-parser", "build", "core", "http2", "local", "e2e"],
)
def test_names_that_may_ship(name: str) -> None:
    assert not is_for_development(name)
