"""One expression in one setting -> a decision: every OR is a choice, and the best branch is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.law.decisions import Decision, Setting
from licscan.law.rulings import decide_license
from licscan.law.vocabulary import NOTICE_DUTIES, RULING_RANK, SOURCE_DUTIES, Duty, DutyName, Reason, Ruling
from licscan.licenses import spdx
from licscan.licenses.statements import read_license
from licscan.model import NOASSERTION, NONE

Prefer = Callable[[str], int]
"""The place of a license in the order that the policy prefers; smaller is better."""

MAX_ALTERNATIVES = 256
"""So many ways to choose are compared in one expression; beyond that each OR is decided by itself."""


def no_preference(license_id: str) -> int:
    """All licenses are equal."""
    return 0


def decide(expression: str, setting: Setting, prefer: Prefer = no_preference) -> Decision:
    """The decision about an expression, NONE, NOASSERTION, or a text that is none of these."""
    if prefer is no_preference:
        return _decide_plainly(expression, setting)
    return _decide(expression, setting, prefer)


@lru_cache(maxsize=50_000)
def _decide_plainly(expression: str, setting: Setting) -> Decision:
    return _decide(expression, setting, no_preference)


def _decide(expression: str, setting: Setting, prefer: Prefer) -> Decision:
    if expression in (NONE, NOASSERTION):
        return decide_license(expression, setting)
    try:
        node = spdx.tree(expression)
    except ValueError:
        return _decide_statement(expression, setting, prefer)
    found = [_combined(leaves, setting) for leaves in alternatives(node, setting, prefer)]
    best = min(found, key=lambda decision: price(decision, prefer))
    if len(found) > 1:
        return _explained(best, expression)
    return best


def _explained(best: Decision, expression: str) -> Decision:
    sentence = _("Of {expression}, {license} is chosen.").format(expression=expression, license=best.license)
    return Decision(best.ruling, best.license, best.duties, (*best.reasons, Reason(sentence)), best.blocking)


def _decide_statement(text: str, setting: Setting, prefer: Prefer) -> Decision:
    """A statement that is no expression: decided where every reading of it gives the same ruling."""
    reading = read_license(text)
    readings = (reading.expression,) if reading.expression else reading.candidates
    if reading.expression in (NONE, NOASSERTION) or not readings:
        unknown = reading.expression or NOASSERTION
        return decide_license(unknown, setting)
    decisions = [_decide(one, setting, prefer) for one in readings if one]
    if len({decision.ruling for decision in decisions}) == 1:
        return max(decisions, key=lambda decision: len(decision.duties))
    worst = max(decisions, key=lambda decision: RULING_RANK[decision.ruling])
    sentence = _("{text} is ambiguous, and its readings lead to different answers: {readings}.")
    reason = Reason(sentence.format(text=one_line(text, 80), readings=_("; ").join(one for one in readings if one)))
    return Decision(Ruling.REVIEW, NOASSERTION, worst.duties, (reason, *worst.reasons), worst.blocking or (text,))


# --- choices ----------------------------------------------------------------------------------------------------------


def alternatives(node: spdx.Node, setting: Setting, prefer: Prefer) -> list[tuple[str, ...]]:
    """Every way to choose: the licenses that then apply together, in the expression's order, without repetition."""
    if isinstance(node, str):
        return [(node,)]
    parts = [alternatives(part, setting, prefer) for part in node.parts]
    if node.operator == spdx.OR:
        found = [leaves for part in parts for leaves in part]
    else:
        found = [()]
        for part in parts:
            found = [tuple(dict.fromkeys((*before, *leaves))) for before in found for leaves in part]
            found = _pruned(found, setting, prefer)
    return _pruned(list(dict.fromkeys(found)), setting, prefer)


def _pruned(found: list[tuple[str, ...]], setting: Setting, prefer: Prefer) -> list[tuple[str, ...]]:
    if len(found) <= MAX_ALTERNATIVES:
        return found
    best = sorted(found, key=lambda leaves: price(_combined(leaves, setting), prefer))[:MAX_ALTERNATIVES]
    kept = set(best)
    return [leaves for leaves in found if leaves in kept]


def _combined(leaves: tuple[str, ...], setting: Setting) -> Decision:
    """Licenses that apply together: the worst ruling, all duties, all reasons, those of the worst first."""
    decisions = [decide_license(leaf, setting) for leaf in leaves]
    if len(decisions) == 1:
        return decisions[0]
    worst = sorted(decisions, key=lambda decision: -RULING_RANK[decision.ruling])
    order = list(DutyName)
    duties: dict[tuple[DutyName, str], Duty] = {}
    for decision in decisions:
        for duty in decision.duties:
            duties.setdefault((duty.name, duty.license), duty)
    return Decision(
        max((decision.ruling for decision in decisions), key=RULING_RANK.__getitem__),
        spdx.combine(spdx.AND, leaves),
        tuple(sorted(duties.values(), key=lambda duty: (order.index(duty.name), leaves.index(duty.license)))),
        tuple(dict.fromkeys(reason for decision in worst for reason in decision.reasons)),
        tuple(dict.fromkeys(license_id for decision in decisions for license_id in decision.blocking)),
    )


Price = tuple[int, ...]


def price(decision: Decision, prefer: Prefer = no_preference) -> Price:
    """What a choice costs: conflicts, reviews, source duties, other duties, notices, then the policy's order."""
    names = {duty.name for duty in decision.duties}
    notices = names & NOTICE_DUTIES
    sources = names & SOURCE_DUTIES
    return (
        int(decision.ruling is Ruling.CONFLICT),
        int(decision.ruling is Ruling.REVIEW),
        len(sources),
        len(names) - len(sources) - len(notices),
        int(decision.ruling is Ruling.OBLIGATIONS),
        len(notices),
        _preference(decision.license, prefer),
    )


def _preference(expression: str, prefer: Prefer) -> int:
    try:
        return max((prefer(license_id) for license_id in spdx.licenses_of(expression)), default=0)
    except ValueError:
        return 0


def total(prices: Iterable[Price]) -> Price:
    """The sum of prices, place by place."""
    return tuple(map(sum, zip(*prices, strict=True)))
