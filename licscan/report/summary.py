"""The first page of the report: the figures, what decides the answer, what is owed, who signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from licscan.base.messages import _
from licscan.compare.grouping import grouped
from licscan.export.states import kind_of, shipped
from licscan.model import Scan, Verdict
from licscan.report.answer import Group, deciding
from licscan.report.bilingual import Both, both

MOST_REASONS = 6


@dataclass(frozen=True, slots=True)
class Reason:
    """One decision behind the answer: what is found, about whom, under which license, on which surfaces."""

    anchor: str
    title: Both
    about: str
    others: int
    license: str
    surfaces: tuple[str, ...]
    is_violation: bool


def reasons(violations: Iterable[Group], open_questions: Iterable[Group]) -> tuple[tuple[Reason, ...], int]:
    """The first decisions that the answer rests on, violations first, and how many more there are."""
    found = [
        Reason(
            group.anchor,
            group.title,
            entry.findings[0].about,
            entry.subjects - 1,
            entry.findings[0].license,
            entry.surfaces,
            is_violation,
        )
        for is_violation, groups in ((True, violations), (False, open_questions))
        for group in groups
        for entry in group.entries
    ]
    return tuple(found[:MOST_REASONS]), max(0, len(found) - MOST_REASONS)


def facts(scan: Scan) -> tuple[tuple[Both, int], ...]:
    """The figures under the answer: decisions, not the packages under them."""
    carried = shipped(scan)
    kinds = Counter((kind_of(one), one.purl in carried) for one in scan.graph.components)
    counted = Counter(group.first.verdict for group in grouped(scan, scan.counted()))
    waived = grouped(scan, [one for one in scan.findings if one.waiver])
    told = [
        (both(lambda: _("Violations")), counted[Verdict.VIOLATION]),
        (both(lambda: _("Open questions")), counted[Verdict.CANNOT_TELL]),
        (both(lambda: _("To decide")), len(grouped(scan, deciding(scan)))),
        (both(lambda: _("Waived")), len(waived)),
        (both(lambda: _("Shipped packages")), kinds["package", True]),
    ]
    if kinds["inside", True]:
        told.append((both(lambda: _("Parts inside them, copied code")), kinds["inside", True]))
    if kinds["content", True]:
        told.append((both(lambda: _("Shipped groups of content")), kinds["content", True]))
    told.append((both(lambda: _("Packages not shipped")), kinds["package", False]))
    return tuple(told)
