from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from licscan.base.errors import InputError, LicscanError, ToolError
from licscan.base.tree import Tree
from licscan.clients import Credential, Machine, PipConfig, Transport, basic
from licscan.model import ComponentKind, Origin, Scope
from licscan.resolve import tool_npm, tool_run, tool_uv
from licscan.resolve.formats import format_of
from licscan.resolve.project import Resolution, resolve_project
from licscan.resolve.tools import resolvers

SECRET = "s3cr3t"


def tree(folder: Path, **files: object) -> Tree:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_json", ".json").replace("_toml", ".toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return Tree(folder)


def parsed(where: Tree, path: str) -> Any:
    known = format_of(path)
    assert known is not None
    return known.parser()(where, path)


MANIFEST = """
[project]
name = "app"
version = "1"
dependencies = ["plain>=2", "extra[a,b]~=1.0; python_version > '3.8'", "far @ git+https://git.example/far.git",
  "archive @ https://x.example/archive-1.0.tar.gz", "here @ file:///etc/passwd"]
[project.optional-dependencies]
more = ["optional==1.0"]
[build-system]
requires = ["builder"]
build-backend = "evil"
backend-path = ["."]
[tool.uv]
index-url = "https://evil.example/simple"
[tool.uv.sources]
plain = { index = "evil" }
"""


def test_uv_gets_plain_requirements_alone(tmp_path: Path) -> None:
    manifest = parsed(tree(tmp_path, pyproject_toml=MANIFEST), "pyproject.toml")
    lines = tool_uv.requirement_lines(manifest, (Scope.RUNTIME, Scope.OPTIONAL))
    assert lines == ('extra[a,b]~=1.0; python_version > "3.8"', "optional==1.0", "plain>=2")
    assert tool_uv.requirement_lines(manifest, (Scope.BUILD,)) == ("builder",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("^1.2.3", ">=1.2.3,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        ("*", ""),
        ("", ""),
        ("1.2", "==1.2"),
        ("1.2.*", "==1.2.*"),
        (">=1, <2", ">=1,<2"),
        ("(>=1)", ">=1"),
        ("~=1.4", "~=1.4"),
        ("^1 || ^2", None),
        ("https://x.example/x.whl", None),
        ("-r /etc/passwd", None),
        ("@ file:///etc/passwd", None),
    ],
)
def test_constraints_of_poetry_become_standard_ones(text: str, expected: str | None) -> None:
    assert tool_uv.standard_specifier(text) == expected


def test_uv_gets_the_users_indexes_by_its_environment_and_no_other_setting() -> None:
    config = PipConfig(
        ("https://a.example/simple/", "https://b.example/simple/", "file:///srv/simple/"),
        find_links=("/wheels",),
        credentials=(Credential("//a.example/simple/", basic("me", f"{SECRET}@")),),
        transport=Transport(ca_file="/ca.pem", client_cert="/c.pem", trusted_hosts=("b.example",)),
    )
    environment = {
        "PATH": "/bin",
        "UV_PYTHON": "/evil",
        "PYTHONPATH": "/evil",
        "PIP_INDEX_URL": "x",
        "https_proxy": "p",
    }
    found = tool_uv.uv_environment(environment, config)
    assert found["UV_DEFAULT_INDEX"] == f"https://me:{SECRET}%40@a.example/simple/"
    assert found["UV_INDEX"] == "https://b.example/simple/ file:///srv/simple/"
    assert (found["SSL_CERT_FILE"], found["SSL_CLIENT_CERT"]) == ("/ca.pem", "/c.pem")
    assert (found["UV_INSECURE_HOST"], found["UV_FIND_LINKS"]) == ("b.example", "/wheels")
    assert found["https_proxy"] == "p"
    assert not {"UV_PYTHON", "PYTHONPATH", "PIP_INDEX_URL"} & set(found)
    assert SECRET not in " ".join(tool_uv.command("uv"))
    assert tool_uv.uv_environment({}, PipConfig(()))["UV_NO_INDEX"] == "1"


def test_uv_may_not_build() -> None:
    assert {"--no-build", "--no-config", "--no-sources"} <= set(tool_uv.command("uv"))
    assert tool_uv.command("uv", ["x"])[-2:] == ["--override", "overrides.txt"]


HOSTILE = {
    "name": "app",
    "version": "1.0.0",
    "license": "MIT",
    "scripts": {"preinstall": "evil", "prepare": "evil"},
    "bin": {"x": "evil.js"},
    "config": {"script-shell": "/evil"},
    "workspaces": ["packages/*"],
    "dependencies": {
        "plain": "^1.0.0",
        "alias": "npm:other@^2",
        "tag": "latest",
        "far": "owner/repo",
        "git": "git+ssh://git@git.example/x.git",
        "tarball": "https://x.example/x.tgz",
        "path": "file:../../etc",
        "member": "workspace:*",
        "number": 3,
    },
    "devDependencies": ["not", "a", "table"],
    "overrides": {"a": {"b": "1.0.0", "c": "$plain"}},
    "resolutions": {"a": "owner/repo"},
}


def test_npm_gets_names_and_versions_alone(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    where = tree(
        tmp_path / "project",
        package_json=HOSTILE,
        packages__member__package_json={"name": "member", "scripts": {"install": "evil"}, "dependencies": {"b": "1"}},
    )
    manifests = ("package.json", "packages/member/package.json", "../outside/package.json")
    left_out = tool_npm.copy_manifests(where, "", manifests, tmp_path / "copy")
    root = json.loads((tmp_path / "copy/package.json").read_text())
    assert root["dependencies"] == {"plain": "^1.0.0", "alias": "npm:other@^2", "tag": "latest", "member": "*"}
    assert root["overrides"] == {"a": {"b": "1.0.0", "c": "$plain"}}
    assert not {"scripts", "bin", "config", "resolutions"} & set(root)
    member = json.loads((tmp_path / "copy/packages/member/package.json").read_text())
    assert member == {"name": "member", "dependencies": {"b": "1"}}
    said = " ".join(left_out)
    assert all(f"{name} was left out of the resolution" in said for name in ("far", "git", "tarball", "path"))
    assert "resolutions was ignored" in said


@pytest.mark.parametrize("text", ["[]", "null", "{", '"x"'])
def test_a_manifest_that_is_none_is_an_error_of_ours(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        tool_npm.copy_manifests(tree(tmp_path, package_json=text), "", ("package.json",), tmp_path / "copy")


def test_npm_may_not_run_scripts_nor_git(tmp_path: Path) -> None:
    assert {"--ignore-scripts", "--package-lock-only", "--allow-git=none"} <= set(tool_npm.command("npm"))
    environment = {"PATH": "/bin", "NODE_OPTIONS": "--require evil", "npm_config_script_shell": "/evil", "HOME": "/h"}
    found = tool_npm.npm_environment(environment, tmp_path)
    assert not {"NODE_OPTIONS", "npm_config_script_shell"} & set(found)
    assert not os.path.exists(found["npm_config_git"])
    assert (found["PATH"], found["HOME"]) == ("/bin", "/h")


def test_of_the_projects_npmrc_only_registries_and_credentials_pass(tmp_path: Path) -> None:
    lines = "script-shell=/evil\ngit=/evil\nnode-options=--require x\n@a:registry=https://a.example/\n"
    (tmp_path / ".npmrc").write_text(lines + "//a.example/:_authToken=abc\ncafile=/evil\n")
    machine = Machine(tmp_path / "home", {}, npm_prefix=None)
    text = tool_npm.npmrc_lines(tmp_path, machine)
    assert text == '//a.example/:_authToken="abc"\n@a:registry="https://a.example/"\n'


LOCK = {
    "name": "app",
    "version": "1.0.0",
    "lockfileVersion": 3,
    "packages": {
        "": {"name": "app", "version": "1.0.0", "dependencies": {"plain": "^1.0.0"}},
        "node_modules/plain": {
            "version": "1.2.0",
            "resolved": "https://registry.npm.example/plain/-/plain-1.2.0.tgz",
            "license": "ISC",
            "dependencies": {"deep": "*"},
        },
        "node_modules/deep": {"version": "0.1.0", "license": "MIT"},
    },
}


def test_what_npm_resolved_is_found_in_the_manifest(tmp_path: Path) -> None:
    from licscan.resolve.js import npm

    wanted = {**HOSTILE, "dependencies": {"plain": "^1.0.0", "far": "owner/repo"}, "workspaces": []}
    manifest = parsed(tree(tmp_path / "a", package_json=wanted), "package.json")
    lock = npm.parse(tree(tmp_path / "b", package_json=wanted, **{"package-lock_json": LOCK}), "package-lock.json")
    found = tool_npm.joined(manifest, lock, "package.json", ["far was left out"], True)
    by_name = {component.name: component for component in found.components}
    assert found.roots == ("pkg:npm/app@1.0.0",)
    assert (by_name["plain"].version, by_name["deep"].version) == ("1.2.0", "0.1.0")
    assert not by_name["far"].resolved if "far" in by_name else True
    assert {location.path for c in found.components for location in c.found_in} == {"package.json"}
    assert by_name["plain"].claims[0].origin is Origin.REGISTRY
    assert by_name["app"].kind is ComponentKind.PROJECT
    edges = {(edge.parent, edge.child) for edge in found.dependencies}
    assert ("pkg:npm/plain@1.2.0", "pkg:npm/deep@0.1.0") in edges
    assert ("pkg:npm/app@1.0.0", "pkg:npm/plain@1.2.0") in edges
    assert "has no lockfile: npm resolved it today; another day may give different versions" in [
        problem.message for problem in found.problems
    ]


def test_what_uv_resolved_hangs_where_the_requests_hung(tmp_path: Path) -> None:
    manifest = parsed(tree(tmp_path / "a", pyproject_toml=MANIFEST), "pyproject.toml")
    text = "deep==0.1  # via plain\nplain==2.5  # via -r requirements.in\noptional==1.0  # via -r requirements.in\n"
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "requirements.txt").write_text(text)
    lot = parsed(Tree(tmp_path / "b"), "requirements.txt")
    found = tool_uv.joined(manifest, [lot], [])
    edges = {(edge.parent, edge.child, edge.scope) for edge in found.dependencies}
    assert ("pkg:pypi/app@1", "pkg:pypi/plain@2.5", Scope.RUNTIME) in edges
    assert ("pkg:pypi/app@1", "pkg:pypi/optional@1.0", Scope.OPTIONAL) in edges
    assert ("pkg:pypi/plain@2.5", "pkg:pypi/deep@0.1", Scope.RUNTIME) in edges
    purls = {component.purl for component in found.components}
    assert "pkg:pypi/plain" not in purls
    assert "pkg:pypi/builder" in purls
    assert {edge.child for edge in found.dependencies} <= purls
    assert {location.path for c in found.components for location in c.found_in} == {"pyproject.toml"}


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_tools_failure_is_told_without_its_secrets(tmp_path: Path) -> None:
    code = f"import sys; sys.exit('no: \\x1b[31mhttps://me:{SECRET}@a.example/x failed')"
    with pytest.raises(ToolError) as caught:
        tool_run.run(python(code), tmp_path, {})
    assert caught.value.message == "no: https://a.example/x failed"


def test_a_tool_that_does_not_end_is_ended_with_its_children(tmp_path: Path) -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"
    with pytest.raises(ToolError, match="took longer than 1 s"):
        tool_run.run(python(code), tmp_path, {}, timeout=1)


def test_a_tool_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="cannot be run"):
        tool_run.run([str(tmp_path / "nothing")], tmp_path, {})


def test_the_copy_is_for_this_user_alone_and_goes_away() -> None:
    with tool_run.scratch() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


def test_uv_resolves_a_folder_of_wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real uv, without a network: a wheel made here, by pip's own setting of find-links."""
    try:
        tool_uv.find_uv()
    except ToolError:
        pytest.skip("uv is not installed")
    wheel(tmp_path / "wheels", "plain", "2.5", "Requires-Dist: deep\n")
    wheel(tmp_path / "wheels", "deep", "0.1")
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path / "wheels")}.items():
        monkeypatch.setenv(name, value)
    where = tree(tmp_path / "a", pyproject_toml='[project]\nname="app"\nversion="1"\ndependencies=["plain>=2"]\n')
    found = tool_uv.resolve_python(where, "pyproject.toml")
    assert {c.purl for c in found.components} == {"pkg:pypi/app@1", "pkg:pypi/plain@2.5", "pkg:pypi/deep@0.1"}
    assert sorted((edge.parent, edge.child) for edge in found.dependencies) == [
        ("pkg:pypi/app@1", "pkg:pypi/plain@2.5"),
        ("pkg:pypi/plain@2.5", "pkg:pypi/deep@0.1"),
    ]
    assert sorted(os.listdir(tmp_path / "a")) == ["pyproject.toml"]


LISTS = {
    "bare": ({"requirements.txt": "plain==2.5\n"}, {"plain@2.5", "deep@0.2"}),
    "with an extra": ({"requirements.txt": "plain[more]==2.5\n"}, {"plain@2.5", "deep@0.2", "wide@1.0"}),
    "bound by constraints": (
        {"requirements.txt": "-c limits.txt\nplain\n", "limits.txt": "deep<0.2\nplain==2.5\nwide==9\n"},
        {"plain@2.5", "deep@0.1"},
    ),
    "whole": ({"requirements.txt": "plain==2.5\ndeep==0.1\n"}, {"plain@2.5", "deep@0.1"}),
    "compiled, one taken out": (
        {"requirements.txt": "plain[more]==2.5\ndeep==0.1\n    # via plain\n"},
        {"plain@2.5", "deep@0.1", "wide@1.0"},
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_uv_completes_a_list_and_changes_none_of_its_pins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    files, expected = LISTS[name]
    found = resolved(tmp_path, monkeypatch, files)
    packages = [one for one in found.graph.components if one.kind is ComponentKind.PACKAGE]
    assert {f"{one.name}@{one.version}" for one in packages} == expected
    assert all(one.resolved and Scope.RUNTIME in one.scopes for one in packages)
    today = [problem.code for problem in found.problems if "uv resolved it today" in problem.message]
    assert today == ([] if name == "whole" else [None])


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("source==1\n", None, "source has no matching wheel and would have to be built: its dependencies are unknown"),
        (
            "source\n",
            "dependency-unresolved",
            "source has no matching wheel and would have to be built; it was left out",
        ),
        ("plain==2.5\ndeep==9\n", "dependency-unresolved", "uv could not resolve it"),
    ],
)
def test_what_uv_cannot_do_for_a_list_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, code: str | None, said: str
) -> None:
    found = resolved(tmp_path, monkeypatch, {"requirements.txt": text})
    assert [one.code for one in found.problems if said in one.message] == [code]
    names = {line.partition("==")[0] for line in text.split()}
    assert names <= {one.name for one in found.graph.components}


def resolved(folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> Resolution:
    """A project through the real uv, without a network."""
    try:
        tool_uv.find_uv()
    except ToolError:
        pytest.skip("uv is not installed")
    wheels = folder / "wheels"
    wheel(wheels, "plain", "2.5", "Requires-Dist: deep\nProvides-Extra: more\nRequires-Dist: wide; extra == 'more'\n")
    for name, version in (("plain", "3.0"), ("deep", "0.1"), ("deep", "0.2"), ("wide", "1.0")):
        wheel(wheels, name, version)
    sdist(wheels, "source", "1")
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}.items():
        monkeypatch.setenv(name, value)
    project = folder / "project"
    project.mkdir()
    for name, text in files.items():
        (project / name).write_text(text)
    return resolve_project(Tree(project), resolvers=resolvers(offline=True))


def sdist(folder: Path, name: str, version: str) -> None:
    import io
    import tarfile

    with tarfile.open(folder / f"{name}-{version}.tar.gz", "w:gz") as archive:
        for path, text in {
            "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            "setup.py": "raise SystemExit('built')\n",
        }.items():
            info = tarfile.TarInfo(f"{name}-{version}/{path}")
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))


def wheel(folder: Path, name: str, version: str, more: str = "") -> None:
    import zipfile

    folder.mkdir(exist_ok=True)
    inner = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{inner}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{more}")
        archive.writestr(f"{inner}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{inner}/RECORD", "")


def test_npm_resolves_a_project_without_dependencies(tmp_path: Path) -> None:
    """The real npm, which needs no network for this: members are its own."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    where = tree(
        tmp_path,
        package_json={"name": "app", "version": "1.0.0", "workspaces": ["packages/*"], "dependencies": {"m": "*"}},
        packages__m__package_json={"name": "m", "version": "2.0.0", "scripts": {"preinstall": "touch evil"}},
    )
    found = tool_npm.resolve_javascript(where, "package.json")
    assert {c.purl for c in found.components} == {"pkg:npm/app@1.0.0", "pkg:npm/m@2.0.0"}
    assert sorted(os.listdir(tmp_path)) == ["package.json", "packages"]


@pytest.mark.parametrize(("resolve", "path"), [(tool_npm.resolve_javascript, "x.txt"), (tool_uv.resolve_python, "x.c")])
def test_what_is_no_manifest_is_refused(tmp_path: Path, resolve: Any, path: str) -> None:
    with pytest.raises(LicscanError):
        resolve(tree(tmp_path, **{path: ""}), path)
