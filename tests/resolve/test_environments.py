"""Environments beside manifests: the manifests decide scopes, the environment only answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from licscan.base.tree import Tree
from licscan.model import Scope
from licscan.resolve.project import Resolution, resolve_project
from tests.resolve.test_site_packages import dist

SITE = ".venv/lib/python3.11/site-packages"


def environment(root: Path, *packages: tuple[str, ...], site: str = SITE) -> None:
    """A virtual environment with packages: name, version, and what each requires."""
    (root / site).mkdir(parents=True, exist_ok=True)
    (root / site).parents[2].joinpath("pyvenv.cfg").write_text("home = /nowhere\nversion = 3.11.7\n")
    for name, version, *requires in packages:
        dist(root, name, version, *(f"Requires-Dist: {text}" for text in requires), site=site)


def scopes(found: Resolution) -> dict[str, tuple[str, ...]]:
    """The third-party packages, `name@version`, unresolved ones with a question mark, with their scopes."""
    return {
        f"{c.name}@{c.version}" if c.resolved else f"{c.name}?": tuple(scope.value for scope in c.scopes)
        for c in found.graph.components
        if not c.is_first_party
    }


def scan(root: Path, **options: object) -> Resolution:
    return resolve_project(Tree(root), **options)  # type: ignore[arg-type]


MANIFESTS = {
    "pyproject.toml": '[project]\nname = "acme"\nversion = "1"\ndependencies = ["six"]\n'
    '[dependency-groups]\ndev = ["pylint"]\n',
    "poetry": '[tool.poetry]\nname = "acme"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.9"\nsix = "^1.0"\n'
    '[tool.poetry.group.dev.dependencies]\npylint = "*"\n',
    "pdm": '[project]\nname = "acme"\nversion = "1"\ndependencies = ["six"]\n'
    '[tool.pdm.dev-dependencies]\ndev = ["pylint"]\n',
    "uv": '[project]\nname = "acme"\nversion = "1"\ndependencies = ["six"]\n[tool.uv]\ndev-dependencies = ["pylint"]\n',
    "Pipfile": '[packages]\nsix = "*"\n[dev-packages]\npylint = "*"\n',
    "requirements": "six\n",
    "environment.yml": "name: x\ndependencies:\n  - pip\n  - pip:\n    - six\n",
}


@pytest.mark.parametrize("kind", sorted(MANIFESTS))
def test_an_environment_changes_no_scope(tmp_path: Path, kind: str) -> None:
    name = {"poetry": "pyproject.toml", "pdm": "pyproject.toml", "uv": "pyproject.toml"}.get(kind, kind)
    name = "requirements.txt" if kind == "requirements" else name
    (tmp_path / name).write_text(MANIFESTS[kind])
    if kind == "requirements":
        (tmp_path / "requirements-dev.txt").write_text("pylint\n")
    environment(
        tmp_path,
        ("six", "1.16.0"),
        ("pylint", "3.0", "astroid>=3", "dill; python_version < '3.8'"),
        ("astroid", "3.1"),
        ("pip", "24.0"),
        ("setuptools", "69", "virtualenv; extra == 'test'"),
        ("virtualenv", "20"),
        ("dill", "0.3"),
    )
    found = scan(tmp_path)
    dev = ("dev",)
    want = {"six@1.16.0": ("runtime",), "pylint@3.0": dev, "astroid@3.1": dev, "pip@24.0": dev, "setuptools@69": dev}
    want |= {"virtualenv@20": dev, "dill@0.3": dev}
    if kind == "environment.yml":
        want["pip?"] = ("runtime",)
    assert scopes(found) == want
    assert not any(
        "site-packages" in c.name or "environment" in c.purl for c in found.graph.components if c.is_first_party
    )
    assert any("no manifest requires" in sentence for sentence in found.assumptions)
    assert not [problem for problem in found.problems if problem.code]


def test_an_empty_environment_adds_nothing(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("six==1.16.0\n")
    before = scan(tmp_path).graph
    environment(tmp_path)
    assert scan(tmp_path).graph == before


def test_without_a_manifest_everything_hangs_on_the_nameless_project(tmp_path: Path) -> None:
    environment(tmp_path, ("app", "1", "lib; extra == 'x'"), ("lib", "2"))
    found = scan(tmp_path)
    assert scopes(found) == {"app@1": ("runtime",), "lib@2": ("runtime",)}
    assert found.graph.roots == ("pkg:generic/project",)
    assert found.graph.paths_to("pkg:pypi/lib@2") == (("pkg:generic/project", "pkg:pypi/lib@2"),)
    assert "taken as shipped" in " ".join(found.assumptions)


def test_extras_are_followed_where_they_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("app[fast]>=1\n")
    environment(
        tmp_path,
        (
            "app",
            "1",
            "quick; extra == 'fast'",
            "slow; extra == 'test'",
            "app[more]; extra == 'fast'",
            "m; extra=='more'",
        ),
        ("quick", "1"),
        ("slow", "1"),
        ("m", "1"),
    )
    assert scopes(scan(tmp_path)) == {
        "app@1": ("runtime",),
        "quick@1": ("runtime",),
        "m@1": ("runtime",),
        "slow@1": ("dev",),
    }


def test_what_the_range_refuses_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("six>=2\nlib<2\n")
    environment(tmp_path, ("six", "1.16.0"), ("lib", "1.9"))
    found = scopes(scan(tmp_path))
    assert (found["six?"], found["lib@1.9"], found["six@1.16.0"]) == (("runtime",), ("runtime",), ("dev",))


def test_pins_take_their_needs_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("app==1\nlib==3\n")
    environment(tmp_path, ("app", "1", "lib", "deep"), ("lib", "2", "deeper"), ("deep", "1"), ("deeper", "1"))
    found = scan(tmp_path)
    assert scopes(found) == {
        "app@1": ("runtime",),
        "lib@3": ("runtime",),
        "deep@1": ("runtime",),
        "deeper@1": ("runtime", "dev"),
        "lib@2": ("dev",),
    }
    assert [p.code for p in found.problems] == ["lock-out-of-date"]


def test_what_a_manifest_does_not_tell_may_be_what_is_installed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "a"\nversion = "1"\ndynamic = ["dependencies"]\n')
    environment(tmp_path, ("six", "1.16.0"), ("pip", "24"))
    assert scopes(scan(tmp_path)) == {"six@1.16.0": ("runtime",), "pip@24": ("dev",)}


def test_markers_are_weighed_in_the_environment_that_was_named(tmp_path: Path) -> None:
    project = tmp_path / "app"
    project.mkdir()
    (project / "requirements.txt").write_text(
        'legacy-cgi ; python_version >= "3.13"\nsix ; python_version >= "3.9"\nwin ; sys_platform == "win32"\n'
    )
    environment(tmp_path, ("six", "1"))
    plain = scan(project)
    assert scopes(plain) == {"legacy-cgi?": ("runtime",), "six?": ("runtime",), "win?": ("runtime",)}
    given = scan(project, environments=[tmp_path / ".venv"])
    assert scopes(given) == {"six@1": ("runtime",), "win?": ("runtime",)}
    assert "legacy-cgi" in " ".join(given.assumptions)
    (tmp_path / SITE / "six-1.dist-info/WHEEL").write_text("Tag: cp311-cp311-manylinux_2_17_x86_64\n")
    assert scopes(scan(project, environments=[tmp_path / ".venv"])) == {"six@1": ("runtime",)}


def test_the_nearest_environment_answers(tmp_path: Path) -> None:
    for name, version in (("a", "1"), ("b", "2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "requirements.txt").write_text("six\n")
        environment(tmp_path / name, ("six", version))
    found = scan(tmp_path)
    assert {(e.parent, e.child) for e in found.graph.dependencies} == {
        ("pkg:generic/project#a", "pkg:pypi/six@1"),
        ("pkg:generic/project#b", "pkg:pypi/six@2"),
    }


@pytest.mark.parametrize(
    "site",
    [
        "usr/local/lib/python3.11/site-packages",
        "usr/lib/python3/dist-packages",
        "root/.local/lib/python3.11/site-packages",
        "opt/conda/lib/python3.11/site-packages",
    ],
)
def test_root_file_systems(tmp_path: Path, site: str) -> None:
    dist(tmp_path, "six", "1.16.0", site=site)
    dist(tmp_path, "stray", "1", site=site)
    (tmp_path / "app").mkdir()
    (tmp_path / "app/requirements.txt").write_text("six\n")
    found = scan(tmp_path)
    assert scopes(found) == {"six@1.16.0": ("runtime",), "stray@1": ("runtime",)}
    assert site in {record.path for record in found.inputs}
    assert "stray" in " ".join(found.assumptions)


def conda(prefix: Path, name: str, version: str, *depends: str) -> None:
    meta = prefix / "conda-meta"
    meta.mkdir(parents=True, exist_ok=True)
    table = {"name": name, "version": version, "build": "h0", "subdir": "linux-64", "depends": list(depends)}
    (meta / f"{name}-{version}-h0.json").write_text(json.dumps(table))


def test_a_conda_prefix_outside_the_project(tmp_path: Path) -> None:
    prefix, project = tmp_path / "prefix", tmp_path / "app"
    project.mkdir()
    (project / "requirements.txt").write_text("pyzmq\n")
    (project / "requirements-dev.txt").write_text("pylint\n")
    for name in ("pyzmq", "pylint"):
        dist(prefix, name, "1", site="lib/python3.11/site-packages")
        conda(prefix, name, "1", "libzmq" if name == "pyzmq" else "libdev")
    conda(prefix, "libzmq", "4.3.5")
    conda(prefix, "libdev", "1")
    found = scan(project, environments=[prefix])
    assert {c.purl.partition("?")[0]: c.scopes for c in found.graph.components if not c.is_first_party} == {
        "pkg:conda/libdev@1": (Scope.DEV,),
        "pkg:conda/libzmq@4.3.5": (Scope.RUNTIME,),
        "pkg:conda/pylint@1": (Scope.DEV,),
        "pkg:conda/pyzmq@1": (Scope.RUNTIME,),
        "pkg:pypi/pylint@1": (Scope.DEV,),
        "pkg:pypi/pyzmq@1": (Scope.RUNTIME,),
    }


def test_a_conda_prefix_without_python_is_read(tmp_path: Path) -> None:
    conda(tmp_path / "opt/conda", "libzmq", "4.3.5")
    assert scopes(scan(tmp_path)) == {"libzmq@4.3.5": ("runtime",)}


@pytest.mark.parametrize(
    ("first", "second", "open_"),
    [
        ('numpy==1.26.4 ; python_version<"3.12"', 'numpy>=2.1 ; python_version>="3.12"', True),
        ('numpy==1.26.4 ; python_version<"3.12"', 'numpy ; python_version>="3.12"', True),
        ('numpy==1.26.4 ; python_version<"3.12"', 'numpy ; python_version<"3.11"', False),
        ("numpy==1.26.4", "numpy>=1.20", False),
        ("numpy==1.26.4", "numpy>=2", True),
        ("numpy==1.26.4 ; sys_platform=='win32'", "numpy", True),
        ("numpy==1.26.4", "numpy ; sys_platform=='win32'", False),
    ],
)
def test_a_pin_answers_what_it_fits(tmp_path: Path, first: str, second: str, open_: bool) -> None:
    """In one file, in two, and in a file below: the same answer."""
    for name, files in {
        "one": {"requirements.txt": f"{first}\n{second}\n"},
        "two": {"requirements.txt": first, "more-requirements.txt": second},
        "below": {"requirements.txt": first, "sub/requirements.txt": second},
    }.items():
        for path, text in files.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_text(text)
        found = scopes(scan(tmp_path / name))
        assert found == {"numpy@1.26.4": ("runtime",)} | ({"numpy?": ("runtime",)} if open_ else {}), name


def test_poetry_lists_of_constraints(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.poetry]\nname = "a"\nversion = "1"\n[tool.poetry.dependencies]\nnumpy = [\n'
        '  {version = "1.26.4", python = "<3.12"},\n  {version = ">=2.1", python = ">=3.12"},\n]\n'
    )
    assert scopes(scan(tmp_path)) == {"numpy@1.26.4": ("runtime",), "numpy?": ("runtime",)}


OWN = {
    "hatch": '[project]\nname = "acme"\nlicense = "MIT"\ndynamic = ["version"]\n[tool.hatch.version]\npath = "v.py"\n',
    "setuptools": '[project]\nname = "Acme"\nlicense = "MIT"\ndynamic = ["version"]\n'
    '[tool.setuptools.dynamic]\nversion = {attr = "v.__version__"}\n',
    "vcs": '[project]\nname = "acme"\nlicense = "MIT"\ndynamic = ["version"]\n[tool.hatch.version]\nsource = "vcs"\n',
}
LOCKS = {
    "uv.lock": 'version = 1\n[[package]]\nname = "acme"\nsource = { editable = "." }\n',
    "uv.lock/static": 'version = 1\n[[package]]\nname = "acme"\nversion = "0.9"\nsource = { editable = "." }\n',
    "pylock.toml": 'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "acme"\n'
    'directory = { path = ".", editable = true }\n',
    "poetry.lock": 'package = []\n[metadata]\nlock-version = "2.1"\npython-versions = "*"\ncontent-hash = "x"\n',
    "pdm.lock": '[metadata]\nlock_version = "4.5"\n[[package]]\nname = "acme"\npath = "."\neditable = true\n',
}


@pytest.mark.parametrize("own", sorted(OWN))
@pytest.mark.parametrize("lock", sorted(LOCKS))
def test_a_lock_and_a_manifest_mean_one_project(tmp_path: Path, own: str, lock: str) -> None:
    (tmp_path / "pyproject.toml").write_text(OWN[own])
    (tmp_path / "v.py").write_text('__version__ = "1.0"\n')
    (tmp_path / lock.partition("/")[0]).write_text(LOCKS[lock])
    projects = [c for c in scan(tmp_path).graph.components if c.is_first_party]
    assert [[claim.raw for claim in project.claims] for project in projects] == [["MIT"]]


def test_beside_a_pin_for_elsewhere_the_environment_answers(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text('lib==1 ; python_version>="3.12"\nlib>=2 ; python_version<"3.12"\napp\n')
    environment(tmp_path, ("lib", "2", "deep"), ("deep", "1"), ("app", "1", "lib"))
    runtime = ("runtime",)
    assert scopes(scan(tmp_path)) == {"lib@1": runtime, "lib@2": runtime, "deep@1": runtime, "app@1": runtime}


def test_what_is_asked_for_everywhere_is_there_everywhere(tmp_path: Path) -> None:
    """Whatever a pin beside it says of one platform, and whether it is asked for or needed."""
    (tmp_path / "requirements.txt").write_text("lib<3\napp\n")
    (tmp_path / "requirements-dev.txt").write_text('lib==1 ; sys_platform=="win32"\ndeep==1 ; sys_platform=="win32"\n')
    environment(tmp_path, ("lib", "1"), ("app", "1", "deep"), ("deep", "1"))
    found = scan(tmp_path)
    assert {(c.name, c.condition) for c in found.graph.components if not c.is_first_party} == {
        ("lib", None),
        ("app", None),
        ("deep", None),
    }


def test_a_pin_for_elsewhere_is_not_what_is_needed_here(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text('lib==1 ; sys_platform=="win32"\napp\n')
    environment(tmp_path, ("lib", "2"), ("app", "1", "lib"))
    found = {(f"{c.name}@{c.version}", c.condition) for c in scan(tmp_path).graph.components if not c.is_first_party}
    assert found == {("lib@1", 'sys_platform == "win32"'), ("lib@2", None), ("app@1", None)}
