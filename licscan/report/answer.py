"""What the report answers, from a Scan alone: may we ship, what blocks, what is owed, what wants a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from licscan.base.escape import one_line
from licscan.base.messages import _, ngettext
from licscan.base.terms import clause_words, outbound_words
from licscan.compare.codes import told_of
from licscan.compare.grouping import Group as Decision
from licscan.compare.grouping import grouped
from licscan.export.duties import Item, items
from licscan.export.page import label, name_of
from licscan.export.places import places_of, subject
from licscan.export.words import title_of_code
from licscan.law.vocabulary import DutyName
from licscan.law.words import deployment_words, title_of, what_to_do
from licscan.model import VERDICT_RANK, Finding, Scan, Severity, Verdict, counts_as_package, shipped_packages
from licscan.report.bilingual import Both, bilingual, both
from licscan.report.states import shipped

SHOWN = 8
"""So many findings of a group are open; the others are a click away, and open on paper."""
FOLDED = 3
"""More findings of one decision than these are one entry, with their packages by license."""
_DUTIES = frozenset(name.value for name in DutyName)


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
    """One finding for a reader; `row` is the component's place in the table, None where it is about none."""

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
    """Findings of one code with the same reason and the same remedies."""

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


@dataclass(frozen=True, slots=True)
class ReportDuty:
    """One duty under one license; `names` are the components that ask for it on these surfaces."""

    license: str
    what: Both
    clauses: tuple[Both, ...]
    names: tuple[str, ...]
    surfaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty, with the licenses that ask for it, and how many components these are of."""

    name: str
    title: Both
    owed: tuple[ReportDuty, ...]
    components: int


@dataclass(frozen=True, slots=True)
class Left:
    """What the list of duties of a surface leaves out: components that are `undecided`, others that are `refused`."""

    surface: str
    how: Both
    undecided: int
    refused: int


def answers(scan: Scan) -> tuple[Answer, ...]:
    """One answer for each surface; a finding that names no surface counts on every one that its component is on."""
    on: dict[str, set[str]] = {surface.name: set() for surface in scan.surfaces}
    owed = {surface.name: len({one.name for one in items(scan, surface)}) for surface in scan.surfaces}
    carried: dict[str, set[str]] = {}
    for judgement in scan.judgements:
        on.setdefault(judgement.surface, set()).add(judgement.purl)
        if judgement.is_shipped:
            carried.setdefault(judgement.surface, set()).add(judgement.purl)
    counted = merged(scan.counted())
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
                packages=len(carried.get(surface.name, ())),
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
    """The decisions by code, reason and remedies; the largest severity first, then as the scan has them."""
    found: dict[tuple[str, Both | None, tuple[Both, ...]], list[Decision]] = {}
    for decision in grouped(scan, findings):
        key = decision.first.code, _why(decision), _remedies(scan, decision)
        found.setdefault(key, []).append(decision)
    carried = shipped(scan)
    return tuple(
        Group(
            code=code,
            title=both(lambda held=code: title_of_code(held)),  # type: ignore[misc]
            severity=decisions[0].first.severity,
            why=why,
            remedies=remedies if len(decisions) > 1 or _is_of_many(decisions[0]) else _own_remedies(decisions[0]),
            entries=tuple(_entry(scan, one, rows, carried) for one in decisions),
        )
        for (code, why, remedies), decisions in found.items()
    )


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
    return tuple(remedy for remedy in dict.fromkeys(told[0]) if remedy in common)


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
    findings = tuple(_told(scan, finding, names, rows, carried) for finding, names in merged(group.findings))
    by_license: dict[str, dict[str, int | None]] = {}
    for one in findings if len(findings) > FOLDED else ():
        by_license.setdefault(one.license, {})[one.about] = one.row
    packages = [(name, tuple(names.items())) for name, names in by_license.items()]
    return Entry(
        findings,
        tuple(sorted(packages, key=lambda one: (-len(one[1]), one[0]))),
        tuple(sorted({name for one in findings for name in one.surfaces})),
    )


def _told(
    scan: Scan, finding: Finding, names: tuple[str, ...], rows: dict[str, int], carried: frozenset[str]
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


def duties(scan: Scan) -> tuple[Duty, ...]:
    """What is owed, each duty once, whatever the surfaces; what differs between them is told for each."""
    order: dict[str, None] = {}
    found: dict[tuple[str, Item], list[str]] = {}
    purls: dict[str, set[str]] = {}
    for surface in scan.surfaces:
        for item in items(scan, surface):
            order[item.name] = None
            found.setdefault((item.name, item), []).append(surface.name)
            purls.setdefault(item.name, set()).update(item.purls)
    ranked = sorted(order, key=lambda name: list(DutyName).index(DutyName(name)) if name in _DUTIES else len(_DUTIES))
    return tuple(
        Duty(
            name=name,
            title=both(lambda held=name: title_of(held)),  # type: ignore[misc]
            owed=tuple(
                _owed(scan, item, tuple(names))
                for (of, item), names in sorted(found.items(), key=_largest_first)
                if of == name
            ),
            components=len(purls[name]),
        )
        for name in ranked
    )


def _largest_first(one: tuple[tuple[str, Item], list[str]]) -> tuple[int, str]:
    return -len(one[0][1].purls), one[0][1].license


def left_out(scan: Scan) -> tuple[Left, ...]:
    """The surfaces, with what may be owed beyond the list, and what nothing that could be given makes right."""
    rulings: dict[tuple[str, str], set[str]] = {}
    for one in scan.judgements:
        if one.is_shipped:
            rulings.setdefault((one.surface, one.ruling), set()).add(one.purl)
    return tuple(
        Left(
            surface=one_line(surface.name),
            how=both(lambda held=surface: deployment_words(held.deployment)),  # type: ignore[misc]
            undecided=len(rulings.get((surface.name, "review"), ())),
            refused=len(rulings.get((surface.name, "conflict"), ())),
        )
        for surface in scan.surfaces
    )


def _owed(scan: Scan, item: Item, surfaces: tuple[str, ...]) -> ReportDuty:
    def say() -> str:
        count = len(item.purls)
        counted = ngettext("{count} component", "{count} components", count).format(count=f"{count:,}")
        return what_to_do(item.name, counted, item.license)

    return ReportDuty(
        license=one_line(item.license),
        what=both(say),
        clauses=tuple(both(lambda held=one: clause_words(held)) for one in item.clauses),  # type: ignore[misc]
        names=tuple(sorted({one_line(label(scan.graph, purl), 120) for purl in item.purls})),
        surfaces=tuple(map(one_line, surfaces)),
    )


def facts(scan: Scan) -> tuple[tuple[Both, int], ...]:
    """The figures under the answer: decisions, not the packages under them."""
    packages = [one for one in scan.graph.components if counts_as_package(one)]
    carried = shipped_packages(packages, scan.judgements)
    counted = Counter(group.first.verdict for group in grouped(scan, scan.counted()))
    waived = grouped(scan, [one for one in scan.findings if one.waiver])
    return (
        (both(lambda: _("Shipped packages")), len(carried)),
        (both(lambda: _("Not shipped")), len(packages) - len(carried)),
        (both(lambda: _("Violations")), counted[Verdict.VIOLATION]),
        (both(lambda: _("Open questions")), counted[Verdict.CANNOT_TELL]),
        (both(lambda: _("To decide")), len(grouped(scan, deciding(scan)))),
        (both(lambda: _("Waived")), len(waived)),
    )
