"""Installed Python environments, built in a temporary folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.base.errors import InputError
from licscan.base.tree import Tree
from licscan.model import Origin, Scope
from licscan.packages.core_metadata import claims_of, read_headers
from licscan.resolve.builder import Parsed
from licscan.resolve.python.environment import find_environments, find_site_packages
from licscan.resolve.python.site_packages import parse
from licscan.resolve.scopes import scopes_from_graph

SITE = "venv/lib/python3.11/site-packages"


def dist(
    root: Path, name: str, version: str, *headers: str, folder: str = "", body: str = "", site: str = SITE
) -> Path:
    place = root / site / (folder or f"{name}-{version}.dist-info")
    place.mkdir(parents=True)
    lines = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *headers, "", body]
    (place / ("METADATA" if place.suffix == ".dist-info" else "PKG-INFO")).write_text("\n".join(lines))
    return place


def read(root: Path, path: str = SITE) -> Parsed:
    return parse(Tree(root), path)


def edges(parsed: Parsed) -> set[tuple[str, str, Scope]]:
    return {(e.parent.rpartition("/")[2], e.child.rpartition("/")[2], e.scope) for e in parsed.dependencies}


def test_claims_stand_verbatim(tmp_path: Path) -> None:
    dist(
        tmp_path,
        "A.b",
        "1.0",
        "License: Permission is",
        "        granted",
        "License-Expression: MIT",
        "Classifier: License :: OSI Approved :: MIT License",
        "Classifier: Topic :: Chat",
        body="License: not a header",
    )
    (component,) = (c for c in read(tmp_path).components if c.kind == "package")
    assert component.purl == "pkg:pypi/a-b@1.0"
    assert component.installed_at == (f"{SITE}/A.b-1.0.dist-info",)
    assert [(c.field, c.raw, c.kind) for c in component.claims] == [
        ("License", "Permission is\n        granted", "declared"),
        ("License-Expression", "MIT", "declared"),
        ("Classifier", "License :: OSI Approved :: MIT License", "classifier"),
    ]
    assert {(c.origin, c.location.path) for c in component.claims} == {
        (Origin.INSTALLED, f"{SITE}/A.b-1.0.dist-info/METADATA")
    }


def test_edges_extras_and_circles(tmp_path: Path) -> None:
    dist(tmp_path, "app", "1", "Requires-Dist: lib>=1", 'Requires-Dist: fast; extra == "speed"', "Requires-Dist: gone")
    dist(tmp_path, "lib", "2", 'Requires-Dist: winonly; sys_platform == "win32"')
    dist(tmp_path, "fast", "3")
    dist(tmp_path, "one", "1", "Requires-Dist: two")
    dist(tmp_path, "two", "1", "Requires-Dist: one", "Requires-Dist: two[x]", "Requires-Dist: ???")
    parsed = read(tmp_path)
    assert edges(parsed) == {
        ("app@1", "lib@2", Scope.RUNTIME),
        ("one@1", "two@1", Scope.RUNTIME),
        ("two@1", "one@1", Scope.RUNTIME),
    }
    assert parsed.roots == ("pkg:pypi/app@1", "pkg:pypi/fast@3", "pkg:pypi/one@1")
    asked = {(want.extra, want.child, want.text) for want in parsed.wanted if want.parent == "pkg:pypi/app@1"}
    assert asked == {("", "pkg:pypi/lib@2", ">=1"), ("speed", "pkg:pypi/fast@3", None)}
    assert {c.purl for c in parsed.components} == set(scopes_from_graph(parsed.roots, parsed.dependencies))


def test_eggs(tmp_path: Path) -> None:
    old = dist(tmp_path, "old", "1.0", folder="old-1.0-py3.11.egg-info")
    (old / "requires.txt").write_text('base>=1\n\n[extra]\nmore\n\n[:python_version < "3"]\nfuture\n')
    dist(tmp_path, "base", "1.0", folder="base-1.0.egg/EGG-INFO")
    dist(tmp_path, "more", "1.0")
    dist(tmp_path, "future", "1.0")
    (tmp_path / SITE / "single-2.0.egg-info").write_text(
        "Metadata-Version: 1.0\nName: single\nVersion: 2.0\nLicense: UNKNOWN\n"
    )
    parsed = read(tmp_path)
    found = {c.name: c for c in parsed.components}
    assert found["single"].claims[0].raw == "UNKNOWN"
    assert found["base"].installed_at == (f"{SITE}/base-1.0.egg/EGG-INFO",)
    assert {edge for edge in edges(parsed) if edge[0] == "old@1.0"} == {
        ("old@1.0", "base@1.0", Scope.RUNTIME),
        ("old@1.0", "future@1.0", Scope.RUNTIME),
    }


def test_direct_urls(tmp_path: Path) -> None:
    for folder in ("src", ".hidden"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "pyproject.toml").write_text("")
    urls: dict[str, object] = {
        "own": {"url": (tmp_path / "src").as_uri(), "dir_info": {"editable": True}},
        "hidden": {"url": (tmp_path / ".hidden").as_uri(), "dir_info": {"editable": True}},
        "theirs": {"url": "file:///elsewhere/theirs", "dir_info": {"editable": True}},
        "vcs": {"url": "https://u:secret@git.example/vcs.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
        "archive": {"url": "https://files.example/archive-1.zip", "archive_info": {}},
        "odd": {"url": 7, "dir_info": []},
    }
    for name, table in urls.items():
        (dist(tmp_path, name, "1") / "direct_url.json").write_text(json.dumps(table))
    (dist(tmp_path, "broken", "1") / "direct_url.json").write_text("[" * 100_000)
    parsed = read(tmp_path)
    found = {c.name: c for c in parsed.components}
    assert (found["own"].kind, found["own"].manifest) == ("project", "src/pyproject.toml")
    assert (found["hidden"].kind, found["hidden"].manifest) == ("project", ".hidden/pyproject.toml")
    assert (found["theirs"].kind, found["theirs"].source.kind) == ("package", "path")
    assert found["vcs"].source.url == "git+https://git.example/vcs.git@abc"
    assert found["archive"].purl == "pkg:pypi/archive@1?download_url=https://files.example/archive-1.zip"
    assert found["odd"].source.kind == found["broken"].source.kind == "unknown"


def test_egg_link_into_the_project(tmp_path: Path) -> None:
    dist(tmp_path, "linked", "1.0", folder="linked.egg-info", site="src")
    (tmp_path / "src/setup.py").write_text("")
    (tmp_path / SITE).mkdir(parents=True)
    (tmp_path / SITE / "linked.egg-link").write_text(f"{tmp_path / 'src'}\n../\n")
    (tmp_path / SITE / "away.egg-link").write_text("/nowhere/at/all\n")
    (tmp_path / SITE / "empty.egg-link").write_text("")
    parsed = read(tmp_path)
    assert [(c.name, c.manifest) for c in parsed.components if c.name == "linked"] == [("linked", "src/setup.py")]
    assert len(parsed.problems) == 2
    assert (parsed.seen, parsed.understood) == (3, 1)


def test_broken_distributions_leave_the_rest(tmp_path: Path) -> None:
    dist(tmp_path, "good", "1")
    (tmp_path / SITE / "bad-1.dist-info").mkdir()
    (dist(tmp_path, "../up", "1", folder="up-1.dist-info")).joinpath("RECORD").write_text("")
    (dist(tmp_path, "x", "1", folder="latin-1.dist-info") / "METADATA").write_bytes(b"Name: latin\nLicense: caf\xe9\n")
    outside = tmp_path / "outside"
    dist(outside, "secret", "1")
    project = tmp_path / "venv"
    (tmp_path / SITE / "secret-1.dist-info").symlink_to(outside / SITE / "secret-1.dist-info")
    parsed = read(project, "lib/python3.11/site-packages")
    found = {c.name: c for c in parsed.components if c.kind == "package"}
    assert sorted(found) == ["good", "latin"]
    assert found["latin"].claims[0].raw == "café"
    assert found["latin"].version == "1"
    assert len(parsed.problems) == 3
    with pytest.raises(InputError):
        read(tmp_path, "nowhere")


def test_conda_beside(tmp_path: Path) -> None:
    dist(tmp_path, "a", "1")
    meta = tmp_path / "venv/conda-meta"
    meta.mkdir()
    (meta / "history").write_text("")
    (meta / "bad.json").write_text('{"name": 1}')
    for name, depends in (("lib", []), ("app", ["lib >=1", "__glibc >=2", "gone"])):
        table = {
            "name": name,
            "version": "1.0",
            "build": "h0_0",
            "subdir": "linux-64",
            "license": "BSD",
            "depends": depends,
        }
        (meta / f"{name}-1.0-h0_0.json").write_text(json.dumps(table))
    parsed = read(tmp_path)
    found = {c.name: c for c in parsed.components if c.ecosystem == "conda"}
    assert found["lib"].purl == "pkg:conda/lib@1.0?build=h0_0&subdir=linux-64"
    assert [(c.field, c.raw, c.location.path) for c in found["app"].claims] == [
        ("license", "BSD", "venv/conda-meta/app-1.0-h0_0.json")
    ]
    assert {(e.parent, e.child) for e in parsed.dependencies if "conda" in e.parent} == {
        (found["app"].purl, found["lib"].purl)
    }
    assert {c.purl for c in parsed.components} == set(scopes_from_graph(parsed.roots, parsed.dependencies))
    assert [p.subject for p in parsed.problems] == ["venv/conda-meta/bad.json"]


def test_finds_site_packages_without_running_python(tmp_path: Path) -> None:
    site = tmp_path / SITE
    dist(tmp_path, "a", "1")
    (tmp_path / "venv/bin").mkdir()
    (tmp_path / "venv/bin/python3").write_text("never run")
    (tmp_path / "venv/lib64").symlink_to("lib")
    (tmp_path / "venv/lib/python3.10/site-packages").mkdir(parents=True)
    (tmp_path / "venv/pyvenv.cfg").write_text("home = /nowhere\nversion = 3.11.7\n")
    for env in (tmp_path / "venv", site, tmp_path / "venv/bin/python3"):
        assert find_site_packages(env) == [site]
    (tmp_path / "venv/bin/python3.11").write_text("")
    assert find_site_packages(tmp_path / "venv/bin/python3.11") == [site]
    assert find_environments(tmp_path) == [tmp_path / "venv"]
    assert find_site_packages(tmp_path / "nothing") == []
    windows = tmp_path / "win/Lib/site-packages"
    windows.mkdir(parents=True)
    assert find_site_packages(tmp_path / "win") == [windows]
    debian = tmp_path / "usr/lib/python3/dist-packages"
    debian.mkdir(parents=True)
    assert find_site_packages(tmp_path / "usr") == [debian]


@given(st.binary(max_size=400))
def test_headers_of_any_bytes(data: bytes) -> None:
    headers = read_headers(data)
    assert all(name == name.lower() and ":" not in name for name, _value in headers)
    assert len(claims_of(headers, "METADATA", Origin.CACHE)) <= len(headers)


def test_headers_end_at_the_first_empty_line() -> None:
    assert read_headers(b"\xef\xbb\xbfName: a\r\nLicense: x\r\n  y\r\n\r\nLicense: z\r\n") == (
        ("name", "a"),
        ("license", "x\n  y"),
    )
