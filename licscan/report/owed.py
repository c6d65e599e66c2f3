"""What is owed, for the report: each duty once, whatever the surfaces, and what the list leaves out."""

from __future__ import annotations

from dataclasses import dataclass

from licscan.base.escape import one_line
from licscan.base.messages import ngettext
from licscan.base.terms import clause_words
from licscan.export.duties import items, only_if, with_parts
from licscan.export.page import label
from licscan.law.vocabulary import DutyName
from licscan.law.words import deployment_words, title_of, what_to_do
from licscan.model import Scan
from licscan.report.bilingual import Both, both

_DUTIES = [name.value for name in DutyName]


@dataclass(frozen=True, slots=True)
class ReportDuty:
    """One duty under one license; `names` are the components that ask for it on these surfaces."""

    license: str
    what: Both
    clauses: tuple[Both, ...]
    names: tuple[str, ...]
    surfaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty, with the licenses that ask for it, and how many components these are of."""

    name: str
    title: Both
    owed: tuple[ReportDuty, ...]
    components: int


@dataclass(frozen=True, slots=True)
class Left:
    """What the list of duties of a surface leaves out: components that are `undecided`, others that are `refused`.

    `partly` are those with parts that bring duties of their own if they are shipped.
    """

    surface: str
    how: Both
    undecided: int
    refused: int
    partly: int


def duties(scan: Scan) -> tuple[Duty, ...]:
    """What is owed, each duty once under a license, with all components and surfaces on which it is."""
    found: dict[str, dict[tuple[str, bool], tuple[set[str], set[str], dict[str, None]]]] = {}
    for surface in scan.surfaces:
        for item in items(scan, surface):
            clauses, purls, on = found.setdefault(item.name, {}).setdefault(
                (item.license, item.undecided), (set(), set(), {})
            )
            clauses.update(item.clauses)
            purls.update(item.purls)
            on[surface.name] = None
    ranked = sorted(found, key=lambda name: _DUTIES.index(name) if name in _DUTIES else len(_DUTIES))
    return tuple(
        Duty(
            name=name,
            title=both(lambda held=name: title_of(held)),  # type: ignore[misc]
            owed=tuple(
                _owed(scan, name, license_id, undecided, *held)
                for (license_id, undecided), held in sorted(
                    found[name].items(), key=lambda one: (-len(one[1][1]), one[0])
                )
            ),
            components=len(set[str]().union(*(purls for _clauses, purls, _on in found[name].values()))),
        )
        for name in ranked
    )


def _owed(
    scan: Scan,
    name: str,
    license_id: str,
    undecided: bool,
    clauses: set[str],
    purls: set[str],
    surfaces: dict[str, None],
) -> ReportDuty:
    def say() -> str:
        count = len(purls)
        counted = ngettext("{count} component", "{count} components", count).format(count=f"{count:,}")
        told = what_to_do(name, counted, license_id)
        return only_if(told, count) if undecided else told

    return ReportDuty(
        license=one_line(license_id),
        what=both(say),
        clauses=tuple(both(lambda held=one: clause_words(held)) for one in sorted(clauses)),  # type: ignore[misc]
        names=tuple(sorted({one_line(label(scan.graph, purl), 120) for purl in purls})),
        surfaces=tuple(map(one_line, surfaces)),
    )


def left_out(scan: Scan) -> tuple[Left, ...]:
    """The surfaces on which more may be owed than the list says, or something is that nothing makes right."""
    rulings: dict[tuple[str, str], set[str]] = {}
    for one in scan.judgements:
        if one.is_shipped:
            rulings.setdefault((one.surface, one.ruling), set()).add(one.purl)
    left = [
        Left(
            surface=one_line(surface.name),
            how=both(lambda held=surface: deployment_words(held.deployment)),  # type: ignore[misc]
            undecided=len(rulings.get((surface.name, "review"), ())),
            refused=len(rulings.get((surface.name, "conflict"), ())),
            partly=with_parts(scan, surface),
        )
        for surface in scan.surfaces
    ]
    return tuple(one for one in left if one.undecided or one.refused or one.partly)
