"""What must hold of every judgement, whatever the tree."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from licscan.config import SurfaceSetting
from licscan.judge import Policy, Settings, judge, judge_surfaces, judgements
from licscan.judge.reach import reach
from licscan.law.vocabulary import RELATIONSHIPS, RULING_RANK, Deployment, Ruling
from licscan.model import (
    NOASSERTION,
    SCOPE_RANK,
    Component,
    ComponentKind,
    Conclusion,
    Dependency,
    Finding,
    Graph,
    Scope,
)

LICENSES = (
    "MIT", "Apache-2.0", "GPL-2.0-only", "GPL-3.0-or-later", "AGPL-3.0-only", "MPL-2.0", "LGPL-2.1-or-later",
    "SSPL-1.0",
    "MIT OR GPL-2.0-only", "GPL-2.0-only OR Apache-2.0 OR LicenseRef-acme-commercial", "MIT AND CC-BY-4.0", NOASSERTION,
)  # fmt: skip
OUTBOUNDS = ("proprietary", "MIT", "GPL-2.0-or-later", "GPL-3.0-only", "AGPL-3.0-or-later")
ROOTS = ("pkg:npm/web@1", "pkg:npm/server@1")

deployments = st.sampled_from([one.value for one in Deployment])


@st.composite
def trees(draw: st.DrawFn) -> tuple[Graph, dict[str, Conclusion]]:
    """Two roots and up to nine packages, each needed by up to three things before it, with loops."""
    count = draw(st.integers(1, 9))
    roots = [Component(purl, purl[8:-2], "1", "npm", ComponentKind.PROJECT, manifest="package.json") for purl in ROOTS]
    packages = [Component(f"pkg:npm/p{number}@1", f"p{number}", "1", "npm") for number in range(count)]
    every = [component.purl for component in (*roots, *packages)]
    edge = st.builds(
        Dependency, st.sampled_from(every), st.sampled_from(every[len(ROOTS) :]), st.sampled_from(list(Scope))
    )
    edges = draw(st.lists(edge, min_size=count, max_size=3 * count, unique=True))
    graph = Graph(ROOTS, (*roots, *packages), tuple(edges))
    return graph, {c.purl: draw(conclusions(c.purl)) for c in packages}


@st.composite
def conclusions(draw: st.DrawFn, purl: str) -> Conclusion:
    """A license that is told, several readings, or nothing."""
    said = draw(st.sampled_from(LICENSES))
    readings = draw(st.lists(st.sampled_from(LICENSES[:-1]), max_size=2, unique=True).map(tuple))
    return Conclusion(purl, said, None, said, "declared", candidates=readings)


def settings_of(*deployed: str) -> Settings:
    surfaces = [SurfaceSetting(f"s{number}", name) for number, name in enumerate(deployed)]
    return Settings(surfaces=tuple(surfaces))


def found(graph: Graph, told: dict[str, Conclusion], outbound: str, settings: Settings) -> tuple[Finding, ...]:
    surfaces = judge_surfaces(graph, told, outbound, settings)
    return judge(graph, told, (), Policy(outbound), None, surfaces)


@given(trees(), st.sampled_from(OUTBOUNDS), deployments, deployments, deployments)
def test_flipping_one_surface_changes_only_its_findings(tree, outbound, first, kept, second) -> None:
    before = found(*tree, outbound, settings_of(first, kept))
    after = found(*tree, outbound, settings_of(second, kept))
    assert [f for f in before if f.surface == "s1"] == [f for f in after if f.surface == "s1"]
    # whether several readings can be left open depends on every surface; nothing else of all surfaces may change
    general = {"license-ambiguous", "license-metadata-conflict", "license-text-conflict"}
    assert [f for f in before if not f.surface and f.code not in general] == [
        f for f in after if not f.surface and f.code not in general
    ]


@given(trees(), st.sampled_from(OUTBOUNDS), deployments, st.randoms())
def test_the_order_of_components_changes_nothing(tree, outbound, deployment, random) -> None:
    graph, told = tree
    components, edges, items = list(graph.components), list(graph.dependencies), list(told.items())
    for shuffled in (components, edges, items):
        random.shuffle(shuffled)
    turned = Graph(graph.roots, tuple(components), tuple(edges))
    settings = settings_of(deployment)
    for one, other in ((graph, turned),):
        assert judgements(judge_surfaces(one, told, outbound, settings)) == judgements(
            judge_surfaces(other, dict(items), outbound, settings)
        )

    def brief(findings: tuple[Finding, ...]) -> list[Finding]:
        # of several shortest paths any may be shown
        return [replace(finding, paths=()) for finding in findings]

    assert brief(found(graph, told, outbound, settings)) == brief(found(turned, dict(items), outbound, settings))


@given(trees(), st.sampled_from(OUTBOUNDS), deployments, st.sampled_from(["MIT", "BSD-2-Clause", "ISC", "0BSD"]))
def test_adding_a_permissive_component_never_adds_a_conflict(tree, outbound, deployment, license_) -> None:
    graph, told = tree
    added = Component("pkg:npm/added@1", "added", "1", "npm")
    more = Graph(
        graph.roots,
        (*graph.components, added),
        (*graph.dependencies, *(Dependency(root, added.purl) for root in graph.roots)),
    )
    conclusion = Conclusion(added.purl, license_, None, license_, "declared")
    settings = settings_of(deployment)
    before = judgements(judge_surfaces(graph, told, outbound, settings))
    after = judgements(judge_surfaces(more, {**told, added.purl: conclusion}, outbound, settings))
    assert [one for one in after if one.purl != added.purl] == list(before)
    assert [one.ruling for one in after if one.purl == added.purl] == [Ruling.OK]


@given(trees(), st.sampled_from(OUTBOUNDS), deployments)
def test_every_package_is_judged_and_unknown_is_never_ok(tree, outbound, deployment) -> None:
    graph, told = tree
    found_ = judgements(judge_surfaces(graph, told, outbound, settings_of(deployment)))
    assert {one.purl for one in found_} == set(told)
    for one in found_:
        conclusion = told[one.purl]
        assert one.relationship in RELATIONSHIPS
        if conclusion.concluded == NOASSERTION and len(conclusion.candidates) < 2:
            assert RULING_RANK[Ruling(one.ruling)] >= RULING_RANK[Ruling.REVIEW]


@given(trees())
def test_the_surest_scope_of_all_paths_counts(tree) -> None:
    graph, _told = tree
    ranks = dict.fromkeys(graph.roots, 0)
    for _round in graph.components:
        for edge in graph.dependencies:
            if edge.parent in ranks:
                rank = max(ranks[edge.parent], SCOPE_RANK[edge.scope])
                ranks[edge.child] = min(rank, ranks.get(edge.child, rank))
    found_ = reach(graph, ((root, Scope.RUNTIME) for root in graph.roots))
    assert {purl: SCOPE_RANK[scope] for purl, scope in found_.items()} == ranks
