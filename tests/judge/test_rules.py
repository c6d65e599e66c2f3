from __future__ import annotations

from collections.abc import Sequence

import pytest

from licscan.conclude.conclusion import conclude
from licscan.judge import Policy, judge
from licscan.model import (
    Claim,
    Component,
    ComponentKind,
    Dependency,
    Evidence,
    EvidenceKind,
    Finding,
    Graph,
    Location,
    Origin,
    Problem,
    Scope,
    Severity,
    Source,
    SourceKind,
    Verdict,
)

ROOT = Component("pkg:npm/app@1.0.0", "app", "1.0.0", "npm", kind=ComponentKind.PROJECT, manifest="package.json")
OUTBOUNDS = {"proprietary": "proprietary", "permissive": "MIT", "limited": "MPL-2.0", "strong": "AGPL-3.0-or-later"}


def package(license_: str | None, **changed: object) -> Component:
    where = Location("node_modules/left/package.json")
    claims = () if license_ is None else (Claim(EvidenceKind.DECLARED, "license", license_, Origin.INSTALLED, where),)
    values = {"purl": "pkg:npm/left@2.0.0", "name": "left", "version": "2.0.0", "ecosystem": "npm", "claims": claims}
    return Component(**{**values, **changed})  # type: ignore[arg-type]


def findings(
    *components: Component, outbound: str = "proprietary", problems: Sequence[Problem] = ()
) -> tuple[Finding, ...]:
    edges = tuple(
        Dependency(ROOT.purl, component.purl, scope)
        for component in components
        for scope in component.scopes or (Scope.RUNTIME,)
    )
    graph = Graph((ROOT.purl,), (ROOT, *components), edges)
    conclusions = {component.purl: conclude(component) for component in graph.components}
    found = judge(graph, conclusions, tuple(problems), Policy(outbound))
    return tuple(finding for finding in found if finding.purl != ROOT.purl)


def brief(found: Sequence[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.code, str(finding.severity), str(finding.verdict)) for finding in found]


CONFLICT, REVIEW, DUTIES, CHOICE = "license-conflict", "license-review", "license-duties", "license-choice"
BUY, CHANGE = "entitlement-missing", "outbound-change"
VERDICT_OF = {
    CONFLICT: ("error", "violation"),
    BUY: ("error", "violation"),
    REVIEW: ("warning", "cannot-tell"),
    CHANGE: ("warning", "cannot-tell"),
    DUTIES: ("note", "ok"),
    CHOICE: ("note", "ok"),
}


@pytest.mark.parametrize(
    ("license_", "proprietary", "permissive", "limited", "strong"),
    [
        ("MIT", "", "", "", ""),
        ("0BSD", "", "", "", ""),
        ("GPL-3.0-only", CONFLICT, CONFLICT, CONFLICT, ""),
        ("AGPL-3.0-or-later", CONFLICT, CONFLICT, CONFLICT, DUTIES),
        ("LGPL-3.0-only", DUTIES, DUTIES, DUTIES, ""),
        ("MPL-2.0", DUTIES, DUTIES, "", ""),
        ("EPL-1.0", DUTIES, DUTIES, DUTIES, CONFLICT),
        ("MPL-2.0 OR MIT", CHOICE, CHOICE, CHOICE, CHOICE),
        ("MPL-2.0 AND LGPL-2.1-only", DUTIES, DUTIES, DUTIES, ""),
        ("GPL-2.0-only WITH Classpath-exception-2.0", DUTIES, DUTIES, DUTIES, ""),
        ("GPL-2.0-only WITH openvpn-openssl-exception", CONFLICT, CONFLICT, CONFLICT, CONFLICT),
        ("MIT OR GPL-3.0-only", CHOICE, CHOICE, CHOICE, CHOICE),
        ("MIT AND GPL-3.0-only", CONFLICT, CONFLICT, CONFLICT, ""),
        ("(MIT OR GPL-3.0-only) AND AGPL-3.0-only", CONFLICT, CONFLICT, CONFLICT, CHANGE),
        ("GPL-3.0-only OR LicenseRef-acme", REVIEW, REVIEW, REVIEW, CHOICE),
        ("LicenseRef-acme", REVIEW, REVIEW, REVIEW, REVIEW),
        ("BUSL-1.1", CONFLICT, CONFLICT, CONFLICT, CONFLICT),
        ("SSPL-1.0", CONFLICT, CONFLICT, CONFLICT, CONFLICT),
        ("CC-BY-NC-4.0", CONFLICT, CONFLICT, CONFLICT, CONFLICT),
        ("UNLICENSED", BUY, BUY, BUY, BUY),
    ],
)
def test_what_a_license_asks_of_a_product_at_customers(
    license_: str, proprietary: str, permissive: str, limited: str, strong: str
) -> None:
    expected = dict(zip(OUTBOUNDS, (proprietary, permissive, limited, strong), strict=True))
    for kind, outbound in OUTBOUNDS.items():
        found = [(f.code, (str(f.severity), str(f.verdict))) for f in findings(package(license_), outbound=outbound)]
        assert found[:1] == ([(expected[kind], VERDICT_OF[expected[kind]])] if expected[kind] else []), kind


def test_a_conflict_says_what_why_and_what_to_do() -> None:
    (found,) = findings(package("MIT AND GPL-3.0-only"))
    assert found.message == (
        "left 2.0.0 is under MIT AND GPL-3.0-only (GPL-3.0-only in it), "
        "which does not allow this use in a proprietary product."
    )
    assert "GPL-3.0-only 5(c)" in found.why
    assert found.surface == "server"
    assert found.paths == ((ROOT.purl, "pkg:npm/left@2.0.0"),)
    assert found.remedies[0].startswith("Replace left with a component")
    assert any(remedy.startswith("Keep left in a separate program") for remedy in found.remedies)
    assert any(remedy.startswith("Replace") for remedy in found.remedies)
    assert found.locations == (Location("node_modules/left/package.json"),)


@pytest.mark.parametrize(
    ("license_", "expected"),
    [
        (None, [("license-missing", "error", "cannot-tell")]),
        ("UNKNOWN", [("license-missing", "error", "cannot-tell")]),
        ("BSD", [("license-ambiguous", "note", "ok")]),
        ("SEE LICENSE IN TERMS.md", [("license-ambiguous", "error", "cannot-tell")]),
        ("Custom", [("license-ambiguous", "error", "cannot-tell")]),
        ("Apache 2", [("license-nonstandard", "note", "ok")]),
        ("GPL", [("license-conflict", "error", "violation"), ("license-ambiguous", "warning", "cannot-tell")]),
        (
            "MIT, GPL-3.0-only",
            [("license-ambiguous", "warning", "cannot-tell"), ("license-review", "warning", "cannot-tell")],
        ),
    ],
)
def test_statements(license_: str | None, expected: list[tuple[str, str, str]]) -> None:
    assert brief(findings(package(license_))) == expected


def test_a_conflict_is_told_and_judged_by_its_worst_side() -> None:
    lock = Claim(EvidenceKind.DECLARED, "license", "GPL-3.0-only", Origin.LOCK, Location("package-lock.json", 4, 4))
    component = package("MIT")
    found = findings(package("MIT", claims=(*component.claims, lock)))
    assert ("license-metadata-conflict", "warning", "cannot-tell") in brief(found)
    assert ("license-review", "warning", "cannot-tell") in brief(found)


@pytest.mark.parametrize("scopes", [(Scope.DEV,), (Scope.BUILD,), (Scope.BUILD, Scope.DEV)])
def test_what_is_not_shipped_is_a_note(scopes: tuple[Scope, ...]) -> None:
    (found,) = findings(package("GPL-3.0-only", scopes=scopes))
    assert (found.code, found.severity, found.verdict) == ("license-if-shipped", Severity.NOTE, Verdict.OK)
    assert "not shipped" in found.message


@pytest.mark.parametrize("scopes", [(), (Scope.RUNTIME, Scope.DEV), (Scope.PEER,)])
def test_what_is_shipped_is_not(scopes: tuple[Scope, ...]) -> None:
    (found,) = findings(package("GPL-3.0-only", scopes=scopes))
    assert found.severity is Severity.ERROR


def test_what_may_be_shipped_is_a_question() -> None:
    (found,) = findings(package("GPL-3.0-only", scopes=(Scope.OPTIONAL,)))
    assert (found.code, found.verdict) == ("license-review", Verdict.CANNOT_TELL)
    assert "not shipped" in found.remedies[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "is not installed here, and no registry stated its license"),
        ({"source": Source(SourceKind.GIT, "https://git.example/left.git")}, "does not come from a registry (git)"),
        ({"installed_at": ("node_modules/left",)}, "declares no license."),
    ],
)
def test_what_nobody_looked_at_is_not_said_to_declare_nothing(changed: dict[str, object], said: str) -> None:
    (found,) = findings(package(None, **changed))
    assert found.code == "license-missing"
    assert said in found.message


def test_a_contradiction_between_acceptable_licenses_stops_nothing() -> None:
    lock = Claim(EvidenceKind.DECLARED, "license", "ISC", Origin.LOCK, Location("package-lock.json", 4, 4))
    component = package("MIT")
    found = findings(package("MIT", claims=(*component.claims, lock)))
    assert brief(found) == [("license-metadata-conflict", "note", "ok")]


def test_a_first_party_project_is_only_reminded() -> None:
    conclusions = {ROOT.purl: conclude(ROOT)}
    (found,) = judge(Graph((ROOT.purl,), (ROOT,)), conclusions, (), Policy())
    assert (found.code, found.severity, found.verdict) == ("license-missing", Severity.NOTE, Verdict.OK)


def test_a_first_party_project_is_not_restricted() -> None:
    member = package("GPL-3.0-only", kind=ComponentKind.PROJECT)
    assert findings(member) == ()


def test_an_unresolved_dependency_is_reported_as_that() -> None:
    loose = package(None, purl="pkg:npm/left", version=None, resolved=False)
    assert brief(findings(loose)) == [("dependency-unresolved", "error", "cannot-tell")]


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("dependency-unresolved", "error"),
        ("lock-out-of-date", "warning"),
        ("input-unreadable", "error"),
        ("input-absent", "warning"),
        ("entry-not-understood", "error"),
    ],
)
def test_a_problem_becomes_a_finding_about_its_file(code: str, severity: str) -> None:
    (found,) = findings(problems=[Problem("resolve", "sub/yarn.lock", "is odd", code)])
    assert (found.code, found.severity, found.verdict, found.purl) == (code, severity, "cannot-tell", None)
    assert found.message == "sub/yarn.lock: is odd"
    assert found.locations == (Location("sub/yarn.lock"),)


def test_a_problem_without_a_code_is_no_finding() -> None:
    assert findings(problems=[Problem("resolve", "yarn.lock", "is odd")]) == ()


def test_the_order_of_the_graph_does_not_show() -> None:
    first = package("GPL-3.0-only")
    second = package("BSD", purl="pkg:npm/right@1.0.0", name="right")
    assert findings(first, second) == findings(second, first)


@pytest.mark.parametrize("license_", ["PSF-2.0", "MIT AND PSF-2.0", "FTL", "Qhull", "Sleepycat"])
def test_what_authorities_dispute_is_asked_once_a_license(license_: str) -> None:
    """Over permissive terms nobody asks for another license or takes a program apart; copyleft is another case."""
    (found,) = findings(package(license_), outbound="GPL-3.0-only")
    assert found.code == REVIEW
    disputed = license_.rpartition(" ")[2]
    permissive = disputed != "Sleepycat"
    assert any(f'licenses = ["{disputed}"]' in remedy for remedy in found.remedies) == permissive
    assert any("another license" in remedy for remedy in found.remedies) != permissive
    assert any("separate program" in remedy for remedy in found.remedies) != permissive
    assert any(remedy.startswith("Replace left") for remedy in found.remedies)


@pytest.mark.parametrize(
    ("expression", "asked"),
    [("Bitstream-Vera", False), ("OFL-1.1", False), ("Bitstream-Vera AND Qhull", True), ("Qhull", True)],
)
def test_a_font_license_in_a_package_asks_nothing_of_the_program(expression: str, asked: bool) -> None:
    component = package("MIT")
    place = Location("node_modules/left/data/ttf/LICENSE_ACME", 1, 9)
    part = Evidence(EvidenceKind.PART, "LICENSE_ACME", "words", expression, Origin.INSTALLED, place, "text:exact", 1)
    graph = Graph((ROOT.purl,), (ROOT, component), (Dependency(ROOT.purl, component.purl),))
    told = {one.purl: conclude(one, (), (part,) if one is component else ()) for one in graph.components}
    codes = {one.code for one in judge(graph, told, (), Policy("GPL-3.0-only")) if one.purl == component.purl}
    assert (REVIEW in codes) == asked
    assert "license-parts" in codes
