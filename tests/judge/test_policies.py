"""The user's own rules over expressions: OR by its best branch, AND by its worst part, WITH by the exception first."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.base.tables import load_toml
from licscan.config import PolicySetting, parse_config
from licscan.config.kinds import CATEGORIES, licenses, profile_names
from licscan.judge.policies import (
    Action,
    LicensePolicy,
    Rule,
    class_of,
    policy_of,
    profile_policy,
)
from licscan.licenses import spdx
from licscan.licenses.naming import matches_license, names_license
from licscan.model import Component

LEFT = Component("pkg:npm/left@2.1.0", "left", "2.1.0", "npm")
RIGHT = Component("pkg:npm/right@1.0.0", "right", "1.0.0", "npm")
ALLOW, NOTHING, REVIEW, DENY = Action


def policy(text: str, proprietary: bool = True) -> LicensePolicy:
    return policy_of(parse_config(text, "licscan.toml").policy, proprietary=proprietary)


@pytest.mark.parametrize(
    ("profile", "expression", "expected"),
    [
        ("asf", "MIT", ALLOW),
        ("asf", "BSD-4-Clause", DENY),
        ("asf", "GPL-2.0-only WITH Classpath-exception-2.0", DENY),
        ("asf", "GPL-3.0-or-later WITH GCC-exception-3.1", DENY),
        ("asf", "LGPL-2.1-only", DENY),
        ("asf", "MPL-2.0", REVIEW),
        ("asf", "MPL-2.0 AND MIT", REVIEW),
        ("asf", "GPL-3.0-only OR Apache-2.0", ALLOW),
        ("asf", "GPL-3.0-only OR MPL-2.0", REVIEW),
        ("asf", "JSON", DENY),
        ("asf", "LicenseRef-acme", REVIEW),
        ("permissive-only", "MIT OR GPL-3.0-only", ALLOW),
        ("permissive-only", "MIT AND CC-BY-4.0", DENY),
        ("permissive-only", "MPL-2.0", DENY),
        ("permissive-only", "CC0-1.0", ALLOW),
        ("permissive-only", "Apache-2.0 WITH LLVM-exception", ALLOW),
        ("permissive-only", "GPL-2.0-only WITH Classpath-exception-2.0", DENY),
        ("permissive-only", "LicenseRef-acme", DENY),
        ("permissive-only", "MIT AND LicenseRef-scancode-commons-clause", DENY),
        ("permissive-only", "OFL-1.1", REVIEW),
        ("proprietary-on-premise", "MIT", NOTHING),
        ("proprietary-on-premise", "AGPL-3.0-only", REVIEW),
        ("proprietary-on-premise", "AGPL-3.0-only OR MIT", NOTHING),
        ("saas", "SSPL-1.0", DENY),
        ("saas", "GPL-3.0-only", NOTHING),
        ("copyleft-project", "GPL-2.0-or-later", NOTHING),
        ("copyleft-project", "CC-BY-NC-4.0", DENY),
        ("copyleft-project", "BUSL-1.1", DENY),
    ],
)
def test_profiles(profile: str, expression: str, expected: Action) -> None:
    answer = profile_policy(profile).verdict(expression, LEFT)
    assert answer.action is expected
    assert answer.action is NOTHING or answer.rule.name.startswith(f"profile {profile}")


@pytest.mark.parametrize("name", profile_names())
def test_profiles_are_whole(name: str) -> None:
    table = load_toml(f"policies/{name}.toml")
    for row in table["rule"]:
        assert row["reason"].endswith(".")
        assert licenses(row.get("licenses", [])) == tuple(row.get("licenses", ()))
    assert licenses(table["prefer"]) == tuple(table["prefer"])
    assert table["title"]


def test_no_license_stands_in_two_categories_of_the_foundation() -> None:
    lists = [set(row.get("licenses", ())) for row in load_toml("policies/asf.toml")["rule"]]
    assert all(not one & other for one, other in itertools.combinations(lists, 2))
    assert sum(map(len, lists)) > 100


@pytest.mark.parametrize(
    ("text", "expression", "expected"),
    [
        ("deny = ['GPL-2.0']", "GPL-2.0-or-later", DENY),
        ("deny = ['GPL-2.0-only']", "GPL-2.0-or-later", NOTHING),
        ("deny = ['AGPL-*']", "AGPL-3.0-only", DENY),
        ("deny = ['GPL-2.0']", "GPL-2.0-only WITH Classpath-exception-2.0", DENY),
        ("deny = ['GPL-2.0']\nallow = ['Classpath-exception-2.0']", "GPL-2.0-only WITH Classpath-exception-2.0", ALLOW),
        ("deny = ['GPL-2.0']\nallow = ['Classpath-exception-2.0']", "GPL-2.0-only", DENY),
        ("deny = ['MIT AND GPL-3.0-only']", "GPL-3.0-only AND MIT", DENY),
        ("deny = ['MIT AND GPL-3.0-only']", "MIT", NOTHING),
        ("deny = ['MIT']\nallow = ['MIT']", "MIT", DENY),
        ("allow = ['MIT']", "MIT", ALLOW),
        ("allow = ['MIT']", "ISC", DENY),
        ("allow = ['MIT']", "ISC OR MIT", ALLOW),
        ("allow = ['MIT']", "ISC AND MIT", DENY),
        ("allow = ['MIT']", "AGPL-3.0-only", DENY),
        ("allow = ['MPL-1.1']", "MPL-1.1+", ALLOW),
        ("allow-categories = ['permissive']", "ISC", ALLOW),
        ("allow-categories = ['permissive']", "LicenseRef-acme", DENY),
        ("profile = 'asf'\nallow = ['LicenseRef-acme']", "LicenseRef-acme", ALLOW),
        ("profile = 'permissive-only'\nallow = ['MPL-2.0']", "MPL-2.0 AND MIT", ALLOW),
        ("profile = 'permissive-only'\nallow = ['MPL-2.0']", "LGPL-3.0-only", DENY),
        ("deny-categories = ['copyleft']", "LGPL-2.1-only", DENY),
        ("deny-categories = ['copyleft']\nallow = ['LGPL-2.1']\nprofile = 'saas'", "LGPL-2.1-only", ALLOW),
        ("deny = ['MIT']", "NOASSERTION", NOTHING),
        ("allow = ['MIT']", "NONE", NOTHING),
    ],
)
def test_lists(text: str, expression: str, expected: Action) -> None:
    assert policy(f"[policy]\n{text}\n").verdict(expression, LEFT).action is expected


RULES = """
[[policy.rule]]
action = "allow"
packages = ["pkg:npm/left@>=2,<3"]
reason = "looked at"

[[policy.rule]]
action = "deny"
licenses = ["GPL-3.0"]
surfaces = ["app"]
reason = "not in the store"

[[policy.rule]]
action = "allow"
licenses = ["ISC"]
surfaces = ["app"]
reason = "only there"

[policy]
deny = ["ISC", "MIT"]
"""


@pytest.mark.parametrize(
    ("component", "surface", "expression", "expected"),
    [
        (LEFT, "", "MIT", ALLOW),
        (LEFT, "app", "LicenseRef-acme", ALLOW),
        (RIGHT, "", "MIT", DENY),
        (None, "", "MIT", DENY),
        (RIGHT, "app", "GPL-3.0-only", DENY),
        (RIGHT, "server", "GPL-3.0-only", NOTHING),
        (RIGHT, "", "GPL-3.0-only", DENY),
        (RIGHT, "app", "ISC", ALLOW),
        (RIGHT, "", "ISC", DENY),
    ],
)
def test_rules_for_packages_and_surfaces(component: Component, surface: str, expression: str, expected: Action) -> None:
    assert policy(RULES).verdict(expression, component, surface).action is expected


def test_the_answer_names_license_rule_and_reason() -> None:
    answer = policy(RULES).verdict("MIT OR GPL-3.0-only", RIGHT, "app")
    assert (answer.license, answer.rule.name, answer.rule.reason) == (
        "GPL-3.0-only",
        "policy.rule, line 7",
        "not in the store",
    )


def test_who_names_no_profile_gets_the_default_for_a_proprietary_product_only() -> None:
    assert policy("").profile == "proprietary-on-premise"
    assert policy("", proprietary=False) == LicensePolicy()
    assert policy("[policy]\nprofile = 'saas'", proprietary=False).profile == "saas"


def test_the_order_of_preference() -> None:
    found = policy("[policy]\nprefer = ['ISC', 'GPL-2.0', 'Apache-*']")
    ordered = sorted(["WTFPL", "MIT", "Apache-2.0", "GPL-2.0-or-later", "ISC"], key=found.prefer)
    assert ordered == ["ISC", "GPL-2.0-or-later", "Apache-2.0", "MIT", "WTFPL"]


@pytest.mark.parametrize(
    ("name", "expression", "expected"),
    [
        ("MIT", "ISC OR MIT", True),
        ("GPL-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", True),
        ("Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", True),
        ("MIT AND ISC", "ISC AND MIT", True),
        ("MIT", "NOASSERTION", False),
        ("GPL-3.0", "GPL-2.0-only", False),
    ],
)
def test_an_entry_names_an_expression(name: str, expression: str, expected: bool) -> None:
    assert names_license(name, expression) is expected


def test_a_glob_takes_no_exceptions_unless_it_says_so() -> None:
    assert not matches_license("GPL-*", "GPL-2.0-only WITH Classpath-exception-2.0")
    assert matches_license("GPL-* WITH *", "GPL-2.0-only WITH Classpath-exception-2.0")


@pytest.mark.parametrize(
    "license_id", ["MIT", "GPL-3.0-only", "BUSL-1.1", "CC-BY-NC-4.0", "OFL-1.1", "LicenseRef-acme"]
)
def test_every_license_has_a_class(license_id: str) -> None:
    assert class_of(license_id) in CATEGORIES


# --- properties -------------------------------------------------------------------------------------------------------

LICENSES = ["MIT", "ISC", "MPL-2.0", "GPL-2.0-only", "GPL-2.0-only WITH Classpath-exception-2.0", "LicenseRef-acme"]
leaf = st.sampled_from(LICENSES)
expressions = st.recursive(
    leaf, lambda inner: st.builds(lambda op, a, b: f"({a}) {op} ({b})", st.sampled_from(["AND", "OR"]), inner, inner)
)
rules = st.builds(
    Rule,
    st.sampled_from([ALLOW, REVIEW, DENY]),
    st.just("rule"),
    st.just("reason"),
    st.lists(st.sampled_from(["MIT", "MPL-2.0", "GPL-2.0", "Classpath-exception-2.0"]), min_size=1, max_size=2).map(
        tuple
    ),
)
policies = st.builds(
    LicensePolicy,
    st.lists(rules, max_size=4).map(tuple),
    st.none() | st.just(Rule(DENY, "closing", "not listed")),
)


def brute_force(found: LicensePolicy, node: spdx.Node) -> Action:
    """The best over all branches that one may choose of the worst over all licenses in it."""
    return min(max(found.verdict(name).action for name in branch) for branch in branches(node))


def branches(node: spdx.Node) -> list[tuple[str, ...]]:
    if isinstance(node, str):
        return [(node,)]
    inner = [branches(part) for part in node.parts]
    if node.operator == spdx.OR:
        return [branch for part in inner for branch in part]
    return [tuple(itertools.chain(*chosen)) for chosen in itertools.product(*inner)]


@settings(deadline=None)
@given(policies, expressions)
def test_a_choice_is_as_good_as_its_best_branch(found: LicensePolicy, text: str) -> None:
    assert found.verdict(text).action is brute_force(found, spdx.tree(text))


@settings(deadline=None)
@given(policies, expressions, expressions)
def test_more_choice_is_never_worse_and_more_terms_never_better(found: LicensePolicy, one: str, other: str) -> None:
    alone = found.verdict(one).action
    assert found.verdict(f"({one}) OR ({other})").action <= alone
    assert found.verdict(f"({one}) AND ({other})").action >= alone


@settings(deadline=None)
@given(policies, expressions)
def test_a_rule_that_denies_in_front_never_makes_it_better(found: LicensePolicy, text: str) -> None:
    stricter = LicensePolicy((Rule(DENY, "first", "", ("MIT", "GPL-2.0")), *found.rules), found.closing)
    assert stricter.verdict(text).action >= found.verdict(text).action


def smallest(branches: set[frozenset[str]]) -> set[frozenset[str]]:
    """Without those that ask for all of another and more: equal operands of an AND are one."""
    return {branch for branch in branches if not any(other < branch for other in branches)}


@settings(deadline=None)
@given(policies, expressions)
def test_what_may_be_chosen_is_denied_only_where_all_is(found: LicensePolicy, text: str) -> None:
    left = spdx.tree(found.permitted(text))
    every = set(map(frozenset, branches(spdx.tree(text))))
    kept = set(map(frozenset, branches(left)))
    assert kept <= every
    if found.verdict(text).action is DENY:
        assert found.verdict(spdx.render(left)).action is DENY
    else:
        taken = {branch for branch in every if all(found.verdict(name).action is not DENY for name in branch)}
        assert smallest(kept) == smallest(taken)


def test_a_rule_about_the_whole_comes_before_the_branch_that_was_chosen() -> None:
    found = policy("[policy]\ndeny = ['MIT OR GPL-2.0-only']")
    assert found.verdict_of_choice("GPL-2.0-only OR MIT", "MIT").action is DENY
    assert found.verdict_of_choice("ISC OR MIT", "MIT").action is NOTHING


def test_an_empty_policy_says_nothing() -> None:
    assert policy_of(PolicySetting(), proprietary=False).verdict("GPL-3.0-only").action is NOTHING
