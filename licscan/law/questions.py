"""Cases as `licscan judge` reads them: a work or component, how it is joined and delivered, facts -> an answer.

The format is that of docs/judgement.md: an outbound expression (null: which would do?), an inbound expression or a list
of them, a relationship, a deployment, `modified`, and facts at the top level or under `facts`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from licscan.errors import InputError
from licscan.expression import read_license
from licscan.law.decisions import Part, WorkDecision
from licscan.law.facts import Facts
from licscan.law.vocabulary import PROPRIETARY, RELATIONSHIPS, Deployment, DutyName, Relationship
from licscan.law.works import decide_work
from licscan.messages import _
from licscan.model import NOASSERTION, NONE

Answer = dict[str, Any]
_FACTS = {field.name for field in fields(Facts)}
_NO_GRANT = frozenset({"", "none", "no", "false", "null"})
_NOT_SHIPPED_SCOPES = {"dev": "dev-tool", "test": "test-only", "build": "build-tool", "optional": "optional-extra"}


def answer_case(case: Mapping[str, Any]) -> Answer:
    """The answer to one case: id, verdict, obligations, choice, effective_outbound, why. InputError for a bad one."""
    parts = _parts(case)
    outbound = _outbound(case.get("outbound", PROPRIETARY))
    decided = decide_work(parts, outbound, _named(Deployment, case, "deployment", "on-premise"))
    return _answer(case, parts, outbound, decided)


def _answer(case: Mapping[str, Any], parts: tuple[Part, ...], outbound: str | None, decided: WorkDecision) -> Answer:
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
    answer: Answer = {
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
    modified = bool(case.get("modified")) or relationship.name == "modified-source"
    return tuple(Part(text, _expression(text), relationship, modified, facts) for text in expressions)


def _relationship(case: Mapping[str, Any]) -> Relationship:
    name = case.get("relationship", "dependency")
    if name not in RELATIONSHIPS:
        names = ", ".join(RELATIONSHIPS)
        raise InputError(
            _("{name} is not a relationship; one of {names}").format(name=name, names=names), place="relationship"
        )
    scope = case.get("scope")
    if scope in _NOT_SHIPPED_SCOPES and RELATIONSHIPS[name].name in ("dependency", "python-import", "bundled-js"):
        name = _NOT_SHIPPED_SCOPES[scope]
    return RELATIONSHIPS[name]


def _named(kind: Callable[[str], Any], case: Mapping[str, Any], key: str, default: str) -> Any:
    value = case.get(key) or default
    try:
        return kind(value)
    except ValueError as error:
        names = ", ".join(item.value for item in Deployment)
        raise InputError(
            _("{name} is not a {key}; one of {names}").format(name=value, key=key, names=names), place=key
        ) from error


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
    """The facts of a case; null and missing are unknown."""
    said = {**case, **(case.get("facts") or {})}
    known = {name: said[name] for name in _FACTS if said.get(name) is not None}
    known["entitlements"] = frozenset(known.get("entitlements") or ())
    grant = known.get("additional_use_grant")
    if isinstance(grant, str):
        known["additional_use_grant"] = grant.strip().lower() not in _NO_GRANT
    return Facts(**known)
