"""What of a scan waits for a decision, and how the decisions that there are stand to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from licscan.model import Finding, Graph, Project, Scan, Severity
from licscan.review.chain import NO_LEDGER, Entry, Ledger
from licscan.review.covering import Covered, Lapse, Subject, Subjects, cover, in_force, superseded
from licscan.review.decision import Verb

OF_UPKEEP = ("waiver-", "clarification-", "entitlement-", "grant-", "setting-", "decision-", "ledger-")
"""Codes that are about what people wrote; they are mended, not decided."""

NO_SCAN = Scan("", Project("", "", ""), Graph())


@dataclass(frozen=True, slots=True)
class Question:
    """A finding that waits for a person, and its subject."""

    finding: Finding
    subject: Subject


def subjects_of(scan: Scan) -> Subjects:
    """The subjects of the findings of a scan."""
    return Subjects(scan.graph, scan.by_purl, scan.surfaces, scan.judgements)


def decidable(scan: Scan) -> list[Finding]:
    """The findings about packages, as they are without the decisions and waivers on them."""
    found = [one for one in scan.findings if one.purl and not one.code.startswith(OF_UPKEEP)]
    return [replace(one, decision="") for one in found]


def questions(scan: Scan, ledger: Ledger | None, today: date, *, every: bool = False) -> list[Question]:
    """The findings that nobody has decided or answers for, loudest first; `every`: notes too. One for each subject."""
    findings, subjects = decidable(scan), subjects_of(scan)
    covered = cover(findings, (ledger or NO_LEDGER).entries, subjects, today)
    asked: dict[tuple[str, ...], Question] = {}
    for finding in covered.findings:
        subject = subjects.of(finding)
        quiet = finding.waiver or finding.decision or (finding.severity is Severity.NOTE and not every)
        if subject is not None and not quiet:
            key = (subject.component.purl, subject.code, subject.surface)
            asked.setdefault(key, Question(finding, subject))
    return list(asked.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision with its state: `stands`, `lapsed`, `superseded`, `withdrawn`, `withdrawal` or `idle`.

    `idle`: no finding of the scan is about it; `withdrawal`: it takes an earlier one back.
    """

    entry: Entry
    state: str
    changes: tuple[str, ...] = ()


def standings(scan: Scan, ledger: Ledger, today: date) -> list[Standing]:
    """Every decision, in the order of signing, held against the scan."""
    covered = cover(decidable(scan), ledger.entries, subjects_of(scan), today)
    lapses = {lapse.entry.number: lapse for lapse in reversed(covered.lapses)}
    old = superseded(ledger.entries)
    kept = {entry.number for entry in in_force(ledger.entries)}
    lost = {entry.decision.subject: entry.number for entry in ledger.entries if entry.number not in kept
            and entry.decision.verb is not Verb.WITHDRAW}  # fmt: skip
    withdrawn = frozenset(lost.values())
    return [_standing(entry, covered, lapses, old, withdrawn) for entry in ledger.entries]


def _standing(
    entry: Entry, covered: Covered, lapses: Mapping[int, Lapse], old: frozenset[int], withdrawn: frozenset[int]
) -> Standing:
    if entry.decision.verb is Verb.WITHDRAW:
        return Standing(entry, "withdrawal")
    if entry.number in withdrawn:
        return Standing(entry, "withdrawn")
    if entry.number in old:
        return Standing(entry, "superseded")
    if entry.number in lapses:
        return Standing(entry, "lapsed", lapses[entry.number].changes)
    return Standing(entry, "stands" if entry.number in covered.used else "idle")
