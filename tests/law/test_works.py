"""Choices over whole works: the solver against brute force, and what must never change an answer."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from licscan.law.decide import decide, no_preference, price, total
from licscan.law.decisions import Part, Setting
from licscan.law.rulings import decide_license
from licscan.law.vocabulary import PROPRIETARY, RELATIONSHIPS, RULING_RANK, Deployment, DutyName, Ruling
from licscan.law.works import decide_work, outbounds_within, smallest_conflict
from licscan.licenses import spdx

LEAVES = (
    "MIT", "Apache-2.0", "BSD-4-Clause", "MPL-2.0", "LGPL-2.1-or-later", "EPL-2.0", "GPL-2.0-only", "GPL-2.0-or-later",
    "GPL-3.0-only", "AGPL-3.0-only", "CC-BY-4.0", "LicenseRef-Unheard-Of", "GPL-2.0-only WITH Classpath-exception-2.0",
)  # fmt: skip
DEPENDENCY = RELATIONSHIPS["dependency"]
leaf = st.sampled_from(LEAVES)
expressions = st.recursive(
    leaf,
    lambda inner: st.builds(spdx.combine, st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3)),
    max_leaves=6,
)
outbounds = st.sampled_from([PROPRIETARY, "MIT", "Apache-2.0", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only"])
deployments = st.sampled_from(list(Deployment))


def every_choice(node: spdx.Node) -> list[frozenset[str]]:
    """All ways to choose, with no thought given to their worth."""
    if isinstance(node, str):
        return [frozenset({node})]
    parts = [every_choice(part) for part in node.parts]
    if node.operator == "OR":
        return [choice for part in parts for choice in part]
    return [frozenset().union(*chosen) for chosen in itertools.product(*parts)]


def worth(choice: frozenset[str], setting: Setting) -> tuple[int, ...]:
    """What a choice costs, from the decisions about its licenses alone."""
    decisions = [decide_license(license_id, setting) for license_id in sorted(choice)]
    ruling = max((one.ruling for one in decisions), key=RULING_RANK.__getitem__)
    names = {duty.name.value for one in decisions for duty in one.duties}
    sources = {name for name in names if name.startswith(("source", "network", "share"))}
    notices = names & {"copyright-notice", "license-text", "notice-file", "state-changes"}
    rest = len(names) - len(sources) - len(notices)
    return (
        int(ruling is Ruling.CONFLICT), int(ruling is Ruling.REVIEW), len(sources), rest,
        int(ruling is Ruling.OBLIGATIONS), len(notices),
    )  # fmt: skip


@given(expressions, outbounds, deployments)
def test_choice_in_an_expression_equals_brute_force(expression: str, outbound: str, deployment: Deployment) -> None:
    setting = Setting(outbound, DEPENDENCY, deployment)
    best = min(worth(choice, setting) for choice in every_choice(spdx.tree(expression)))
    assert price(decide(expression, setting))[:6] == best


@given(st.lists(expressions, min_size=1, max_size=8), outbounds, deployments)
def test_choice_in_a_work_equals_brute_force(texts: list[str], outbound: str, deployment: Deployment) -> None:
    """Every outbound within the declared one, every choice of every part: nothing has fewer conflicts, then a price."""
    parts = [Part(f"p{number}", text, DEPENDENCY) for number, text in enumerate(texts)]
    work = decide_work(parts, outbound, deployment)
    found = []
    for candidate in (outbound, *outbounds_within(outbound)):
        setting = Setting(candidate, DEPENDENCY, deployment)
        each = [min(worth(choice, setting) for choice in every_choice(spdx.tree(text))) for text in texts]
        found.append(total(each))
    conflicts = min(prices[0] for prices in found)
    assert (work.ruling is Ruling.CONFLICT) == bool(conflicts)
    if not conflicts:
        chosen = (outbound, *outbounds_within(outbound)).index(work.outbound or "")
        assert not found[chosen][0]
        assert chosen == 0 or found[0][0]
        others = [prices for prices in found[1:] if not prices[0]]
        assert chosen == 0 or found[chosen] == min(others)


@given(st.lists(st.tuples(expressions, st.integers()), min_size=1, max_size=6), outbounds, deployments)
def test_order_of_parts_changes_nothing(drawn: list[tuple[str, int]], outbound: str, deployment: Deployment) -> None:
    texts = [text for text, _key in drawn]
    shuffled = [text for text, _key in sorted(drawn, key=lambda pair: (pair[1], pair[0]))]
    first = decide_work([Part(text, text, DEPENDENCY) for text in texts], outbound, deployment)
    second = decide_work([Part(text, text, DEPENDENCY) for text in shuffled], outbound, deployment)
    assert (first.ruling, first.outbound) == (second.ruling, second.outbound)
    assert dict(zip(texts, first.decisions, strict=True)) == dict(zip(shuffled, second.decisions, strict=True))


@given(
    st.lists(expressions, max_size=6), outbounds, deployments, st.sampled_from(["MIT", "ISC", "BSD-2-Clause", "0BSD"])
)
def test_a_permissive_part_never_adds_a_conflict(
    texts: list[str], outbound: str, deployment: Deployment, free: str
) -> None:
    parts = [Part(text, text, DEPENDENCY) for text in texts]
    before = decide_work(parts, outbound, deployment)
    after = decide_work([*parts, Part("free", free, DEPENDENCY)], outbound, deployment)
    assert (before.ruling is Ruling.CONFLICT) == (after.ruling is Ruling.CONFLICT)
    assert after.decisions[: len(parts)] == before.decisions


STRICTER = [
    (Deployment.INTERNAL, Deployment.ON_PREMISE),
    (Deployment.SAAS, Deployment.ON_PREMISE),
    (Deployment.INTERNAL, Deployment.SAAS),
    (Deployment.DESKTOP, Deployment.EMBEDDED),
]


@given(leaf, st.sampled_from(sorted(RELATIONSHIPS)), st.sampled_from(STRICTER), st.booleans())
def test_stricter_deployment_never_removes_a_duty(
    license_id: str, relationship: str, deployments: tuple[Deployment, Deployment], modified: bool
) -> None:
    looser, stricter = (
        decide_license(license_id, Setting(PROPRIETARY, RELATIONSHIPS[relationship], deployment, modified))
        for deployment in deployments
    )
    assert {duty.name for duty in looser.duties} <= {duty.name for duty in stricter.duties}


@given(st.lists(st.frozensets(st.integers(0, 4)), max_size=7))
def test_smallest_conflict_is_a_conflict_and_smallest(masks: list[frozenset[int]]) -> None:
    found = smallest_conflict(masks, 5)
    sizes = [
        size
        for size in range(1, len(masks) + 1)
        for chosen in itertools.combinations(masks, size)
        if not frozenset.intersection(*chosen)
    ]
    if not sizes:
        return
    assert not frozenset.intersection(*(masks[number] for number in found))
    if min(sizes) <= 4:
        assert len(found) == min(sizes)


def test_minimal_set_is_named() -> None:
    parts = [Part(text, text, RELATIONSHIPS["combined-work"]) for text in ("MIT", "GPL-2.0-only", "ISC", "Apache-2.0")]
    work = decide_work(parts, None, Deployment.ON_PREMISE)
    assert work.conflicting == ("GPL-2.0-only", "Apache-2.0")


def test_two_parts_that_pull_the_outbound_apart() -> None:
    parts = [Part(text, text, RELATIONSHIPS["combined-work"]) for text in ("Apache-2.0", "GPL-2.0-only")]
    work = decide_work(parts, "GPL-2.0-or-later", Deployment.ON_PREMISE)
    assert work.ruling is Ruling.CONFLICT
    assert work.conflicting == ("Apache-2.0", "GPL-2.0-only")


def test_preference_decides_between_equals() -> None:
    setting = Setting(PROPRIETARY, DEPENDENCY, Deployment.ON_PREMISE)
    order = {"ISC": 0, "MIT": 1}
    assert decide("MIT OR ISC", setting).license == "MIT"
    assert decide("MIT OR ISC", setting, lambda name: order.get(name, 9)).license == "ISC"
    assert decide("MIT OR GPL-3.0-only", setting, lambda name: int(name == "MIT")).license == "MIT"


def test_many_alternatives_stay_bounded() -> None:
    pair = "(MIT OR GPL-2.0-only)"
    wide = " AND ".join(f"(MIT OR GPL-2.0-only OR LicenseRef-number-{number})" for number in range(16))
    setting = Setting(PROPRIETARY, DEPENDENCY, Deployment.ON_PREMISE)
    assert decide(f"{wide} AND {pair}", setting, no_preference).license == "MIT"


def test_outbound_change_is_owed_by_the_part_that_forces_it() -> None:
    parts = [Part("a", "MIT", DEPENDENCY), Part("b", "GPL-3.0-or-later", DEPENDENCY)]
    work = decide_work(parts, "GPL-2.0-or-later", Deployment.ON_PREMISE)
    assert work.outbound == "GPL-3.0-or-later"
    assert DutyName.OUTBOUND_CHANGE not in {duty.name for duty in work.decisions[0].duties}
    assert DutyName.OUTBOUND_CHANGE in {duty.name for duty in work.decisions[1].duties}
