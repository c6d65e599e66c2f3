"""Waivers, clarifications, bought licenses and grants: what they change, and what is said of bad ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.base.errors import ConfigError
from licscan.compare.digest import evidence_digest
from licscan.conclude.conclusion import conclude
from licscan.config import parse_config
from licscan.config.kinds import UPKEEP
from licscan.judge import (
    CODES,
    Day,
    Policy,
    clarify,
    finalize_findings,
    judge,
    judge_surfaces,
    policy_of,
    records_of,
    told_settings,
)
from licscan.judge.waivers import apply_waivers
from licscan.model import (
    Claim,
    Component,
    ComponentKind,
    Conclusion,
    Dependency,
    EvidenceKind,
    Finding,
    Graph,
    Location,
    Origin,
    Project,
    Scan,
    Severity,
    Verdict,
)

ROOT = Component("pkg:npm/app@1.0.0", "app", "1.0.0", "npm", kind=ComponentKind.PROJECT, manifest="package.json")
TODAY = date(2026, 11, 23)


def package(name: str, license_: str, version: str = "1.0.0") -> Component:
    where = Location(f"node_modules/{name}/package.json")
    claim = Claim(EvidenceKind.DECLARED, "license", license_, Origin.INSTALLED, where)
    return Component(f"pkg:npm/{name}@{version}", name, version, "npm", claims=(claim,))


COPYLEFT, VAGUE, FREE = package("agpl", "AGPL-3.0-only"), package("vague", "BSD or something"), package("free", "MIT")


def evidence_of(component: Component) -> str:
    return evidence_digest(conclude(component))


def judged(
    text: str, *components: Component, day: date = TODAY
) -> tuple[tuple[Finding, ...], dict[str, Conclusion], Graph]:
    """The findings under a licscan.toml, as the pipeline finds them."""
    config = parse_config(text, "licscan.toml")
    graph = Graph((ROOT.purl,), (ROOT, *components), tuple(Dependency(ROOT.purl, c.purl) for c in components))
    first = {component.purl: conclude(component) for component in graph.components}
    conclusions, lapses = clarify(graph, first, config.clarifications)
    policy = Policy("proprietary", licenses=policy_of(config.policy))
    settings = told_settings(config, conclusions, policy.licenses, Day(day))
    surfaces = judge_surfaces(graph, conclusions, policy.outbound, settings)
    found = judge(graph, conclusions, (), policy, surfaces=surfaces)
    return finalize_findings((*found, *lapses), config, graph, conclusions, Day(day)), conclusions, graph


def codes(findings: Sequence[Finding], *, waived: bool = False) -> list[str]:
    about = [f for f in findings if f.purl != ROOT.purl and bool(f.waiver) is waived]
    return [f.code for f in about if f.code not in ("missing-license-text", "license-duties")]


WAIVER = """
[[waiver]]
finding = "license-conflict"
packages = ["pkg:npm/agpl@1.*"]
reason = "accepted-risk"
owner = "Ada"
expires = 2026-11-23
note = "Leaves soon."
"""


def test_a_waived_finding_stays_and_says_who_why_and_until_when() -> None:
    found, _conclusions, graph = judged(WAIVER, COPYLEFT)
    (waived,) = [finding for finding in found if finding.waiver]
    assert (waived.code, waived.severity, waived.verdict) == ("license-conflict", Severity.ERROR, Verdict.VIOLATION)
    assert waived.waiver == "accepted-risk, says Ada, until 2026-11-23: Leaves soon."
    scan = Scan("1", Project("p", ".", "proprietary"), graph, findings=found)
    assert waived not in list(scan.counted())
    assert (scan.gate, scan.verdicts[COPYLEFT.purl]) == (Verdict.OK, Verdict.OK)


def test_a_waiver_ends_after_its_last_day() -> None:
    found, _conclusions, graph = judged(WAIVER, COPYLEFT, day=date(2026, 11, 24))
    assert codes(found) == ["license-conflict", "waiver-expired"]
    (ended,) = [finding for finding in found if finding.code == "waiver-expired"]
    assert ended.message == (
        "The waiver of license-conflict for pkg:npm/agpl@1.* (owner: Ada) expired on 2026-11-23. Findings under it: 1."
    )
    assert ended.locations == (Location("licscan.toml", 2, 2),)
    assert Scan("1", Project("p", ".", "proprietary"), graph, findings=found).gate is Verdict.VIOLATION


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("agpl@1.*", "agpl@2.*", ["license-conflict", "waiver-unused"]),
        ("license-conflict", "license-missing", ["license-conflict", "waiver-unused"]),
        ("pkg:npm/agpl@1.*", "pkg:npm/*", ["license-conflict", "waiver-too-broad"]),
        ('packages = ["pkg:npm/agpl@1.*"]', "", ["license-conflict", "waiver-too-broad"]),
        ('packages = ["pkg:npm/agpl@1.*"]', 'files = ["*"]', ["license-conflict", "waiver-too-broad"]),
        ('packages = ["pkg:npm/agpl@1.*"]', 'licenses = ["AGPL-3.0"]', []),
        ('packages = ["pkg:npm/agpl@1.*"]', 'licenses = ["GPL-3.0"]', ["license-conflict", "waiver-unused"]),
        ('packages = ["pkg:npm/agpl@1.*"]', 'files = ["node_modules/agpl/*"]', []),
        ('packages = ["pkg:npm/agpl@1.*"]', 'packages = ["pkg:npm/*"]\nlicenses = ["AGPL-*"]', []),
        ("owner", 'surfaces = ["elsewhere"]\nowner', ["license-conflict", "waiver-unused"]),
        ("owner", f'evidence = "{evidence_of(COPYLEFT)}"\nowner', []),
        ("owner", f'evidence = "{evidence_of(FREE)}"\nowner', ["license-conflict", "waiver-lapsed"]),
        ("owner", f'evidence = ["{evidence_of(FREE)}", "{evidence_of(COPYLEFT)}"]\nowner', []),
    ],
)
def test_what_a_waiver_takes(old: str, new: str, expected: list[str]) -> None:
    assert sorted(codes(judged(WAIVER.replace(old, new, 1), COPYLEFT)[0])) == expected


def test_a_lapsed_waiver_names_the_new_digest() -> None:
    text = WAIVER.replace("owner", f'evidence = "{evidence_of(FREE)}"\nowner', 1)
    (lapsed,) = [f for f in judged(text, COPYLEFT)[0] if f.code == "waiver-lapsed"]
    assert evidence_of(COPYLEFT) in lapsed.message
    assert lapsed.purl == COPYLEFT.purl


CLARIFICATION = """
[[clarification]]
packages = ["pkg:npm/vague"]
license = "BSD-3-Clause"
reason = "LICENSE in its repository"
evidence = "{digest}"
"""


def test_a_clarification_answers_what_the_evidence_left_open() -> None:
    assert codes(judged("", VAGUE)[0]) == ["license-ambiguous"]
    found, conclusions, _graph = judged(CLARIFICATION.format(digest=evidence_of(VAGUE)), VAGUE)
    assert codes(found) == []
    concluded = conclusions[VAGUE.purl]
    assert (concluded.concluded, concluded.clarified) == ("BSD-3-Clause", "LICENSE in its repository")
    assert concluded.evidence == conclude(VAGUE).evidence
    assert "LICENSE in its repository. The evidence alone gives NOASSERTION." in concluded.basis


def test_a_clarification_lapses_with_the_evidence() -> None:
    text = CLARIFICATION.format(digest=evidence_of(VAGUE))
    changed = package("vague", "something else")
    found, conclusions, _graph = judged(text, changed)
    assert sorted(codes(found)) == ["clarification-lapsed", "license-ambiguous"]
    assert conclusions[changed.purl] == conclude(changed)
    (lapsed,) = [finding for finding in found if finding.code == "clarification-lapsed"]
    assert evidence_of(changed) in lapsed.message


def test_a_clarification_of_nothing_is_said() -> None:
    assert codes(judged(CLARIFICATION.format(digest=evidence_of(VAGUE)), FREE)[0]) == ["clarification-unused"]


def test_a_clarified_license_is_judged() -> None:
    text = CLARIFICATION.format(digest=evidence_of(VAGUE)).replace("BSD-3-Clause", "AGPL-3.0-only")
    assert codes(judged(text, VAGUE)[0]) == ["license-conflict"]


ENTITLEMENT = """
[[entitlement]]
license = "LicenseRef-Acme"
packages = ["pkg:npm/acme"]
reference = "contract 17"
expires = 2027-01-31
"""
GRANT = """
[[grant]]
packages = ["pkg:npm/busl"]
covers = "production"
reference = "letter"
expires = 2027-01-31
"""


@pytest.mark.parametrize(
    ("text", "component", "day", "expected"),
    [
        (ENTITLEMENT, FREE, TODAY, ["entitlement-unused"]),
        (ENTITLEMENT, package("acme", "LicenseRef-Acme"), date(2027, 2, 1), ["entitlement-expired"]),
        (GRANT, package("busl", "BUSL-1.1"), TODAY, []),
        (GRANT, package("busl", "BUSL-1.1"), date(2027, 2, 1), ["grant-expired", "license-conflict"]),
        (GRANT, FREE, TODAY, ["grant-unused"]),
        (
            GRANT.replace('packages = ["pkg:npm/busl"]', ""),
            package("busl", "BUSL-1.1"),
            TODAY,
            ["grant-unused", "license-conflict"],
        ),
        (GRANT.replace('packages = ["pkg:npm/busl"]', 'license = "BUSL-1.1"'), package("busl", "BUSL-1.1"), TODAY, []),
        ('[[component]]\npackages = "pkg:npm/lefft"\nmodified = true', FREE, TODAY, ["setting-unused"]),
        ('[[component]]\npackages = "pkg:npm/free"\nmodified = true', FREE, TODAY, []),
        ('[[policy.rule]]\naction = "deny"\npackages = "pkg:npm/x"\nreason = "r"', FREE, TODAY, ["setting-unused"]),
    ],
)
def test_records(text: str, component: Component, day: date, expected: list[str]) -> None:
    found = codes(judged(text, component, day=day)[0])
    assert sorted(code for code in found if code != "license-review") == expected


def test_a_bought_license_reaches_the_facts_of_its_packages_alone() -> None:
    config = parse_config(ENTITLEMENT + GRANT, "licscan.toml")
    records = records_of(config.entitlements, config.grants, {}, Day(TODAY))
    acme = records.more(package("acme", "LicenseRef-Acme"), config.facts)
    assert (acme.entitlements, acme.additional_use_grant) == (frozenset({"LicenseRef-Acme"}), None)
    busl = records.more(package("busl", "BUSL-1.1"), config.facts)
    assert (busl.entitlements, busl.additional_use_grant) == (frozenset(), True)
    assert records.more(FREE, config.facts) == config.facts
    assert (
        records_of(config.entitlements, config.grants, {}, Day(date(2028, 1, 1))).more(FREE, config.facts)
        == config.facts
    )


def test_the_policy_denies_and_asks() -> None:
    found = judged('[policy]\ndeny = ["MIT"]', FREE)[0]
    (denied,) = [finding for finding in found if finding.code == "policy-denied"]
    assert (denied.severity, denied.verdict) == (Severity.ERROR, Verdict.VIOLATION)
    assert denied.message == "free 1.0.0 is under MIT, which the policy denies (policy.deny)."
    asked = judged('[policy]\nprofile = "asf"', package("mpl", "MPL-2.0"))[0]
    assert [f.verdict for f in asked if f.code == "policy-review"] == [Verdict.CANNOT_TELL]


def test_a_policy_asks_nothing_that_the_license_asks_already() -> None:
    assert codes(judged("", COPYLEFT)[0]) == ["license-conflict"]


def test_one_reading_that_is_denied_cannot_be_told() -> None:
    found = judged('[policy]\ndeny = ["BSD-3-Clause"]', package("bsd", "BSD"))[0]
    assert [f.verdict for f in found if f.code == "policy-denied"] == [Verdict.CANNOT_TELL]


@pytest.mark.parametrize(
    ("expression", "policy", "expected"),
    [
        ("MIT OR Apache-2.0", 'deny = ["MIT"]', set()),
        ("MIT OR Apache-2.0", 'deny = ["MIT", "Apache-2.0"]', {"policy-denied"}),
        ("MIT OR GPL-3.0-only", 'deny = ["MIT"]', {"license-conflict"}),
        ("MIT OR GPL-3.0-only", 'deny = ["GPL-3.0"]', set()),
        ("(MIT OR GPL-3.0-only) AND ISC", 'deny = ["ISC"]', {"policy-denied"}),
        ("MPL-2.0 OR GPL-3.0-only", 'profile = "asf"', {"policy-review"}),
    ],
)
def test_law_and_policy_take_the_same_branch(expression: str, policy: str, expected: set[str]) -> None:
    found = judged(f"[policy]\n{policy}", package("dual", expression))[0]
    assert set(codes(found)) - {"license-choice"} == expected


# --- properties -------------------------------------------------------------------------------------------------------

findings = st.builds(
    Finding,
    st.sampled_from(["license-conflict", "license-missing"]),
    st.sampled_from(Severity),
    st.sampled_from(Verdict),
    st.sampled_from([COPYLEFT.purl, FREE.purl, None]),
    st.sampled_from(["one", "other"]),
    surface=st.sampled_from(["", "server"]),
)
GRAPH = Graph((), (COPYLEFT, FREE))
CONCLUSIONS = {component.purl: conclude(component) for component in GRAPH.components}
WAIVERS = [
    parse_config(WAIVER.replace(old, new, 1), "licscan.toml").waivers[0]
    for old, new in (
        ("x", "x"),
        ("agpl@1.*", "*"),
        ("2026-11-23", "2025-01-01"),
        ("owner", 'surfaces = "server"\nowner'),
    )
]


@given(st.lists(findings, max_size=6), st.lists(st.sampled_from(WAIVERS), max_size=3))
def test_a_waiver_hides_nothing_and_changes_nothing_but_its_mark(found: list[Finding], waivers: list[object]) -> None:
    after = apply_waivers(found, waivers, GRAPH, CONCLUSIONS, Day(TODAY))  # type: ignore[arg-type]
    assert [replace(finding, waiver="") for finding in after[: len(found)]] == found
    assert all(finding.code.startswith("waiver-") for finding in after[len(found) :])
    assert all(f.code == "license-conflict" and f.purl == COPYLEFT.purl for f in after if f.waiver)


def test_every_code_of_the_upkeep_is_listed_and_none_can_be_waived() -> None:
    upkeep = {code for code in CODES if code.startswith(UPKEEP)}
    assert {"waiver-expired", "setting-unused", "grant-expired", "clarification-lapsed"} <= upkeep
    for code in sorted(upkeep):
        with pytest.raises(ConfigError, match=r"waiver\.finding"):
            parse_config(WAIVER.replace("license-conflict", code), "licscan.toml")
