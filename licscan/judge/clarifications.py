"""What a person found a component's license to be, put in the place of what the evidence left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from licscan.base.messages import _
from licscan.compare.digest import evidence_digest
from licscan.config.settings import Clarification
from licscan.judge.entries import about_entry, chosen, entry_label
from licscan.model import Conclusion, Finding, Graph


def clarify(
    graph: Graph, conclusions: Mapping[str, Conclusion], clarifications: Sequence[Clarification]
) -> tuple[dict[str, Conclusion], tuple[Finding, ...]]:
    """The conclusions with the clarified ones in place, and what is to be said of the clarifications.

    A clarification counts only for the very evidence that it was given for; the first that does is taken.
    """
    settled = dict(conclusions)
    upkeep: list[Finding] = []
    for clarification in clarifications:
        meant = [c.purl for c in graph.components if chosen(clarification.packages, c) and c.purl in conclusions]
        if not meant:
            upkeep.append(_unused(clarification))
        for purl in meant:
            digest = evidence_digest(conclusions[purl])
            if digest not in clarification.evidence:
                upkeep.append(_lapsed(clarification, purl, digest))
            elif not settled[purl].clarified:
                settled[purl] = clarified(conclusions[purl], clarification)
    return settled, tuple(upkeep)


def clarified(conclusion: Conclusion, clarification: Clarification) -> Conclusion:
    """The conclusion as the person has it; the evidence stays, what it left open is answered."""
    basis = _("Recorded in licscan.toml as {license}: {reason} The evidence alone gives {before}.")
    reason = (
        clarification.reason if clarification.reason.endswith((".", "!", "?", "。")) else f"{clarification.reason}."
    )
    return replace(
        conclusion,
        concluded=clarification.license,
        basis=basis.format(license=clarification.license, reason=reason, before=conclusion.concluded),
        disagreements=(),
        doubts=(),
        candidates=(),
        text_conflicts=(),
        clarified=clarification.reason,
    )


def _unused(clarification: Clarification) -> Finding:
    message = _("The clarification of {packages} as {license} matches no component of this scan.")
    return about_entry(
        "clarification-unused",
        clarification,
        message.format(packages=entry_label(clarification.packages), license=clarification.license),
    )


def _lapsed(clarification: Clarification, purl: str, digest: str) -> Finding:
    message = _(
        "The clarification of {purl} as {license} was given for other evidence: not applied, its digest is {digest}."
    )
    return about_entry(
        "clarification-lapsed",
        clarification,
        message.format(purl=purl, license=clarification.license, digest=digest),
        purl=purl,
    )
