"""What the report answers, from a Scan alone: may we ship, what blocks, what is owed, what wants a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.base.terms import outbound_words
from licscan.compare.codes import told_of
from licscan.compare.fingerprint import fingerprints
from licscan.compare.grouping import Group as Decision
from licscan.compare.grouping import grouped
from licscan.export.duties import items
from licscan.export.page import name_of
from licscan.export.places import places_of, subject
from licscan.export.states import shipped, shipped_on
from licscan.export.surfaces import across
from licscan.export.words import title_of_code
from licscan.law.words import deployment_words
from licscan.model import VERDICT_RANK, Finding, Scan, Severity, Verdict, counts_as_package
from licscan.report.bilingual import Both, bilingual, both

SHOWN = 8
"""So many findings of a group are open; the others are a click away, and open on paper."""
MOST_REMEDIES = 6
FOLDED = 3
"""More findings of one decision than these are one entry, with their packages by license."""


@dataclass(frozen=True, slots=True)
class Answer:
    """May we ship one artefact: the worst of the findings that count there, how many of each, what it carries."""

    name: str
    how: Both
    outbound: Both
    verdict: Verdict
    violations: int
    unknown: int
    packages: int
    duties: int
    assumed: tuple[Both, ...]


@dataclass(frozen=True, slots=True)
class ReportFinding:
    """One finding for a reader; `row` is the component's place in the table, None where it is about none.

    `whys` are its own reasons, where those of its group are not all the same.
    """

    about: str
    row: int | None
    license: str
    message: Both
    surfaces: tuple[str, ...]
    paths: tuple[tuple[str, ...], ...]
    places: tuple[str, ...]
    waiver: Both | None
    decision: Both | None
    shipped: bool
    whys: tuple[Both, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """The findings that one decision settles; `packages` are names with their rows by license, of more than a few."""

    findings: tuple[ReportFinding, ...]
    packages: tuple[tuple[str, tuple[tuple[str, int | None], ...]], ...]
    surfaces: tuple[str, ...]

    @property
    def subjects(self) -> int:
        """How many packages or files it is about."""
        return len({one.about for one in self.findings})


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one code with the same reason and the same remedies; `anchor` is the same in the next scan."""

    anchor: str
    code: str
    title: Both
    severity: Severity
    why: Both | None
    remedies: tuple[Both, ...]
    entries: tuple[Entry, ...]

    @property
    def count(self) -> int:
        """How many decisions they are."""
        return len(self.entries)


def answers(scan: Scan) -> tuple[Answer, ...]:
    """One answer for each surface; a finding that names no surface counts on every one that its component is on."""
    on: dict[str, set[str]] = {surface.name: set() for surface in scan.surfaces}
    owed = {surface.name: len({one.name for one in items(scan, surface)}) for surface in scan.surfaces}
    carried = shipped_on(scan)
    for judgement in scan.judgements:
        on.setdefault(judgement.surface, set()).add(judgement.purl)
    counted = across(scan.counted())
    found = []
    for surface in scan.surfaces:
        here = [one for one, names in counted if surface.name in names or (not names and _is_on(one, on[surface.name]))]
        verdicts = Counter(group.first.verdict for group in grouped(scan, here))
        found.append(
            Answer(
                name=one_line(surface.name),
                how=both(lambda held=surface: deployment_words(held.deployment)),  # type: ignore[misc]
                outbound=both(lambda held=surface: outbound_words(held.effective or held.outbound)),  # type: ignore[misc]
                verdict=max(verdicts, key=VERDICT_RANK.__getitem__, default=Verdict.OK),
                violations=verdicts[Verdict.VIOLATION],
                unknown=verdicts[Verdict.CANNOT_TELL],
                packages=sum(counts_as_package(one) for one in carried[surface.name]),
                duties=owed[surface.name],
                assumed=tuple(map(bilingual, surface.assumed)),
            )
        )
    return tuple(found)


def _is_on(finding: Finding, purls: set[str]) -> bool:
    return finding.purl is None or not finding.purl.startswith("pkg:") or finding.purl in purls


def groups(scan: Scan, findings: Iterable[Finding], rows: dict[str, int]) -> tuple[Group, ...]:
    """The decisions by code, reason and remedies; the largest severity first, then as the scan has them."""
    found: dict[tuple[str, Both | None, tuple[Both, ...]], list[Decision]] = {}
    for decision in grouped(scan, findings):
        key = decision.first.code, _why(decision), _remedies(scan, decision)
        found.setdefault(key, []).append(decision)
    carried, marks = shipped(scan), dict(fingerprints(scan))
    return tuple(
        Group(
            anchor=_anchor(marks, decisions),
            code=code,
            title=both(lambda held=code: title_of_code(held)),  # type: ignore[misc]
            severity=decisions[0].first.severity,
            why=why,
            remedies=remedies if len(decisions) > 1 or _is_of_many(decisions[0]) else _own_remedies(decisions[0]),
            entries=tuple(_entry(scan, one, rows, carried) for one in decisions),
        )
        for (code, why, remedies), decisions in found.items()
    )


def _anchor(marks: Mapping[Finding, str], decisions: Sequence[Decision]) -> str:
    """The name of the place in the page: the fingerprint of the first finding, so that links outlive a scan."""
    digest, _colon, number = marks[decisions[0].first].partition(":")
    return f"f-{digest[:12]}" if number == "1" else f"f-{digest[:12]}-{number}"


def _why(decision: Decision) -> Both | None:
    """The reason of all findings, else what is said of their code."""
    whys = dict.fromkeys(one.why for one in decision.findings)
    if len(whys) > 1:
        return both(lambda: told_of(decision.first.code).why)
    return bilingual(decision.first.why) if decision.first.why else None


def _remedies(scan: Scan, decision: Decision) -> tuple[Both, ...]:
    """What helps in each case; a remedy that names its package is said of each of them."""
    told = [tuple(_of_each(scan, one, remedy) for remedy in one.remedies) for one in decision.findings]
    common = set(told[0]).intersection(*told[1:])
    # where nothing helps all of them, what helps some is still better than no word
    every = dict.fromkeys(remedy for one in told for remedy in one)
    return tuple(remedy for remedy in every if remedy in common or not common)[:MOST_REMEDIES]


def _is_of_many(decision: Decision) -> bool:
    return len({one.purl for one in decision.findings}) > 1


def _own_remedies(decision: Decision) -> tuple[Both, ...]:
    """What helps in the one case that there is, with the package's name."""
    return tuple(map(bilingual, decision.first.remedies))


def _of_each(scan: Scan, finding: Finding, remedy: str) -> Both:
    component = scan.graph.by_purl.get(finding.purl or "")
    said = bilingual(remedy)
    if component is None or len(component.name) < 2:
        return said
    each = both(lambda: _("each of them"))

    def spoken(sentence: str, words: str) -> str:
        return " ".join(words if word == component.name else word for word in sentence.split(" "))

    # Chinese sets blanks around a name, and none around words
    chinese = spoken(said.zh, each.zh).replace(f" {each.zh}", each.zh).replace(f"{each.zh} ", each.zh)
    return Both(spoken(said.en, each.en), chinese if each.zh != each.en else spoken(said.zh, each.zh))


def _entry(scan: Scan, group: Decision, rows: dict[str, int], carried: frozenset[str]) -> Entry:
    """One decision; where it settles several packages, these by license."""
    reasons = len({one.why for one in group.findings}) > 1
    findings = _alike(
        _told(scan, finding, names, rows, carried, reasons) for finding, names in across(group.findings)
    )  # fmt: skip
    by_license: dict[str, dict[str, int | None]] = {}
    for one in findings if len(findings) > FOLDED else ():
        by_license.setdefault(one.license, {})[one.about] = one.row
    packages = [(name, tuple(names.items())) for name, names in by_license.items()]
    return Entry(
        findings,
        tuple(sorted(packages, key=lambda one: (-len(one[1]), one[0]))),
        tuple(sorted({name for one in findings for name in one.surfaces})),
    )


def _alike(findings: Iterable[ReportFinding]) -> tuple[ReportFinding, ...]:
    """Findings that differ in their surfaces and reasons alone as one, with all of them."""
    same: dict[ReportFinding, list[ReportFinding]] = {}
    for one in findings:
        same.setdefault(replace(one, surfaces=(), whys=()), []).append(one)
    return tuple(
        replace(
            key,
            surfaces=tuple(sorted({name for one in held for name in one.surfaces})),
            whys=tuple(dict.fromkeys(why for one in held for why in one.whys)),
        )
        for key, held in same.items()
    )


def _told(
    scan: Scan,
    finding: Finding,
    names: tuple[str, ...],
    rows: dict[str, int],
    carried: frozenset[str],
    with_reason: bool,
) -> ReportFinding:
    conclusion = scan.by_purl.get(finding.purl or "")
    return ReportFinding(
        about=one_line(subject(scan, finding)),
        row=rows.get(finding.purl or ""),
        license=one_line(conclusion.concluded) if conclusion else "",
        message=bilingual(finding.message),
        surfaces=tuple(map(one_line, names)),
        paths=tuple(tuple(one_line(name_of(scan.graph, purl)) for purl in path) for path in finding.paths),
        places=tuple(one_line(str(place)) for place in places_of(scan, finding)[:3]),
        waiver=bilingual(finding.waiver) if finding.waiver else None,
        decision=bilingual(finding.decision) if finding.decision else None,
        shipped=finding.purl not in scan.graph.by_purl or finding.purl in carried,
        whys=(bilingual(finding.why),) if with_reason and finding.why else (),
    )


def blocking(scan: Scan, verdict: Verdict) -> list[Finding]:
    """The findings with this verdict that count."""
    return [finding for finding in scan.counted() if finding.verdict is verdict]


def deciding(scan: Scan) -> list[Finding]:
    """What does not block, but wants somebody to look: warnings that do not count."""
    counted = set(map(id, scan.counted()))
    return [
        one for one in scan.findings
        if not one.waiver and id(one) not in counted and one.severity is not Severity.NOTE
    ]  # fmt: skip


def noted(scan: Scan) -> list[Finding]:
    """What is only worth knowing."""
    counted = set(map(id, scan.counted()))
    return [one for one in scan.findings if not one.waiver and id(one) not in counted and one.severity is Severity.NOTE]
