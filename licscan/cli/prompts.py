"""Asks a person about one finding after the other, with the keyboard alone; each answer is signed before the next."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click

from licscan.base.columns import wrapped
from licscan.base.escape import one_line
from licscan.base.messages import _, current_language, ngettext
from licscan.base.shown import shown_place
from licscan.base.terms import evidence_words, outbound_words
from licscan.export.page import label
from licscan.model import Conclusion, EvidenceKind, Scan
from licscan.model.content import readable
from licscan.review.decision import Decision, Verb, checked
from licscan.review.open import Question

MOST_EVIDENCE = 8
MOST_LINES, MOST_BYTES = 400, 262_144
LEAST_WORDS = 3
"""Letters of a reason; what is shorter, or a day, was meant for another question."""
_KEYS = {"a": Verb.ACCEPT, "w": Verb.WAIVE, "e": Verb.ENTITLE, "r": Verb.REPLACE}
_BACK, _SKIP, _QUIT, _VIEW, _HELP = "b", "s", "q", "v", "?"
_WORDS = {
    **{verb.value: key for key, verb in _KEYS.items()},
    "waive": "w", "entitlement": "e", "back": _BACK, "skip": _SKIP, "quit": _QUIT, "exit": _QUIT, "view": _VIEW,
    "help": _HELP, "h": _HELP,
}  # fmt: skip
"""What people type in full, as files of decisions and the line of keys name it."""

Sign = Callable[[Decision], None]


@dataclass
class Session:
    """One walk through the findings: who signs, when, where the files are, and what has been decided so far."""

    scan: Scan
    root: Path
    who: str
    now: Callable[[], str]
    today: date
    sign: Sign
    signed: dict[int, Decision] = field(default_factory=dict)

    def ask_all(self, waiting: list[Question]) -> None:
        """Show and ask, forth and back. click.Abort on Ctrl-C: what was signed stays, and is in `signed`."""
        at = 0
        while at < len(waiting):
            question = waiting[at]
            self._show(question, at, len(waiting))
            key = self._key(question)
            if key == _QUIT:
                return
            if key in _KEYS:
                decision = self._decision(_KEYS[key], question)
                if decision is None:
                    continue
                self.sign(decision)
                self.signed[at] = decision
            at = max(at - 1, 0) if key == _BACK else at + 1

    def _show(self, question: Question, at: int, total: int) -> None:
        finding, subject = question.finding, question.subject
        conclusion = self._conclusion(question)
        from licscan.export.table import license_words
        from licscan.export.words import severity_words

        click.echo()
        head = _("[{number}/{total}] {severity}: {code}").format(
            number=at + 1, total=total, severity=severity_words(finding.severity), code=finding.code
        )
        click.echo(head)
        _say(_("Package: {purl}").format(purl=subject.component.purl))
        if subject.surface:
            _say(_("Surface: {surface} ({setting})").format(surface=subject.surface, setting=_setting(subject.setting)))
        _say(finding.message)
        _say(finding.why)
        _say(_("Effective license: {license}; concluded from: {basis}").format(
            license=license_words(subject.license), basis=conclusion.basis))  # fmt: skip
        for one in readable(conclusion.evidence)[:MOST_EVIDENCE]:
            what = " ".join(part for part in (evidence_words(one.kind.value), one.field) if part)
            told = _("{what}: {license} ({place})")
            license_, place = one.expression or one_line(one.raw, 80), shown_place(str(one.location))
            _say(told.format(what=what, license=license_, place=place), 4)
        left = len(readable(conclusion.evidence)) - MOST_EVIDENCE
        if left > 0:
            _say(_("and {count} more: `licscan show {purl}`").format(count=left, purl=subject.component.purl), 4)
        for path in finding.paths[:1]:
            _say(_("Needed by: {path}").format(path=" > ".join(label(self.scan.graph, step) for step in path)))
        for remedy in finding.remedies:
            _say(_("Remedy: {remedy}").format(remedy=remedy))
        if at in self.signed:
            told = _("Just signed: {verb}. A new answer replaces it; the first stays in the ledger.")
            _say(told.format(verb=self.signed[at].verb.value))

    def _conclusion(self, question: Question) -> Conclusion:
        return self.scan.by_purl[question.subject.component.purl]

    def _key(self, question: Question) -> str:
        """One of the keys that decide or move; help and the text are shown, and asked again."""
        click.echo()
        _say(_("[a]ccept  [w]aive until a day  needs an [e]ntitlement  [r]eplace"))
        _say(_("[v]iew text  [s]kip  [b]ack  [q]uit  [?] help"))
        while True:
            typed: str = click.prompt(_("Decision"), default=_SKIP, show_default=True, prompt_suffix="> ")
            key = _WORDS.get(typed.strip().lower(), typed.strip().lower())
            if key in _KEYS or key in (_BACK, _SKIP, _QUIT):
                return key
            if key == _VIEW:
                self._view(question)
                continue
            if key != _HELP:
                _say(_("{typed} is not one of the answers.").format(typed=one_line(typed.strip(), 40)))
            for line in _help():
                _say(line)

    def _view(self, question: Question) -> None:
        """The license files that are there, as they are, else everything that the scan knows."""
        shown = False
        for path in dict.fromkeys(
            one.location.path for one in self._conclusion(question).evidence if one.kind is EvidenceKind.FILE
        ):
            if (text := _text(self.root, path)) is None:
                continue
            shown = True
            click.echo(f"  --- {one_line(path, 200)}")
            lines = text.splitlines()
            for line in lines[:MOST_LINES]:
                click.echo("  | " + one_line(line.expandtabs(4).rstrip(), 400))
            if len(lines) > MOST_LINES:
                _say(_("and {count} more lines").format(count=len(lines) - MOST_LINES), 4)
        if not shown:
            from licscan.export.show import to_text

            _say(_("No license text is available; this is what the scan knows:"))
            click.echo(to_text(self.scan, question.subject.component.purl))

    def _decision(self, verb: Verb, question: Question) -> Decision | None:
        """The decision, once its preview was confirmed; None where it was not, so that it is asked for anew."""
        subject = question.subject
        why = _words(_("Why"))
        until = ""
        if verb is Verb.WAIVE:
            until = click.prompt(_("Last day (YYYY-MM-DD)"), value_proc=lambda text: _day(text, self.today))
        versions = click.prompt(
            _("Versions (a range; empty: {version} alone)").format(version=subject.version),
            default="", show_default=False, value_proc=lambda text: _range(question, text),
        )  # fmt: skip
        decision = subject.decided(verb, self.who, self.now(), why, until, versions)
        click.echo()
        _say(_("You are about to sign:"))
        preview(decision)
        if not click.confirm("  " + _("Sign it?"), default=False):
            _say(_("Not signed."))
            return None
        return decision


def _setting(setting: str) -> str:
    """`on-premise, proprietary` in words."""
    from licscan.law.words import deployment_words

    deployment, comma, outbound = setting.partition(", ")
    return deployment_words(deployment) + (comma and _(", ") + outbound_words(outbound))


def _verb(decision: Decision) -> str:
    """What is decided about which finding; a translation has the word of the command beside it."""
    from licscan.report.signed import VERBS

    if current_language() == "en":
        return f"{decision.verb.value} {decision.code}"
    words = _(VERBS[decision.verb]).format(day=decision.until)
    return _("{words} ({verb}): {code}").format(words=words, verb=decision.verb.value, code=decision.code)


def preview(decision: Decision) -> None:
    """What is to be signed, each part with its name."""
    from licscan.review.chain import package_of

    for name, value in (
        (_("Decision"), _verb(decision)),
        (_("Package"), package_of(decision)),
        (_("Surface"), decision.surface or _("every surface")),
        (_("Why"), decision.why),
        (_("Last day"), decision.until),
        (_("Signed by"), decision.who),
    ):
        if value:
            _say(_("{name}: {value}").format(name=name, value=value), 4)


def tally(signed: int, total: int) -> str:
    """How many findings were decided, and how many still wait."""
    told = ngettext("{count} decision signed", "{count} decisions signed", signed).format(count=signed)
    left = total - signed
    rest = ngettext("{count} finding left", "{count} findings left", left).format(count=left)
    return _("{signed}, {left}.").format(signed=told, left=rest)


def _help() -> tuple[str, ...]:
    return (
        _("a: accept. The finding stays in reports, marked, and no longer counts."),
        _("w: waive until a day. The same, up to and including that day."),
        _("e: needs an entitlement. It still counts until a license is bought and recorded."),
        _("r: replace. It still counts until the package is replaced."),
        _("v: view the license text. s: skip. b: back to the previous one. q: quit; what is signed stays."),
        _("Nothing is signed before you confirm it. To withdraw a decision later: `licscan review withdraw NUMBER`."),
    )


def _say(text: str, indent: int = 2) -> None:
    width = max(40, min(shutil.get_terminal_size((80, 24)).columns, 110))
    room = " " * indent
    for line in wrapped(one_line(text, 1_000), width, room, room + "  ") or [""]:
        click.echo(line)


def _words(asked: str) -> str:
    said: str = click.prompt(asked, value_proc=reason)
    return said


def reason(text: str) -> str:
    """A reason in words. click.BadParameter for none, and for what belongs to another question."""
    text = text.strip()
    if not text:
        raise click.BadParameter(_("give a reason: others will read it"))
    if sum(map(str.isalpha, text)) < (1 if not text.isascii() else LEAST_WORDS):
        raise click.BadParameter(_("give the reason in words: others will read it"))
    return one_line(text, 2_000)


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


def _text(root: Path, path: str) -> str | None:
    """A text file of the project; None for what is none, is not inside of it, or is large."""
    try:
        whole = (root / path).resolve()
        if not whole.is_relative_to(root.resolve()) or not whole.is_file() or whole.stat().st_size > MOST_BYTES:
            return None
        return whole.read_bytes().decode("utf-8", "replace")
    except (OSError, ValueError):
        return None
