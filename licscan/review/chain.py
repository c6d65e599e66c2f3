"""The chain of decisions: each entry's digest is over its own text and the digest of the entry before.

So no entry can be changed, taken out, put in or moved without a break behind it. What a chain alone cannot show, that
its end was cut off, is shown by the head: a record kept beside the chain, and the digest that a person wrote down.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.review.decision import Decision, canonical, read_decision

START = ""
"""What stands before the first entry."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it is stored: its number (from 1), the canonical JSON, the digest before, its own."""

    number: object
    body: object
    previous: object
    digest: object


@dataclass(frozen=True, slots=True)
class Head:
    """How many entries there are, and the digest of the last."""

    entries: object = 0
    digest: object = START


NO_HEAD = Head()


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not hold, what it says of itself, and why it does not hold."""

    number: int
    named: str
    reason: str

    def __str__(self) -> str:
        told = _("entry {number} ({named}): {reason}") if self.named else _("entry {number}: {reason}")
        return told.format(number=self.number, named=self.named, reason=self.reason)


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision in its place in a chain that holds."""

    number: int
    decision: Decision
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """All entries up to the first that does not hold, and that one."""

    entries: tuple[Entry, ...] = ()
    broken: Broken | None = None

    @property
    def head(self) -> str:
        """The digest of the last entry; empty without any."""
        return self.entries[-1].digest if self.entries else START

    def __bool__(self) -> bool:
        return bool(self.entries) or self.broken is not None


NO_LEDGER = Ledger()


def digest_of(body: str, previous: str) -> str:
    """The digest of an entry: SHA-256 over the digest before, a line break and the canonical JSON."""
    signed = f"{previous}\n{body}".encode("utf-8", "surrogatepass")
    return f"sha256:{hashlib.sha256(signed).hexdigest()}"


def chained(decisions: Iterable[Decision], number: int = 0, previous: str = START) -> list[Entry]:
    """The decisions as entries that follow entry `number`, whose digest is `previous`."""
    entries = []
    for decision in decisions:
        number += 1
        digest = digest_of(canonical(decision), previous)
        entries.append(Entry(number, decision, previous, digest))
        previous = digest
    return entries


def verify(rows: Sequence[Row], head: Head = NO_HEAD, known: str | None = None) -> Ledger:
    """The ledger in the rows, in the order of their numbers; `known` is a digest that somebody wrote down."""
    entries: list[Entry] = []
    for number, row in enumerate(rows, 1):
        found = _entry(number, row, entries[-1].digest if entries else START)
        if isinstance(found, Broken):
            return Ledger(tuple(entries), found)
        entries.append(found)
    return Ledger(tuple(entries), _end(entries, head, known))


def _entry(number: int, row: Row, previous: str) -> Entry | Broken:
    """The entry that a row holds, or why it holds none."""
    body, digest = row.body, row.digest
    if row.number != number or isinstance(row.number, bool):
        return Broken(number, "", _("is missing; the next has the number {found}").format(found=_shown(row.number)))
    decision = _read(body)
    if decision is None or not isinstance(body, str) or not isinstance(digest, str):
        return Broken(number, "", _("contains no decision that licscan wrote"))
    named = name_of(decision)
    if row.previous != previous:
        return Broken(number, named, _("does not follow the entry before it"))
    if digest_of(body, previous) != digest:
        return Broken(number, named, _("its text does not have the digest that it was signed with"))
    return Entry(number, decision, previous, digest)


def _read(body: object) -> Decision | None:
    """The decision, if the text is the one way to write it."""
    if not isinstance(body, str):
        return None
    try:
        decision = read_decision(json.loads(body))
        return decision if canonical(decision) == body else None
    except (ValueError, RecursionError):
        return None


def _end(entries: Sequence[Entry], head: Head, known: str | None) -> Broken | None:
    """Whether the end of the chain is where it was."""
    last, count = entries[-1].digest if entries else START, len(entries)
    if not isinstance(head.entries, int) or head.entries > count:
        return Broken(count + 1, "", _("is missing; the record of the head is of {found}").format(found=_at(head)))
    if head.entries < count:
        added = entries[head.entries] if head.entries >= 0 else entries[0]
        return Broken(added.number, name_of(added.decision), _("is not in the record of the head"))
    if head.digest != last:
        at = entries[-1] if entries else None
        named = name_of(at.decision) if at else ""
        return Broken(count or 1, named, _("differs from the record of the head"))
    if known is not None and known not in {START, *(entry.digest for entry in entries)}:
        return Broken(
            count + 1,
            "",
            _("is missing, or all were signed again: no entry has the digest {digest}").format(
                digest=one_line(known, 80)
            ),
        )
    return None


def _at(head: Head) -> str:
    return _("entry {number}").format(number=_shown(head.entries))


def _shown(value: object) -> str:
    return one_line(str(value), 40)


def name_of(decision: Decision) -> str:
    """What a decision is, in few words."""
    return _("{verb} of {code} for {package} by {who} on {day}").format(
        verb=decision.verb.value,
        code=one_line(decision.code, 60),
        package=one_line(package_of(decision), 120),
        who=one_line(decision.who, 200),
        day=decision.when[:10],
    )


def package_of(decision: Decision) -> str:
    """The package with its version or versions."""
    versions = decision.versions or decision.version
    return f"{decision.package}@{versions}" if versions else decision.package
