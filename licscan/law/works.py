"""A work of many parts -> what follows for all of it: choices over the whole tree, and the outbound that they need.

With the outbound given, parts do not depend on each other: whatever two parts forbid each other shows in what they ask
of the outbound. So the best choice of the whole is the best choice of each part, for the best of the outbounds that the
declared one allows. That equals a search through all choices (a property test compares them), in linear time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

from licscan.base.messages import _
from licscan.law import terms as t
from licscan.law.decide import Prefer, Price, decide, no_preference, price, total
from licscan.law.decisions import Decision, Part, Setting, WorkDecision
from licscan.law.duties import joined
from licscan.law.terms import terms_of, versions
from licscan.law.vocabulary import RULING_RANK, Binding, Deployment, Duty, DutyName, Reason, Ruling
from licscan.licenses import spdx
from licscan.model import NOASSERTION, NONE

USUAL_OUTBOUNDS = (
    "MIT", "Apache-2.0", "MPL-2.0", "LGPL-2.1-or-later", "LGPL-3.0-or-later", "GPL-2.0-or-later", "GPL-2.0-only",
    "GPL-3.0-or-later", "GPL-3.0-only", "AGPL-3.0-or-later", "AGPL-3.0-only",
)  # fmt: skip
"""What is tried for a work whose outbound is open, from the freest to the strictest."""
MAX_SUBSET = 4
"""A smallest set of parts that conflict is searched up to this size, among parts that differ; then by leaving out."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One outbound tried: what follows for each part, and the price of all."""

    outbound: str
    decisions: tuple[Decision, ...]
    price: Price


def decide_work(
    parts: Sequence[Part], outbound: str | None, deployment: Deployment, prefer: Prefer = no_preference
) -> WorkDecision:
    """The best choice for a work. `outbound` None asks which outbound licenses would do."""
    if outbound is None:
        return _open_work(parts, deployment, prefer)
    tried = [_attempt(parts, outbound, deployment, prefer)]
    if tried[0].price[0]:
        tried += [_attempt(parts, other, deployment, prefer) for other in outbounds_within(outbound)]
    best = min(tried, key=lambda attempt: (attempt.price[0], attempt is not tried[0], attempt.price[1:]))
    if best.price[0]:
        return _in_conflict(parts, tried, deployment)
    if best is tried[0]:
        return WorkDecision(_worst(best.decisions), outbound, best.decisions, (outbound,))
    return _changed(parts, tried, best)


def _attempt(parts: Sequence[Part], outbound: str, deployment: Deployment, prefer: Prefer) -> _Attempt:
    decisions = tuple(decide(part.expression, setting_of(part, outbound, deployment), prefer) for part in parts)
    return _Attempt(outbound, decisions, total(price(decision, prefer) for decision in decisions) or (0,) * 7)


def setting_of(part: Part, outbound: str | None, deployment: Deployment) -> Setting:
    """The setting of one part of a work."""
    return Setting(outbound, part.relationship, deployment, part.modified, part.facts, part.in_browser)


def _worst(decisions: Iterable[Decision]) -> Ruling:
    return max((decision.ruling for decision in decisions), key=RULING_RANK.__getitem__, default=Ruling.OK)


def _fits_all(attempt: _Attempt) -> bool:
    return not attempt.price[0]


# --- another outbound -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1_000)
def outbounds_within(outbound: str) -> tuple[str, ...]:
    """The licenses under which whoever has a work under `outbound` may pass it on: later or single versions, branches.

    A branch that is nobody's open license is a promise to customers; it is not dropped here.
    """
    try:
        node = spdx.tree(outbound)
    except ValueError:
        return ()
    if not isinstance(node, str):
        if node.operator != spdx.OR or not all(terms_of(leaf).known for leaf in spdx.leaves(node)):
            return ()
        branches = [spdx.render(part) for part in node.parts]
        more = [other for branch in branches for other in outbounds_within(branch)]
        return tuple(dict.fromkeys((*branches, *more)))
    terms = terms_of(node)
    if terms.exception:
        plain = node.partition(" WITH ")[0]
        return (plain, *outbounds_within(plain))
    if not terms.or_later:
        return ()
    known = versions(terms.base)
    later = [f"{base}-or-later" for base in known[1:]]
    return (*later, *(f"{base}-only" for base in known))


def _changed(parts: Sequence[Part], tried: list[_Attempt], best: _Attempt) -> WorkDecision:
    """The work can go out only under another license than the declared one; who moves it owes that."""
    declared = tried[0]
    sentence = _("The work cannot stay under {declared}; it can be released under {outbound}.")
    reason = Reason(sentence.format(declared=declared.outbound, outbound=best.outbound))
    decisions = tuple(
        _moving(decision, reason) if before.ruling is Ruling.CONFLICT else decision
        for before, decision in zip(declared.decisions, best.decisions, strict=True)
    )
    candidates = tuple(attempt.outbound for attempt in tried if _fits_all(attempt))
    return WorkDecision(_worst(decisions), best.outbound, decisions, candidates, reasons=(reason,))


def _moving(decision: Decision, reason: Reason) -> Decision:
    duty = Duty(DutyName.OUTBOUND_CHANGE, decision.license)
    ruling = max(decision.ruling, Ruling.OBLIGATIONS, key=RULING_RANK.__getitem__)
    return replace(decision, ruling=ruling, duties=(*decision.duties, duty), reasons=(reason, *decision.reasons))


def _open_work(parts: Sequence[Part], deployment: Deployment, prefer: Prefer) -> WorkDecision:
    """No outbound is given: every one that the parts leave possible, the best of them first."""
    tried = [_attempt(parts, outbound, deployment, prefer) for outbound in _possible(parts)]
    fitting = [attempt for attempt in tried if _fits_all(attempt)]
    if not fitting:
        return _in_conflict(parts, tried, deployment, open_=True)
    best = min(fitting, key=lambda attempt: attempt.price[1:])
    candidates = tuple(attempt.outbound for attempt in fitting)
    return WorkDecision(_worst(best.decisions), best.outbound, best.decisions, candidates)


def _possible(parts: Sequence[Part]) -> tuple[str, ...]:
    """The usual outbound licenses, and those copylefts among the parts that are not usual."""
    own = [
        leaf for part in parts for leaf in _leaves(part.expression) if terms_of(leaf).class_ in (t.STRONG, t.NETWORK)
    ]
    return tuple(dict.fromkeys((*USUAL_OUTBOUNDS, *sorted(own))))


def _leaves(expression: str) -> tuple[str, ...]:
    try:
        return spdx.licenses_of(expression) if expression not in (NONE, NOASSERTION) else ()
    except ValueError:
        return ()


# --- conflicts --------------------------------------------------------------------------------------------------------


def _in_conflict(
    parts: Sequence[Part], tried: list[_Attempt], deployment: Deployment, *, open_: bool = False
) -> WorkDecision:
    """No outbound does: the smallest set of parts that shows it, and the outbound with the fewest conflicts."""
    best = tried[0] if not open_ else min(tried, key=lambda attempt: attempt.price)
    masks = [
        frozenset(
            index for index, attempt in enumerate(tried) if attempt.decisions[number].ruling is not Ruling.CONFLICT
        )
        for number in range(len(parts))
    ]
    conflicting = tuple(parts[number].name for number in smallest_conflict(masks, len(tried)))
    reasons: tuple[Reason, ...] = ()
    if len(conflicting) > 1:
        sentence = _("No outbound license satisfies these together: {names}.")
        reasons = (Reason(sentence.format(names=_(", ").join(conflicting))),)
    return WorkDecision(Ruling.CONFLICT, None if open_ else best.outbound, best.decisions, (), conflicting, reasons)


def smallest_conflict(masks: Sequence[frozenset[int]], count: int) -> tuple[int, ...]:
    """A smallest set of parts that no outbound satisfies; `masks` are the outbounds that each part allows.

    Parts that allow the same stand for each other. Up to `MAX_SUBSET` parts the answer is a smallest one, beyond that
    one of which none can be left out.
    """
    first: dict[frozenset[int], int] = {}
    for number, mask in enumerate(masks):
        first.setdefault(mask, number)
    different = sorted((mask for mask in first if len(mask) < count), key=lambda mask: (len(mask), first[mask]))
    for size in range(1, min(MAX_SUBSET, len(different)) + 1):
        for chosen in combinations(different, size):
            if not frozenset.intersection(*chosen):
                return tuple(sorted(first[mask] for mask in chosen))
    kept = list(different)
    for mask in different:
        rest = [other for other in kept if other is not mask]
        if rest and not frozenset.intersection(*rest):
            kept = rest
    return tuple(sorted(first[mask] for mask in kept))


def is_joined(part: Part, deployment: Deployment) -> bool:
    """Whether a part is one work with the rest."""
    return joined(setting_of(part, None, deployment)) and part.relationship.binding is not Binding.NOT_SHIPPED
