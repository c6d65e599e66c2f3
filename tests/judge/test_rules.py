from __future__ import annotations

from collections.abc import Sequence

import pytest

from licscan.conclude import conclude
from licscan.judge import Policy, judge
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
    edges = tuple(Dependency(ROOT.purl, component.purl) for component in components)
    graph = Graph((ROOT.purl,), (ROOT, *components), edges)
    conclusions = {component.purl: conclude(component) for component in graph.components}
    found = judge(graph, conclusions, tuple(problems), Policy(outbound))
    return tuple(finding for finding in found if finding.purl != ROOT.purl)


def brief(found: Sequence[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.code, str(finding.severity), str(finding.verdict)) for finding in found]


VIOLATION = ("error", "violation")
DUTIES = ("warning", "ok")
DEPENDS = ("warning", "cannot-tell")
RESTRICTED = ("error", "cannot-tell")
FINE = None


@pytest.mark.parametrize(
    ("license_", "proprietary", "permissive", "limited", "strong"),
    [
        ("MIT", FINE, FINE, FINE, FINE),
        ("0BSD", FINE, FINE, FINE, FINE),
        ("GPL-3.0-only", VIOLATION, VIOLATION, DEPENDS, DEPENDS),
        ("AGPL-3.0-or-later", VIOLATION, VIOLATION, DEPENDS, FINE),
        ("LGPL-3.0-only", DEPENDS, DEPENDS, FINE, FINE),
        ("MPL-2.0", DUTIES, DUTIES, FINE, FINE),
        ("EPL-1.0", DUTIES, DUTIES, FINE, FINE),
        ("MPL-2.0 OR MIT", FINE, FINE, FINE, FINE),
        ("MPL-2.0 AND LGPL-2.1-only", DEPENDS, DEPENDS, FINE, FINE),
        ("GPL-2.0-only WITH Classpath-exception-2.0", DEPENDS, DEPENDS, FINE, FINE),
        ("GPL-2.0-only WITH openvpn-openssl-exception", VIOLATION, VIOLATION, DEPENDS, DEPENDS),
        ("MIT OR GPL-3.0-only", FINE, FINE, FINE, FINE),
        ("MIT AND GPL-3.0-only", VIOLATION, VIOLATION, DEPENDS, DEPENDS),
        ("(MIT OR GPL-3.0-only) AND AGPL-3.0-only", VIOLATION, VIOLATION, DEPENDS, DEPENDS),
        ("(MIT AND MPL-2.0) OR GPL-3.0-only", DUTIES, DUTIES, FINE, FINE),
        ("GPL-3.0-only OR LicenseRef-acme", DEPENDS, DEPENDS, DEPENDS, DEPENDS),
        ("LicenseRef-acme", DEPENDS, DEPENDS, DEPENDS, DEPENDS),
        ("BUSL-1.1", RESTRICTED, RESTRICTED, RESTRICTED, RESTRICTED),
        ("SSPL-1.0", RESTRICTED, RESTRICTED, RESTRICTED, RESTRICTED),
        ("CC-BY-NC-4.0", RESTRICTED, RESTRICTED, RESTRICTED, RESTRICTED),
        ("UNLICENSED", VIOLATION, VIOLATION, VIOLATION, VIOLATION),
    ],
)
def test_restricted(license_: str, proprietary: object, permissive: object, limited: object, strong: object) -> None:
    expected = dict(zip(OUTBOUNDS, (proprietary, permissive, limited, strong), strict=True))
    for kind, outbound in OUTBOUNDS.items():
        found = [f for f in findings(package(license_), outbound=outbound) if f.code == "license-restricted"]
        assert [(f.severity, f.verdict) for f in found] == ([expected[kind]] if expected[kind] else []), kind


def test_a_restriction_says_what_how_and_what_to_do() -> None:
    (found,) = findings(package("MIT AND GPL-3.0-only"))
    assert found.message == (
        "left 2.0.0 is under MIT AND GPL-3.0-only; GPL-3.0-only in it is to be checked against a proprietary product."
    )
    assert found.paths == ((ROOT.purl, "pkg:npm/left@2.0.0"),)
    assert found.remedies[0].startswith("Replace")
    assert found.locations == (Location("node_modules/left/package.json"),)


@pytest.mark.parametrize(
    ("license_", "expected"),
    [
        (None, [("license-missing", "error", "cannot-tell")]),
        ("UNKNOWN", [("license-missing", "error", "cannot-tell")]),
        ("BSD", [("license-ambiguous", "warning", "ok")]),
        ("SEE LICENSE IN TERMS.md", [("license-ambiguous", "error", "cannot-tell")]),
        ("Custom", [("license-ambiguous", "error", "cannot-tell")]),
        ("Apache 2", [("license-nonstandard", "note", "ok")]),
        ("GPL", [("license-restricted", "error", "violation"), ("license-ambiguous", "warning", "cannot-tell")]),
        (
            "MIT, GPL-3.0-only",
            [("license-restricted", "error", "cannot-tell"), ("license-ambiguous", "warning", "cannot-tell")],
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
    assert ("license-restricted", "error", "cannot-tell") in brief(found)


@pytest.mark.parametrize("scopes", [(Scope.DEV,), (Scope.BUILD,), (Scope.BUILD, Scope.DEV)])
def test_what_is_not_shipped_is_a_note(scopes: tuple[Scope, ...]) -> None:
    (found,) = findings(package("GPL-3.0-only", scopes=scopes))
    assert (found.severity, found.verdict) == (Severity.NOTE, Verdict.VIOLATION)
    assert "not shipped" in found.message


@pytest.mark.parametrize("scopes", [(), (Scope.RUNTIME, Scope.DEV), (Scope.PEER,), (Scope.OPTIONAL,)])
def test_what_may_be_shipped_is_not(scopes: tuple[Scope, ...]) -> None:
    (found,) = findings(package("GPL-3.0-only", scopes=scopes))
    assert found.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "is not installed here, and no registry told"),
        ({"source": Source(SourceKind.GIT, "https://git.example/left.git")}, "comes from a git, not from a registry"),
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
    assert brief(found) == [("license-metadata-conflict", "warning", "ok")]


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
