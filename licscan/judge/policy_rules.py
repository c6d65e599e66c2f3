"""The rules about the user's own policy: what it denies, and what it wants a person to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from licscan.base.messages import _
from licscan.judge.case import Case
from licscan.judge.findings import about_component
from licscan.judge.policies import Action, Answer
from licscan.judge.queries import display_name, locations_of
from licscan.judge.works import Outcome, parts_of
from licscan.law.vocabulary import Ruling
from licscan.model import NOASSERTION, NONE, Component, Evidence, Finding, Location, Severity, Verdict
from licscan.model.surface import Surface

_OPEN = (Ruling.REVIEW, Ruling.CONFLICT)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One component on one surface, and what the policy says of each license that it may be under."""

    surface: Surface
    outcome: Outcome
    answers: tuple[Answer, ...]

    @property
    def component(self) -> Component:
        return self.outcome.member.component


def policy_denied(case: Case) -> Iterator[Finding]:
    """A license that the policy denies, in one of its readings at least, or in a part of the component."""
    for asked in _asked(case):
        denied = [answer for answer in asked.answers if answer.action is Action.DENY]
        if denied:
            # that code is alike makes nobody sure whose it is
            copied = asked.component.is_copied
            sure = len(denied) == len(asked.answers) and not copied
            verdict = Verdict.VIOLATION if sure else Verdict.CANNOT_TELL
            told = _denial(asked, denied[0], sure=sure)
            yield _finding(case, asked, "policy-denied", told, verdict, loudness="part" if copied else "")
        else:
            yield from _denied_part(case, asked)


def policy_review(case: Case) -> Iterator[Finding]:
    """A license that the policy wants looked at, where the license itself leaves no question open."""
    for asked in _asked(case):
        worst = max(asked.answers, default=None)
        if worst and worst.action is Action.REVIEW and not _is_looked_at(asked, worst):
            message = _("{name} is under {license}, which the policy requires a person to review ({rule}). {reason}")
            yield _finding(case, asked, "policy-review", _told(message, asked, worst), Verdict.CANNOT_TELL)


def _asked(case: Case) -> Iterator[_Asked]:
    policy = case.policy.licenses
    if not policy.rules and policy.closing is None:
        return
    for judged in case.surfaces:
        for outcome in judged.outcomes:
            component = outcome.member.component
            if not component.is_first_party:
                told = zip(outcome.readings, outcome.decisions, strict=False)
                answers = tuple(
                    policy.verdict_of_choice(reading, decision.license, component, judged.surface.name)
                    for reading, decision in told
                    if reading not in (NOASSERTION, NONE)
                )
                yield _Asked(judged.surface, outcome, answers)


def _is_looked_at(asked: _Asked, answer: Answer) -> bool:
    """Whether another finding asks for a person, or one has recorded a grant or a bought license."""
    facts = asked.outcome.member.facts
    recorded = facts.additional_use_grant or answer.license in facts.entitlements
    return asked.outcome.decision.ruling in _OPEN or bool(recorded)


def _denial(asked: _Asked, answer: Answer, *, sure: bool) -> str:
    if sure:
        return _told(_("{name} is under {license}, which the policy denies ({rule}). {reason}"), asked, answer)
    return _told(_("{name} may be under {license}, which the policy denies ({rule}). {reason}"), asked, answer)


def _told(message: str, asked: _Asked, answer: Answer) -> str:
    reason = answer.rule.reason
    reason = f"{reason}." if reason and not reason.endswith((".", "!", "?", "。")) else reason
    told = message.format(
        name=display_name(asked.component), license=answer.license, rule=answer.rule.name, reason=reason
    )
    return told.strip()


def _denied_part(case: Case, asked: _Asked) -> Iterator[Finding]:
    """A part whose license is denied; that the part is in what is shipped is for a person to see."""
    denied = list(_answers_on_parts(case, asked))
    if denied:
        part, answer = denied[0]
        message = _("A part of {name} ({file}) is under {license}, which the policy denies ({rule}).")
        told = message.format(
            name=display_name(asked.component), file=part.location, license=answer.license, rule=answer.rule.name
        )
        where = [part.location for part, _answer in denied]
        yield _finding(case, asked, "policy-denied", told, Verdict.CANNOT_TELL, where, loudness="part")


def _answers_on_parts(case: Case, asked: _Asked) -> Iterator[tuple[Evidence, Answer]]:
    for part in parts_of(case.conclusions.get(asked.component.purl)):
        answer = case.policy.licenses.verdict(part.expression or NOASSERTION, asked.component, asked.surface.name)
        if answer.action is Action.DENY:
            yield part, answer


def _finding(
    case: Case,
    asked: _Asked,
    code: str,
    message: str,
    verdict: Verdict,
    where: Sequence[Location] | None = None,
    loudness: str = "",
) -> Finding:
    """A finding on the surface; a note where the component is not in what is shipped."""
    conclusion = case.conclusions.get(asked.component.purl)
    locations: Iterable[Location] = where or (locations_of(conclusion) if conclusion else ())
    found = about_component(
        case,
        asked.component,
        code,
        message,
        verdict,
        loudness=loudness,
        locations=locations,
        surface=asked.surface,
    )
    if asked.outcome.member.shipped:
        return found
    told = _("{message} It is taken as not shipped there.").format(message=found.message)
    return replace(found, severity=Severity.NOTE, message=told)
