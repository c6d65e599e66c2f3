"""What a real installation put on disk, against the lock that licscan read: nothing is missing, the rest explained.

The installations were made on Linux x64 with glibc; what they could not get is named in their README or below.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.utils import canonicalize_name

from licscan.base.tree import Tree
from licscan.model import Component, ComponentKind, Dependency, Graph, Scope
from licscan.resolve.project import resolve_project

pytestmark = pytest.mark.slow

Key = tuple[str, str | None]

LINUX = {"os": "linux", "cpu": "x64", "libc": "glibc"}


@dataclass(frozen=True)
class Truth:
    """One installation: its project, the file it was installed from, and the packages that could not be had."""

    project: str
    start: str
    could_not_be_had: tuple[str, ...] = ()
    failed_optional: tuple[str, ...] = ()


TRUTHS = {
    "converse.npm": Truth(
        "conversejs__converse.js", "package-lock.json", ("strophe.js", "libomemo.js", "@converse/skeletor")
    ),
    # pnpm goes on without an optional package that it cannot get
    "zulip-desktop.pnpm": Truth("zulip__zulip-desktop", "", failed_optional=("@electron/windows-sign",)),
    "synapse.poetry": Truth(
        "element-hq__synapse", "", ("jaeger-client", "opentracing", "psycopg2", "threadloop", "thrift")
    ),
    # no wheels: the lock has a source archive alone, or a git repository
    "ptb.uv": Truth(
        "python-telegram-bot__python-telegram-bot", "", ("sphinx-paramlinks", "sphinx-build-compatibility")
    ),
    "lanying-connector.pip": Truth("maxim-top__lanying-connector", "", ("etcd3",)),
}


def read(shared: Path, name: str) -> tuple[dict[str, Any], Graph]:
    truth = json.loads((shared / "im" / "truth" / f"{name}.json").read_text())
    real = TRUTHS[name]
    return truth, resolve_project(Tree(shared / "im" / "manifests" / real.project), (real.start,)).graph


def installed(truth: dict[str, Any], python: bool) -> set[Key]:
    return {(canonicalize_name(p["name"]) if python else p["name"], p["version"]) for p in truth["packages"]}


def packages(graph: Graph, python: bool) -> dict[Key, Component]:
    return {
        (canonicalize_name(c.name) if python else c.name, c.version): c
        for c in graph.components
        if c.kind is ComponentKind.PACKAGE
    }


def npm_allows(condition: str) -> bool:
    """`os=linux,darwin cpu=!arm`: whether npm and pnpm install it on Linux x64 with glibc."""
    for part in condition.split():
        key, _equals, values = part.partition("=")
        listed = values.split(",")
        if f"!{LINUX[key]}" in listed or (LINUX[key] not in listed and not any(v.startswith("!") for v in listed)):
            return False
    return True


def python_allows(version: str) -> Callable[[str], bool]:
    """Whether a marker holds for that CPython on Linux x64; extras and groups are all asked for."""
    environment = {
        "python_version": version,
        "python_full_version": f"{version}.9",
        "os_name": "posix",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }

    def allows(marker: str) -> bool:
        return "extra" in marker or Marker(marker).evaluate(environment)

    return allows


def installable(graph: Graph, allows: Callable[[str], bool], absent: set[str]) -> set[str]:
    """What the roots reach without the packages and edges of other platforms, and without what could not be had."""

    def enters(edge: Dependency) -> bool:
        child = graph.by_purl[edge.child]
        marker = (edge.requirement or "").partition(";")[2].strip() if child.ecosystem == "pypi" else ""
        fits = child.condition is None or any(allows(part) for part in split(child))
        return fits and (not marker or allows(marker)) and child.name not in absent

    seen = set(graph.roots)
    stack = list(graph.roots)
    while stack:
        for edge in graph.children.get(stack.pop(), ()):
            if edge.child not in seen and enters(edge):
                seen.add(edge.child)
                stack.append(edge.child)
    return seen


def split(component: Component) -> list[str]:
    """An npm package in several places may have several conditions; a marker is one."""
    condition = component.condition or ""
    return [condition] if component.ecosystem == "pypi" else condition.split(" or ")


@pytest.mark.parametrize("name", TRUTHS)
def test_everything_installed_is_in_the_lock(shared: Path, name: str) -> None:
    truth, graph = read(shared, name)
    python = "python" in truth
    assert len(truth["packages"]) == truth["count"] > 40
    assert sorted(installed(truth, python) - set(packages(graph, python))) == []


@pytest.mark.parametrize("name", TRUTHS)
def test_everything_else_in_the_lock_is_explained(shared: Path, name: str) -> None:
    truth, graph = read(shared, name)
    python = "python" in truth
    allows = python_allows(truth["python"].removeprefix("python")) if python else npm_allows
    absent = {*TRUTHS[name].could_not_be_had, *TRUTHS[name].failed_optional}
    there = installed(truth, python)
    expected = installable(graph, allows, absent)
    found = packages(graph, python)
    assert sorted(c.purl for key, c in found.items() if key not in there and c.purl in expected) == []
    assert sorted(c.purl for key, c in found.items() if key in there and c.purl not in expected) == []
    assert not {key[0] for key in there} & absent


@pytest.mark.parametrize("name", [name for name, truth in TRUTHS.items() if truth.failed_optional])
def test_a_failed_optional_package_is_optional_everywhere(shared: Path, name: str) -> None:
    _truth, graph = read(shared, name)
    for component in graph.components:
        if component.name in TRUTHS[name].failed_optional:
            assert {edge.scope for edge in graph.parents[component.purl]} == {Scope.OPTIONAL}


def test_what_has_no_wheel_says_so_in_its_lock(shared: Path) -> None:
    real = TRUTHS["ptb.uv"]
    lock = tomllib.loads((shared / "im" / "manifests" / real.project / "uv.lock").read_text())
    without = {p["name"] for p in lock["package"] if not p.get("wheels") and "editable" not in p["source"]}
    assert set(real.could_not_be_had) == without


def test_what_could_not_be_had_is_what_the_readme_names(shared: Path) -> None:
    text = (shared / "im" / "README.md").read_text()
    for name in ("converse.npm", "synapse.poetry"):
        assert all(package in text for package in TRUTHS[name].could_not_be_had)
