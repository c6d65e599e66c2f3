"""The rule about licenses that changed between two versions of a package: how grave it is, the judgement tells."""

from __future__ import annotations

from collections.abc import Iterator

from licscan.base.messages import _
from licscan.compare.drift import Earlier, drift
from licscan.judge.case import Case
from licscan.judge.findings import about_component
from licscan.judge.queries import components_with_conclusions, display_name, locations_of
from licscan.judge.works import OUTBOUND_OF, JudgedSurface, Outcome, readings_of
from licscan.law.decide import decide
from licscan.law.decisions import Setting
from licscan.law.vocabulary import RELATIONSHIPS, RULING_RANK, Deployment, Ruling
from licscan.model import Component, Conclusion, Finding, Verdict


def license_drift(case: Case) -> Iterator[Finding]:
    """Packages whose license, texts or holders are other ones than they were."""
    for component, conclusion in components_with_conclusions(case):
        earlier = case.earlier.get(component.purl)
        changed = earlier and drift(earlier.conclusion, conclusion)
        if not earlier or not changed:
            continue
        loudness = _loudness(case, component, earlier.conclusion, conclusion) if changed.license else ""
        if not loudness:
            loudness = "text" if changed.text or changed.gone else "names" if not changed.license else "looser"
        message = _("{name} is not licensed as {version} was: {sentences}")
        if loudness == "names":
            message = _("{name} names different people than {version} did: {sentences}")
        yield about_component(
            case,
            component,
            "license-drift",
            message.format(name=display_name(component), version=_version(earlier), sentences=changed.sentences),
            Verdict.OK if loudness in ("looser", "names") else Verdict.CANNOT_TELL,
            loudness=loudness,
            variant=loudness,
            locations=locations_of(conclusion),
        )


def _version(earlier: Earlier) -> str:
    return earlier.version or _("the previous version")


def _loudness(case: Case, component: Component, old: Conclusion, new: Conclusion) -> str:
    """`stricter` where a use that was right is a question or a conflict now, `more` where more is owed; else empty."""
    worst = ""
    for surface in case.surfaces:
        outcome = next((one for one in surface.outcomes if one.member.component.purl == component.purl), None)
        if outcome is None:
            continue
        before, now = _rank_before(surface, outcome, old), RULING_RANK[outcome.decision.ruling]
        if now > before:
            worst = "more" if outcome.decision.ruling is Ruling.OBLIGATIONS and worst != "stricter" else "stricter"
    return worst


def _rank_before(surface: JudgedSurface, outcome: Outcome, old: Conclusion) -> int:
    """How the earlier license would be judged in the place of the present one."""
    readings, certain = readings_of(old)
    if not certain:
        return RULING_RANK[Ruling.REVIEW]
    outbound = surface.surface.effective or surface.surface.outbound
    member = outcome.member
    setting = Setting(
        OUTBOUND_OF.get(outbound, outbound),
        RELATIONSHIPS[member.relationship],
        Deployment(surface.surface.deployment),
        member.modified,
        member.facts,
    )
    return max(RULING_RANK[decide(reading, setting).ruling] for reading in readings)
