"""What follows for each component on each surface: the law asked about whole works, and about each open reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from licscan.base.messages import _
from licscan.conclude.agree import fits
from licscan.judge.settings import Settings
from licscan.judge.surfaces import Member, Plan
from licscan.law.decide import decide
from licscan.law.decisions import Decision, Part, Setting, WorkDecision
from licscan.law.terms import FONT, terms_of
from licscan.law.vocabulary import PROPRIETARY, RELATIONSHIPS, RULING_RANK, Binding, Deployment, Duty, Reason, Ruling
from licscan.law.works import decide_work
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, NONE, OF_PARTS, Conclusion, Evidence
from licscan.model.endings import endings
from licscan.model.media import MediaKind
from licscan.model.surface import Judgement, Obligation, Surface

OUTBOUND_OF = {"proprietary": PROPRIETARY}
MOST_PARTS = 200
"""So many different licenses of parts of one component are judged; hostile packages have more."""
_FONTS = endings(MediaKind.FONT)
_MEDIA = endings(MediaKind.IMAGE, MediaKind.SVG, MediaKind.AUDIO, MediaKind.VIDEO)


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """What follows for a part inside a component: at most a question, since nobody knows that it is shipped."""

    evidence: Evidence
    decision: Decision


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows for one member of a surface.

    `readings` are the licenses that it may be under, `decisions` one for each; `decision` is what counts. `certain` is
    False where nothing says that the readings are all there are.
    """

    member: Member
    readings: tuple[str, ...]
    decisions: tuple[Decision, ...]
    decision: Decision
    certain: bool = True
    parts: tuple[PartOutcome, ...] = ()

    @property
    def is_harmless(self) -> bool:
        """Whether it does not matter which of several readings is right."""
        owed = {frozenset(duty.name for duty in decision.duties) for decision in self.decisions}
        allowed = all(decision.ruling in _ALLOWED for decision in self.decisions)
        return self.certain and allowed and (len(owed) == 1 or all(d.ruling is Ruling.OK for d in self.decisions))


_ALLOWED = (Ruling.OK, Ruling.OBLIGATIONS)


@dataclass(frozen=True, slots=True)
class JudgedSurface:
    """A surface with what follows for each member, in order of PackageURL, and for its works as wholes."""

    surface: Surface
    outcomes: tuple[Outcome, ...]
    work: WorkDecision
    separate: tuple[tuple[Member, WorkDecision], ...] = ()

    def judgements(self) -> Iterator[Judgement]:
        """The outcomes as a Scan holds them."""
        for outcome in self.outcomes:
            decision = outcome.decision
            yield Judgement(
                self.surface.name,
                outcome.member.component.purl,
                outcome.member.relationship,
                decision.ruling.value,
                decision.license,
                tuple(Obligation(duty.name.value, duty.license, duty.clause) for duty in decision.duties),
                tuple(str(reason) for reason in decision.reasons),
            )


def judge_plan(plan: Plan, conclusions: Mapping[str, Conclusion], settings: Settings) -> JudgedSurface:
    """Ask the law about the product's own work on a surface, and about each separate work in it."""
    surface, deployment = plan.surface, Deployment(plan.surface.deployment)
    outbound = OUTBOUND_OF.get(surface.outbound, surface.outbound)
    asked = _Asked(conclusions, settings, surface.name, deployment)
    work, outcomes = _judge_work(plan.members, outbound, asked)
    separate = []
    for middle, inner in plan.separate:
        # inside that program its own license leads, and it is joined with what it needs
        head = replace(middle, relationship="dependency")
        decision, (_own, *rest) = _judge_work((head, *inner), None, asked)
        separate.append((middle, decision))
        outcomes += tuple(rest)
    ordered = {outcome.member.component.purl: outcome for outcome in reversed(outcomes)}
    told = tuple(ordered[purl] for purl in sorted(ordered))
    effective = surface.outbound if work.outbound in (None, outbound) else str(work.outbound)
    return JudgedSurface(replace(surface, effective=effective), told, work, tuple(separate))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the works of one surface are judged by."""

    conclusions: Mapping[str, Conclusion]
    settings: Settings
    surface: str
    deployment: Deployment

    def permitted(self, reading: str, member: Member) -> str:
        """The reading with those branches of an OR that may be chosen."""
        return self.settings.permit(reading, member.component, self.surface)


def _judge_work(
    members: Sequence[Member], outbound: str | None, asked: _Asked
) -> tuple[WorkDecision, tuple[Outcome, ...]]:
    """The work of all members whose license is settled; then each open reading against the outbound that it leaves."""
    conclusions, deployment = asked.conclusions, asked.deployment
    readings = [readings_of(conclusions.get(member.component.purl)) for member in members]
    # what is there by likeness alone decides nothing for the others
    settled = [
        n
        for n, (told, certain) in enumerate(readings)
        if certain and len(told) == 1 and not members[n].component.is_copied
    ]
    parts = [_part(members[n], asked.permitted(readings[n][0][0], members[n])) for n in settled]
    work = decide_work(parts, outbound, deployment, asked.settings.prefer)
    decisions = dict(zip(settled, work.decisions, strict=True))
    leading = work.outbound or outbound
    outcomes = []
    for number, member in enumerate(members):
        told, certain = readings[number]
        setting = Setting(leading, RELATIONSHIPS[member.relationship], deployment, member.modified, member.facts)
        if number in decisions:
            made: tuple[Decision, ...] = (decisions[number],)
        else:
            made = tuple(decide(asked.permitted(reading, member), setting) for reading in told)
        made = tuple(_blocking_first(decision, setting) for decision in made)
        chosen = made[0] if number in decisions else _of_readings(made, certain, _concluded(conclusions, member))
        chosen = _to_be_looked_at(chosen, made) if member.component.is_copied else chosen
        within = _parts_within(member, conclusions, setting)
        outcomes.append(Outcome(member, told, made, chosen, certain, within))
    return work, tuple(outcomes)


def _blocking_first(decision: Decision, setting: Setting) -> Decision:
    """The decision with the reasons of the licenses that block it first: those are what a reader wants to know."""
    if not decision.blocking or decision.blocking == (decision.license,):
        return decision
    return replace(decision, reasons=tuple(dict.fromkeys((*of_blocking(decision, setting), *decision.reasons))))


def of_blocking(decision: Decision, setting: Setting) -> tuple[Reason, ...]:
    """The reasons of a decision that speak of the licenses that block it."""
    said = dict.fromkeys(reason for one in decision.blocking for reason in decide(one, setting).reasons)
    return tuple(reason for reason in said if reason in decision.reasons)


def _concluded(conclusions: Mapping[str, Conclusion], member: Member) -> str:
    conclusion = conclusions.get(member.component.purl)
    return conclusion.concluded if conclusion else NOASSERTION


def _part(member: Member, expression: str) -> Part:
    relationship = RELATIONSHIPS[member.relationship]
    return Part(member.component.purl, expression, relationship, member.modified, member.facts)


def readings_of(conclusion: Conclusion | None) -> tuple[tuple[str, ...], bool]:
    """The licenses that a component may be under, and whether one of them surely is right.

    A package that says that nobody gets a license has that as its one reading. A single reading of a statement that
    was not understood means that the others are not known.
    """
    if conclusion is None:
        return (), False
    if conclusion.concluded == NONE:
        return (NONE,), True
    told = () if conclusion.concluded == NOASSERTION else (conclusion.concluded,)
    readings = tuple(dict.fromkeys((*told, *conclusion.candidates)))
    return readings, bool(told) or len(readings) > 1


def _unknown() -> Decision:
    return Decision(Ruling.REVIEW, NOASSERTION, reasons=(Reason(_("Nothing that was read states its license.")),))


def _of_readings(decisions: Sequence[Decision], certain: bool, concluded: str) -> Decision:
    """What counts where several readings are open: the ruling that all share, else a question.

    Where each may be used, what any of them asks for is owed: whoever gives it all is right whichever is true. Which
    of them is the effective license stays open, unless one is concluded.
    """
    if not decisions:
        return _unknown()
    worst = max(decisions, key=lambda decision: RULING_RANK[decision.ruling])
    rulings = {decision.ruling for decision in decisions}
    duties = tuple(dict.fromkeys(duty for decision in decisions for duty in decision.duties))
    if certain and (len(rulings) == 1 or rulings <= set(_ALLOWED)):
        # the worst stands for all in what is shown, since no reading is better
        return replace(worst, license=concluded, duties=_once(duties))
    reason = Reason(_("Its possible licenses lead to different answers."))
    if not certain:
        reason = Reason(_("Its license is not settled."))
    return Decision(Ruling.REVIEW, concluded, duties, (reason, *worst.reasons), worst.blocking)


def _to_be_looked_at(chosen: Decision, made: Sequence[Decision]) -> Decision:
    """What follows for copied code: what speaks against it is a question, since only its likeness tells whose it is."""
    if len(made) == 1:
        chosen = made[0]
    if chosen.ruling is not Ruling.CONFLICT:
        return chosen
    reason = Reason(_("Only its similarity suggests that it is this package's code; a person must check that."))
    return replace(chosen, ruling=Ruling.REVIEW, reasons=(*chosen.reasons, reason))


def _once(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    return tuple(sorted(set(duties)))


def parts_of(conclusion: Conclusion | None) -> Iterator[Evidence]:
    """The evidence of parts whose license is not one of the component's own."""
    if conclusion is None:
        return
    told = conclusion.concluded not in (NOASSERTION, NONE)
    own = licenses_of(conclusion.concluded) if told else ()
    for evidence in conclusion.evidence:
        if evidence.kind in OF_PARTS and evidence.expression:
            names = licenses_of(evidence.expression)
            if not all(any(fits(one, name) for one in own) for name in names):
                yield evidence


def _parts_within(member: Member, conclusions: Mapping[str, Conclusion], setting: Setting) -> tuple[PartOutcome, ...]:
    """The parts that only a text tells of; what is known to stand inside is judged by itself."""
    conclusion = conclusions.get(member.component.purl)
    if not member.shipped or conclusion is None:
        return ()
    inside = [conclusions[purl].concluded for purl in member.inside if purl in conclusions]
    known = {name for one in inside if one not in (NOASSERTION, NONE) for name in licenses_of(one)}
    found: dict[tuple[str, str], PartOutcome] = {}
    told = tuple(parts_of(conclusion))
    choices = [(one.location.path, set(licenses_of(one.expression or ""))) for one in told if _is_choice(one)]
    for evidence in told:
        names = set(licenses_of(evidence.expression or ""))
        if not _is_choice(evidence) and any(path == evidence.location.path and names <= of for path, of in choices):
            continue  # the text of one branch, below the statement that offers it
        if known and all(any(fits(one, name) for one in known) for name in names):
            continue
        relationship = _relationship_of_part(evidence, member.relationship)
        key = (evidence.expression or "", relationship)
        if key not in found and len(found) < MOST_PARTS and not _only_gives(key[0]):
            decision = decide(key[0], replace(setting, relationship=RELATIONSHIPS[relationship], modified=False))
            if decision.ruling is Ruling.CONFLICT:
                reason = Reason(_("It is unknown whether the part is in what is distributed."))
                decision = replace(decision, ruling=Ruling.REVIEW, reasons=(*decision.reasons, reason))
            found[key] = PartOutcome(evidence, decision)
    return tuple(found.values())


def _is_choice(evidence: Evidence) -> bool:
    return " OR " in (evidence.expression or "")


def _only_gives(expression: str) -> bool:
    """Whether it is an exception without its license: it gives rights and takes none."""
    return expression.startswith("LicenseRef-scancode-") and "-exception" in expression and " " not in expression


def _relationship_of_part(evidence: Evidence, of_component: str) -> str:
    """Fonts and pictures are content; everything else is joined as the component that holds it."""
    path = evidence.location.path.lower()
    leaves = licenses_of(evidence.expression or "")
    for_fonts = bool(leaves) and all(terms_of(one).class_ == FONT for one in leaves)  # nobody puts code under these
    if for_fonts or path.endswith(_FONTS) or "font" in path.rpartition("/")[2]:
        return "bundled-font"
    if path.endswith(_MEDIA):
        return "bundled-media"
    binding = RELATIONSHIPS[of_component].binding
    return "bundled" if binding is Binding.CONTENT else of_component


def judgements(surfaces: Iterable[JudgedSurface]) -> tuple[Judgement, ...]:
    """All judgements, sorted by surface and PackageURL."""
    return tuple(sorted(one for surface in surfaces for one in surface.judgements()))
