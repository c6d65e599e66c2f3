"""Which decision speaks of which finding, and which have lapsed since what they rest on is another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from licscan.base.messages import _
from licscan.compare.digest import evidence_digest
from licscan.model import Component, Conclusion, EvidenceKind, Finding, Graph
from licscan.model.surface import Judgement, Surface
from licscan.review.chain import Entry
from licscan.review.decision import Decision, Verb


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about, as a decision holds it; `component` is the one of the scan."""

    component: Component
    package: str
    version: str
    code: str
    surface: str
    setting: str
    license: str
    text: str
    evidence: str

    def decided(self, verb: Verb, who: str, when: str, why: str, until: str = "", versions: str = "") -> Decision:
        """A decision about it."""
        return Decision(
            verb, self.code, self.package, self.version, self.surface, who, when, why, self.evidence,
            self.license, self.text, self.setting, until, versions,
        )  # fmt: skip


class Subjects:
    """The subjects of the findings of one scan."""

    def __init__(
        self,
        graph: Graph,
        conclusions: Mapping[str, Conclusion],
        surfaces: Iterable[Surface],
        judgements: Iterable[Judgement],
    ):
        self._graph = graph
        self._conclusions = conclusions
        self._licenses = {(one.surface, one.purl): one.license for one in judgements}
        self._settings = {one.name: f"{one.deployment}, {one.outbound}" for one in surfaces}
        self._digests: dict[str, tuple[str, str]] = {}

    def of(self, finding: Finding) -> Subject | None:
        """The subject; None where the finding is about no package that was looked at."""
        component = self._graph.by_purl.get(finding.purl or "")
        conclusion = self._conclusions.get(finding.purl or "")
        if component is None or conclusion is None:
            return None
        if component.purl not in self._digests:
            self._digests[component.purl] = text_digest(conclusion), evidence_digest(conclusion)
        text, evidence = self._digests[component.purl]
        return Subject(
            component,
            package=bare(component),
            version=component.version or "",
            code=finding.code,
            surface=finding.surface,
            setting=self._settings.get(finding.surface, ""),
            license=self._licenses.get((finding.surface, component.purl)) or conclusion.concluded,
            text=text,
            evidence=evidence,
        )

    def has(self, surface: str) -> bool:
        """Whether the scan has the surface; that of findings about all surfaces is always there."""
        return not surface or surface in self._settings


def bare(component: Component) -> str:
    """The PackageURL without version and qualifiers."""
    whole = component.purl.partition("?")[0].partition("#")[0]
    kind, slash, rest = whole.partition("/")
    at = rest.rfind("@")
    return f"{kind}{slash}{rest if at <= 0 else rest[:at]}"


def text_digest(conclusion: Conclusion) -> str:
    """The digest over the license texts of the component itself; empty where none was read."""
    texts = {one.sha256 for one in conclusion.evidence if one.kind is EvidenceKind.FILE and one.sha256}
    return f"sha256:{hashlib.sha256(' '.join(sorted(texts)).encode()).hexdigest()}" if texts else ""


@dataclass(frozen=True, slots=True)
class Lapse:
    """A decision that covers nothing any more, the component it was about, and what changed."""

    entry: Entry
    purl: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """The findings, marked; the decisions that lapsed; and of every finding the entry that speaks of it, if any."""

    findings: tuple[Finding, ...]
    lapses: tuple[Lapse, ...]
    used: Mapping[int, tuple[int, ...]]


def cover(findings: Sequence[Finding], entries: Sequence[Entry], subjects: Subjects, today: date) -> Covered:
    """The latest decision that speaks of a finding counts; where that one does not fit any more, none does."""
    by_place: dict[tuple[str, str], list[Entry]] = {}
    for entry in in_force(entries):
        by_place.setdefault((entry.decision.package, entry.decision.code), []).append(entry)
    marked, used, undecided = list(findings), dict[int, tuple[int, ...]](), list[tuple[Subject, list[Entry]]]()
    lapses: dict[tuple[int, str], Lapse] = {}
    for number, finding in enumerate(findings):
        subject = subjects.of(finding)
        rivals = by_place.get((subject.package, subject.code), []) if subject else []
        if subject is None or not rivals:
            continue
        speaking = next((one for one in reversed(rivals) if speaks(one.decision, subject)), None)
        if speaking is None:
            undecided.append((subject, rivals))
            continue
        used[speaking.number] = (*used.get(speaking.number, ()), number)
        if changes := changed(speaking.decision, subject, today):
            lapses[speaking.number, subject.component.purl] = Lapse(speaking, subject.component.purl, changes)
        elif not finding.waiver:
            marked[number] = mark(finding, speaking)
    for subject, rivals in undecided:
        left = _left_behind(subject, rivals, used, subjects)
        if left:
            purl = subject.component.purl
            lapses[left.number, purl] = Lapse(left, purl, changed(left.decision, subject, today))
    return Covered(tuple(marked), tuple(lapses[key] for key in sorted(lapses)), used)


def _left_behind(
    subject: Subject, rivals: Sequence[Entry], used: Mapping[int, tuple[int, ...]], subjects: Subjects
) -> Entry | None:
    """The latest decision that spoke of the package before it had this version or surface."""
    for entry in reversed(rivals):
        surface = entry.decision.surface
        if entry.number not in used and (surface == subject.surface or not subjects.has(surface)):
            return entry
    return None


def speaks(decision: Decision, subject: Subject) -> bool:
    """Whether the decision is about this version on this surface, whatever else has changed."""
    if (decision.package, decision.code, decision.surface) != (subject.package, subject.code, subject.surface):
        return False
    pattern = decision.range
    return pattern.matches(subject.component) if pattern else decision.version == subject.version


def changed(decision: Decision, subject: Subject, today: date) -> tuple[str, ...]:
    """What is another than when it was decided, old and new, as sentences; nothing while it holds."""
    return tuple(_changes(decision, subject, today))


def _changes(decision: Decision, subject: Subject, today: date) -> Iterator[str]:
    if decision.is_over(today):
        yield _("it expired on {day}").format(day=decision.until)
    pattern = decision.range
    within = pattern.matches(subject.component) if pattern else decision.version == subject.version
    pairs = (
        (
            _("version"),
            decision.versions or decision.version,
            decision.version if within and pattern else subject.version,
            within,
        ),
        (_("surface"), decision.surface, subject.surface, decision.surface == subject.surface),
        (_("use of the surface"), decision.setting, subject.setting, decision.setting == subject.setting),
        (_("effective license"), decision.license, subject.license, decision.license == subject.license),
        (_("license text"), decision.text, subject.text, decision.text == subject.text),
        (_("evidence"), decision.evidence, subject.evidence, decision.evidence == subject.evidence),
    )
    for what, old, new, same in pairs:
        if not same:
            none = _("none")
            yield _("{what}: {old}, now {new}").format(what=what, old=old or none, new=new or none)


def mark(finding: Finding, entry: Entry) -> Finding:
    """The finding with the decision on it."""
    told = decision_line(entry)
    return replace(finding, waiver=told) if entry.decision.covers else replace(finding, decision=told)


def decision_line(entry: Entry) -> str:
    """What was decided, by whom, why and until when, in one line."""
    one = entry.decision
    told = {
        Verb.ACCEPT: lambda: _("accepted: {why}, says {who} on {day} (decision {number})"),
        Verb.WAIVE: lambda: _("waived until {until}: {why}, says {who} on {day} (decision {number})"),
        Verb.ENTITLE: lambda: _("needs an entitlement: {why}, says {who} on {day} (decision {number})"),
        Verb.REPLACE: lambda: _("to be replaced: {why}, says {who} on {day} (decision {number})"),
    }[one.verb]()
    return told.format(why=one.why, who=one.who, day=one.when[:10], until=one.until, number=entry.number)


def in_force(entries: Sequence[Entry]) -> list[Entry]:
    """The entries without withdrawals, and without what each of them took back: all before it on its subject."""
    withdrawn = {entry.decision.subject: entry.number for entry in entries if entry.decision.verb is Verb.WITHDRAW}
    return [entry for entry in entries if entry.number > withdrawn.get(entry.decision.subject, 0)]


def superseded(entries: Sequence[Entry]) -> frozenset[int]:
    """The numbers of the entries whose subject a later one decided anew."""
    last: dict[tuple[str, ...], int] = {}
    for entry in entries:
        last[entry.decision.subject] = entry.number
    return frozenset(entry.number for entry in entries if last[entry.decision.subject] != entry.number)
