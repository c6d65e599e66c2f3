"""The rules about license texts: they contradict, add parts or riders, stand alone, or are missing."""

from __future__ import annotations

from collections.abc import Iterator

from licscan.expression import category, licenses_of
from licscan.judge.findings import about_component
from licscan.judge.looking import called, each, is_harmless, is_said, places
from licscan.judge.policy import Case, is_ours
from licscan.judge.works import parts_of
from licscan.licensedb import is_rider
from licscan.messages import _
from licscan.model import NOASSERTION, NONE, Conclusion, EvidenceKind, Finding, Verdict

MAX_NAMED = 8
"""So many licenses of parts in a sentence; the rest is counted."""
_METADATA = (EvidenceKind.DECLARED, EvidenceKind.CLASSIFIER, EvidenceKind.SBOM)
_WITHOUT_DUTIES = frozenset({"0BSD", "MIT-0", "WTFPL"})


def license_text_conflict(case: Case) -> Iterator[Finding]:
    """A license text of the package that is none of what it declares."""
    for component, conclusion in each(case):
        if conclusion.text_conflicts:
            message = _("The license text of {name} is not what it declares: {statements}")
            yield about_component(
                case,
                component,
                "license-text-conflict",
                message.format(name=called(component), statements=" ".join(conclusion.text_conflicts)),
                Verdict.OK if is_harmless(case, component) else Verdict.CANNOT_TELL,
                locations=places(conclusion),
            )


def license_undeclared(case: Case) -> Iterator[Finding]:
    """A license that only a text tells."""
    for component, conclusion in each(case):
        declared = any(is_said(e) and e.kind in _METADATA for e in conclusion.evidence)
        if declared or conclusion.clarified or conclusion.concluded in (NOASSERTION, NONE):
            continue
        message = _("{name} declares no license; its text says {license}.")
        yield about_component(
            case,
            component,
            "license-undeclared",
            message.format(name=called(component), license=conclusion.concluded),
            Verdict.OK,
            locations=places(conclusion),
        )


def license_parts(case: Case) -> Iterator[Finding]:
    """Parts of a component under other licenses than the component."""
    for component, conclusion in each(case):
        parts = list(parts_of(conclusion))
        if not parts:
            continue
        names = sorted({name for part in parts for name in licenses_of(part.expression or "")})
        shown = ", ".join(names[:MAX_NAMED])
        if len(names) > MAX_NAMED:
            shown = _("{names} and {count} more").format(names=shown, count=len(names) - MAX_NAMED)
        yield about_component(
            case,
            component,
            "license-parts",
            _("{name} has parts under other licenses: {licenses}.").format(name=called(component), licenses=shown),
            Verdict.OK,
            locations=(part.location for part in parts),
        )


def license_rider(case: Case) -> Iterator[Finding]:
    """A license text with an addition that takes rights away."""
    for component, conclusion in each(case):
        texts = [e for e in conclusion.evidence if is_said(e) and e.kind not in _METADATA and e.expression]
        riders = {name: e for e in reversed(texts) for name in licenses_of(e.expression or "") if is_rider(name)}
        if riders and not conclusion.clarified:
            message = _("The license of {name} comes with an addition that takes rights away: {riders}.")
            yield about_component(
                case,
                component,
                "license-rider",
                message.format(name=called(component), riders=", ".join(sorted(riders))),
                Verdict.CANNOT_TELL,
                locations=(riders[name].location for name in sorted(riders)),
            )


def license_text_missing(case: Case) -> Iterator[Finding]:
    """A package whose files are at hand and hold no text of the license that it is under."""
    for component, conclusion in each(case):
        told = conclusion.concluded not in (NOASSERTION, NONE)
        if is_ours(component) or not told or conclusion.detected is None or _has_text(conclusion):
            continue
        if not any(map(_asks_for_text, licenses_of(conclusion.concluded))):
            continue
        message = _("{name} is under {license}, and none of its files holds the text.")
        yield about_component(
            case,
            component,
            "license-text-missing",
            message.format(name=called(component), license=conclusion.concluded),
            Verdict.OK,
            locations=places(conclusion),
        )


def _has_text(conclusion: Conclusion) -> bool:
    """Whether a license file is there, or a readme that holds the whole text."""
    readmes = (e for e in conclusion.evidence if e.kind is EvidenceKind.README)
    return bool(conclusion.license_files) or any(e.method.startswith("text:") and e.expression for e in readmes)


def _asks_for_text(license_id: str) -> bool:
    return license_id not in _WITHOUT_DUTIES and category(license_id) not in ("Public Domain", "Commercial", None)
