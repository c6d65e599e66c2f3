"""Asks a person about one finding after the other, with the keyboard alone; each answer is signed before the next."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click

from licscan.base.columns import wrapped
from licscan.base.escape import one_line
from licscan.base.listing import listed
from licscan.base.messages import _, current_language, ngettext
from licscan.base.shown import shown_place
from licscan.base.terms import evidence_words, outbound_words
from licscan.export.page import label, label_of
from licscan.model import Conclusion, EvidenceKind, Scan
from licscan.model.content import readable
from licscan.review.decision import Decision, Verb, checked
from licscan.review.open import Question

MOST_EVIDENCE = 8
MOST_LINES, MOST_COLUMNS, MOST_BYTES = 400, 8_000, 262_144
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

Sign = Callable[[list[Decision]], None]
MOST_ALIKE = 6
"""So many names of packages with the same question stand in the question about all of them."""


class _BackError(Exception):
    """The person wants to go back to the finding, in the middle of an answer."""


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
                decided = self._decided(_KEYS[key], waiting, at)
                if not decided:
                    continue
                self.sign(list(decided.values()))
                self.signed |= decided
            at = max(at - 1, 0) if key == _BACK else at + 1
            while key in _KEYS and at in self.signed and at < len(waiting):
                at += 1

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
            license_, place = one.expression or one_line(one.raw, 80) or _("none given"), shown_place(str(one.location))
            _say(told.format(what=what, license=license_, place=place), 4)
        left = len(readable(conclusion.evidence)) - MOST_EVIDENCE
        if left > 0:
            _say(_("and {count} more: `licscan show {purl}`").format(count=f"{left:,}", purl=subject.component.purl), 4)
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
        found = self._conclusion(question).evidence
        for path, digest in {one.location.path: one.sha256 for one in found if one.kind is EvidenceKind.FILE}.items():
            if (text := _text(self.root, path) or _kept(digest)) is None:
                continue
            shown = True
            click.echo(f"  --- {one_line(path, 200)}")
            lines = text.splitlines()
            for line in lines[:MOST_LINES]:
                for part in wrapped(one_line(line.expandtabs(4).rstrip(), MOST_COLUMNS), _width(), "  | ", "  | ") or [
                    "  |"
                ]:
                    click.echo(part)
            if len(lines) > MOST_LINES:
                _say(_("and {count} more lines").format(count=len(lines) - MOST_LINES), 4)
        if not shown:
            from licscan.cli.output import console
            from licscan.export.show import render_component

            _say(_("No license text is available; this is what the scan knows:"))
            render_component(self.scan, question.subject.component.purl, console())

    def _decided(self, verb: Verb, waiting: list[Question], at: int) -> dict[int, Decision]:
        """What is decided, by the number of the question, once its preview was confirmed; else nothing is."""
        try:
            decision = self._decision(verb, waiting[at])
            alike = () if decision.versions else self._alike(waiting, at)
            decided = {at: decision}
            if alike and self._for_all(waiting, alike):
                said = (verb, self.who, decision.when, decision.why, decision.until)
                decided |= {number: waiting[number].subject.decided(*said) for number in alike}
            if self._is_confirmed(waiting, at, decided):
                return decided
        except _BackError:
            pass
        _say(_("Not signed."))
        return {}

    def _is_confirmed(self, waiting: list[Question], at: int, decided: dict[int, Decision]) -> bool:
        """Show what is to be signed, and ask."""
        click.echo()
        _say(_("You are about to sign:"))
        preview(decided[at])
        if len(decided) > 1:
            names = _(", ").join(sorted(_label(waiting[number]) for number in decided if number != at))
            told = _("{name}: {value}").format(name=_("The same for"), value=names)
            for line in wrapped(told, _width(), "    ", "      "):
                click.echo(line)
        return _confirmed(ngettext("Sign it?", "Sign all {count}?", len(decided)).format(count=f"{len(decided):,}"))

    def _decision(self, verb: Verb, question: Question) -> Decision:
        """The decision as it is typed. _BackError where the person would rather see the finding again."""
        subject = question.subject
        why: str = click.prompt(_("Why"), value_proc=_or_back(reason), prompt_suffix=_colon())
        until = ""
        if verb is Verb.WAIVE:
            day = _or_back(lambda text: _day(text, self.today))
            until = click.prompt(_("Last day (YYYY-MM-DD)"), value_proc=day, prompt_suffix=_colon())
        versions = click.prompt(
            _("Versions (a range; empty: {version} alone)").format(version=subject.version),
            default="", show_default=False, value_proc=_or_back(lambda text: _range(question, text)),
            prompt_suffix=_colon(),
        )  # fmt: skip
        return subject.decided(verb, self.who, self.now(), why, until, versions)

    def _alike(self, waiting: list[Question], at: int) -> tuple[int, ...]:
        """The questions not yet answered that are this one about other packages: finding, surface and license."""
        this = _sort(waiting[at])
        return tuple(n for n, one in enumerate(waiting) if n != at and n not in self.signed and _sort(one) == this)

    def _for_all(self, waiting: list[Question], alike: tuple[int, ...]) -> bool:
        names = listed((_label(waiting[number]) for number in alike), MOST_ALIKE)
        told = ngettext(
            "{count} more package has this finding under the same license: {names}.",
            "{count} more packages have this finding under the same license: {names}.",
            len(alike),
        ).format(count=f"{len(alike):,}", names=names)
        _say(told)
        return _confirmed(_("Decide the same for all of them?"))


def _colon() -> str:
    """What stands behind a question, as the language writes it."""
    return _("{name}: {value}").format(name="", value="")


def _sort(question: Question) -> tuple[str, ...]:
    finding, subject = question.finding, question.subject
    return (finding.code, finding.verdict.value, finding.why, subject.surface, subject.setting, subject.license)


def _label(question: Question) -> str:
    return one_line(label_of(question.subject.component), 120)


def _or_back(read: Callable[[str], str]) -> Callable[[str], str]:
    """The reader of an answer that takes `b` as well."""

    def answer(text: str) -> str:
        if text.strip().lower() in (_BACK, "back"):
            raise _BackError
        return read(text)

    return answer


def _confirmed(asked: str) -> bool:
    """Yes or no, no for nothing. _BackError for going back."""
    read, suffix = _or_back(_yes_or_no), " [y/N]: "
    answer: str = click.prompt("  " + asked, default="n", show_default=False, value_proc=read, prompt_suffix=suffix)
    return answer == "y"


def _yes_or_no(text: str) -> str:
    first = text.strip().lower()
    if first not in ("y", "yes", "n", "no"):
        raise click.BadParameter(_("answer y or n"))
    return first[0]


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
    rest = ngettext("{count} finding left", "{count} findings left", left).format(count=f"{left:,}")
    return _("{signed}, {left}.").format(signed=told, left=rest)


def _help() -> tuple[str, ...]:
    return (
        _("a: accept. The finding stays in reports, marked, and no longer counts."),
        _("w: waive until a day. The same, up to and including that day."),
        _("e: needs an entitlement. It still counts until a license is bought and recorded."),
        _("r: replace. It still counts until the package is replaced."),
        _("v: view the license text. s: skip. b: back to the previous one. q: quit; what is signed stays."),
        _("Within an answer, b goes back to the finding."),
        _("Nothing is signed before you confirm it. To withdraw a decision later: `licscan review withdraw NUMBER`."),
    )


def _width() -> int:
    return max(40, min(shutil.get_terminal_size((80, 24)).columns, 110))


def _say(text: str, indent: int = 2) -> None:
    room = " " * indent
    for line in wrapped(one_line(text, 1_000), _width(), room, room + "  ") or [""]:
        click.echo(line)


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
        told = _("{range} is not a range of versions such as {example}")
        raise click.BadParameter(told.format(range=one_line(text.strip(), 60), example=">=2.1,<3")) from error
    return text.strip()


def _kept(digest: str | None) -> str | None:
    """The text of a file that an earlier scan read in an archive, from the user's store."""
    from licscan.evidence.store import user_evidence

    if not digest:
        return None
    with closing(user_evidence()) as store:
        data = store.blob(digest)
    return None if data is None or len(data) > MOST_BYTES else data.decode("utf-8", "replace")


def _text(root: Path, path: str) -> str | None:
    """A text file of the project; None for what is none, is not inside of it, or is large."""
    try:
        whole = (root / path).resolve()
        if not whole.is_relative_to(root.resolve()) or not whole.is_file() or whole.stat().st_size > MOST_BYTES:
            return None
        return whole.read_bytes().decode("utf-8", "replace")
    except (OSError, ValueError):
        return None
