"""Decisions on their way between projects, and lists of decisions that a person wrote in a file."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from licscan.base.errors import FormatError
from licscan.base.messages import _
from licscan.model import Finding
from licscan.packages.purls import as_written
from licscan.review.chain import Entry, Head, Ledger, Row, verify
from licscan.review.covering import Subject, Subjects, changed, in_force, speaks, superseded
from licscan.review.decision import MAX_WORDS, Decision, Verb, canonical, read_decision

FORMAT = "licscan-decisions"
MAX_FILE = 20_000_000
_COLUMNS = ("finding", "package", "surface", "decision", "why", "until", "versions", "by")


def export_ledger(ledger: Ledger) -> str:
    """The whole chain as JSON, so that the reader can prove it."""
    entries = [
        {
            "number": entry.number,
            "previous": entry.previous,
            "digest": entry.digest,
            "decision": json.loads(canonical(entry.decision)),
        }
        for entry in ledger.entries
    ]
    whole = {"format": FORMAT, "version": 1, "head": ledger.head, "entries": entries}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_export(text: str, path: str) -> tuple[Entry, ...]:
    """The entries of an export, once its chain is proven. FormatError names the first entry that does not hold."""
    whole = _json(text, path)
    if not isinstance(whole, dict) or whole.get("format") != FORMAT or whole.get("version") != 1:
        raise FormatError(_("is not an export of `licscan review export`"), path=path)
    entries, rows = whole.get("entries"), []
    if not isinstance(entries, list):
        raise FormatError(_("should be a list"), path=path, place="entries")
    for number, entry in enumerate(entries, 1):
        try:
            body = canonical(read_decision(entry.get("decision") if isinstance(entry, dict) else None))
        except ValueError as error:
            raise FormatError(str(error), path=path, place=_("entry {number}").format(number=number)) from error
        rows.append(Row(entry.get("number"), body, entry.get("previous"), entry.get("digest")))
    ledger = verify(rows, Head(len(rows), whole.get("head")))
    if ledger.broken:
        raise FormatError(_("its chain is broken: {broken}").format(broken=ledger.broken), path=path)
    return ledger.entries


def carried(
    given: Sequence[Entry], own: Ledger, findings: Sequence[Finding], subjects: Subjects, by: str, today: date
) -> list[Decision]:
    """Those that hold for a finding here, on the same text and evidence, and that this ledger does not speak of."""
    here = [subject for finding in findings if (subject := subjects.of(finding))]
    old = superseded(given)
    held = {entry.decision.origin for entry in own.entries} | {entry.digest for entry in own.entries}
    brought = []
    for entry in in_force(given):
        one = entry.decision
        fits = [subject for subject in here if speaks(one, subject) and not changed(one, subject, today)]
        known = any(speaks(mine.decision, subject) for mine in own.entries for subject in fits)
        if fits and not known and entry.number not in old and not held & {entry.digest, one.origin or entry.digest}:
            brought.append(replace(one, origin=one.origin or entry.digest, carried_by=by))
    return brought


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of a person's list: which findings, and what is decided of them."""

    place: str
    finding: str
    package: str
    decision: str
    why: str
    surface: str = ""
    until: str = ""
    versions: str = ""
    by: str = ""

    def means(self, subject: Subject) -> bool:
        """Whether it speaks of the subject; without a surface of all, without a version of all."""
        names = {
            subject.component.name,
            f"{subject.component.name}@{subject.version}",
            subject.package,
            subject.component.purl,
            f"{subject.package}@{subject.version}",
        }
        return (
            self.finding == subject.code and as_written(self.package) in names and self.surface in ("", subject.surface)
        )

    def decide(self, subject: Subject, by: str, when: str) -> Decision:
        """The decision on one subject. ValueError with a sentence where it is none."""
        if self.decision == Verb.WITHDRAW:
            raise ValueError(_("`licscan review withdraw NUMBER` withdraws a decision"))
        return read_decision(
            {
                "verb": self.decision, "code": subject.code, "package": subject.package, "version": subject.version,
                "surface": subject.surface, "who": self.by or by, "when": when, "why": self.why,
                "evidence": subject.evidence, "license": subject.license, "text": subject.text,
                "setting": subject.setting, "until": self.until, "versions": self.versions,
            }
        )  # fmt: skip


def decide_all(wishes: Sequence[Wish], subjects: Sequence[Subject], path: str, by: str, when: str) -> list[Decision]:
    """The decisions that the list asks for; FormatError for the first line that is none, or about nothing."""
    decisions: dict[Decision, None] = {}
    for wish in wishes:
        meant = [subject for subject in subjects if wish.means(subject)]
        if not meant:
            raise FormatError(
                _("no finding {code} of the last scan is about {package}").format(
                    code=wish.finding[:80], package=wish.package[:200]
                ),
                path=path,
                place=wish.place,
            )
        for subject in meant:
            try:
                decisions[wish.decide(subject, by, when)] = None
            except ValueError as error:
                raise FormatError(str(error), path=path, place=wish.place) from error
    return list(decisions)


def read_wishes(text: str, path: str) -> list[Wish]:
    """The lines of a list: JSON (a list of objects), TOML ([[decision]]) or CSV with a first line of names."""
    suffix = path.lower().rpartition(".")[2]
    entries = {"toml": _toml, "csv": _csv}.get(suffix, _json)(text, path)
    if isinstance(entries, dict):
        entries = entries.get("decisions", entries.get("decision"))
    if not isinstance(entries, list) or not entries:
        raise FormatError(_("contains no list of decisions"), path=path)
    return list(_wishes(entries, path))


def _wishes(entries: list[object], path: str) -> Iterator[Wish]:
    for number, entry in enumerate(entries, 1):
        place = _("entry {number}").format(number=number)
        if not isinstance(entry, dict):
            raise FormatError(_("should be an object"), path=path, place=place)
        told = {str(key): str(value) if isinstance(value, date) else value for key, value in entry.items()}
        for key, value in told.items():
            if key not in _COLUMNS:
                raise FormatError(_("has an unknown field: {name}").format(name=key[:60]), path=path, place=place)
            if not isinstance(value, str) or len(value) > MAX_WORDS:
                message = _("{name} should be a text of at most {most} characters")
                raise FormatError(message.format(name=key, most=MAX_WORDS), path=path, place=place)
        for key in ("finding", "package", "decision", "why"):
            if not told.get(key, "").strip():
                raise FormatError(_("{name} is missing").format(name=key), path=path, place=place)
        yield Wish(place, **{key: value.strip() for key, value in told.items()})


def _json(text: str, path: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(_("is not JSON"), path=path) from error


def _toml(text: str, path: str) -> object:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(_("is not TOML"), path=path) from error


def _csv(text: str, path: str) -> object:
    try:
        rows = list(csv.DictReader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise FormatError(_("is not CSV"), path=path) from error
    # more cells than names stand under None, and are refused as a field that nobody knows
    return [{key: value or "" for key, value in row.items()} for row in rows]
