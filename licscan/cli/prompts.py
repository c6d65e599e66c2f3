"""Asks a person about one finding after the other, with the keyboard alone; each answer is signed before the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import click

from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.model import Conclusion
from licscan.model.content import readable
from licscan.review.decision import Decision, Verb, checked
from licscan.review.open import Question

MOST_EVIDENCE = 8
_KEYS = {"a": Verb.ACCEPT, "w": Verb.WAIVE, "e": Verb.ENTITLE, "r": Verb.REPLACE}

Sign = Callable[[Decision], None]


def prompt_all(
    waiting: list[Question],
    conclusions: dict[str, Conclusion],
    who: str,
    now: Callable[[], str],
    today: date,
    sign: Sign,
) -> int:
    """Show and ask; how many were decided. click.Abort on Ctrl-C: what was signed stays."""
    done = 0
    for number, question in enumerate(waiting, 1):
        _show(question, conclusions[question.subject.component.purl], number, len(waiting))
        answer = _ask(question, who, now, today)
        if answer is None:
            break
        if isinstance(answer, Decision):
            sign(answer)
            done += 1
    return done


def _say(text: str, indent: int = 2) -> None:
    click.echo(" " * indent + one_line(text, 1_000))


def _show(question: Question, conclusion: Conclusion, number: int, total: int) -> None:
    finding, subject = question.finding, question.subject
    click.echo()
    head = _("[{number}/{total}] {severity}: {code}").format(
        number=number, total=total, severity=finding.severity.value, code=finding.code
    )
    click.echo(head)
    _say(_("Package: {purl}").format(purl=subject.component.purl))
    if subject.surface:
        _say(_("Surface: {surface} ({setting})").format(surface=subject.surface, setting=subject.setting))
    _say(finding.message)
    _say(finding.why)
    _say(_("Effective license: {license}; concluded from: {basis}").format(
        license=subject.license, basis=conclusion.basis))  # fmt: skip
    for one in readable(conclusion.evidence)[:MOST_EVIDENCE]:
        _say(f"{one.kind.value} {one.field}: {one.expression or one_line(one.raw, 80)} ({one.location})", 4)
    left = len(readable(conclusion.evidence)) - MOST_EVIDENCE
    if left > 0:
        _say(_("and {count} more: `licscan show {purl}`").format(count=left, purl=subject.component.purl), 4)
    for path in finding.paths[:1]:
        _say(_("Needed by: {path}").format(path=" > ".join(path)))
    for remedy in finding.remedies:
        _say(_("Remedy: {remedy}").format(remedy=remedy))


def _ask(question: Question, who: str, now: Callable[[], str], today: date) -> Decision | str | None:
    """The decision, an empty text to go on, None to stop."""
    asked = _("Decision: [a]ccept, [w]aive until a day, needs an [e]ntitlement, [r]eplace, [s]kip, [q]uit")
    key = click.prompt(asked, type=click.Choice([*_KEYS, "s", "q"]), default="s", show_choices=False)
    if key not in _KEYS:
        return "" if key == "s" else None
    verb = _KEYS[key]
    why = _words(_("Why"))
    until = click.prompt(_("Last day (YYYY-MM-DD)"), value_proc=lambda text: _day(text, today)) if key == "w" else ""
    versions = click.prompt(
        _("Versions (a range; empty: {version} alone)").format(version=question.subject.version),
        default="", show_default=False, value_proc=lambda text: _range(question, text),
    )  # fmt: skip
    return question.subject.decided(verb, who, now(), why, until, versions)


def _words(asked: str) -> str:
    def given(text: str) -> str:
        if not text.strip():
            raise click.BadParameter(_("say why: others will read it"))
        return one_line(text.strip(), 2_000)

    said: str = click.prompt(asked, value_proc=given)
    return said


def _day(text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise click.BadParameter(_("write a day such as 2027-01-31")) from error
    if day < today:
        raise click.BadParameter(_("this day has passed"))
    return day.isoformat()


def _range(question: Question, text: str) -> str:
    try:
        checked(question.subject.decided(Verb.ACCEPT, "-", "2000-01-01T00:00:00Z", "-", "", text.strip()))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return text.strip()
