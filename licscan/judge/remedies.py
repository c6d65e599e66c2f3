"""What can be done about a ruling, best first: only what the law says would help in the case at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from licscan.base.messages import _
from licscan.judge.works import OUTBOUND_OF, Outcome
from licscan.law.compatibility import Level, fits
from licscan.law.conditions import is_commercial
from licscan.law.decide import decide
from licscan.law.decisions import Decision, Setting
from licscan.law.terms import COPYLEFT, PERMISSIVE, terms_of
from licscan.law.vocabulary import RELATIONSHIPS, RULING_RANK, Binding, Deployment, Duty, Ruling
from licscan.law.words import beyond_notices, listed, title_of, what_to_do
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, NONE
from licscan.model.surface import Surface


def setting_of(outcome: Outcome, surface: Surface) -> Setting:
    """The setting in which the member was judged."""
    member = outcome.member
    outbound = surface.effective or surface.outbound
    return Setting(
        OUTBOUND_OF.get(outbound, outbound),
        RELATIONSHIPS[member.relationship],
        Deployment(surface.deployment),
        member.modified,
        member.facts,
    )


def needs_entitlement(license_id: str) -> bool:
    """Whether the license has to be bought, by its own words or by its kind."""
    terms = terms_of(license_id)
    return is_commercial(terms) or terms.condition("entitlement") is not None


def against(outcome: Outcome, surface: Surface) -> tuple[str, ...]:
    """Remedies for a conflict or a question."""
    decision, name = outcome.decision, outcome.member.component.name
    return tuple(dict.fromkeys(_against(decision, outcome, surface, name)))


def _against(decision: Decision, outcome: Outcome, surface: Surface, name: str) -> Iterator[str]:
    license_ids = decision.blocking or tuple(r for r in outcome.readings if r not in (NOASSERTION, NONE))
    for license_id in _bought(outcome):
        yield _("If a license for {name} was purchased, record it as an entitlement to {license}.").format(
            name=name, license=license_id
        )
    if len(outcome.readings) > 1 or not outcome.certain:
        yield _("Read the license text of {name} and record which license applies.").format(name=name)
    if outcome.member.relationship == "optional-extra":
        yield _("If {name} is not in what you pass on, record that it is not shipped.").format(name=name)
    yield from _facts_asked_for(license_ids)
    if decision.ruling is Ruling.REVIEW and outcome.certain and len(outcome.readings) == 1:
        if disputed := _disputed(license_ids):
            yield from disputed
            yield _("Replace {name} with a component whose license allows the use.").format(name=name)
            return  # nobody would ask for another license, or take a program apart, over terms that are free
        yield _("Have counsel settle it, and record the answer as a waiver with the reason legal-opinion.")
    yield _("Replace {name} with a component whose license allows the use.").format(name=name)
    yield _("Ask the copyright holders of {name} for another license, and record it as an entitlement.").format(
        name=name
    )
    if apart := _apart(outcome, surface):
        yield apart
    if decision.ruling is Ruling.CONFLICT and any(terms_of(one).class_ in COPYLEFT for one in license_ids):
        yield _released(license_ids[0], surface)


def _disputed(license_ids: tuple[str, ...]) -> tuple[str, ...]:
    """One answer for each license, where all that is asked is what authorities say of permissive terms."""
    rows = [terms_of(one) for one in license_ids]
    if not all(row.class_ == PERMISSIVE and row.gpl is not None and not row.conditions for row in rows):
        return ()
    told = _(
        "Have counsel settle it once for {license}, and record the answer as a waiver with the reason legal-opinion "
        'and licenses = ["{license}"]: it covers every package under that license.'
    )
    return tuple(told.format(license=one) for one in license_ids)


def _released(license_id: str, surface: Surface) -> str:
    """The product under another license: under the component's own where the product's license lets it go there."""
    outbound = surface.effective or surface.outbound
    if outbound not in OUTBOUND_OF and fits(license_id, outbound, RELATIONSHIPS["combined-work"]).level is Level.YES:
        told = _("Release the product as a whole under {license}: {outbound} permits that.")
        return told.format(license=license_id, outbound=outbound)
    return _("Release the product under a license that {license} is compatible with.").format(license=license_id)


def _bought(outcome: Outcome) -> Iterator[str]:
    """The licenses among the readings that can be had for money."""
    for reading in outcome.readings:
        if reading not in (NOASSERTION, NONE):
            yield from (license_id for license_id in licenses_of(reading) if needs_entitlement(license_id))


def _facts_asked_for(license_ids: tuple[str, ...]) -> Iterator[str]:
    for license_id in license_ids:
        for condition in terms_of(license_id).conditions:
            if sentence := _fact_sentences().get(condition.kind):
                yield sentence.format(license=license_id, clause=condition.clause)


def _fact_sentences() -> dict[str, str]:
    return {
        "threshold": _("{license} sets limits on users or revenue ({clause}): record the figures in licscan.toml."),
        "production": _(
            "{license} allows production use only by an additional grant ({clause}): record one that covers it."
        ),
        "hosting": _(
            "{license} forbids offering it as a service ({clause}): record whether others can use its functions."
        ),
        "competing": _(
            "{license} forbids competing use ({clause}): compare the product with it, and record the result."
        ),
        "noncommercial": _("{license} is for non-commercial use ({clause}): record whether the use is commercial."),
        "territory": _("{license} depends on where the company is established ({clause}): record it in licscan.toml."),
    }


def _apart(outcome: Outcome, surface: Surface) -> str:
    """Whether it would help to run it as a program of its own, and what would be owed then."""
    setting = setting_of(outcome, surface)
    script = setting.relationship.name == "bundled-js" or setting.deployment is Deployment.BROWSER
    app = outcome.member.component.ecosystem == "npm" and setting.deployment in (Deployment.DESKTOP, Deployment.MOBILE)
    if setting.relationship.binding is not Binding.SAME_WORK or script or app:
        return ""  # what is bundled into one script is no program that could be called
    there = replace(setting, relationship=RELATIONSHIPS["separate-process"])
    found = [decide(reading, there) for reading in outcome.readings]
    if not found or any(RULING_RANK[one.ruling] >= RULING_RANK[Ruling.REVIEW] for one in found):
        return ""
    owed = beyond_notices(dict.fromkeys(duty for one in found for duty in one.duties))
    name = outcome.member.component.name
    if not owed:
        return _("Keep {name} in a separate program that yours only calls.").format(name=name)
    titles = _("; ").join(dict.fromkeys(title_of(duty.name.value) for duty in owed))
    return _("Keep {name} in a separate program that yours only calls; then these duties apply: {duties}.").format(
        name=name, duties=listed(owed) if len(found) == 1 else titles
    )


def giving(duties: tuple[Duty, ...], name: str) -> tuple[str, ...]:
    """What to do about each duty."""
    return tuple(dict.fromkeys(what_to_do(duty.name.value, name, duty.license) for duty in duties))
