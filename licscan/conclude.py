"""Evidence -> conclusion: every license statement is read, ranked by trust, and held against the others.

The most trusted statement counts. A statement that leaves something open is decided by a later one that names one of
its readings; one that contradicts is reported and decides nothing. What nothing decides is NOASSERTION.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from licscan.expression import Reading, combine, licenses_of, read_classifier, read_license, read_npm, same
from licscan.messages import _
from licscan.model import (
    NOASSERTION,
    Claim,
    Component,
    Conclusion,
    Evidence,
    EvidenceKind,
    Location,
    Origin,
    PackageFiles,
)

MAX_RAW = 2_000
MAX_CANDIDATES = 8
SOMETHING_ELSE = "LicenseRef-scancode-unknown"
"""Stands among the candidates where a statement speaks of terms that it does not name."""
ORIGIN_RANK = {origin: rank for rank, origin in enumerate(Origin)}
FIELD_RANK = {"License-Expression": 0, "License": 1, "license": 1, "licenses": 2, "Classifier": 3}
_FOLDERS = (Origin.INSTALLED, Origin.PROJECT)


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
        return _("{field} ({origin})").format(field=self.field, origin=self.origin)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The statements so far, folded into one."""

    expression: str | None = None
    candidates: tuple[str, ...] = ()
    basis: str = ""
    by: Statement | None = None
    disagreements: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def conclude(component: Component, files: Sequence[PackageFiles] = (), texts: Sequence[Evidence] = ()) -> Conclusion:
    """What is declared, detected and concluded of a component; pure, and the same whatever the order of its claims.

    `texts` is evidence of kind FILE, one for each license text that was read.
    """
    claims = sorted({*component.claims, *(claim for place in files for claim in place.claims)}, key=_claim_key)
    read = [(claim, _read(claim)) for claim in claims]
    weighed = Weighed()
    for statement in _statements(read):
        weighed = _weigh(weighed, statement)
    declared = weighed.expression or NOASSERTION
    detected = _detected(texts)
    weighed = _hold_against_texts(weighed, detected, texts)
    return Conclusion(
        purl=component.purl,
        declared=declared,
        detected=detected,
        concluded=weighed.expression or NOASSERTION,
        basis=weighed.basis or _no_basis(weighed),
        disagreements=tuple(dict.fromkeys(weighed.disagreements)),
        doubts=tuple(dict.fromkeys(weighed.doubts)),
        candidates=weighed.candidates,
        evidence=(
            *(_evidence(claim, reading) for claim, reading in read),
            *_silences(component, files),
            *sorted(texts, key=_text_key),
        ),
        license_files=_paths((place, place.license_files) for place in files),
        notice_files=_paths((place, place.notice_files) for place in files),
    )


def _no_basis(weighed: Weighed) -> str:
    if weighed.by is None:
        return _("Nothing says what the license is.")
    return _("What is stated leaves open what the license is.")


# --- reading ----------------------------------------------------------------------------------------------------------


def _claim_key(claim: Claim) -> tuple[int, int, str, str, str, int]:
    return (
        ORIGIN_RANK[claim.origin],
        FIELD_RANK.get(claim.field, len(FIELD_RANK)),
        claim.field,
        claim.raw,
        claim.location.path,
        claim.location.start_line or 0,
    )


def _text_key(text: Evidence) -> tuple[str, int, str, str]:
    return (text.location.path, text.location.start_line or 0, text.expression or "", text.sha256 or "")


def _read(claim: Claim) -> Reading:
    if claim.kind is EvidenceKind.CLASSIFIER:
        return read_classifier(claim.raw)
    return read_npm(claim.raw) if claim.structured else read_license(claim.raw)


def _evidence(claim: Claim, reading: Reading) -> Evidence:
    return Evidence(
        kind=claim.kind,
        field=claim.field,
        raw=claim.raw[:MAX_RAW],
        expression=reading.expression,
        origin=claim.origin,
        location=claim.location,
        method=reading.method,
        score=reading.score,
        note=reading.note,
    )


def _silences(component: Component, files: Sequence[PackageFiles]) -> Iterator[Evidence]:
    """The places whose metadata were read and say nothing: not the same as a package that nobody looked at."""
    spoken = {claim.origin for claim in component.claims}
    silent = [(place.origin, place.place) for place in files if not place.claims and place.origin not in spoken]
    if component.installed_at and Origin.INSTALLED not in spoken:
        silent += [(Origin.INSTALLED, place) for place in component.installed_at]
    for origin, place in sorted(set(silent), key=lambda pair: (ORIGIN_RANK[pair[0]], pair[1])):
        note = _("No license is declared there.")
        yield Evidence(EvidenceKind.DECLARED, "license", "", None, origin, Location(place), "none", 1.0, note)


def _paths(places: Iterable[tuple[PackageFiles, tuple[str, ...]]]) -> tuple[str, ...]:
    found: set[str] = set()
    for place, paths in places:
        prefix = f"{place.place.rstrip('/')}/" if place.origin in _FOLDERS and "://" not in place.place else ""
        found.update(f"{prefix}{path}" if prefix not in ("/", "./") else path for path in paths)
    return tuple(sorted(found))


def _statements(read: Iterable[tuple[Claim, Reading]]) -> list[Statement]:
    """The readings by origin and field, in order of trust; values that say nothing are left out."""
    statements = []
    for (origin, field), group in itertools.groupby(read, key=lambda pair: (pair[0].origin, pair[0].field)):
        said = [(claim, reading) for claim, reading in group if reading.method != "none"]
        if said:
            raw = ", ".join(dict.fromkeys(_short(claim.raw) for claim, _reading in said))
            classifiers = said[0][0].kind is EvidenceKind.CLASSIFIER
            readings = list(dict.fromkeys(reading for _claim, reading in said))
            reading = _several_classifiers(readings) if classifiers else _several_values(readings)
            statements.append(Statement(origin, field, raw, reading))
    return statements


def _short(raw: str) -> str:
    line = " ".join(raw[:MAX_RAW].split())
    return line if len(line) <= 80 else f"{line[:77]}..."


def _several_values(readings: list[Reading]) -> Reading:
    """Values of one field, read in several places: they agree, or one tells what another leaves open."""
    told = [reading for reading in readings if reading.expression]
    different = _distinct(reading.expression for reading in told if reading.expression)
    if len(different) > 1:
        note = _("It is stated differently in several places.")
        return Reading(None, "ambiguous", 0.0, note=note, candidates=different)
    return (told or [reading for reading in readings if reading.candidates] or readings)[0]


def _several_classifiers(readings: list[Reading]) -> Reading:
    """Several classifiers: a precise one decides a vague one of its family; different ones leave AND or OR open."""
    told = [reading for reading in readings if reading.expression]
    names = _distinct(reading.expression for reading in told if reading.expression)
    vague = [r for r in readings if not r.expression and not any(_among(name, r.candidates) for name in names)]
    if not vague and len(names) == 1:
        return told[0]
    if len(vague) == 1 and not names:
        return vague[0]
    if any(not reading.candidates for reading in vague):
        note = _("One of the classifiers does not say which license is meant.")
        return Reading(None, "ambiguous", 0.0, note=note, candidates=(*names, SOMETHING_ELSE) if names else ())
    choices = [*((name,) for name in names), *(reading.candidates for reading in vague)]
    found: dict[str, None] = {}
    for chosen in itertools.islice(itertools.product(*choices), MAX_CANDIDATES // 2):
        found.update(dict.fromkeys((combine("AND", chosen), combine("OR", chosen))))
    note = _("The classifiers do not say whether all apply or one may be chosen.")
    return Reading(None, "ambiguous", 0.0, note=note, candidates=tuple(found))


def _distinct(expressions: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for expression in expressions:
        if not _among(expression, found):
            found.append(expression)
    return tuple(found)


def _among(expression: str, others: Iterable[str]) -> bool:
    return any(same(expression, other) for other in others)


# --- weighing ---------------------------------------------------------------------------------------------------------


def _weigh(so_far: Weighed, statement: Statement) -> Weighed:
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
    return Weighed(candidates=reading.candidates, by=statement, doubts=(_doubt(statement),))


def _doubt(statement: Statement) -> str:
    why = statement.reading.note or _("It cannot be told which license is meant.")
    return _("{label} says {raw}: {why}").format(label=statement.label, raw=statement.raw, why=why)


def _against_told(so_far: Weighed, expression: str, statement: Statement) -> Weighed:
    reading = statement.reading
    if reading.expression and same(reading.expression, expression):
        return so_far
    if reading.expression and _says_or_later(so_far, expression, reading.expression):
        doubt = _("{label} allows later versions, {first} does not say.").format(
            label=statement.label, first=so_far.by.label if so_far.by else ""
        )
        return replace(so_far, expression=reading.expression, doubts=(*so_far.doubts, doubt))
    said = (reading.expression,) if reading.expression else reading.candidates
    if not said:
        return replace(so_far, doubts=(*so_far.doubts, _doubt(statement)))
    vague = not reading.expression or statement.field == "Classifier"
    ours, theirs = set(licenses_of(expression)), [set(licenses_of(other)) for other in said]
    if vague and any(other <= ours for other in theirs):
        return so_far
    if vague and any(ours < other for other in theirs):
        return replace(so_far, doubts=(*so_far.doubts, _names_more(statement)))
    return replace(
        so_far,
        candidates=_distinct((expression, *so_far.candidates, *said))[:MAX_CANDIDATES],
        disagreements=(*so_far.disagreements, _contradiction(so_far, statement)),
    )


def _says_or_later(so_far: Weighed, expression: str, later: str) -> bool:
    """Whether the first named a GNU version and left open what the second tells: later ones are allowed too."""
    by = so_far.by
    named = by is not None and not by.reading.standard and not by.reading.method.startswith("class")
    return named and expression.endswith("-only") and later == expression.removesuffix("-only") + "-or-later"


def _names_more(statement: Statement) -> str:
    return _("{label} names more: {raw}.").format(label=statement.label, raw=statement.raw)


def _contradiction(so_far: Weighed, statement: Statement) -> str:
    return _("{first} says {said}, but {second} says {other}.").format(
        first=so_far.by.label if so_far.by else "",
        said=so_far.by.raw if so_far.by else "",
        second=statement.label,
        other=statement.raw,
    )


def _against_open(so_far: Weighed, statement: Statement) -> Weighed:
    """A statement after one that leaves several readings: it decides, narrows, or contradicts."""
    reading = statement.reading
    said = (reading.expression,) if reading.expression else reading.candidates
    if not said:
        return replace(so_far, doubts=(*so_far.doubts, _doubt(statement)))
    common = tuple(candidate for candidate in so_far.candidates if _among(candidate, said))
    if not common:
        return replace(
            so_far,
            candidates=_distinct((*so_far.candidates, *said))[:MAX_CANDIDATES],
            disagreements=(*so_far.disagreements, _contradiction(so_far, statement)),
        )
    if len(common) == 1 and not so_far.disagreements:
        return _decided(so_far, common[0], statement.label, statement.raw)
    return replace(so_far, candidates=common)


def _decided(so_far: Weighed, expression: str, label: str, raw: str) -> Weighed:
    first = so_far.by
    basis = _("{label} says {raw}, which is one of the readings of {first}.").format(
        label=label, raw=raw, first=first.label if first else ""
    )
    # what was open is decided, so the doubt about it goes
    doubts = tuple(doubt for doubt in so_far.doubts if first is None or doubt != _doubt(first))
    return replace(so_far, expression=expression, candidates=(), basis=basis, doubts=doubts)


def _after_unread(so_far: Weighed, statement: Statement) -> Weighed:
    """A statement after one that could not be read: it counts, unless the first says that there is more to it."""
    then = _first(statement)
    open_ended = so_far.by is not None and so_far.by.reading.method == "ambiguous"
    if then.expression and open_ended:
        then = replace(then, expression=None, candidates=(then.expression, SOMETHING_ELSE), basis="", by=so_far.by)
    return replace(then, doubts=(*so_far.doubts, *then.doubts))


# --- texts ------------------------------------------------------------------------------------------------------------


def _detected(texts: Sequence[Evidence]) -> str | None:
    """All that the texts hold; None where none was read, NOASSERTION where none was recognised."""
    if not texts:
        return None
    found = _distinct(sorted(text.expression for text in texts if text.expression))
    return combine("AND", found) if found else NOASSERTION


def _hold_against_texts(weighed: Weighed, detected: str | None, texts: Sequence[Evidence]) -> Weighed:
    """What the texts decide, add or contradict."""
    if detected is None or detected == NOASSERTION:
        return weighed
    names = ", ".join(sorted({str(text.location) for text in texts if text.expression}))
    if weighed.expression:
        return _told_against_texts(weighed, weighed.expression, detected, names)
    if weighed.candidates:
        return _open_against_texts(weighed, detected, texts, names)
    basis = _("The text in {files} is {detected}.").format(files=names, detected=detected)
    return replace(weighed, expression=detected, basis=basis)


def _told_against_texts(weighed: Weighed, declared: str, detected: str, names: str) -> Weighed:
    ours, found = set(licenses_of(declared)), set(licenses_of(detected))
    if found <= ours:
        return weighed
    if ours < found:
        more = ", ".join(sorted(found - ours))
        doubt = _("{files} also holds {licenses}, which nothing declares.").format(files=names, licenses=more)
        return replace(weighed, doubts=(*weighed.doubts, doubt))
    said = _("{declared} is declared, but the text in {files} is {detected}.").format(
        declared=declared, files=names, detected=detected
    )
    return replace(
        weighed,
        candidates=_distinct((declared, *weighed.candidates, detected)),
        disagreements=(*weighed.disagreements, said),
    )


def _open_against_texts(weighed: Weighed, detected: str, texts: Sequence[Evidence], names: str) -> Weighed:
    """A text decides when it is one of the readings; two texts side by side do not tell AND from OR."""
    single = [text.expression for text in texts if text.expression]
    fitting = [candidate for candidate in weighed.candidates if _among(candidate, single)]
    if len(fitting) == 1 and not weighed.disagreements:
        decided = _decided(weighed, fitting[0], names, fitting[0])
        return _told_against_texts(decided, fitting[0], detected, names)
    known = {license_id for candidate in weighed.candidates for license_id in licenses_of(candidate)}
    if set(licenses_of(detected)) <= known:
        return weighed
    said = _("The text in {files} is {detected}, which is none of the readings of what is declared.").format(
        files=names, detected=detected
    )
    return replace(
        weighed,
        candidates=_distinct((*weighed.candidates, detected)),
        disagreements=(*weighed.disagreements, said),
    )
