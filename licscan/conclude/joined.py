"""What an SBOM says of a component that was looked at: our own evidence counts, what contradicts it is reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from licscan.conclude.agree import fits
from licscan.conclude.conclusion import statements_of
from licscan.conclude.weigh import Statement, Weighed, weigh
from licscan.licenses.statements import Reading, licenses_of
from licscan.model import NOASSERTION, NONE, Component, Conclusion


def joined(ours: Conclusion, theirs: Conclusion, component: Component, again: Callable[[], Conclusion]) -> Conclusion:
    """One conclusion of two; `component` has the claims of the SBOM alone, `again` concludes from all claims.

    What our own evidence settles stays, and the SBOM's statements are held against it like any that is trusted less;
    where it settles nothing, they take part in the conclusion.
    """
    evidence = tuple(dict.fromkeys((*ours.evidence, *theirs.evidence)))
    copyrights = ours.copyrights or theirs.copyrights
    if ours.concluded == NOASSERTION:
        made = again()
        more = tuple(one for one in evidence if one not in made.evidence)
        return replace(made, evidence=(*made.evidence, *more), copyrights=made.copyrights or copyrights)
    first = next((one for one in ours.evidence if one.expression), None)
    if first is None:
        return replace(ours, evidence=evidence, copyrights=copyrights)
    # as of a standard name: that the SBOM allows later versions does not loosen what our own evidence says
    by = Statement(first.origin, first.field, ours.concluded, Reading(ours.concluded, "spdx", 1.0, standard=True))
    weighed = Weighed(ours.concluded, ours.candidates, ours.basis, by)
    for statement in statements_of(component.claims):
        if not (ours.declared == NOASSERTION and _is_text_of(ours.concluded, statement)):
            weighed = weigh(weighed, statement)
    # a license that our own texts confirm is in no doubt, though the contradiction is told
    new = bool(weighed.disagreements) and ours.detected in (None, NOASSERTION, NONE)
    return replace(
        ours,
        disagreements=tuple(dict.fromkeys((*ours.disagreements, *weighed.disagreements))),
        candidates=weighed.candidates if new else ours.candidates,
        evidence=evidence,
        copyrights=copyrights,
    )


def _is_text_of(found: str, statement: Statement) -> bool:
    """Whether the license that a text alone gave is the one stated, but for what no text tells ("or later")."""
    said = licenses_of(statement.reading.expression or "")
    return bool(said) and all(any(fits(one, text) for text in licenses_of(found)) for one in said)
