"""Which surfaces are assumed, and which parts they get."""

from __future__ import annotations

from dataclasses import replace

import pytest

from licscan.base.tables import load_toml
from licscan.config import SurfaceSetting
from licscan.judge import judge_surfaces
from licscan.judge.settings import Settings
from licscan.judge.surfaces import default_relationship, left_out, plans
from licscan.law.vocabulary import RELATIONSHIPS, Deployment
from licscan.model import (
    Component,
    ComponentKind,
    Conclusion,
    Dependency,
    Evidence,
    EvidenceKind,
    Graph,
    Location,
    Origin,
    Scope,
)


def root(name: str, folder: str, ecosystem: str = "npm") -> Component:
    manifest = f"{folder}/package.json" if folder else "package.json"
    purl = f"pkg:{ecosystem}/{name}@1"
    return Component(purl, name, "1", ecosystem, ComponentKind.PROJECT, manifest=manifest)


def package(name: str, ecosystem: str = "npm", **changed: object) -> Component:
    return Component(f"pkg:{ecosystem}/{name}@1", name, "1", ecosystem, **changed)  # type: ignore[arg-type]


def graph(roots: dict[Component, list[Component]]) -> Graph:
    """The roots with what each needs; a root may need a root."""
    every = {component.purl: component for parent, needed in roots.items() for component in (parent, *needed)}
    edges = [Dependency(parent.purl, child.purl) for parent, needed in roots.items() for child in needed]
    return Graph(tuple(parent.purl for parent in roots), tuple(every.values()), tuple(edges))


def assumed(roots: dict[Component, list[Component]]) -> dict[str, list[str]]:
    tree = graph(roots)
    return {p.surface.deployment: [tree.by_purl[one].name for one in p.surface.roots] for p in plans(tree, {}, "MIT")}


@pytest.mark.parametrize(
    ("ecosystem", "sign", "deployment"),
    [
        ("npm", "vite", "browser"),
        ("npm", "react-dom", "browser"),
        ("npm", "electron", "desktop-app"),
        ("npm", "@tauri-apps/api", "desktop-app"),
        ("npm", "react-native", "mobile-app"),
        ("npm", "cordova-android", "mobile-app"),
        ("npm", "express", "on-premise"),
        ("pypi", "PyQt6", "desktop-app"),
        ("pypi", "flask", "on-premise"),
    ],
)
def test_a_root_is_taken_as_what_its_needs_say(ecosystem: str, sign: str, deployment: str) -> None:
    assert assumed({root("app", "", ecosystem): [package(sign, ecosystem)]}) == {deployment: ["app"]}


def test_an_app_that_is_built_like_a_page_is_an_app() -> None:
    needed = [package("vite"), package("react-dom"), package("electron")]
    assert assumed({root("app", ""): needed}) == {"desktop-app": ["app"]}


def test_a_member_belongs_to_the_root_that_needs_it_through_others_too() -> None:
    first, second, page = root("a", "x/a"), root("z", "y/z"), root("page", "page")
    found = assumed({first: [], second: [first], page: [second, package("vue")]})
    assert found == {"browser": ["a", "z", "page"]}


def test_a_member_that_nobody_needs_belongs_to_the_root_above() -> None:
    found = assumed({root("top", ""): [package("webpack")], root("inner", "src/deep/inner"): []})
    assert found == {"browser": ["top", "inner"]}


@pytest.mark.parametrize(
    ("needs", "develops", "deployment"),
    [
        (["express"], ["webpack", "vue"], "on-premise"),
        (["fastify", "left"], ["vite"], "on-premise"),
        (["express", "vue"], ["webpack"], "browser"),
        (["left"], ["webpack", "express"], "browser"),
        (["express", "electron"], ["webpack"], "desktop-app"),
    ],
)
def test_a_server_that_builds_its_page_is_a_server(needs: list[str], develops: list[str], deployment: str) -> None:
    top = root("top", "")
    edges = [Dependency(top.purl, package(name).purl) for name in needs]
    edges += [Dependency(top.purl, package(name).purl, Scope.DEV) for name in develops]
    every = (top, *map(package, (*needs, *develops)))
    (plan,) = plans(Graph((top.purl,), every, tuple(edges)), {}, "MIT")
    assert plan.surface.deployment == deployment


def test_a_server_beside_a_page_is_a_surface_of_its_own() -> None:
    page, api = root("page", "page"), root("api", "api", "pypi")
    assert assumed({page: [package("vue")], api: [package("flask", "pypi")]}) == {
        "browser": ["page"],
        "on-premise": ["api"],
    }


def test_every_assumption_is_said() -> None:
    (plan,) = plans(graph({root("page", ""): [package("vite")]}), {}, "MIT")
    assert plan.surface.assumed == (
        "page: taken as built for the browser, since it needs vite.",
        "page is built with vite: its development dependencies are taken as not shipped.",
    )


@pytest.mark.parametrize(
    ("component", "scope", "deployment", "expected"),
    [
        (package("flask", "pypi"), Scope.RUNTIME, "on-premise", "python-import"),
        (package("flask", "pypi"), Scope.OPTIONAL, "on-premise", "optional-extra"),
        (package("setuptools", "pypi"), Scope.BUILD, "on-premise", "build-tool"),
        (package("left"), Scope.PEER, "browser", "bundled-js"),
        (package("left"), Scope.RUNTIME, "mobile-app", "bundled-js"),
        (package("left"), Scope.RUNTIME, "desktop-app", "dependency"),
        (package("left"), Scope.DEV, "browser", "dev-tool"),
        (package("electron"), Scope.DEV, "desktop-app", "dependency"),
        (package("electron"), Scope.DEV, "saas", "dev-tool"),
        (package("@types/node"), Scope.RUNTIME, "on-premise", "build-tool"),
        (package("@fontsource/inter"), Scope.RUNTIME, "browser", "bundled-font"),
        (package("caniuse-lite"), Scope.RUNTIME, "browser", "bundled-media"),
        (package("sharp-linux", condition="os=linux cpu=x64"), Scope.OPTIONAL, "browser", "build-tool"),
        (package("sharp-wasm", condition="cpu=wasm32"), Scope.OPTIONAL, "browser", "optional-extra"),
        (package("thing", "generic"), Scope.RUNTIME, "embedded", "dependency"),
    ],
)
def test_relationships(component: Component, scope: Scope, deployment: str, expected: str) -> None:
    assert default_relationship(component, scope, Deployment(deployment), None) == expected


def test_what_is_under_a_font_license_alone_is_a_font() -> None:
    component = package("inter-ui")
    font = Conclusion(component.purl, "OFL-1.1", None, "OFL-1.1", "declared")
    both = Conclusion(component.purl, "OFL-1.1", None, "OFL-1.1 AND MIT", "declared")
    assert default_relationship(component, Scope.RUNTIME, Deployment.BROWSER, font) == "bundled-font"
    assert default_relationship(component, Scope.RUNTIME, Deployment.BROWSER, both) == "bundled-js"


@pytest.mark.parametrize(
    ("name", "ecosystem", "free"),
    [
        ("acme-font", "npm", "bundled-font"),
        ("@fontsource/acme", "npm", "bundled-font"),
        ("twemoji-parser", "npm", "bundled-media"),
        ("@types/acme", "npm", "build-tool"),
        ("font-acme", "pypi", "bundled-font"),
        ("fonts-acme", "pypi", "bundled-font"),
        ("publicsuffixlist", "pypi", "bundled-media"),
        ("types-acme", "pypi", "build-tool"),
        ("acme-stubs", "pypi", "build-tool"),
    ],
)
def test_no_name_decides_what_a_copyleft_asks(name: str, ecosystem: str, free: str) -> None:
    component = package(name, ecosystem)
    program = "python-import" if ecosystem == "pypi" else "dependency"

    def joined(license_id: str, candidates: tuple[str, ...] = ()) -> str:
        told = Conclusion(component.purl, license_id, None, license_id, "declared", candidates=candidates)
        return default_relationship(component, Scope.RUNTIME, Deployment.ON_PREMISE, told)

    for license_id in ("GPL-3.0-only", "AGPL-3.0-only", "LGPL-2.1-only", "MPL-2.0", "MIT AND GPL-2.0-only"):
        assert joined(license_id) == program, license_id
    assert joined("NOASSERTION", ("GPL-2.0-only", "MIT")) == program
    for license_id in ("MIT", "Apache-2.0", "CC0-1.0", "CC-BY-4.0"):
        assert joined(license_id) == free, license_id
    assert joined("GPL-2.0-only WITH Font-exception-2.0") == free


def test_what_a_service_hands_to_browsers_is_joined_as_that() -> None:
    page, api = root("page", "page"), root("api", "api")
    tree = graph({page: [package("react-dom"), package("gpl-lib")], api: [package("express")]})
    told = {p: Conclusion(p, "GPL-3.0-only", None, "GPL-3.0-only", "declared") for p in ("pkg:npm/gpl-lib@1",)}
    settings = Settings(surfaces=(SurfaceSetting("cloud", "saas"),))
    (judged,) = judge_surfaces(tree, told, "proprietary", settings)
    found = {one.member.component.name: (one.member.relationship, one.decision.ruling) for one in judged.outcomes}
    assert found["gpl-lib"] == ("bundled-js", "conflict")
    assert found["express"][0] == "dependency"


def test_only_the_runtime_that_a_root_asks_for_is_in_the_app() -> None:
    """A tool for tests may bring a runtime of its own: the app does not carry that."""
    top, own, runner, other = root("top", ""), package("electron"), package("runner"), package("electron")
    other = replace(other, purl="pkg:npm/electron@2", version="2")
    edges = [
        Dependency(top.purl, own.purl, Scope.DEV),
        Dependency(top.purl, runner.purl, Scope.DEV),
        Dependency(runner.purl, other.purl),
    ]
    tree = Graph((top.purl,), (top, own, runner, other), tuple(edges))
    (plan,) = plans(tree, {}, "MIT")
    assert {one.component.purl: one.relationship for one in plan.members} == {
        own.purl: "dependency",
        other.purl: "dev-tool",
        runner.purl: "dev-tool",
    }


def test_the_table_names_relationships_and_deployments_that_there_are() -> None:
    rows = load_toml("surfaces.toml")
    names = {name for row in rows["relationships"].values() for name in row.values()} | set(rows["scopes"].values())
    assert names <= set(RELATIONSHIPS)
    assert all(Deployment(kind["deployment"]) for kind in rows["kinds"].values())


@pytest.mark.parametrize("glob", [".", "./", "package.json", "top", "pkg:npm/top@1", "t*"])
def test_roots_are_named_by_folder_manifest_name_or_purl(glob: str) -> None:
    tree = graph({root("top", ""): [], root("inner", "src/inner"): []})
    (plan,) = plans(tree, {}, "MIT", Settings(surfaces=(SurfaceSetting("s", "saas", roots=(glob,)),)))
    assert plan.surface.roots == ("pkg:npm/top@1",)
    assert left_out(tree, plan.surface.roots) == ("pkg:npm/inner@1",)


def test_what_no_root_needs_is_on_the_surface_for_all_roots() -> None:
    loose = package("loose", scopes=(Scope.RUNTIME,))
    tree = graph({root("top", ""): [package("vue")]})
    tree = Graph(tree.roots, (*tree.components, loose), tree.dependencies)
    (plan,) = plans(tree, {}, "MIT")
    assert "loose" in [member.component.name for member in plan.members]


def test_what_is_known_to_stand_inside_is_judged_once() -> None:
    where = Location("numpy/LICENSE.txt", 135)
    text = Evidence(EvidenceKind.PART, "LICENSE.txt", "", "GPL-3.0-only", Origin.INSTALLED, where, "text:exact", 1.0)
    outer, inner = package("numpy", "pypi"), package("gfortran", "generic", embedded="present")
    told = {
        outer.purl: Conclusion(outer.purl, "MIT", "MIT", "MIT", "declared", evidence=(text,)),
        inner.purl: Conclusion(inner.purl, "NONE", None, "GPL-3.0-or-later WITH GCC-exception-3.1", "declared"),
    }
    alone = graph({root("app", "", "pypi"): [outer]})
    both = Graph(alone.roots, (*alone.components, inner), (*alone.dependencies, Dependency(outer.purl, inner.purl)))
    parts = [
        [part for one in judge_surfaces(tree, told, "proprietary")[0].outcomes for part in one.parts]
        for tree in (alone, both)
    ]
    assert [len(found) for found in parts] == [1, 0]
