"""A bare list of requirements is whole where all that its packages need stands in it; what is unknown is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from licscan.base.tree import Tree
from licscan.compose.lists import Setting, check_lists
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.config.read import load_config
from licscan.model import (
    Component,
    ComponentKind,
    Conclusion,
    Dependency,
    Graph,
    InputFile,
    Location,
    Origin,
    PackageFiles,
    Scope,
    Verdict,
)
from licscan.packages.core_metadata import read_headers, requires_of

LIST = InputFile("requirements.txt", "requirements.txt", None, 2, 2, "0" * 64)
LOCK = InputFile("uv.lock", "uv.lock", None, 2, 2, "1" * 64)


def package(name: str, **more: object) -> Component:
    purl = f"pkg:pypi/{name}@1"
    more.setdefault("found_in", (Location("requirements.txt", 1, 1),))
    return Component(purl, name, "1", "pypi", scopes=(Scope.RUNTIME,), **more)  # type: ignore[arg-type]


def files(**needs: tuple[str, ...] | None) -> dict[str, tuple[PackageFiles, ...]]:
    return {f"pkg:pypi/{name}@1": (PackageFiles(Origin.CACHE, name, requires=told),) for name, told in needs.items()}


APP, LIB = package("app"), package("lib")
GRAPH = Graph(components=(APP, LIB))


@pytest.mark.parametrize(
    ("needs", "absent"),
    [
        (("lib>=1",), ""),
        (("Lib[fast]",), ""),
        (("other",), "other (for app)"),
        (("Other_Thing>=2,<3",), "other-thing (for app)"),
        (("b", "a"), "a (for app), b (for app)"),
        (("extra-thing; extra == 'fast'",), ""),
        (("backport; python_version < '3.8'",), ""),
        (("always; python_version >= '2.0'",), "always (for app)"),
        (("not a requirement !!",), ""),
    ],
)  # fmt: skip
def test_what_is_needed_and_not_listed_is_asked_for(needs: tuple[str, ...], absent: str) -> None:
    found = check_lists(GRAPH, [LIST], files(app=needs, lib=()))
    assert [one.message.partition(": ")[2] for one in found.problems] == ([absent] if absent else [])
    assert {(one.subject, one.code) for one in found.problems} <= {("requirements.txt", "dependency-unresolved")}
    assert found.assumptions == ()


@pytest.mark.parametrize("name", ["setuptools", "pip", "wheel", "distribute"])
def test_what_pip_leaves_out_of_its_lists_is_assumed(name: str) -> None:
    found = check_lists(GRAPH, [LIST], files(app=(f"{name}>=3.0", "other"), lib=()))
    assert [one.message.partition(": ")[2] for one in found.problems] == ["other (for app)"]
    assert found.assumptions == (
        f"requirements.txt leaves out {name} (for app), as pip does; "
        "it is taken as part of the Python installation and was not judged.",
    )


def test_a_package_whose_needs_are_unknown_leaves_an_assumption() -> None:
    found = check_lists(GRAPH, [LIST], files(app=None, lib=()))
    assert found.problems == ()
    assert found.assumptions == (
        "requirements.txt is treated as the whole list: the dependencies of 1 package in it are unknown.",
    )


def in_lock(name: str, **more: object) -> Component:
    return package(name, found_in=(Location("uv.lock", 1, 1),), **more)


def test_a_lock_and_an_installation_answer_for_their_packages() -> None:
    told = files(app=("other",), lib=())
    for graph, inputs in (
        (Graph(components=(in_lock("app"), in_lock("lib"))), [LOCK]),
        (Graph(components=(package("app", installed_at=("site",)), LIB)), [LIST]),
    ):
        assert check_lists(graph, inputs, told).problems == ()


def test_a_compiled_list_and_one_beside_a_lock_of_others_are_held_too() -> None:
    told = files(app=("other",), lib=())
    edges = (Dependency(APP.purl, LIB.purl, Scope.RUNTIME),)
    for graph, inputs in (
        (Graph(components=(APP, LIB), dependencies=edges), [LIST]),
        (GRAPH, [LIST, LOCK]),
    ):
        assert [one.code for one in check_lists(graph, inputs, told).problems] == ["dependency-unresolved"]


ROOT = Component("pkg:pypi/shop@1", "shop", "1", "pypi", kind=ComponentKind.PROJECT, manifest="requirements.txt")
PLUGIN = Component("pkg:pypi/plug@1", "plug", "1", "pypi", kind=ComponentKind.PROJECT, manifest="plugins/plug/setup.py")
OTHER = Component("pkg:pypi/else@1", "else", "1", "pypi", kind=ComponentKind.PROJECT, manifest="else/setup.py")


def below(root: Component, *packages: Component, scope: Scope = Scope.RUNTIME, text: str | None = None) -> Graph:
    edges = tuple(Dependency(root.purl, one.purl, scope, text) for one in packages)
    return Graph((root.purl,), (root, *packages), edges)


def joined(*graphs: Graph) -> Graph:
    return Graph(
        tuple(root for one in graphs for root in one.roots),
        tuple({c.purl: c for one in graphs for c in one.components}.values()),
        tuple(edge for one in graphs for edge in one.dependencies),
    )


def said(graph: Graph, told: dict[str, tuple[PackageFiles, ...]], **setting: object) -> list[tuple[str | None, str]]:
    found = check_lists(graph, [LIST, LOCK], told, Setting(**setting))  # type: ignore[arg-type]
    return [(one.code, one.message.partition(": ")[2]) for one in found.problems]


FAST = ("lib; extra == 'fast'", "core", "app[slow] ; extra == 'all'", "deep[x]; extra == 'slow'")


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("[fast]==1", ["core (for app)"]),
        ("[All]==1", ["core (for app), deep (for app[slow])"]),
        ("==1", ["core (for app)"]),
        ("[unknown]==1", ["core (for app)"]),
    ],
)
def test_what_extras_need_is_asked_for_too(text: str, absent: list[str]) -> None:
    graph = joined(below(ROOT, APP, text=text), below(ROOT, LIB))
    assert [message for _code, message in said(graph, files(app=FAST, lib=()))] == absent


def test_an_extra_that_one_package_asks_of_another_is_followed() -> None:
    told = files(app=("lib[more]",), lib=("third; extra == 'more'", "fourth; extra == 'less'"))
    assert said(below(ROOT, APP, LIB), told) == [("dependency-unresolved", "third (for lib[more])")]


def test_an_extra_asked_of_a_locked_package_is_held_by_its_metadata() -> None:
    graph = below(ROOT, in_lock("app"), text="app[fast]==1")
    told = files(app=("quick; extra == 'fast'", "core"))
    assert said(graph, told) == [("dependency-unresolved", "quick (for app[fast])")]
    assert said(graph, files(app=("core",))) == []
    told = files(app=None)
    assert said(graph, told) == []
    assert said(graph, told, open_extras=[("pkg:pypi/app@1", "fast")]) == [("dependency-unresolved", "app[fast]")]


def test_what_ships_is_not_completed_by_what_is_for_development() -> None:
    graph = joined(below(ROOT, APP), below(ROOT, LIB, scope=Scope.DEV))
    assert said(graph, files(app=("lib",), lib=())) == [("dependency-unresolved", "lib (for app)")]
    told = files(app=(), lib=("app", "tool"))
    assert said(graph, told) == [(None, "tool (for lib)")]


def test_a_project_is_completed_by_those_above_it_and_by_no_other() -> None:
    told = files(app=("lib",), lib=())
    assert said(joined(below(PLUGIN, APP), below(ROOT, LIB)), told) == []
    assert said(joined(below(ROOT, APP), below(PLUGIN, LIB)), told) == [("dependency-unresolved", "lib (for app)")]
    assert said(joined(below(PLUGIN, APP), below(OTHER, LIB)), told) == [("dependency-unresolved", "lib (for app)")]


@pytest.mark.parametrize(
    ("need", "platform", "needed"),
    [
        ("loop; sys_platform != 'win32'", "", True),
        ("loop; sys_platform != 'win32'", "windows-x86_64", False),
        ("loop; sys_platform == 'win32'", "", False),
        ("loop; sys_platform == 'win32'", "windows-x86_64", True),
        ("loop; sys_platform == 'win32'", "any", True),
        ("loop; platform_machine == 'arm64'", "macos-arm64", True),
        ("loop; platform_python_implementation == 'PyPy'", "", False),
        ("loop; python_version < '3.8'", "", False),
        ("loop; python_version >= '3.8'", "", True),
        ("loop; extra == 'fast' and sys_platform == 'win32'", "", False),
        ("loop; sys_platform == 'linux' and extra == 'fast'", "", True),
    ],
)
def test_markers_are_weighed_where_it_ships(need: str, platform: str, needed: bool) -> None:
    graph = below(ROOT, APP, text="[fast]==1")
    assert said(graph, files(app=(need,)), platform=platform) == (
        [("dependency-unresolved", "loop (for app[fast])" if "fast" in need else "loop (for app)")] if needed else []
    )


@pytest.mark.parametrize(
    ("name", "text", "needed"),
    [
        ("requirements.txt", "# This file is autogenerated by pip-compile with Python 3.9\n", True),
        ("requirements.txt", "# uv pip compile --python-version 3.9 requirements.in\n", True),
        (".python-version", "3.9.18\n", True),
        (".python-version", "3.11\n", False),
        ("runtime.txt", "python-3.9.18\n", True),
        ("pyproject.toml", '[project]\nrequires-python = "<3.11"\n', True),
        ("pyproject.toml", '[project]\nrequires-python = ">=3.11"\n', False),
        ("setup.cfg", "[options]\npython_requires = <3.11\n", True),
        ("setup.py", "setup(\n    python_requires='>=3.11',\n)\n", False),
        ("Pipfile", '[requires]\npython_version = "3.9"\n', True),
        ("pyproject.toml", "[project\n", None),
        ("other.txt", "", None),
    ],
)
def test_the_python_is_that_which_the_project_names(tmp_path: Path, name: str, text: str, needed: bool | None) -> None:
    """None: nobody names one, so that it is said what others would need."""
    (tmp_path / name).write_text(text)
    found = check_lists(
        below(ROOT, APP), [LIST], files(app=("old; python_version < '3.11'",)), Setting(tree=Tree(tmp_path))
    )
    assert [one.message.partition(": ")[2] for one in found.problems] == (["old (for app)"] if needed else [])
    assert [one.partition("also need: ")[2] for one in found.assumptions] == (["old"] if needed is None else [])


def test_what_was_never_read_passes_for_nothing() -> None:
    """A license that licscan.toml states, and a waiver, say nothing of what the package needs."""
    conclusions = {APP.purl: Conclusion(APP.purl, "MIT", None, "MIT", "")}
    unread = below(ROOT, APP)
    assert said(unread, {}, conclusions=conclusions) == [("dependency-unresolved", "app")]
    assert said(unread, {}) == []
    assert said(unread, {}, waived=True) == [("dependency-unresolved", "app")]
    assert said(unread, files(app=None), conclusions=conclusions) == []


@pytest.mark.parametrize(
    ("text", "built", "expected"),
    [
        ("Metadata-Version: 2.1\nRequires-Dist: left>=1\n", True, ("left>=1",)),
        ("Metadata-Version: 2.1\n", True, ()),
        ("Metadata-Version: 2.1\nRequires-Dist: left\n", False, None),
        ("Metadata-Version: 2.2\nRequires-Dist: left\n", False, ("left",)),
        ("Metadata-Version: 2.4\n", False, ()),
        ("Metadata-Version: 2.2\nDynamic: Requires-Dist\n", False, None),
        ("Metadata-Version: x\n", False, None),
    ],
)
def test_needs_count_where_no_build_can_change_them(text: str, built: bool, expected: tuple[str, ...] | None) -> None:
    assert requires_of(read_headers(text.encode()), built=built) == expected


INSTALLED = {
    "app-1": "License-Expression: MIT\nRequires-Dist: lib>=1\nRequires-Dist: quick; extra == 'fast'\n",
    "lib-1": "License-Expression: MIT\n",
    "quick-1": "License-Expression: MIT\nRequires-Dist: deep\n",
    "deep-1": "License-Expression: MIT\n",
}
WAIVER = """
[[waiver]]
finding = "license-missing"
packages = ["pkg:pypi/app", "pkg:pypi/lib", "pkg:pypi/quick", "pkg:pypi/deep"]
reason = "accepted-risk"
owner = "Ada"
expires = "2027-03-01"
"""


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("app==1\nlib==1\n", ""),
        ("app==1\n", "lib (for app)"),
        ("app[fast]==1\nlib==1\n", "quick (for app[fast])"),
        ("app[fast]==1\nlib==1\nquick==1\n", "deep (for quick)"),
        ("app[fast]==1\nlib==1\nquick==1\ndeep==1\n", ""),
        ("app==1  # via -r x.in\n", "lib (for app)"),
    ],
)
@pytest.mark.parametrize("waiver", ["", WAIVER])
def test_a_scan_never_passes_for_knowing_less(
    tmp_path: Path, own_cache: Path, text: str, absent: str, waiver: str
) -> None:
    """With the client's cache the answer is the right one; without, nobody can tell, whatever was waived."""
    (tmp_path / "requirements.txt").write_text(text)
    if waiver:
        (tmp_path / "licscan.toml").write_text(waiver)
    options = Options((tmp_path,), offline=True, config=load_config(tmp_path), today=date(2026, 11, 1))
    cold = scan(options)
    assert cold.gate is Verdict.CANNOT_TELL
    for name, metadata in INSTALLED.items():
        folder = own_cache / "uv" / "archive-v0" / name / f"{name}.dist-info"
        folder.mkdir(parents=True)
        head = f"Metadata-Version: 2.4\nName: {name.partition('-')[0]}\nVersion: 1\n"
        (folder / "METADATA").write_text(head + metadata)
        (folder / "RECORD").write_text("")
    warm = scan(options)
    found = [one.message.partition("not judged: ")[2] for one in warm.findings if one.code == "dependency-unresolved"]
    assert found == ([absent] if absent else [])
    assert (warm.gate is Verdict.CANNOT_TELL) == bool(absent)
