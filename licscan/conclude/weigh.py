"""License statements, in falling order of trust, folded into one: the first counts, later ones decide or contradict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from licscan.base.messages import _
from licscan.base.terms import origin_words
from licscan.licenses.statements import Reading, licenses_of, same
from licscan.model import Origin

MAX_CANDIDATES = 8
SOMETHING_ELSE = "LicenseRef-scancode-unknown"
"""Stands among the candidates where a statement speaks of terms that it does not name."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one field of one origin says, all its values together.

    Values of equal rank that contradict each other make its reading ambiguous.
    """

    origin: Origin
    field: str
    raw: str
    reading: Reading

    @property
    def label(self) -> str:
        """The field and where it was read, as the user knows them."""
        return _("{field} ({origin})").format(field=self.field, origin=origin_words(self.origin))


@dataclass(frozen=True, slots=True)
class Weighed:
    """The statements so far, folded into one."""

    expression: str | None = None
    candidates: tuple[str, ...] = ()
    basis: str = ""
    by: Statement | None = None
    disagreements: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    text_conflicts: tuple[str, ...] = ()


def weigh(so_far: Weighed, statement: Statement) -> Weighed:
    """One more statement, less trusted than those before it."""
    if so_far.by is None:
        return _first(statement)
    if so_far.expression:
        return _against_told(so_far, so_far.expression, statement)
    if so_far.candidates:
        return _against_open(so_far, statement)
    return _after_unread(so_far, statement)


def _first(statement: Statement) -> Weighed:
    reading = statement.reading
    if reading.expression:
        basis = _("{label} says {raw}.").format(label=statement.label, raw=statement.raw)
        return Weighed(reading.expression, basis=basis, by=statement)
    return Weighed(candidates=reading.candidates, by=statement, doubts=(doubt_of(statement),))


def doubt_of(statement: Statement) -> str:
    """Why a statement leaves open what the license is."""
    why = statement.reading.note or _("Which license is meant is unknown.")
    return _("{label} says {raw}: {why}").format(label=statement.label, raw=statement.raw, why=why)


def _against_told(so_far: Weighed, expression: str, statement: Statement) -> Weighed:
    reading = statement.reading
    if reading.expression and same(reading.expression, expression):
        return so_far
    if reading.expression and _says_or_later(so_far, expression, reading.expression):
        doubt = _("{label} allows later versions; {first} does not say.").format(
            label=statement.label, first=so_far.by.label if so_far.by else ""
        )
        return replace(so_far, expression=reading.expression, doubts=(*so_far.doubts, doubt))
    said = (reading.expression,) if reading.expression else reading.candidates
    if not said:
        return replace(so_far, doubts=(*so_far.doubts, doubt_of(statement)))
    vague = not reading.expression or statement.field == "Classifier"
    ours, theirs = set(licenses_of(expression)), [set(licenses_of(other)) for other in said]
    if vague and any(other <= ours for other in theirs):
        return so_far
    if not reading.expression and is_of_family(expression, said):
        return so_far
    if vague and any(ours < other for other in theirs):
        return replace(so_far, doubts=(*so_far.doubts, _names_more(statement)))
    return replace(
        so_far,
        candidates=distinct((expression, *so_far.candidates, *said))[:MAX_CANDIDATES],
        disagreements=(*so_far.disagreements, _contradiction(so_far, statement)),
    )


def _says_or_later(so_far: Weighed, expression: str, later: str) -> bool:
    """Whether the first named a GNU version and left open what the second tells: later ones are allowed too."""
    by = so_far.by
    named = by is not None and not by.reading.standard and not by.reading.method.startswith("class")
    return named and expression.endswith("-only") and later == expression.removesuffix("-only") + "-or-later"


def _names_more(statement: Statement) -> str:
    return _("{label} names additional licenses: {raw}.").format(label=statement.label, raw=statement.raw)


def _contradiction(so_far: Weighed, statement: Statement) -> str:
    return _("{first} says {raw}, but {second} says {other_raw}.").format(
        first=so_far.by.label if so_far.by else "",
        raw=so_far.by.raw if so_far.by else "",
        second=statement.label,
        other_raw=statement.raw,
    )


def _against_open(so_far: Weighed, statement: Statement) -> Weighed:
    """A statement after one that leaves several readings: it decides, narrows, or contradicts."""
    reading = statement.reading
    said = (reading.expression,) if reading.expression else reading.candidates
    if not said:
        return replace(so_far, doubts=(*so_far.doubts, doubt_of(statement)))
    common = tuple(candidate for candidate in so_far.candidates if among(candidate, said))
    if not common:
        return replace(
            so_far,
            candidates=distinct((*so_far.candidates, *said))[:MAX_CANDIDATES],
            disagreements=(*so_far.disagreements, _contradiction(so_far, statement)),
        )
    if len(common) == 1 and not so_far.disagreements:
        return decided(so_far, common[0], statement.label, statement.raw)
    return replace(so_far, candidates=common)


def decided(so_far: Weighed, expression: str, label: str, raw: str) -> Weighed:
    """One of the open readings, told by something else."""
    first = so_far.by
    basis = _("{label} says {raw}, which is one of the readings of {first}.").format(
        label=label, raw=raw, first=first.label if first else ""
    )
    # what was open is decided, so the doubt about it goes
    doubts = tuple(doubt for doubt in so_far.doubts if first is None or doubt != doubt_of(first))
    return replace(so_far, expression=expression, candidates=(), basis=basis, doubts=doubts)


def _after_unread(so_far: Weighed, statement: Statement) -> Weighed:
    """A statement after one that could not be read: it counts, unless the first says that there is more to it."""
    if so_far.by is not None and so_far.by.raw == statement.raw and so_far.by.reading == statement.reading:
        return so_far  # a lockfile repeats what the package says
    then = _first(statement)
    open_ended = so_far.by is not None and so_far.by.reading.method == "ambiguous"
    if then.expression and open_ended:
        then = replace(then, expression=None, candidates=(then.expression, SOMETHING_ELSE), basis="", by=so_far.by)
    return replace(then, doubts=(*so_far.doubts, *then.doubts))


def distinct(expressions: Iterable[str]) -> tuple[str, ...]:
    """Those that say different things, in order."""
    found: list[str] = []
    for expression in expressions:
        if not among(expression, found):
            found.append(expression)
    return tuple(found)


def among(expression: str, others: Iterable[str]) -> bool:
    """Whether one of the others says the same."""
    return any(same(expression, other) for other in others)


def is_of_family(expression: str, candidates: Iterable[str]) -> bool:
    """Whether one license is of the family that a vague name stands for (`BSD`), though no reading names it."""
    named = (expression, *candidates)
    families = {name.partition("-")[0] for name in named}
    return len(families) == 1 and len(named) > 1 and not any(" " in name or "LicenseRef-" in name for name in named)
