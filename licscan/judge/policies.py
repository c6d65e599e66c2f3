"""What may be in the product by the user's own rules, beside what the licenses say: pure, and first match wins.

Rules are asked in this order: `[[policy.rule]]` as written, `deny`, `allow`, `deny-categories`, `allow-categories`, and
then those of the profile. A list of what is allowed closes the policy: what no rule names is denied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

from licscan.base.messages import N_, _
from licscan.base.tables import load_toml
from licscan.config.kinds import categories as read_categories
from licscan.config.settings import DEFAULT_PROFILE, PolicySetting, RuleSetting
from licscan.law.terms import terms_of
from licscan.licenses.naming import matches_license, names_whole
from licscan.licenses.spdx import OR, Node, join, render, tree
from licscan.licenses.statements import category, evaluate
from licscan.model import NOASSERTION, NONE, Component

NOBODY_PREFERS = 1_000_000
_NOT_LISTED = N_("It is not among the licenses that the policy allows.")


class Action(IntEnum):
    """What a rule says, from best to worst; `NOTHING` where no rule speaks."""

    ALLOW = 0
    NOTHING = 1
    REVIEW = 2
    DENY = 3


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """One rule; empty `licenses` with empty `categories` mean any license, empty `packages` and `surfaces` any of them.

    `name` is where the rule stands, for the reader of a finding.
    """

    action: Action
    name: str
    reason: str
    licenses: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    packages: tuple[Any, ...] = ()
    surfaces: tuple[str, ...] = ()

    def is_about(self, component: Component | None, surface: str) -> bool:
        """Whether the rule speaks of the component on the surface.

        Where the surface is not known, what forbids counts and what allows does not.
        """
        if self.packages and (component is None or not any(pattern.matches(component) for pattern in self.packages)):
            return False
        if not self.surfaces or surface in self.surfaces:
            return True
        return not surface and self.action > Action.ALLOW


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """What the policy says of an expression: the action, the license that decided, and the rule."""

    action: Action
    license: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class LicensePolicy:
    """The rules in the order in which they are asked; `closed`: what no rule names is denied, by the rule `closing`."""

    rules: tuple[Rule, ...] = ()
    closing: Rule | None = None
    preferred: tuple[str, ...] = ()
    profile: str = ""
    require: str = ""

    def verdict(self, expression: str, component: Component | None = None, surface: str = "") -> Answer:
        """The answer for a whole expression: an OR passes if one branch does, an AND if all do.

        A license WITH an exception is asked for as that, then by the exception, then by the license alone. Of what
        nobody knows (NOASSERTION, NONE) a policy says nothing.
        """
        if expression in (NOASSERTION, NONE):
            return Answer(Action.NOTHING, expression, _SILENT)
        rules = self._about(component, surface)
        return _of_whole(expression, rules) or evaluate(expression, lambda name: self._of(name, rules))

    def verdict_of_choice(
        self, expression: str, chosen: str, component: Component | None = None, surface: str = ""
    ) -> Answer:
        """The answer for the branches that were chosen of an expression; a rule about the whole of it comes first."""
        whole = None
        if expression not in (NOASSERTION, NONE):
            whole = _of_whole(expression, self._about(component, surface))
        return whole or self.verdict(chosen, component, surface)

    def permitted(self, expression: str, component: Component | None = None, surface: str = "") -> str:
        """The expression without the branches of an OR that are denied; as it is where that leaves none.

        What the law chooses then is a branch that the policy takes too, where there is one.
        """
        if " OR " not in expression:
            return expression
        rules = self._about(component, surface)
        if not rules and self.closing is None:
            return expression

        def pruned(node: Node) -> Node:
            if isinstance(node, str):
                return node
            parts = [pruned(part) for part in node.parts]
            if node.operator == OR:
                kept = [part for part in parts if self._of_node(part, rules) is not Action.DENY]
                parts = kept or parts
            return join(node.operator, parts)

        return render(pruned(tree(expression)))

    def _about(self, component: Component | None, surface: str) -> list[Rule]:
        return [rule for rule in self.rules if rule.is_about(component, surface)]

    def _of_node(self, node: Node, rules: Sequence[Rule]) -> Action:
        return evaluate(render(node), lambda name: self._of(name, rules)).action

    def _of(self, license_id: str, rules: Sequence[Rule]) -> Answer:
        base, with_, exception = license_id.partition(" WITH ")
        steps = [(license_id, exception), (base, "")] if with_ else [(base, "")]
        for number, (name, addition) in enumerate(steps, 1):
            for rule in rules:
                if _is_named(rule, name, addition, last=number == len(steps)):
                    return Answer(rule.action, license_id, rule)
        return Answer((self.closing or _SILENT).action, license_id, self.closing or _SILENT)

    def prefer(self, license_id: str) -> int:
        """The rank of a license among those that the policy prefers, lower first."""
        for rank, name in enumerate(self.preferred):
            if matches_license(name, license_id):
                return rank
        return NOBODY_PREFERS


_SILENT = Rule(Action.NOTHING, "", "")
NO_POLICY = LicensePolicy()
"""The policy of nobody."""


def _of_whole(expression: str, rules: Iterable[Rule]) -> Answer | None:
    """The answer of the first rule that names a compound expression as it is."""
    for rule in rules:
        if any(names_whole(name, expression) for name in rule.licenses):
            return Answer(rule.action, expression, rule)
    return None


def _is_named(rule: Rule, license_id: str, exception: str, *, last: bool) -> bool:
    """Whether a rule names one license; `last`: the license alone, which is when classes and open rules are asked."""
    if any(matches_license(name, license_id) or (exception and name == exception) for name in rule.licenses):
        return True
    if not last:
        return False
    return class_of(license_id) in rule.categories if rule.categories else not rule.licenses


@lru_cache(maxsize=20_000)
def class_of(license_id: str) -> str:
    """The class of one license, as `categories` in licscan.toml names it; `unknown` where no table holds it."""
    known = terms_of(license_id).class_
    if known == "proprietary" and category(license_id) == "Source-available":
        return "source-available"
    return known


def policy_of(setting: PolicySetting, *, proprietary: bool = True) -> LicensePolicy:
    """The policy that the user has told, over its profile.

    Who lists what is allowed and names no profile wants that list alone; a named profile is asked after it. The default
    profile is for a proprietary product: another one is judged by its license alone, where no profile is named.
    """
    listed = bool(setting.allow or setting.allow_categories)
    told = tuple(_told(setting))
    closing = _closing("policy") if listed else None
    if setting.profile is None and (listed or not proprietary):
        return LicensePolicy(told, closing, setting.prefer, require=setting.require)
    name = setting.profile or DEFAULT_PROFILE
    profile = profile_policy(name)
    rules = (*told, *profile.rules)
    return LicensePolicy(
        rules, closing or profile.closing, (*setting.prefer, *profile.preferred), name, setting.require
    )


@lru_cache(maxsize=32)
def profile_policy(name: str) -> LicensePolicy:
    """A ready-made policy of data/policies."""
    table = load_toml(f"policies/{name}.toml")
    where = _("profile {name}").format(name=name)
    rules = tuple(
        Rule(
            Action[row["action"].upper()],
            f"{where}, {row['name']}",
            _(row["reason"]),
            tuple(row.get("licenses", ())),
            read_categories(row.get("categories", [])),
        )
        for row in table["rule"]
    )
    closing = _closing(where) if table["closed"] else None
    return LicensePolicy(rules, closing, tuple(table["prefer"]), name)


def _closing(name: str) -> Rule:
    return Rule(Action.DENY, name, _(_NOT_LISTED))


def _told(setting: PolicySetting) -> Iterator[Rule]:
    for number, rule in enumerate(setting.rules, 1):
        yield _rule(rule, number)
    lists = (
        (Action.DENY, "deny", setting.deny, ()),
        (Action.ALLOW, "allow", setting.allow, ()),
        (Action.DENY, "deny-categories", (), setting.deny_categories),
        (Action.ALLOW, "allow-categories", (), setting.allow_categories),
    )
    for action, key, licenses, categories in lists:
        if licenses or categories:
            yield Rule(action, f"policy.{key}", "", licenses, categories)


def _rule(rule: RuleSetting, number: int) -> Rule:
    place = _("line {line}").format(line=rule.line) if rule.line else str(number)
    return Rule(
        Action[rule.action.upper()],
        f"policy.rule, {place}",
        rule.reason,
        rule.licenses,
        rule.categories,
        rule.packages,
        rule.surfaces,
    )
