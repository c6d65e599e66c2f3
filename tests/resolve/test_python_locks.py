"""The Python locks beyond their case folders: real projects, damaged files, size."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licscan.base.errors import InputError
from licscan.base.tree import Tree
from licscan.model import Component, ComponentKind, Scope
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.builder import Parsed
from licscan.resolve.formats import FORMATS
from licscan.resolve.python.common import Need, requirement
from licscan.resolve.python.constraint import python_marker, satisfies
from licscan.resolve.scopes import scopes_from_graph
from tests.growth import assert_linear

CASES = Path(__file__).resolve().parents[1] / "cases" / "resolve"
LOCKS = ("poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "pylock.toml")


def parse(folder: Path, path: str, format_name: str | None = None) -> Parsed:
    return FORMATS[format_name or path].parser()(Tree(folder), path)


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def scopes_of(parsed: Parsed) -> dict[str, tuple[Scope, ...]]:
    scopes = scopes_from_graph(parsed.roots, parsed.dependencies)
    return {c.name: scopes.get(c.purl, ()) for c in parsed.components if c.kind is ComponentKind.PACKAGE}


def component(parsed: Parsed, name: str) -> Component:
    return next(c for c in parsed.components if c.name == name)


REAL = [
    ("element-hq__synapse", "poetry.lock", "synapse.poetry.json", "matrix-synapse"),
    ("python-telegram-bot__python-telegram-bot", "uv.lock", "ptb.uv.json", "python-telegram-bot"),
]


@pytest.mark.parametrize(("folder", "lock", "truth", "root"), REAL, ids=[row[1] for row in REAL])
def test_real_project_is_read_whole(shared: Path, folder: str, lock: str, truth: str, root: str) -> None:
    parsed = parse(shared / "im" / "manifests" / folder, lock)
    assert parsed.problems == ()
    assert parsed.seen == parsed.understood > 100
    scopes = scopes_from_graph(parsed.roots, parsed.dependencies)
    assert [c.purl for c in parsed.components if c.purl not in scopes] == []
    installed = json.loads((shared / "im" / "truth" / truth).read_text())["packages"]
    known = {(normalize_pypi_name(c.name), c.version) for c in parsed.components}
    assert {(normalize_pypi_name(p["name"]), p["version"]) for p in installed} - known - {(root, None)} == set()


@pytest.mark.parametrize("name", LOCKS)
def test_every_real_lock_is_understood(shared: Path, name: str) -> None:
    for path in sorted((shared / "im" / "manifests").rglob(name)):
        parsed = parse(path.parent, name)
        assert parsed.seen == parsed.understood


SMALL = {
    "poetry.lock": """[[package]]
name = "foo"
version = "1.0"
optional = false
python-versions = "*"
groups = ["main", "dev"]
markers = {main = "sys_platform == 'win32'"}
files = [{file = "foo.whl", hash = "sha256:aa"}]
[package.dependencies]
bar = {version = "^2", optional = true, markers = "extra == 'x'"}
[package.extras]
x = ["bar (>=2)"]
[package.source]
type = "git"
url = "git@git.example:a/foo.git"
resolved_reference = "abc"
[[package]]
name = "bar"
version = "2.1"
files = []
[metadata]
lock-version = "2.1"
content-hash = "00"
""",
    "uv.lock": """version = 1
revision = 5
[manifest]
members = ["a"]
[[package]]
name = "a"
source = { editable = "." }
dependencies = [{ name = "b", extra = ["x"], version = "1", source = { registry = "https://pypi.example/simple" } }]
[package.optional-dependencies]
z = [{ name = "c", marker = "sys_platform == 'win32'" }]
[package.dev-dependencies]
dev = [{ name = "c" }]
[package.metadata]
requires-dist = [{ name = "b", extras = ["x"], specifier = ">=1" }]
[[package]]
name = "b"
version = "1"
source = { registry = "https://pypi.example/simple" }
resolution-markers = ["python_full_version < '3.10'"]
sdist = { url = "https://files.pypi.example/b.tar.gz", hash = "sha256:aa" }
[package.optional-dependencies]
x = [{ name = "c" }]
[[package]]
name = "c"
version = "3"
source = { git = "https://git.example/c?rev=x#abc" }
""",
    "pdm.lock": """[metadata]
groups = ["default", "dev"]
strategy = ["inherit_metadata"]
lock_version = "4.5.0"
content_hash = "sha256:00"
[[package]]
name = "foo"
version = "1.0"
groups = ["default"]
marker = "sys_platform == 'win32'"
dependencies = ["bar>=2; python_version < '3.9'", "foo[x]==1"]
files = [{file = "foo.whl", hash = "sha256:aa"}]
[[package]]
name = "foo"
version = "1.0"
extras = ["x"]
dependencies = ["bar", "foo==1.0"]
[[package]]
name = "bar"
version = "2"
git = "https://u:p@git.example/bar"
revision = "abc"
""",
    "Pipfile.lock": """{"_meta": {"hash": {"sha256": "00"}, "pipfile-spec": 6, "sources": []},
"default": {"foo": {"hashes": ["sha256:aa"], "version": "==1.0", "markers": "sys_platform == 'win32'"},
"bar": {"git": "https://git.example/bar.git", "ref": "abc"}, "baz": {"path": "./baz", "editable": true}},
"develop": {"qux": {"file": "https://files.example/qux.whl"}}, "docs": {"foo": {"version": "==1.0"}}}
""",
    "pylock.toml": """lock-version = "1.0"
created-by = "x"
default-groups = ["default"]
[[packages]]
name = "foo"
version = "1.0"
marker = "'default' in dependency_groups"
dependencies = [{name = "bar"}]
index = "https://pypi.example/simple"
sdist = {url = "https://files.example/foo.tar.gz", hashes = {sha256 = "aa"}}
[[packages]]
name = "bar"
marker = "'dev' in dependency_groups"
[packages.vcs]
type = "git"
url = "https://git.example/bar"
commit-id = "abc"
[[packages]]
name = "baz"
directory = {path = "./baz", editable = true}
""",
}

PYPROJECT = """[project]
name = "a"
dependencies = ["foo[x]", "b[x]>=1"]
[project.optional-dependencies]
z = ["c"]
[dependency-groups]
dev = ["c", {include-group = "dev"}]
"""

JUNK = [
    "[",
    "]",
    "{",
    "}",
    '"',
    "=",
    "\n",
    "[[package]]",
    "[[packages]]",
    "null",
    "1",
    "true",
    "[1]",
    "{a=1}",
    "\0",
    "é",
    ",",
]


def mutate(text: str, seed: random.Random) -> str:
    kind = seed.randrange(4)
    start = seed.randrange(len(text))
    if kind == 0:
        return text[:start]
    if kind == 1:
        return text[:start] + seed.choice(JUNK) + text[start:]
    if kind == 2:
        return text[:start] + text[start + seed.randrange(1, 30) :]
    lines = text.split("\n")
    place = seed.randrange(len(lines))
    key = lines[place].partition("=")[0]
    lines[place] = f"{key}= {seed.choice(['1', '[]', '{}', '[1]', '[{}]', 'true', '{a = 1}', '1.5', '[[1]]'])}"
    return "\n".join(lines)


@pytest.mark.parametrize("name", LOCKS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_damaged_lock_is_one_error_or_problems(tmp_path: Path, name: str, seed: int) -> None:
    rng = random.Random(seed)
    text = SMALL[name]
    for _round in range(rng.randrange(1, 4)):
        text = mutate(text, rng) or " "
    manifest = mutate(PYPROJECT, rng) if rng.random() < 0.5 else PYPROJECT
    write(tmp_path, pyproject__toml=manifest, Pipfile=manifest)
    (tmp_path / name).write_text(text, encoding="utf-8")
    with suppress(InputError):
        parsed = parse(tmp_path, name)
        assert parsed.understood <= parsed.seen


@pytest.mark.parametrize("name", LOCKS)
def test_small_lock_is_understood(tmp_path: Path, name: str) -> None:
    write(tmp_path, pyproject__toml=PYPROJECT)
    (tmp_path / name).write_text(SMALL[name])
    parsed = parse(tmp_path, name)
    assert parsed.seen == parsed.understood > 1


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("text", ["", "{}", "[]", "x = 1\n", '{"a": 1}'])
def test_no_lock_at_all(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError):
        parse(tmp_path, name)


@pytest.mark.parametrize("name", LOCKS)
def test_one_bad_entry_leaves_the_rest(tmp_path: Path, name: str) -> None:
    text = (
        SMALL[name]
        .replace('"version": "==1.0"', '"version": 1.5, "hashes": 3', 1)
        .replace('name = "foo"', "name = 5", 1)
    )
    text = text.replace('name = "b"\nversion', "name = 5\nversion")
    (tmp_path / name).write_text(text)
    parsed = parse(tmp_path, name)
    assert parsed.understood == parsed.seen - 1
    assert "entry-not-understood" in {problem.code for problem in parsed.problems}


def test_newer_lock_versions_are_read_and_told(tmp_path: Path) -> None:
    for name, old, new in [
        ("poetry.lock", 'lock-version = "2.1"', 'lock-version = "3.0"'),
        ("uv.lock", "version = 1\n", "version = 2\n"),
        ("pdm.lock", '"4.5.0"', '"5.0"'),
        ("Pipfile.lock", '"pipfile-spec": 6', '"pipfile-spec": 7'),
        ("pylock.toml", 'lock-version = "1.0"', 'lock-version = "2.0"'),
    ]:
        (tmp_path / name).write_text(SMALL[name].replace(old, new, 1))
        parsed = parse(tmp_path, name)
        assert parsed.understood == parsed.seen > 1
        assert any("licscan knows" in problem.message for problem in parsed.problems), name


def poetry_of(count: int) -> str:
    entries = [
        f'[[package]]\nname = "p{i}"\nversion = "1.0"\nfiles = []\n\n[package.dependencies]\n'
        f'p{(i * 7 + 3) % count} = "*"\n' + (f'p{(i + 1) % count} = ">=1"\n' if (i * 7 + 3 - i - 1) % count else "")
        for i in range(count)
    ]
    return "\n".join([*entries, '[metadata]\nlock-version = "2.1"\ncontent-hash = "0"\n'])


@pytest.mark.slow
def test_time_grows_with_the_entries_alone(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml='[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\np0 = "*"\n')

    def work(count: int) -> Callable[[], object]:
        (tmp_path / "poetry.lock").write_text(poetry_of(count))
        return lambda: parse(tmp_path, "poetry.lock")

    work(8_000)
    assert len(parse(tmp_path, "poetry.lock").components) == 8_001
    assert_linear(work, 8_000)


def test_an_extra_is_followed_only_in_the_scope_that_asks_for_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        pyproject__toml='[tool.poetry]\nname = "me"\n[tool.poetry.dependencies]\nfoo = "*"\n'
        '[tool.poetry.group.dev.dependencies]\nfoo = {version = "*", extras = ["x"]}\n',
        poetry__lock=SMALL["poetry.lock"],
    )
    assert scopes_of(parse(tmp_path, "poetry.lock")) == {"foo": (Scope.RUNTIME, Scope.DEV), "bar": (Scope.DEV,)}


def test_an_extra_that_nobody_asks_for_makes_no_edge(tmp_path: Path) -> None:
    write(
        tmp_path,
        pyproject__toml='[tool.poetry]\nname = "me"\n[tool.poetry.dependencies]\nfoo = "*"\n',
        poetry__lock=SMALL["poetry.lock"],
    )
    assert scopes_of(parse(tmp_path, "poetry.lock")) == {"foo": (Scope.RUNTIME,), "bar": ()}


def test_sources_lose_their_credentials(tmp_path: Path) -> None:
    (tmp_path / "pdm.lock").write_text(SMALL["pdm.lock"])
    bar = component(parse(tmp_path, "pdm.lock"), "bar")
    assert bar.source.url == "git+https://git.example/bar@abc"
    assert "vcs_url=git%2Bhttps://git.example/bar%40abc" in bar.purl


def test_a_package_is_conditional_only_if_every_group_is(tmp_path: Path) -> None:
    (tmp_path / "poetry.lock").write_text(SMALL["poetry.lock"])
    assert component(parse(tmp_path, "poetry.lock"), "foo").condition is None
    (tmp_path / "poetry.lock").write_text(SMALL["poetry.lock"].replace('groups = ["main", "dev"]', 'groups = ["main"]'))
    assert component(parse(tmp_path, "poetry.lock"), "foo").condition == "sys_platform == 'win32'"


@pytest.mark.parametrize(
    ("version", "constraint", "fits"),
    [
        ("1.9", "^1.2", True),
        ("2.0", "^1.2", False),
        ("0.2.9", "^0.2.3", True),
        ("0.3", "^0.2.3", False),
        ("1.2.9", "~1.2", True),
        ("1.3", "~1.2", False),
        ("1.9", "~1", True),
        ("1.4", "1.*", True),
        ("3.0", "<1 || >=3", True),
        ("2.0", "<1 || >=3", False),
        ("1.0", "*", True),
        ("1.0", "1.0", True),
        ("1.5", ">=1,<2,!=1.5", False),
        ("1.0", "what is this", True),
        (None, ">=1", True),
    ],
)
def test_constraints(version: str | None, constraint: str, fits: bool) -> None:
    assert satisfies(version, constraint) is fits


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        (">=3.9", 'python_version >= "3.9"'),
        ("<3.10", 'python_version < "3.10"'),
        ("^3.8", 'python_version >= "3.8" and python_version < "4"'),
        (">=3.6.1", 'python_full_version >= "3.6.1"'),
        ("*", None),
        ("", None),
    ],
)
def test_python_constraints_as_markers(text: str, marker: str | None) -> None:
    assert python_marker(text) == marker


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("Foo.Bar", Need("foo-bar", text="Foo.Bar")),
        (
            "a[X_y,z] >=1 ; os_name == 'nt'",
            Need("a", ("x-y", "z"), "a[X_y,z] >=1 ; os_name == 'nt'", ">=1", "os_name == 'nt'"),
        ),
        ("a (>=1)", Need("a", text="a (>=1)", constraint=">=1")),
        ("a @ https://x.example/a;b.whl", Need("a", text="a @ https://x.example/a;b.whl")),
        ("@", None),
    ],
)
def test_requirements(text: str, need: Need | None) -> None:
    assert requirement(text) == need


def test_a_crowd_under_one_name_stays_linear(tmp_path: Path) -> None:
    head = 'version = 1\n[[package]]\nname = "root"\nsource = {virtual = "."}\ndependencies = [{name = "p"}]\n'
    entry = '[[package]]\nname = "p"\nversion = "%d"\nsource = {registry = "x"}\ndependencies = [{name = "p"}]\n'
    (tmp_path / "uv.lock").write_text(head + "".join(entry % i for i in range(5_000)))
    parsed = parse(tmp_path, "uv.lock")
    assert len(parsed.dependencies) < 20_000
    assert () not in scopes_of(parsed).values()
    assert any("5,000 entries are named p" in problem.message for problem in parsed.problems)


@pytest.mark.parametrize("name", ["poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock"])
def test_a_manifest_changed_after_locking_is_told(tmp_path: Path, name: str) -> None:
    case = next(
        path for path in sorted((CASES / name).iterdir()) if (path / "truth.json").exists() and "4.1" not in path.name
    )
    shutil.copytree(case / "input", tmp_path, dirs_exist_ok=True)
    assert parse(tmp_path, name).problems == ()
    manifest = tmp_path / ("Pipfile" if name == "Pipfile.lock" else "pyproject.toml")
    text = manifest.read_text()
    for old, new in [
        ("dependencies = [", 'dependencies = ["left-out>=1", '),
        ("[packages]\n", '[packages]\nleft-out = ">=1"\n'),
        ("[tool.poetry.dependencies]\n", '[tool.poetry.dependencies]\nleft-out = ">=1"\n'),
    ]:
        text = text.replace(old, new, 1)
    manifest.write_text(text)
    found = parse(tmp_path, name).problems
    assert {problem.code for problem in found} == {"lock-out-of-date"}
    assert any("left-out" in problem.message for problem in found)


@pytest.mark.parametrize("name", ["poetry.lock", "pdm.lock"])
def test_without_a_manifest_everything_is_still_reached(tmp_path: Path, name: str) -> None:
    for case in sorted((CASES / name).iterdir()):
        shutil.copy(case / "input" / name, tmp_path / name)
        parsed = parse(tmp_path, name)
        assert () not in scopes_of(parsed).values()
        assert any("pyproject.toml" in problem.message for problem in parsed.problems)


def test_a_workspace_without_a_project_of_its_own(tmp_path: Path) -> None:
    write(
        tmp_path,
        uv__lock="""version = 1
[manifest]
members = ["m"]
[manifest.dependency-groups]
dev = [{ name = "b", specifier = ">=1" }]
[[package]]
name = "m"
version = "1"
source = { editable = "m" }
dependencies = [{ name = "c" }]
[[package]]
name = "b"
version = "1"
[[package]]
name = "c"
version = "1"
""",
    )
    (tmp_path / "m").mkdir()
    write(tmp_path / "m", pyproject__toml='[project]\nname = "m"\nversion = "1"\ndependencies = ["c"]\n')
    parsed = parse(tmp_path, "uv.lock")
    assert parsed.roots == ("pkg:pypi/m@1", "pkg:generic/project")
    assert scopes_of(parsed) == {"b": (Scope.DEV,), "c": (Scope.RUNTIME,)}


def test_groups_and_edges_of_a_pylock_give_scopes(tmp_path: Path) -> None:
    (tmp_path / "pylock.prod.toml").write_text(
        SMALL["pylock.toml"]
        .replace("baz", "foo-two")
        .replace('name = "foo-two"', 'name = "x"\nmarker = "\'e\' in extras"')
    )
    parsed = parse(tmp_path, "pylock.prod.toml", "pylock.toml")
    assert scopes_of(parsed) == {"foo": (Scope.RUNTIME,), "bar": (Scope.RUNTIME,), "x": (Scope.OPTIONAL,)}
    assert parsed.problems == ()


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("bad", ["", "/", "-", "a/b"])
def test_a_name_that_no_package_can_have_is_a_bad_entry(tmp_path: Path, name: str, bad: str) -> None:
    write(tmp_path, pyproject__toml=f'[project]\nname = "{bad}"\n')
    text = SMALL[name].replace('name = "bar"', f'name = "{bad}"').replace('"bar": {', f'"{bad}": {{')
    (tmp_path / name).write_text(text.replace('name = "c"\nversion', f'name = "{bad}"\nversion'))
    parsed = parse(tmp_path, name)
    assert parsed.understood == parsed.seen - 1
