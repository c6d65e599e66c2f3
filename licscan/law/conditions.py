"""What a license forbids or makes depend on facts, whatever it is combined with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from licscan.base.messages import _
from licscan.law import terms as t
from licscan.law.decisions import Setting
from licscan.law.terms import Condition, Terms
from licscan.law.vocabulary import Binding, Deployment, Reason, Ruling


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one condition makes of a setting; `why` is its sentence without the clause."""

    ruling: Ruling
    why: str


_FREE = Outcome(Ruling.OK, "")
ALL_RIGHTS_RESERVED = "LicenseRef-scancode-proprietary-license"
"""What UNLICENSED and its like are read as: as good as no license at all."""


def outcomes(terms: Terms, setting: Setting) -> tuple[tuple[Ruling, Reason], ...]:
    """Each condition that says anything here, as a ruling and its reason."""
    found = []
    for condition in terms.conditions:
        outcome = CONDITIONS[condition.kind](condition, terms, setting)
        if outcome.why:
            sentence = outcome.why.format(license=terms.license, limit=f"{condition.limit or 0:,}", fact=condition.fact)
            found.append((outcome.ruling, Reason(sentence, f"{terms.base} {condition.clause}".strip())))
    return tuple(found)


def is_entitled(license_id: str, setting: Setting) -> bool:
    """Whether a license that was bought, or an additional permission, is on record."""
    return license_id in setting.facts.entitlements


def is_commercial(terms: Terms) -> bool:
    """Whether a license must be bought: its row says so, or it is a reference that is named after a sale."""
    if terms.condition("entitlement"):
        return True
    name = terms.license.lower()
    return (
        terms.class_ == t.UNKNOWN
        and name.startswith("licenseref-")
        and any(word in name for word in ("commercial", "enterprise", "paid", "subscription"))
    )


def _used_only_in_house(setting: Setting) -> bool:
    return setting.relationship.binding is Binding.NOT_SHIPPED


def _production(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    grant = setting.facts.additional_use_grant
    if _used_only_in_house(setting):
        return _FREE
    if isinstance(grant, str):
        sentence = _(
            "{license} forbids production use except under its additional use grant: read there "
            "whether that covers yours."
        )
        return Outcome(Ruling.REVIEW, sentence)
    if grant:
        return Outcome(
            Ruling.OBLIGATIONS, _("{license} forbids production use; the additional use grant covers this use.")
        )
    return Outcome(Ruling.CONFLICT, _("{license} forbids production use; no additional use grant is on record."))


def _hosting(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    """A bar on offering the component's own functions as a service; customers who host it themselves are free to."""
    if setting.deployment is not Deployment.SAAS or _used_only_in_house(setting):
        if setting.deployment is Deployment.INTERNAL or _used_only_in_house(setting):
            return _FREE
        return Outcome(
            Ruling.OBLIGATIONS,
            _("{license} forbids offering it as a service; neither may a customer who runs it do so."),
        )
    exposes = setting.facts.exposes_functionality
    if exposes is None:
        return Outcome(
            Ruling.REVIEW,
            _("{license} forbids offering it as a service: whether users can use its own functions is not stated."),
        )
    if exposes:
        return Outcome(Ruling.CONFLICT, _("{license} forbids offering its functions to others as a service."))
    return Outcome(Ruling.OBLIGATIONS, _("{license} forbids offering it as a service; its functions are not exposed."))


def _competing(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    """A bar on products that compete with the component or its makers."""
    if _used_only_in_house(setting) or setting.deployment is Deployment.INTERNAL:
        return _FREE
    exposes = setting.facts.exposes_functionality
    if exposes:
        return Outcome(Ruling.CONFLICT, _("{license} forbids a product that competes with it."))
    if exposes is None:
        return Outcome(
            Ruling.REVIEW, _("{license} forbids a product that competes with it: whether yours does is not stated.")
        )
    return Outcome(Ruling.OBLIGATIONS, _("{license} forbids a product that competes with it; yours does not."))


def _no_sell(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    if _used_only_in_house(setting) or setting.deployment is Deployment.INTERNAL:
        return _FREE
    if setting.facts.exposes_functionality:
        return Outcome(Ruling.CONFLICT, _("{license} forbids selling what derives its value from the component."))
    return Outcome(
        Ruling.REVIEW,
        _("{license} forbids selling what derives its value from the component: to what extent it does is not stated."),
    )


def _noncommercial(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    if setting.facts.commercial is False:
        return Outcome(Ruling.OBLIGATIONS, _("{license} allows only noncommercial use."))
    return Outcome(Ruling.CONFLICT, _("{license} allows only noncommercial use."))


def _research(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    return Outcome(Ruling.CONFLICT, _("{license} allows only research and evaluation."))


def _evaluation(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    if _used_only_in_house(setting):
        return Outcome(Ruling.REVIEW, _("{license} allows only evaluation and tests."))
    return Outcome(Ruling.CONFLICT, _("{license} allows only evaluation and tests."))


def _no_redistribution(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    if condition.grants_internal and setting.deployment is Deployment.INTERNAL:
        return Outcome(Ruling.OK, _("{license} grants use within your own company."))
    if _used_only_in_house(setting) or not setting.deployment.conveys:
        return Outcome(
            Ruling.REVIEW, _("{license} does not allow redistribution; read there whether your use of it is allowed.")
        )
    return Outcome(Ruling.CONFLICT, _("{license} does not allow redistribution."))


def _no_modification(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    adapted = setting.modified or setting.relationship.binding is Binding.COPIED
    if adapted and (setting.deployment.conveys or setting.deployment is Deployment.SAAS):
        return Outcome(Ruling.CONFLICT, _("{license} does not allow sharing changed versions."))
    return _FREE


def _use_restrictions(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    return Outcome(Ruling.OBLIGATIONS, _("{license} forbids some uses; its terms bind you and those who receive it."))


def _vague_use(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    if _used_only_in_house(setting):
        return _FREE
    return Outcome(Ruling.REVIEW, _("{license} forbids a use that cannot be clearly delimited."))


_FACT_NAMES = {
    "mau": lambda: _("users per month"),
    "mau_at_model_release": lambda: _("users per month at the model's release"),
    "annual_revenue_usd": lambda: _("revenue per year in US dollars"),
}


def _threshold(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    """A limit on size. Users of today stand in for those of the release day where they are below the limit."""
    value = getattr(setting.facts, condition.fact, None)
    limit = condition.limit or 0
    if value is None and condition.fact == "mau_at_model_release" and (setting.facts.mau or limit + 1) <= limit:
        value = setting.facts.mau
    what = _FACT_NAMES[condition.fact]()
    if value is None:
        sentence = _("{{license}} is free up to {{limit}} {what}; your figure is not stated.")
        return Outcome(Ruling.REVIEW, sentence.format(what=what))
    if value > limit:
        sentence = _("{{license}} grants no rights above {{limit}} {what} without another agreement.")
        return Outcome(Ruling.CONFLICT, sentence.format(what=what))
    sentence = _("{{license}} is free up to {{limit}} {what}; you are below.")
    return Outcome(Ruling.OBLIGATIONS, sentence.format(what=what))


def _territory(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    domiciled = setting.facts.eu_domiciled
    if domiciled:
        return Outcome(Ruling.CONFLICT, _("{license} grants no rights to companies established in the European Union."))
    if domiciled is None:
        return Outcome(
            Ruling.REVIEW,
            _("{license} grants no rights to companies in the European Union: where yours is, is not stated."),
        )
    return _FREE


def _not_sold_alone(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    if setting.facts.sold_alone:
        return Outcome(Ruling.CONFLICT, _("{license} does not allow selling it by itself."))
    if not setting.deployment.conveys or _used_only_in_house(setting):
        return _FREE
    return Outcome(Ruling.OBLIGATIONS, _("{license} may be bundled with a product, but must never be sold by itself."))


def _no_drm(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    return _FREE


def _entitlement(condition: Condition, terms: Terms, setting: Setting) -> Outcome:
    if is_entitled(terms.license, setting):
        return _FREE
    if terms.base == ALL_RIGHTS_RESERVED and _used_only_in_house(setting):
        sentence = _(
            "{license} grants no rights: it is not passed on, but even a copy for internal use needs a license."
        )
        return Outcome(Ruling.REVIEW, sentence)
    return Outcome(Ruling.CONFLICT, _("{license} must be bought, and no entitlement is on record."))


CONDITIONS: dict[str, Callable[[Condition, Terms, Setting], Outcome]] = {
    "production": _production,
    "hosting": _hosting,
    "competing": _competing,
    "no-sell": _no_sell,
    "noncommercial": _noncommercial,
    "research-only": _research,
    "evaluation-only": _evaluation,
    "no-redistribution": _no_redistribution,
    "no-modification": _no_modification,
    "use-restrictions": _use_restrictions,
    "vague-use": _vague_use,
    "threshold": _threshold,
    "territory": _territory,
    "not-sold-alone": _not_sold_alone,
    "no-drm": _no_drm,
    "entitlement": _entitlement,
}
"""One function for each kind of condition in `data/terms/`."""
