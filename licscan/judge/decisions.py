"""Decisions of the ledger on findings, beside the waivers of licscan.toml, and what is to be said of the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from licscan.base.messages import _
from licscan.judge.entries import Day
from licscan.judge.findings import texts_of
from licscan.model import Conclusion, Finding, Graph, Severity, Verdict
from licscan.model.surface import Judgement, Surface

if TYPE_CHECKING:
    from licscan.review.chain import Ledger
    from licscan.review.covering import Lapse


@dataclass(frozen=True, slots=True)
class Signed:
    """The ledger of the project, None without one, and what its decisions are held against."""

    ledger: Ledger | None = None
    surfaces: tuple[Surface, ...] = ()
    judgements: tuple[Judgement, ...] = ()


NOTHING_SIGNED = Signed()


def apply_decisions(
    findings: Sequence[Finding], signed: Signed, graph: Graph, conclusions: Mapping[str, Conclusion], day: Day
) -> tuple[Finding, ...]:
    """The findings with the decisions on them, and those about lapsed ones; a broken ledger decides nothing."""
    from licscan.review.covering import Subjects, cover

    ledger = signed.ledger
    if ledger is None:
        return tuple(findings)
    if ledger.broken:
        message = _("The decision ledger is broken and not applied: {broken}.").format(broken=ledger.broken)
        return (*findings, _about("ledger-broken", message, Verdict.CANNOT_TELL))
    subjects = Subjects(graph, conclusions, signed.surfaces, signed.judgements)
    covered = cover(findings, ledger.entries, subjects, day.today)
    return (*covered.findings, *map(_lapsed, covered.lapses))


def _lapsed(lapse: Lapse) -> Finding:
    from licscan.review.chain import name_of

    message = _("Decision {number} ({named}) has lapsed: {changes}.").format(
        number=lapse.entry.number, named=name_of(lapse.entry.decision), changes=_("; ").join(lapse.changes)
    )
    return _about("decision-lapsed", message, Verdict.OK, lapse.purl, lapse.entry.decision.surface)


def _about(code: str, message: str, verdict: Verdict, purl: str | None = None, surface: str = "") -> Finding:
    texts = texts_of(code)
    return Finding(
        code=code,
        severity=Severity(texts["severity"]),
        verdict=verdict,
        purl=purl,
        message=message,
        why=_(texts["why"]),
        remedies=tuple(_(remedy) for remedy in texts["remedies"]),
        surface=surface,
    )
