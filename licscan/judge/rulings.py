"""Findings from what follows on each surface: conflicts, questions, duties, choices, what no surface holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from licscan.base.messages import _, ngettext, run_on
from licscan.base.shown import shown_place
from licscan.base.terms import needed_for
from licscan.judge.attribution_rules import lists_parts
from licscan.judge.bundling import as_shipped
from licscan.judge.case import Case
from licscan.judge.findings import about_component, about_surface
from licscan.judge.queries import MOST_READINGS, display_name, listed_readings, locations_of
from licscan.judge.reach import reach
from licscan.judge.remedies import against, giving, needs_entitlement, setting_of
from licscan.judge.surfaces import left_out
from licscan.judge.works import OUTBOUND_OF, JudgedSurface, Outcome, PartOutcome, of_blocking
from licscan.law.decide import decide
from licscan.law.decisions import Decision
from licscan.law.rulings import inherent_duties
from licscan.law.vocabulary import Duty, DutyName, Reason, Ruling
from licscan.law.words import beyond_notices, listed
from licscan.licenses import spdx
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, NONE, Component, Finding, Location, Scope, Verdict
from licscan.model.surface import Surface

MOST_REASONS = 2
"""So many sentences say why; the rest is in `licscan why`."""


def _each(case: Case) -> Iterator[tuple[JudgedSurface, Outcome]]:
    for judged in case.surfaces:
        for outcome in judged.outcomes:
            yield judged, outcome


def license_conflict(case: Case) -> Iterator[Finding]:
    """A license that does not allow the use, in every reading that there is."""
    for judged, outcome in _each(case):
        if outcome.decision.ruling is Ruling.CONFLICT and _is_told(outcome) and not _to_be_bought(outcome.decision):
            message = _("{name} {license}, which does not allow this use in {product}.")
            if len(outcome.readings) > 1:
                message = _("{name} {license}: none of these allows this use in {product}.")
            yield _finding(case, judged, outcome, "license-conflict", message, Verdict.VIOLATION)


def entitlement_missing(case: Case) -> Iterator[Finding]:
    """A license that has to be bought, without a record that it was."""
    for judged, outcome in _each(case):
        if outcome.decision.ruling is Ruling.CONFLICT and _is_told(outcome) and _to_be_bought(outcome.decision):
            message = _("{name} {license}: it must not be used without an agreement, and none is recorded.")
            if any(" OR " in reading for reading in outcome.readings):
                message = _(
                    "{name} {license}: what is free of it does not allow this use, and no agreement is recorded."
                )
            yield _finding(case, judged, outcome, "entitlement-missing", message, Verdict.VIOLATION)


def license_review(case: Case) -> Iterator[Finding]:
    """A license, or open readings, of which law and known facts do not decide whether the use is allowed."""
    for judged, outcome in _each(case):
        # of copied code its own finding says so
        if outcome.decision.ruling is Ruling.REVIEW and _is_told(outcome) and not outcome.member.component.is_copied:
            message = _("{name} {license}; whether that allows this use in {product} is undecided.")
            yield _finding(case, judged, outcome, "license-review", message, Verdict.CANNOT_TELL)
        for part in outcome.parts:
            told_apart = lists_parts(case, outcome.member.component, part.evidence.location.path)
            if part.decision.ruling is Ruling.REVIEW and not told_apart:
                yield _of_part(case, judged.surface, outcome, part)


def license_duties(case: Case) -> Iterator[Finding]:
    """What is owed beyond notices where the use is allowed."""
    for judged, outcome in _each(case):
        owed = _beyond(judged.surface, outcome.decision)
        if not owed:
            continue
        name = outcome.member.component.name
        message = _("{name} {license}. Duties beyond notices: {duties}.")
        yield about_component(
            case,
            outcome.member.component,
            "license-duties",
            message.format(
                name=display_name(outcome.member.component), license=_told_license(outcome), duties=listed(owed)
            ),
            Verdict.OK,
            surface=judged.surface,
            why=why(outcome.decision.reasons),
            remedies=giving(owed, name),
            locations=_places(case, outcome),
        )


def parts_duties(case: Case) -> Iterator[Finding]:
    """What is owed beyond notices for the parts of which texts inside a component tell, if those are shipped."""
    for judged, outcome in _each(case):
        component = outcome.member.component
        owing = [
            (part, owed)
            for part in outcome.parts
            if (owed := _beyond(judged.surface, part.decision))
            and not lists_parts(case, component, part.evidence.location.path)
        ]
        if owing:
            licenses = sorted({part.evidence.expression or "" for part, _owed in owing})
            message = _("{name} has parts under {licenses}; if they are shipped, they bring more duties: {duties}.")
            yield about_component(
                case,
                component,
                "parts-duties",
                message.format(
                    name=display_name(component),
                    licenses=listed_readings(licenses, _(", ")),
                    duties=listed(beyond_notices(duty for _part, owed in owing for duty in owed)),
                ),
                Verdict.OK,
                surface=judged.surface,
                locations=(part.evidence.location for part, _owed in owing),
            )


def _beyond(surface: Surface, decision: Decision) -> tuple[Duty, ...]:
    """The duties beyond notices of a use that is allowed, without those that the product's own license brings."""
    if decision.ruling is not Ruling.OBLIGATIONS:
        return ()
    outbound = OUTBOUND_OF.get(surface.outbound, surface.outbound)
    anyway = {DutyName.OUTBOUND_CHANGE, *inherent_duties(outbound, decision.license)}
    return beyond_notices(duty for duty in decision.duties if duty.name not in anyway)


def license_choice(case: Case) -> Iterator[Finding]:
    """An OR, and the branch that is taken."""
    for judged, outcome in _each(case):
        expression = outcome.readings[0] if len(outcome.readings) == 1 and outcome.certain else ""
        chosen = outcome.decision.license
        open_ = outcome.decision.ruling in (Ruling.CONFLICT, Ruling.REVIEW)
        if open_ or not outcome.member.shipped or " OR " not in expression or not chosen or chosen == expression:
            continue
        message = _("{name} offers {expression}; {license} is chosen.")
        # in one order, whichever the package has: the same choice is one decision
        expression = spdx.render(spdx.normal(spdx.tree(expression)))
        yield about_component(
            case,
            outcome.member.component,
            "license-choice",
            message.format(name=display_name(outcome.member.component), expression=expression, license=chosen),
            Verdict.OK,
            surface=judged.surface,
            locations=_places(case, outcome),
        )


def outbound_change(case: Case) -> Iterator[Finding]:
    """A component for which the work cannot stay under its declared license."""
    for judged, outcome in _each(case):
        changes = [duty for duty in outcome.decision.duties if duty.name is DutyName.OUTBOUND_CHANGE]
        if changes:
            message = _(
                "{name} {license}: the work cannot stay under {declared}, but it can be released under {outbound}."
            )
            yield about_component(
                case,
                outcome.member.component,
                "outbound-change",
                message.format(
                    name=display_name(outcome.member.component),
                    license=_told_license(outcome),
                    declared=judged.surface.outbound,
                    outbound=judged.surface.effective,
                ),
                Verdict.CANNOT_TELL,
                surface=judged.surface,
                why=why(outcome.decision.reasons),
                locations=_places(case, outcome),
            )


def conflict_in_work(case: Case) -> Iterator[Finding]:
    """Components that cannot go out together under any license that is open to the work."""
    for judged in case.surfaces:
        works = [(None, judged.work), *judged.separate]
        for middle, work in works:
            if len(work.conflicting) > 1:
                named = [case.graph.by_purl[purl] for purl in work.conflicting if purl in case.graph.by_purl]
                names = _(", ").join(map(display_name, named))
                told = _("These cannot ship together in one work: {names}.").format(names=names)
                if middle is not None:
                    told = _("Inside {name}, these cannot ship together in one work: {names}.").format(
                        name=display_name(middle.component), names=names
                    )
                yield about_surface("conflict-in-work", judged.surface, told, Verdict.VIOLATION, why(work.reasons))


def license_if_shipped(case: Case) -> Iterator[Finding]:
    """What is only needed for development or the build, and would not be allowed if it were shipped after all."""
    for judged, outcome in _each(case):
        unsure = not outcome.certain or outcome.member.component.is_copied
        if outcome.member.shipped or outcome.member.scope not in (Scope.DEV, Scope.BUILD) or unsure:
            continue
        decisions = [decide(reading, as_shipped(case, judged.surface, outcome)) for reading in outcome.readings]
        if decisions and all(decision.ruling is Ruling.CONFLICT for decision in decisions):
            message = _("{name} {license}; it is needed only for {scope} and taken as not shipped.")
            yield about_component(
                case,
                outcome.member.component,
                "license-if-shipped",
                message.format(
                    name=display_name(outcome.member.component),
                    license=_told_license(outcome),
                    scope=needed_for((outcome.member.scope,)),
                ),
                Verdict.OK,
                surface=judged.surface,
                why=why(decisions[0].reasons),
                locations=_places(case, outcome),
            )


def surface_missing(case: Case) -> Iterator[Finding]:
    """Roots and packages that no configured surface holds: nobody has judged them."""
    on_some = {root for judged in case.surfaces for root in judged.surface.roots}
    on_some.update(outcome.member.component.purl for _judged, outcome in _each(case))
    for purl in left_out(case.graph, on_some):
        component = case.graph.by_purl.get(purl)
        if component is not None:
            yield about_component(
                case,
                component,
                "surface-missing",
                _unjudged(case, component, on_some),
                Verdict.CANNOT_TELL,
                locations=component.found_in,
            )


def _unjudged(case: Case, component: Component, on_some: set[str]) -> str:
    """What nobody has judged: a package, or a root with what only it needs."""
    below = reach(case.graph, [(component.purl, Scope.RUNTIME)]) if component.is_first_party else ()
    count = sum(purl not in on_some and purl != component.purl for purl in below)
    if not count:
        message = _("{name} is on no surface of licscan.toml: its use was not judged.")
        return message.format(name=display_name(component))
    message = ngettext(
        "{name} is on no surface of licscan.toml: neither it nor the {count} package below it was judged.",
        "{name} is on no surface of licscan.toml: neither it nor the {count} packages below it were judged.",
        count,
    )
    return message.format(name=display_name(component), count=f"{count:,}")


# --- words ------------------------------------------------------------------------------------------------------------


def why(reasons: Iterable[Reason]) -> str:
    """The reasons that count most, in a sentence or two, with clause or authority."""
    return run_on(*(str(reason) for reason in tuple(reasons)[:MOST_REASONS]))


def product_words(surface: Surface) -> str:
    """The product by its license."""
    if surface.outbound == "proprietary":
        return _("a proprietary product")
    return _("a product under {license}").format(license=surface.outbound)


def _is_told(outcome: Outcome) -> bool:
    """Whether any license is known: that none is has a finding of its own."""
    return any(reading not in (NOASSERTION, NONE) for reading in outcome.readings)


def _to_be_bought(decision: Decision) -> bool:
    blocking = [one for one in decision.blocking if one not in (NOASSERTION, NONE)]
    return bool(blocking) and all(needs_entitlement(license_id) for license_id in blocking)


def _told_license(outcome: Outcome) -> str:
    """`is under X`, or `may be under X or Y`."""
    readings = listed_readings(outcome.readings, _("; "))
    if outcome.certain and len(outcome.readings) == 1:
        return _("is under {license}").format(license=readings)
    return _("may be under one of: {readings}").format(readings=readings)


def _finding(case: Case, judged: JudgedSurface, outcome: Outcome, code: str, message: str, verdict: Verdict) -> Finding:
    component, decision = outcome.member.component, outcome.decision
    license_, reasons = _told_license(outcome), decision.reasons
    blocking = [one for one in decision.blocking if one not in outcome.readings]
    whole = outcome.readings[0] if len(outcome.readings) == 1 else ""
    if blocking and whole and len(licenses_of(whole)) > 1:
        license_ = _("{license} ({part} in it)").format(license=license_, part=_(", ").join(blocking[:MOST_READINGS]))
        # what is said of its other parts is no reason for this, and keeps packages with the same question apart
        reasons = of_blocking(decision, setting_of(outcome, judged.surface)) or reasons
    return about_component(
        case,
        component,
        code,
        message.format(name=display_name(component), license=license_, product=product_words(judged.surface)),
        verdict,
        surface=judged.surface,
        why=why(reasons),
        remedies=against(outcome, judged.surface),
        locations=_places(case, outcome),
    )


def _of_part(case: Case, surface: Surface, outcome: Outcome, part: PartOutcome) -> Finding:
    component: Component = outcome.member.component
    message = _("A part of {name} ({file}) is under {license}; if it is shipped, check it against {product}.")
    return about_component(
        case,
        component,
        "license-review",
        message.format(
            name=display_name(component),
            file=_shown(part.evidence.location),
            license=_(", ").join(part.decision.blocking) or part.evidence.expression,
            product=product_words(surface),
        ),
        Verdict.CANNOT_TELL,
        variant="part",
        surface=surface,
        why=why(part.decision.reasons),
        locations=(part.evidence.location,),
    )


def _shown(place: Location) -> str:
    return shown_place(str(place))


def _places(case: Case, outcome: Outcome) -> tuple[Location, ...]:
    conclusion = case.conclusions.get(outcome.member.component.purl)
    return locations_of(conclusion) if conclusion else ()
