"""The rules about license texts: they contradict, add parts or riders, stand alone, or are missing."""

from __future__ import annotations

from collections.abc import Iterator

from licscan.base.listing import listed
from licscan.base.messages import _, run_on
from licscan.judge.case import Case
from licscan.judge.findings import about_component
from licscan.judge.queries import components_with_conclusions, display_name, is_harmless, locations_of, speaks_of_whole
from licscan.judge.works import parts_of
from licscan.licenses.licensedb import is_rider
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, NONE, EvidenceKind, Finding, Verdict

MAX_NAMED = 8
"""So many licenses of parts in a sentence; the rest is counted."""
_METADATA = (EvidenceKind.DECLARED, EvidenceKind.CLASSIFIER, EvidenceKind.SBOM)


def license_text_conflict(case: Case) -> Iterator[Finding]:
    """A license text of the package that is none of what it declares."""
    for component, conclusion in components_with_conclusions(case):
        if conclusion.text_conflicts:
            message = _("The license text of {name} does not match what it declares: {statements}")
            yield about_component(
                case,
                component,
                "license-text-conflict",
                message.format(name=display_name(component), statements=run_on(*conclusion.text_conflicts)),
                Verdict.OK if is_harmless(case, component) else Verdict.CANNOT_TELL,
                loudness="harmless" if is_harmless(case, component) else "",
                locations=locations_of(conclusion),
            )


def license_undeclared(case: Case) -> Iterator[Finding]:
    """A license that only a text tells."""
    for component, conclusion in components_with_conclusions(case):
        declared = any(speaks_of_whole(e) and e.kind in _METADATA for e in conclusion.evidence)
        if declared or conclusion.clarified or conclusion.concluded in (NOASSERTION, NONE):
            continue
        message = _("{name} declares no license; its text says {license}.")
        yield about_component(
            case,
            component,
            "license-undeclared",
            message.format(name=display_name(component), license=conclusion.concluded),
            Verdict.OK,
            locations=locations_of(conclusion),
        )


def license_parts(case: Case) -> Iterator[Finding]:
    """Parts of a component under other licenses than the component."""
    for component, conclusion in components_with_conclusions(case):
        parts = list(parts_of(conclusion))
        if not parts:
            continue
        names = sorted({name for part in parts for name in licenses_of(part.expression or "")})
        yield about_component(
            case,
            component,
            "license-parts",
            _("{name} has parts under other licenses: {licenses}.").format(
                name=display_name(component), licenses=listed(names, MAX_NAMED)
            ),
            Verdict.OK,
            locations=(part.location for part in parts),
        )


def license_rider(case: Case) -> Iterator[Finding]:
    """A license text with an addition that takes rights away."""
    for component, conclusion in components_with_conclusions(case):
        texts = [e for e in conclusion.evidence if speaks_of_whole(e) and e.kind not in _METADATA and e.expression]
        riders = {name: e for e in reversed(texts) for name in licenses_of(e.expression or "") if is_rider(name)}
        if riders and not conclusion.clarified:
            message = _("The license of {name} has additional terms that take rights away: {riders}.")
            yield about_component(
                case,
                component,
                "license-rider",
                message.format(name=display_name(component), riders=_(", ").join(sorted(riders))),
                Verdict.CANNOT_TELL,
                locations=(riders[name].location for name in sorted(riders)),
            )
