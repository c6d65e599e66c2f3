"""What `licscan explain` says, as JSON: `{"codes": [...]}`, `{"code": ...}` or `{"license": ...}`."""

from __future__ import annotations

from typing import Any

from licscan.base.messages import NOT_ADVICE, _
from licscan.base.tables import load_toml
from licscan.export.explain import SEVERITIES, license_of, usual_relationship
from licscan.export.facts import text_of
from licscan.law.decide import decide
from licscan.law.decisions import Setting
from licscan.law.terms import terms_of
from licscan.law.vocabulary import PROPRIETARY, Deployment, Relationship
from licscan.law.words import condition_words, flag_words, note_words, title_of


def to_json(what: str | None) -> str:
    """All codes, one code or one license; InputError for what is neither."""
    codes = load_toml("findings.toml")
    if what is None:
        told: dict[str, Any] = {"codes": [{"code": code, "title": _(one["title"])} for code, one in codes.items()]}
    elif what in codes:
        told = _code(what, codes[what])
    else:
        told = _license(license_of(what, list(codes)))
    return text_of(told | {"disclaimer": _(NOT_ADVICE)})


def _code(code: str, texts: dict[str, Any]) -> dict[str, Any]:
    variants = [texts, *(value for value in texts.values() if isinstance(value, dict))]
    remedies = [
        remedy for one in variants for key, value in one.items() if key.startswith("remedies") for remedy in value
    ]
    severities = {value for key, value in texts.items() if key.startswith("severity")}
    return {
        "code": code,
        "title": _(texts["title"]),
        "meaning": _(texts["meaning"]) if "meaning" in texts else None,
        "why": list(dict.fromkeys(_(one["why"]) for one in variants if "why" in one)),
        "remedies": list(dict.fromkeys(_(one) for one in remedies)),
        "severities": [one for one in SEVERITIES if one in severities],
    }


def _license(license_id: str) -> dict[str, Any]:
    terms = terms_of(license_id)
    relationship = usual_relationship(terms)
    return {
        "license": license_id,
        "class": terms.class_,
        "known": terms.known,
        "clauses": [
            {"flag": str(flag), "says": flag_words(flag), "clause": clause} for flag, clause in terms.flags.items()
        ],
        "conditions": [
            {"kind": one.kind, "says": condition_words(one.kind), "clause": one.clause, "note": note_words(one.note)}
            for one in terms.conditions
        ],
        "setting": {"outbound": PROPRIETARY, "relationship": relationship.name, "modified": False},
        "deployments": [_deployment(license_id, relationship, one) for one in Deployment],
        "basis": terms.basis or None,
        "date": str(terms.date) if terms.date else None,
    }


def _deployment(license_id: str, relationship: Relationship, deployment: Deployment) -> dict[str, Any]:
    decision = decide(license_id, Setting(PROPRIETARY, relationship, deployment))
    return {
        "deployment": deployment.value,
        "ruling": str(decision.ruling),
        "reasons": [str(one) for one in decision.reasons],
        "duties": [
            {"name": duty.name.value, "title": title_of(duty.name.value), "clause": duty.clause}
            for duty in decision.duties
        ],
    }
