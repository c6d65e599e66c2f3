"""What a bundler may take in: one question for each root, until somebody says what is shipped."""

from __future__ import annotations

from licscan.conclude.conclusion import conclude
from licscan.config import ComponentSetting, SurfaceSetting
from licscan.config.kinds import packages
from licscan.judge import Policy, Settings, judge, judge_surfaces
from licscan.model import (
    Claim,
    Component,
    ComponentKind,
    Dependency,
    EvidenceKind,
    Finding,
    Graph,
    Location,
    Origin,
    Scope,
    Verdict,
)

ROOT = Component("pkg:npm/app@1", "app", "1", "npm", kind=ComponentKind.PROJECT, manifest="package.json")
TOOL = "pkg:npm/vite@1"


def package(name: str, license_: str, scope: Scope = Scope.DEV) -> Component:
    claims = (Claim(EvidenceKind.DECLARED, "license", license_, Origin.INSTALLED, Location(f"{name}/package.json")),)
    return Component(f"pkg:npm/{name}@1", name, "1", "npm", claims=claims, scopes=(scope,))


def judged(
    *components: Component, below: tuple[tuple[str, str], ...] = (), told: Settings | None = None
) -> list[Finding]:
    every = (ROOT, package("vite", "MIT"), *components)
    deeper = {child for _parent, child in below}
    edges = [Dependency(ROOT.purl, one.purl, one.scopes[0]) for one in every[1:] if one.name not in deeper]
    edges += [Dependency(f"pkg:npm/{parent}@1", f"pkg:npm/{child}@1") for parent, child in below]
    graph = Graph((ROOT.purl,), every, tuple(edges))
    conclusions = {one.purl: conclude(one) for one in every}
    surfaces = judge_surfaces(graph, conclusions, "proprietary", told or Settings())
    return list(judge(graph, conclusions, (), Policy(), surfaces=surfaces))


def about_bundles(found: list[Finding]) -> list[tuple[str | None, Verdict]]:
    return [(one.purl, one.verdict) for one in found if one.code == "bundled-unknown"]


def shipped(name: str, value: bool) -> ComponentSetting:
    return ComponentSetting(packages([f"pkg:npm/{name}"]), shipped=value)


def test_one_question_for_a_root_however_many_packages() -> None:
    found = judged(*(package(f"lib{number}", "GPL-3.0-only") for number in range(30)))
    assert about_bundles(found) == [(ROOT.purl, Verdict.CANNOT_TELL)]


def test_where_all_would_be_allowed_only_notices_are_in_doubt() -> None:
    assert about_bundles(judged(package("left", "MIT"))) == [(ROOT.purl, Verdict.OK)]


def test_what_it_needs_counts_too() -> None:
    found = judged(package("left", "MIT"), package("deep", "AGPL-3.0-only"), below=(("left", "deep"),))
    assert about_bundles(found) == [(ROOT.purl, Verdict.CANNOT_TELL)]


def test_tools_and_what_is_shipped_anyway_raise_no_question() -> None:
    assert about_bundles(judged(package("eslint", "GPL-3.0-only"), package("left", "MIT", Scope.RUNTIME))) == []


def test_what_is_told_is_no_question() -> None:
    assert (
        about_bundles(judged(package("left", "GPL-3.0-only"), told=Settings(components=(shipped("left", False),))))
        == []
    )


def test_what_a_shipped_package_needs_is_shipped_with_it() -> None:
    told = Settings(components=(shipped("left", True),))
    found = judged(package("left", "MIT"), package("deep", "AGPL-3.0-only"), below=(("left", "deep"),), told=told)
    assert about_bundles(found) == []
    assert [one.purl for one in found if one.code == "license-conflict"] == ["pkg:npm/deep@1"]


def test_a_service_hands_its_bundle_to_browsers() -> None:
    service = Settings(surfaces=(SurfaceSetting("cloud", "saas"),))
    assert about_bundles(judged(package("left", "GPL-3.0-only"), told=service)) == [(ROOT.purl, Verdict.CANNOT_TELL)]
    inside = Settings(surfaces=(SurfaceSetting("house", "internal"),))
    assert about_bundles(judged(package("left", "GPL-3.0-only"), told=inside)) == []
