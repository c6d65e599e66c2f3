"""Cases as `licscan judge` reads them: a work or component, how it is joined and delivered, facts -> an answer.

The format is that of docs/judgement.md: an outbound expression (null: which would do?), an inbound expression or a list
of them, a relationship, a deployment, `modified`, and facts at the top level or under `facts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.config.kinds import profile_names
from licscan.judge.policies import Action, Answer, LicensePolicy, profile_policy
from licscan.law.decisions import Decision, Part, WorkDecision
from licscan.law.facts import Facts
from licscan.law.vocabulary import (
    PROPRIETARY,
    RELATIONSHIPS,
    RULING_RANK,
    Binding,
    Deployment,
    DutyName,
    Reason,
    Relationship,
    Ruling,
)
from licscan.law.works import decide_work
from licscan.licenses.statements import read_license
from licscan.model import NOASSERTION, NONE, Scope

CaseAnswer = dict[str, Any]
_FACTS = {field.name for field in fields(Facts)}
_KEYS = frozenset(
    {"id", "outbound", "inbound", "relationship", "deployment", "modified", "facts", "policy", "scope", "surface"}
)
_DESCRIPTIVE = frozenset(
    {
        "accept", "authority", "authority_checked", "candidate_outbounds", "choice", "clause", "comment", "confidence",
        "description", "effective_outbound", "expected", "fsf_tags", "kind", "must_not_obligations", "must_obligations",
        "name", "note", "notes", "osadl_2024_05", "osadl_2026_02", "rationale", "source", "tags", "title",
    }
)  # fmt: skip
"""What only describes a case, or says what somebody expects of it."""
_NUMBERS = frozenset({"mau", "mau_at_model_release", "annual_revenue_usd"})
_NO_GRANT = frozenset({"", "none", "no", "false", "null"})
_GRANT = frozenset({"true", "yes"})
_NOT_SHIPPED_SCOPES = {"dev": "dev-tool", "test": "test-only", "build": "build-tool", "optional": "optional-extra"}
_SCOPED = frozenset({"dependency", "python-import", "bundled-js"})
_SCOPES = frozenset((*_NOT_SHIPPED_SCOPES, *(scope.value for scope in Scope)))
_SURFACES = frozenset(item.value for item in Deployment)


def answer_case(case: Mapping[str, Any]) -> CaseAnswer:
    """The answer to one case: id, verdict, obligations, choice, effective_outbound, why. InputError for a bad one."""
    parts, deployment = _parts(case), _deployment(case)
    outbound = _outbound(case.get("outbound", PROPRIETARY))
    policy = _policy(case.get("policy"))
    surface = _surface(case)
    decided = _decided(*_on_surface(surface, parts, deployment), outbound, policy)
    if surface is not None and deployment.conveys and not surface.conveys:
        decided = _no_better(decided, _decided(parts, deployment, outbound, policy))
    return _answer(case, outbound, _doubted(decided, _unheard(case)))


def _decided(
    parts: tuple[Part, ...], deployment: Deployment, outbound: str | None, policy: LicensePolicy | None
) -> WorkDecision:
    """What follows by law and policy."""
    if policy is None:
        return decide_work(parts, outbound, deployment)
    permitted = tuple(replace(part, expression=_permitted(part, policy)) for part in parts)
    return _under_policy(parts, decide_work(permitted, outbound, deployment, policy.prefer), policy)


def _surface(case: Mapping[str, Any]) -> Deployment | None:
    """How the surface that the component is on reaches people; None where that is not said, or not known."""
    return next((item for item in Deployment if item.value == case.get("surface")), None)


def _on_surface(
    surface: Deployment | None, parts: tuple[Part, ...], deployment: Deployment
) -> tuple[tuple[Part, ...], Deployment]:
    """What the surface of a product changes: a service's JavaScript is delivered to browsers, an app to its users.

    Nobody outside gets what the company keeps to itself, whatever the surface.
    """
    if surface is None or surface is deployment or deployment is Deployment.INTERNAL:
        return parts, deployment
    if surface is Deployment.BROWSER and deployment is Deployment.SAAS:
        return tuple(replace(part, in_browser=True) for part in parts), deployment
    return parts, surface


def _no_better(decided: WorkDecision, product: WorkDecision) -> WorkDecision:
    """On a surface that nobody gets, of a product that people do get: where only the surface allows it, a question."""
    if RULING_RANK[product.ruling] < RULING_RANK[Ruling.REVIEW] or decided.ruling is Ruling.CONFLICT:
        return decided
    reason = Reason(_("The product is passed on, which is not allowed; show that this surface of it stays with you."))
    return replace(decided, ruling=Ruling.REVIEW, reasons=(reason, *decided.reasons))


def _unheard(case: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of a case that nothing here knows, and what no table names: they may be facts that decide it."""
    told = case.get("facts") or {}
    keys = {*case, *(told if isinstance(told, dict) else ())}
    names = [str(key)[:40] for key in keys - _KEYS - _FACTS - _DESCRIPTIVE]
    for key, known in (("surface", _SURFACES), ("scope", _SCOPES)):
        value = case.get(key)
        if value is not None and not (isinstance(value, str) and value in known):
            names.append(f"{key} {str(value)[:40]}")
    return tuple(sorted(names))


def _doubted(decided: WorkDecision, unheard: tuple[str, ...]) -> WorkDecision:
    """What is told in words that nothing here knows is for a person to weigh; it never passes in silence."""
    if not unheard:
        return decided
    reason = Reason(
        _("The case includes {names}, which licscan does not consider.").format(names=_(", ").join(unheard))
    )
    ruling = max(decided.ruling, Ruling.REVIEW, key=RULING_RANK.__getitem__)
    return replace(decided, ruling=ruling, reasons=(reason, *decided.reasons))


def _permitted(part: Part, policy: LicensePolicy) -> str:
    """The part's expression with those branches of an OR that the policy lets one choose, as in a scan."""
    if _is_left_out(part) or _whole(part) == NOASSERTION:
        return part.expression
    return policy.permitted(part.expression)


def _under_policy(parts: tuple[Part, ...], decided: WorkDecision, policy: LicensePolicy) -> WorkDecision:
    """What the policy denies is a conflict, and what it wants to see is a review, whatever the license allows.

    A policy is about what is passed on: it says nothing of what is not, and no more than review of what may not be.
    A rule about a whole choice comes before those about its branches.
    """
    decisions = tuple(
        decision
        if _is_left_out(part)
        else _policed(part, decision, policy.verdict_of_choice(_whole(part), decision.license))
        for part, decision in zip(parts, decided.decisions, strict=True)
    )
    ruling = max((decided.ruling, *(decision.ruling for decision in decisions)), key=RULING_RANK.__getitem__)
    return replace(decided, ruling=ruling, decisions=decisions)


def _whole(part: Part) -> str:
    """The part's expression; NOASSERTION for a statement that is none."""
    return part.expression if read_license(part.expression).expression == part.expression else NOASSERTION


def _is_left_out(part: Part) -> bool:
    there = part.facts.is_there
    return there is False or (there is None and part.relationship.binding is Binding.NOT_SHIPPED)


def _policed(part: Part, decision: Decision, answer: Answer) -> Decision:
    said = _RULINGS.get(answer.action, Ruling.OK)
    if said is Ruling.CONFLICT and part.relationship.conditional and not part.facts.is_there:
        said = Ruling.REVIEW
    if RULING_RANK[said] <= RULING_RANK[decision.ruling]:
        return decision
    reason = Reason(answer.rule.reason, answer.rule.name)
    return replace(decision, ruling=said, reasons=(reason, *decision.reasons), blocking=(answer.license,))


_RULINGS = {Action.DENY: Ruling.CONFLICT, Action.REVIEW: Ruling.REVIEW}


def _answer(case: Mapping[str, Any], outbound: str | None, decided: WorkDecision) -> CaseAnswer:
    order = list(DutyName)
    duties = {duty.name for decision in decided.decisions for duty in decision.duties}
    choices = [decision.license for decision in decided.decisions]
    why = [str(reason) for reason in decided.reasons]
    why += [str(reason) for decision in decided.decisions for reason in decision.reasons]
    why += [
        f"{duty.name.value}: {duty.license} {duty.clause}".rstrip()
        for decision in decided.decisions
        for duty in decision.duties
    ]
    answer: CaseAnswer = {
        "id": case.get("id"),
        "verdict": decided.ruling.value,
        "obligations": [name.value for name in sorted(duties, key=order.index)],
        "choice": choices if isinstance(case.get("inbound"), list) else choices[0],
        "effective_outbound": decided.outbound,
        "why": list(dict.fromkeys(why)),
    }
    if outbound is None:
        answer["candidate_outbounds"] = list(decided.candidates)
    if decided.conflicting:
        answer["conflicting"] = list(decided.conflicting)
    return answer


# --- reading a case ---------------------------------------------------------------------------------------------------


def _parts(case: Mapping[str, Any]) -> tuple[Part, ...]:
    inbound = case.get("inbound")
    given = inbound if isinstance(inbound, list) else [inbound]
    expressions = [text for text in given if isinstance(text, str) and text.strip()]
    if not expressions or len(expressions) < len(given):
        raise InputError(_("should be an expression or a list of expressions"), place="inbound")
    relationship = _relationship(case)
    facts = _facts(case)
    changed = case.get("modified")
    if changed is not None and not isinstance(changed, bool):
        raise InputError(_("should be true or false"), place="modified")
    modified = bool(changed) or relationship.name == "modified-source"
    return tuple(Part(text, _expression(text), relationship, modified, facts) for text in expressions)


def _relationship(case: Mapping[str, Any]) -> Relationship:
    name = case.get("relationship", "dependency")
    if not isinstance(name, str) or name not in RELATIONSHIPS:
        names = _(", ").join(RELATIONSHIPS)
        raise InputError(
            _("{name} is not a relationship; one of {names}").format(name=name, names=names), place="relationship"
        )
    scope = case.get("scope")
    if isinstance(scope, str) and scope in _NOT_SHIPPED_SCOPES and name in _SCOPED:
        name = _NOT_SHIPPED_SCOPES[scope]
    return RELATIONSHIPS[name]


def _deployment(case: Mapping[str, Any]) -> Deployment:
    value = case.get("deployment") or Deployment.ON_PREMISE
    try:
        return Deployment(value)
    except ValueError as error:
        names = _(", ").join(item.value for item in Deployment)
        message = _("{name} is not a deployment; one of {names}").format(name=value, names=names)
        raise InputError(message, place="deployment") from error


def _policy(name: Any) -> LicensePolicy | None:
    """The ready-made policy that a case is under; none unless it names one."""
    if name is None:
        return None
    if name not in profile_names():
        message = _("{name} is not a profile; one of {names}").format(name=name, names=_(", ").join(profile_names()))
        raise InputError(message, place="policy")
    return profile_policy(name)


def _expression(text: str) -> str:
    """The statement as an expression where it has one reading; else as it is, for the engine to weigh the readings."""
    text = text.strip()
    if text in (NONE, NOASSERTION):
        return text
    return read_license(text).expression or text


def _outbound(text: Any) -> str | None:
    if text is None:
        return None
    if not isinstance(text, str):
        raise InputError(_("should be an expression or null"), place="outbound")
    if text.strip().lower() == "proprietary":
        return PROPRIETARY
    expression = read_license(text).expression
    if expression is None:
        raise InputError(_("{text} is not a license").format(text=text[:80]), place="outbound")
    return expression


def _facts(case: Mapping[str, Any]) -> Facts:
    """The facts of a case, at its top level or under `facts`; null and missing are unknown."""
    told = case.get("facts") or {}
    if not isinstance(told, dict):
        raise InputError(_("should be a table of facts"), place="facts")
    said = {**case, **told}
    known = {name: _fact(name, said[name]) for name in sorted(_FACTS) if said.get(name) is not None}
    return Facts(**known)


def _fact(name: str, value: Any) -> Any:
    """One fact, of the type that it has; a grant may be told in its own words, or in a word that means yes or none."""
    if name == "entitlements":
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise InputError(_("should be a list of licenses"), place=name)
        return frozenset(value)
    if name == "additional_use_grant" and isinstance(value, str):
        return {**dict.fromkeys(_NO_GRANT, False), **dict.fromkeys(_GRANT, True)}.get(value.strip().lower(), value)
    if name == "store" and isinstance(value, str):
        return value
    if name in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(_("should be a number"), place=name)
        return value
    if not isinstance(value, bool):
        raise InputError(_("should be true or false"), place=name)
    return value
