"""The parsers of Python manifests and of conda: real projects, hostile texts, and what must hold for every input."""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.base.errors import InputError
from licscan.base.tree import Tree
from licscan.model import Scope
from licscan.resolve import roles
from licscan.resolve.builder import Parsed
from licscan.resolve.formats import FORMATS
from licscan.resolve.project import resolve_project
from licscan.resolve.python import pep508, pip_lines
from licscan.resolve.python.conda_packages import archive_of
from licscan.resolve.python.static import NotStatic, Source
from licscan.resolve.scopes import scopes_from_graph
from tests.growth import assert_linear

MANIFESTS = (
    "requirements.txt", "pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "environment.yml", "conda-lock.yml",
    "pixi.lock",
)  # fmt: skip


def parse(files: dict[str, str | bytes], name: str, file: str | None = None) -> Parsed:
    """Parse one file of a tree that is given as texts."""
    with TemporaryDirectory() as folder:
        for path, text in files.items():
            full = Path(folder, path)
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_bytes(text if isinstance(text, bytes) else text.encode())
        return FORMATS[name].parser()(Tree(Path(folder)), file or name)


def ends_well(text: str, name: str) -> bool:
    """Whether a text is parsed, or refused with the one kind of error that names its file."""
    try:
        parse({name: text.encode("utf-8", "surrogatepass")}, name)
    except InputError as error:
        return error.path == name
    return True


def packages(parsed: Parsed) -> dict[str, str | None]:
    return {component.name: component.version for component in parsed.components if component.kind == "package"}


# --- real projects


def test_every_pin_of_a_real_project_is_found(shared: Path) -> None:
    folder = shared / "im" / "manifests" / "maxim-top__lanying-connector"
    truth = json.loads((shared / "im" / "truth" / "lanying-connector.pip.json").read_text())
    parsed = FORMATS["requirements.txt"].parser()(Tree(folder), "requirements.txt")
    found = {(component.purl, component.version) for component in parsed.components}
    expected = {
        (
            f"pkg:pypi/{package['name'].lower().replace('_', '-').replace('.', '-')}@{package['version']}",
            package["version"],
        )
        for package in truth["packages"]
    }
    assert len(truth["packages"]) == truth["count"]
    assert expected <= found
    assert (parsed.seen, parsed.understood) == (46, 46)
    assert all(component.resolved for component in parsed.components)


@pytest.mark.parametrize("project", ["ptb", "synapse"])
def test_pinned_lists_are_understood_to_the_last_line(shared: Path, project: str) -> None:
    folder = shared / "im" / "installable" / project
    lines = [line for line in (folder / "requirements.txt").read_text().splitlines() if "==" in line]
    parsed = FORMATS["requirements.txt"].parser()(Tree(folder), "requirements.txt")
    assert parsed.seen == parsed.understood == len(lines)
    assert len(packages(parsed)) == len(lines)


def test_the_extras_of_a_project_itself_are_no_dependency(shared: Path) -> None:
    folder = shared / "im" / "manifests" / "python-telegram-bot__python-telegram-bot"
    parsed = FORMATS["pyproject.toml"].parser()(Tree(folder), "pyproject.toml")
    assert parsed.roots == ("pkg:pypi/python-telegram-bot",)
    assert all(edge.parent != edge.child for edge in parsed.dependencies)
    scopes = scopes_from_graph(parsed.roots, parsed.dependencies)
    assert scopes["pkg:pypi/tornado"] == (Scope.OPTIONAL,)
    assert scopes["pkg:pypi/furo@2025.12.19"] == (Scope.DEV,)


# --- requirements files


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str) -> None:
    text = "flask==3.1.0\n"
    data = (("\ufeff" if encoding.endswith("-le") else "") + text).encode(encoding)
    assert packages(parse({"requirements.txt": data}, "requirements.txt")) == {"flask": "3.1.0"}


def test_a_coding_comment_tells_the_encoding() -> None:
    data = "# -*- coding: gbk -*-\nflask==3.1.0  # 网页\n".encode("gbk")
    with TemporaryDirectory() as folder:
        Path(folder, "requirements.txt").write_bytes(data)
        assert "网页" in pip_lines.read(Tree(Path(folder)), "requirements.txt")


@pytest.mark.parametrize("coding", ["zlib_codec", "punycode", "rot13", "no-such-codec", "undefined"])
def test_an_odd_coding_is_not_followed(coding: str) -> None:
    data = f"# coding: {coding}\nflask==3.1.0\n"
    assert packages(parse({"requirements.txt": data}, "requirements.txt")) == {"flask": "3.1.0"}


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("requirements.txt", Scope.RUNTIME),
        ("requirements-dev.txt", Scope.DEV),
        ("dev-requirements.txt", Scope.DEV),
        ("requirements/test.in", Scope.DEV),
        ("docs/requirements.txt", Scope.DEV),
        ("requirements-build.txt", Scope.BUILD),
        ("requirements/production.txt", Scope.RUNTIME),
        ("contest/requirements.txt", Scope.RUNTIME),
        ("requirements-devices.txt", Scope.RUNTIME),
    ],
)
def test_names_tell_the_scope(path: str, scope: Scope) -> None:
    assert roles.scope_of(path) is scope


def test_no_credentials_come_out() -> None:
    lines = [
        "--index-url https://user:hunter2@pypi.example/simple",
        "a @ git+https://hunter2@git.example/a.git",
        "https://user:hunter2@files.example/b-1.0.tar.gz",
        "-r https://user:hunter2@files.example/more.txt",
        "-e git+ssh://user:hunter2@git.example/d.git",
        "broken broken https://user:hunter2@files.example/",
        "c==1",
    ]
    parsed = parse({"requirements.txt": "\n".join(lines)}, "requirements.txt")
    assert "hunter2" not in repr(parsed)
    assert len(packages(parsed)) == 4


def test_includes_that_go_in_circles_end() -> None:
    files = {f"requirements-{n}.txt": f"-r requirements-{(n + 1) % 5}.txt\np{n}==1\n" for n in range(5)}
    parsed = parse(dict(files), "requirements.txt", "requirements-0.txt")
    assert len(packages(parsed)) == 5
    assert parsed.covers == tuple(f"requirements-{n}.txt" for n in range(1, 5))


def test_a_fragment_is_no_comment() -> None:
    (line,) = pip_lines.lines("git+https://git.example/x.git#egg=x  # why")
    assert line.text == "git+https://git.example/x.git#egg=x"
    assert line.comment == " why"


def test_an_index_is_the_source_of_what_comes_from_it() -> None:
    parsed = parse({"requirements.txt": "-i https://mirror.example/simple\nx==1\n"}, "requirements.txt")
    (component,) = [c for c in parsed.components if c.kind == "package"]
    assert (component.source.kind, component.source.url) == ("registry", "https://mirror.example/simple")


# --- what must hold for every text

names = st.from_regex(r"[A-Za-z]([A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True)
versions = st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,3}){0,3}((a|b|rc)[0-9])?(\+[a-z0-9]{1,5})?", fullmatch=True)


@given(names, versions, st.sampled_from(["==", "===", " == "]))
def test_a_pin_reads_back(name: str, version: str, operator: str) -> None:
    found = pep508.parse_requirement(f"{name}{operator}{version}")
    assert found is not None
    assert (found.name, found.version, found.valid) == (name, version, True)
    again = pep508.parse_requirement(name + (found.text() or ""))
    assert again is not None
    assert again.version == version


@given(names, st.sampled_from([">=1", "~=1.2", "!=1", "==1.*", "<2,>1", "==1,==2"]))
def test_a_range_is_no_pin(name: str, specifier: str) -> None:
    found = pep508.parse_requirement(name + specifier)
    assert found is not None
    assert found.version is None


_TOKENS = st.sampled_from(
    ["-r ", "-c ", "-e ", "--hash=sha256:aa", "\\\n", "\n", " #", "# via ", "name", "==1.0", "[x]",
     "; python_version<'3'", "@ git+https://h.example/x", "./", "../", "${A}", "\x0c", "\ufeff", "[",
     "'", "(" * 40, "-", "http://["]
)  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=200), st.lists(_TOKENS, max_size=20).map("".join))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(_TEXTS)
def test_any_text_is_a_requirements_file(text: str) -> None:
    try:
        parsed = parse({"requirements.txt": text.encode("utf-8", "surrogatepass")}, "requirements.txt")
    except InputError:
        return
    assert parsed.understood <= parsed.seen
    reached = scopes_from_graph(parsed.roots, parsed.dependencies)
    assert {component.purl for component in parsed.components} <= reached.keys()


_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(string.printable, max_size=12)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["project", "name", "version", "dependencies", "optional-dependencies", "dependency-groups", "tool",
                 "uv", "poetry", "group", "sources", "dev-dependencies", "build-system", "requires", "packages",
                 "package", "environments", "manager", "platform", "conda", "pypi", "pip", "license",
                 "dynamic", "include-group"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=25,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["project", "tool", "dependencies", "dependency-groups", "build-system",
                                        "package", "packages", "environments", "metadata",
                                        "dev-packages"]), _VALUES, max_size=4),
       st.sampled_from(["environment.yml", "conda-lock.yml", "pixi.lock"]),
       st.sampled_from(["1", "4", "6", "7", 9]))  # fmt: skip
def test_any_shape_of_yaml_ends_well(data: dict[str, object], name: str, version: object) -> None:
    # JSON is YAML
    assert ends_well(json.dumps({"version": version, **data}), name)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(key))} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    return '""' if value is None else json.dumps(value)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["project", "tool", "dependency-groups", "build-system", "packages", "source",
                                        "dev-packages", "extra"]), _VALUES, max_size=4),
       st.sampled_from(["pyproject.toml", "Pipfile"]))  # fmt: skip
def test_any_shape_of_toml_ends_well(data: dict[str, object], name: str) -> None:
    text = "\n".join(f"{key} = {_toml(value)}" for key, value in data.items())
    assert ends_well(text, name)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=150), st.sampled_from(MANIFESTS))
def test_any_text_ends_well(text: str, name: str) -> None:
    assert ends_well(text, name)


@pytest.mark.parametrize("name", MANIFESTS)
def test_deep_and_long_texts_end_well(name: str) -> None:
    for text in ("[" * 50_000, "a = " + "[" * 50_000, "x; (" * 5_000, "setup(" * 5_000, "x = " + "-" * 50_000 + "1"):
        assert ends_well(text, name)


# --- setup.py


def test_doubling_does_not_grow_without_end() -> None:
    text = "a0 = ['x'] * 1\na1 = ['x', 'y']\n" + "".join(f"a{n} = a{n - 1} + a{n - 1}\n" for n in range(2, 60))
    source = Source(text, "setup.py")
    with pytest.raises(NotStatic):
        source.value(source.assigned["a59"])


def test_a_name_that_means_itself_is_not_static() -> None:
    source = Source("a = b\nb = a\n", "setup.py")
    with pytest.raises(NotStatic):
        source.value(source.assigned["a"])


def test_setup_py_is_never_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    text = f"open({str(marker)!r}, 'w')\nfrom setuptools import setup\nsetup(name='x', install_requires=['y==1'])\n"
    assert packages(parse({"setup.py": text}, "setup.py")) == {"y": "1"}
    assert not marker.exists()


# --- conda


@given(names, versions.filter(lambda v: "+" not in v), st.sampled_from([".conda", ".tar.bz2"]))
def test_a_conda_file_name_reads_back(name: str, version: str, suffix: str) -> None:
    found = archive_of(f"https://conda.example/some/channel/linux-64/{name}-{version}-h123_0{suffix}")
    assert found is not None
    assert (found.name, found.version, found.build, found.subdir) == (name, version, "h123_0", "linux-64")
    assert found.channel == "some/channel"


# --- linear time: each of these took minutes with a careless pattern


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "size", "made"),
    [
        ("requirements.txt", 500_000, lambda n: "a" + " " * n + "b"),
        ("requirements.txt", 15_000, lambda n: "name" + " " * n + "!"),
        ("requirements.txt", 16_000, lambda n: "-r x.txt\n" * n),
        ("requirements.txt", 4_000, lambda n: "-e .\n" * n),
        ("requirements.txt", 3_000, lambda n: "".join(f"a==1.{k}\n    # via a\n" for k in range(n))),
        ("requirements.txt", 100_000, lambda n: "a \\\n" * n),
        ("environment.yml", 80, lambda n: json.dumps({"dependencies": ["a" + " " * 400 + "[", "a" * 400 + "["] * n})),
        ("conda-lock.yml", 2_000, lambda n: json.dumps({"version": 1, "package": [
            {"name": "a", "version": "1", "manager": "conda", "platform": str(k)} for k in range(n)]})),
        ("setup.py", 2_000, lambda n:
            "def f():\n" + "    g()\n" * n + "setup(extras_require={" + "'a': f()," * n + "})"),
    ],
)  # fmt: skip
def test_hostile_texts_take_linear_time(name: str, size: int, made: Callable[[int], str]) -> None:
    assert ends_well(made(size), name)

    def work(size: int) -> Callable[[], object]:
        text = made(size)
        return lambda: ends_well(text, name)

    assert_linear(work, size)


def test_a_line_with_a_variable_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("six==1\n${EXTRA_PACKAGE}\n")
    parsed = FORMATS["requirements.txt"].parser()(Tree(tmp_path), "requirements.txt")
    assert ["EXTRA_PACKAGE" in problem.message for problem in parsed.problems] == [True]
    assert "pip would accept" not in parsed.problems[0].message


def test_what_is_computed_is_one_problem(tmp_path: Path) -> None:
    """Not a second time as an entry that is not understood: there is nothing to repair."""
    (tmp_path / "setup.py").write_text("from setuptools import setup\nsetup(name='a', install_requires=compute())\n")
    found = resolve_project(Tree(tmp_path))
    assert [problem.code for problem in found.problems] == ["dependency-unresolved"]
