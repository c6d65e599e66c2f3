"""Evidence -> conclusion: every license statement is read, ranked by trust, and held against the others.

The most trusted statement counts. A statement that leaves something open is decided by a later one that names one of
its readings; one that contradicts is reported and decides nothing. What nothing decides is NOASSERTION.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from licscan.base.messages import _
from licscan.base.shown import archive_name, is_absolute
from licscan.conclude.agree import detected_of, hold_against_texts, only_named, texts_of
from licscan.conclude.weigh import MAX_CANDIDATES, SOMETHING_ELSE, Statement, Weighed, among, distinct, weigh
from licscan.licenses.pointers import FILE_FIELD, file_of, named
from licscan.licenses.statements import Reading, combine, read_classifier, read_license, read_npm
from licscan.model import (
    NOASSERTION,
    Claim,
    Component,
    Conclusion,
    Copyright,
    Evidence,
    EvidenceKind,
    Location,
    Origin,
    PackageFiles,
)

MAX_RAW = 2_000
ORIGIN_RANK = {origin: rank for rank, origin in enumerate(Origin)}
FIELD_RANK = {"License-Expression": 0, "License": 1, "license": 1, "licenses": 2, "Classifier": 3}
_FOLDERS = (Origin.INSTALLED, Origin.PROJECT)


def conclude(
    component: Component,
    files: Sequence[PackageFiles] = (),
    texts: Sequence[Evidence] | None = None,
    copyrights: Iterable[Copyright] = (),
    fields: Mapping[str, str] | None = None,
    readings: Mapping[str, Reading] | None = None,
) -> Conclusion:
    """What is declared, detected and concluded of a component; pure, and the same whatever the order of its claims.

    `texts` is evidence from license files, notices and readmes, one for each license in each text; None where no texts
    were looked for. `copyrights` are the statements of its own texts. `fields` are the licenses that detection saw in
    whole texts that stand in a metadata field, by the field's value. `readings` are what the caller knows better of a
    statement, by its value.
    """
    files, texts, copyrights = _anywhere(component, files, texts, copyrights)
    claims = sorted({*component.claims, *(claim for place in files for claim in place.claims)}, key=_claim_key)
    better = readings or {}
    read = [(one, better.get(one.raw) or _found(one, _read(one, fields or {}), files)) for one in claims]
    weighed = Weighed()
    for statement in _statements(read):
        weighed = weigh(weighed, statement)
    declared = weighed.expression or NOASSERTION
    found = texts_of(texts or ())
    if not weighed.expression and not weighed.candidates:
        found = only_named(found, [path for place in files for path in place.named])
    weighed, marked = hold_against_texts(weighed, found)
    return Conclusion(
        purl=component.purl,
        declared=declared,
        detected=None if texts is None else detected_of(found),
        concluded=weighed.expression or NOASSERTION,
        basis=weighed.basis or _no_basis(weighed),
        disagreements=tuple(dict.fromkeys(weighed.disagreements)),
        text_conflicts=weighed.text_conflicts,
        doubts=tuple(dict.fromkeys(weighed.doubts)),
        candidates=weighed.candidates,
        evidence=(
            *(_evidence(claim, reading) for claim, reading in read),
            *_silences(component, files),
            *marked,
        ),
        license_files=_paths((place, place.license_files) for place in files),
        notice_files=_paths((place, place.notice_files) for place in files),
        copyrights=tuple(copyrights),
    )


def _anywhere(
    component: Component,
    files: Sequence[PackageFiles],
    texts: Sequence[Evidence] | None,
    copyrights: Iterable[Copyright],
) -> tuple[Sequence[PackageFiles], Sequence[Evidence] | None, Iterable[Copyright]]:
    """The same with the archive's name in place of a client's cache on this machine: others can follow it."""
    caches = {
        place.place.rstrip("/"): archive_name(place.place, component.ecosystem, component.name, component.version or "")
        for place in files
        if place.origin is Origin.CACHE and is_absolute(place.place)
    }
    if not caches:
        return files, texts, copyrights

    def shown(path: str) -> str:
        known = next((cache for cache in caches if path == cache or path.startswith(f"{cache}/")), None)
        return path if known is None else caches[known] + path[len(known) :]

    def moved(place: Location) -> Location:
        return replace(place, path=shown(place.path))

    return (
        [
            replace(
                place,
                place=shown(place.place),
                claims=tuple(replace(claim, location=moved(claim.location)) for claim in place.claims),
            )
            for place in files
        ],
        None if texts is None else [replace(text, location=moved(text.location)) for text in texts],
        tuple(replace(one, path=shown(one.path)) for one in copyrights),
    )


def _no_basis(weighed: Weighed) -> str:
    if weighed.by is None:
        return _("No license is stated.")
    return _("The statements leave the license open.")


def statements_of(claims: Iterable[Claim]) -> list[Statement]:
    """What claims say by themselves, by origin and field, in order of trust."""
    return _statements([(claim, _read(claim, {})) for claim in sorted(set(claims), key=_claim_key)])


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


def _read(claim: Claim, fields: Mapping[str, str]) -> Reading:
    if claim.raw in fields:
        note = _("The field contains the text of the license, not its name.")
        return Reading(fields[claim.raw], "text", 0.9, note=note)
    if claim.field == FILE_FIELD:
        said = _("The statement points to the file {name}.").format(name=_short(claim.raw))
        return Reading(None, "see-file", 0.0, note=said)
    if claim.kind is EvidenceKind.CLASSIFIER:
        return read_classifier(claim.raw)
    return read_npm(claim.raw) if claim.structured else read_license(claim.raw)


def _found(claim: Claim, reading: Reading, files: Sequence[PackageFiles]) -> Reading:
    """A reading that points to a file says so where the package, whose files are known, does not have it."""
    known = [place for place in files if place.origin in (*_FOLDERS, Origin.CACHE) and not place.problems]
    if reading.method != "see-file" or not known:
        return reading
    path = file_of(claim)
    if path and any(named(path, (*place.named, *place.license_files, *place.notice_files)) for place in known):
        return reading
    said = _("The statement points to the file {name}, which does not exist.").format(name=path or _short(claim.raw))
    return replace(reading, note=said)


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
    different = distinct(reading.expression for reading in told if reading.expression)
    if len(different) > 1:
        note = _("It is stated differently in several places.")
        return Reading(None, "ambiguous", 0.0, note=note, candidates=different)
    return (told or [reading for reading in readings if reading.candidates] or readings)[0]


def _several_classifiers(readings: list[Reading]) -> Reading:
    """Several classifiers: a precise one decides a vague one of its family; different ones leave AND or OR open."""
    told = [reading for reading in readings if reading.expression]
    names = distinct(reading.expression for reading in told if reading.expression)
    vague = [r for r in readings if not r.expression and not any(among(name, r.candidates) for name in names)]
    if not vague and len(names) == 1:
        return told[0]
    if len(vague) == 1 and not names:
        return vague[0]
    if any(not reading.candidates for reading in vague):
        note = _("One of the classifiers does not identify a license.")
        return Reading(None, "ambiguous", 0.0, note=note, candidates=(*names, SOMETHING_ELSE) if names else ())
    choices = [*((name,) for name in names), *(reading.candidates for reading in vague)]
    found: dict[str, None] = {}
    for chosen in itertools.islice(itertools.product(*choices), MAX_CANDIDATES // 2):
        with contextlib.suppress(ValueError):  # a row of a table that is no expression
            found.update(dict.fromkeys((combine("AND", chosen), combine("OR", chosen))))
    note = _("The classifiers do not say whether all apply or one may be chosen.")
    return Reading(None, "ambiguous", 0.0, note=note, candidates=tuple(found))
