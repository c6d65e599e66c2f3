"""What the report answers, from a Scan alone: may we ship, what blocks, what is owed, what wants a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from licscan.base.escape import one_line
from licscan.base.messages import _, ngettext
from licscan.compare.grouping import grouped
from licscan.export.duties import Item, items, ruled
from licscan.export.page import label, name_of
from licscan.export.places import places_of, subject
from licscan.export.words import title_of_code
from licscan.law.words import deployment_words, title_of, what_to_do
from licscan.model import VERDICT_RANK, ComponentKind, Finding, Scan, Severity, Verdict
from licscan.report.bilingual import Both, bilingual, both

SHOWN = 8
"""So many findings of a group are open; the others are a click away, and open on paper."""


@dataclass(frozen=True, slots=True)
class Answer:
    """May we ship one artefact: the worst of the findings that count there, and how many of each."""

    name: str
    how: Both
    outbound: str
    verdict: Verdict
    violations: int
    unknown: int
    packages: int
    duties: int
    assumed: tuple[Both, ...]


@dataclass(frozen=True, slots=True)
class ReportFinding:
    """One finding for a reader; `row` is the component's place in the table, None where it is about none."""

    about: str
    row: int | None
    license: str
    message: Both
    surfaces: tuple[str, ...]
    paths: tuple[tuple[str, ...], ...]
    places: tuple[str, ...]
    waiver: Both | None


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one code with the same reason and the same remedies."""

    code: str
    title: Both
    severity: Severity
    why: Both | None
    remedies: tuple[Both, ...]
    findings: tuple[ReportFinding, ...]


@dataclass(frozen=True, slots=True)
class ReportDuty:
    """One duty under one license; `names` are the components that ask for it."""

    license: str
    what: Both
    clauses: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty on a surface, with the licenses that ask for it."""

    title: Both
    owed: tuple[ReportDuty, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is owed on one surface; on `undecided` components nobody has decided, `refused` ones may not be used."""

    surface: str
    how: Both
    duties: tuple[Duty, ...]
    undecided: int
    refused: int


def answers(scan: Scan) -> tuple[Answer, ...]:
    """One answer for each surface; a finding that names no surface counts on every one that its component is on."""
    on: dict[str, set[str]] = {surface.name: set() for surface in scan.surfaces}
    owed = {surface.name: len({one.name for one in items(scan, surface)}) for surface in scan.surfaces}
    for judgement in scan.judgements:
        on.setdefault(judgement.surface, set()).add(judgement.purl)
    counted = merged(scan.counted())
    found = []
    for surface in scan.surfaces:
        here = [one for one, names in counted if surface.name in names or (not names and _is_on(one, on[surface.name]))]
        verdicts = Counter(group.first.verdict for group in grouped(scan, here))
        found.append(
            Answer(
                name=one_line(surface.name),
                how=both(lambda held=surface: deployment_words(held.deployment)),  # type: ignore[misc]
                outbound=one_line(surface.effective or surface.outbound),
                verdict=max(verdicts, key=VERDICT_RANK.__getitem__, default=Verdict.OK),
                violations=verdicts[Verdict.VIOLATION],
                unknown=verdicts[Verdict.CANNOT_TELL],
                packages=len(on[surface.name]),
                duties=owed[surface.name],
                assumed=tuple(map(bilingual, surface.assumed)),
            )
        )
    return tuple(found)


def _is_on(finding: Finding, purls: set[str]) -> bool:
    return finding.purl is None or not finding.purl.startswith("pkg:") or finding.purl in purls


def merged(findings: Iterable[Finding]) -> list[tuple[Finding, tuple[str, ...]]]:
    """Findings that say the same on several surfaces as one, with the names of the surfaces; in the order they came."""
    same: dict[Finding, list[Finding]] = {}
    for finding in findings:
        same.setdefault(replace(finding, surface="", paths=()), []).append(finding)
    return [
        (group[0], tuple(sorted({one.surface for one in group if one.surface})))
        for group in same.values()
    ]  # fmt: skip


def groups(scan: Scan, findings: Iterable[Finding], rows: dict[str, int]) -> tuple[Group, ...]:
    """The findings by code, reason and remedies; the largest severity first, then as the scan has them."""
    found: dict[tuple[str, str, tuple[str, ...]], list[tuple[Finding, tuple[str, ...]]]] = {}
    for finding, names in merged(findings):
        found.setdefault((finding.code, finding.why, finding.remedies), []).append((finding, names))
    return tuple(
        Group(
            code=code,
            title=both(lambda held=code: title_of_code(held)),  # type: ignore[misc]
            severity=group[0][0].severity,
            why=bilingual(why) if why else None,
            remedies=tuple(map(bilingual, remedies)),
            findings=tuple(_told(scan, finding, names, rows) for finding, names in group),
        )
        for (code, why, remedies), group in found.items()
    )


def _told(scan: Scan, finding: Finding, names: tuple[str, ...], rows: dict[str, int]) -> ReportFinding:
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


def checklists(scan: Scan) -> tuple[Checklist, ...]:
    """What is owed on each surface, a duty at a time."""
    return tuple(
        Checklist(
            surface=one_line(surface.name),
            how=both(lambda held=surface: deployment_words(held.deployment)),  # type: ignore[misc]
            duties=_duties(scan, items(scan, surface)),
            undecided=len(ruled(scan, surface, "review")),
            refused=len(ruled(scan, surface, "conflict")),
        )
        for surface in scan.surfaces
    )


def _duties(scan: Scan, owed: tuple[Item, ...]) -> tuple[Duty, ...]:
    found: dict[str, list[Item]] = {}
    for item in owed:
        found.setdefault(item.name, []).append(item)
    return tuple(
        Duty(
            title=both(lambda held=name: title_of(held)),  # type: ignore[misc]
            owed=tuple(_owed(scan, item) for item in sorted(group, key=lambda one: (-len(one.purls), one.license))),
        )
        for name, group in found.items()
    )


def _owed(scan: Scan, item: Item) -> ReportDuty:
    def say() -> str:
        count = len(item.purls)
        counted = ngettext("{count} component", "{count} components", count).format(count=f"{count:,}")
        return what_to_do(item.name, counted, item.license)

    return ReportDuty(
        license=one_line(item.license),
        what=both(say),
        clauses=tuple(map(one_line, item.clauses)),
        names=tuple(sorted({one_line(label(scan.graph, purl), 120) for purl in item.purls})),
    )


def facts(scan: Scan) -> tuple[tuple[Both, int], ...]:
    """The figures under the answer: decisions, not the packages under them."""
    packages = [one for one in scan.graph.components if one.kind is ComponentKind.PACKAGE]
    counted = Counter(group.first.verdict for group in grouped(scan, scan.counted()))
    return (
        (both(lambda: _("Third-party packages")), len(packages)),
        (both(lambda: _("Violations")), counted[Verdict.VIOLATION]),
        (both(lambda: _("Open questions")), counted[Verdict.CANNOT_TELL]),
        (both(lambda: _("To decide")), len(grouped(scan, deciding(scan)))),
        (both(lambda: _("Waived")), sum(bool(one.waiver) for one in scan.findings)),
    )
