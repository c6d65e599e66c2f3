"""The checklist of a product: what is owed on each surface, once, with the components and clauses behind it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from licscan.base.escape import one_line
from licscan.base.listing import listed
from licscan.base.messages import NOT_ADVICE, _, ngettext
from licscan.base.terms import clause_words
from licscan.export.json_format import harmless
from licscan.export.page import Page, label, page_for
from licscan.law.vocabulary import NOTICE_DUTIES, DutyName
from licscan.law.words import deployment_words, title_of, what_to_do
from licscan.model import Scan
from licscan.model.surface import Judgement, Obligation, Surface

if TYPE_CHECKING:
    from rich.console import Console

MOST_NAMED = 6
"""So many components are named in the table; Markdown and JSON name all."""
_WHATEVER_LICENSE = frozenset({DutyName.COPYRIGHT_NOTICE.value, DutyName.NOTICE_FILE.value})
"""Duties that are met in the same way whatever license asks for them."""
_NOTICES = frozenset(one.value for one in NOTICE_DUTIES)
_ORDER = {name.value: place for place, name in enumerate(DutyName)}


@dataclass(frozen=True, slots=True)
class Item:
    """One duty on one surface: the license (empty: several), the clauses, the PackageURLs of the components.

    `undecided`: it goes beyond notices, and whether these components may be used at all awaits a decision.
    """

    name: str
    license: str
    undecided: bool
    clauses: tuple[str, ...]
    purls: tuple[str, ...]


def items(scan: Scan, surface: Surface) -> tuple[Item, ...]:
    """What is owed on a surface, notices first, each duty once for all components under a license."""
    found: dict[tuple[str, str, bool], tuple[set[str], set[str]]] = {}
    for judgement in scan.judgements:
        if judgement.surface != surface.name:
            continue
        for duty, open_ in owed(judgement):
            key = (duty.name, "" if duty.name in _WHATEVER_LICENSE else duty.license, open_)
            clauses, purls = found.setdefault(key, (set(), set()))
            clauses.add(", ".join(part for part in (duty.license, duty.clause) if part))
            purls.add(judgement.purl)
    ordered = sorted(found, key=lambda key: (_ORDER.get(key[0], len(_ORDER)), *key[1:]))
    return tuple(Item(*key, tuple(sorted(found[key][0])), tuple(sorted(found[key][1]))) for key in ordered)


def owed(judgement: Judgement) -> Iterator[tuple[Obligation, bool]]:
    """What one component asks for on one surface, each with whether that awaits a decision on its use.

    Nothing that could be given makes a refused use right, so it asks for nothing.
    """
    for duty in judgement.duties if judgement.ruling != "conflict" else ():
        yield duty, judgement.ruling == "review" and duty.name not in _NOTICES


@dataclass(frozen=True, slots=True)
class Section:
    """What is owed alike on some surfaces, and what their lists do not say."""

    surfaces: tuple[Surface, ...]
    items: tuple[Item, ...]
    unlisted: tuple[str, ...]


def sections(scan: Scan, surfaces: Sequence[Surface]) -> list[Section]:
    """Each duty once, under all the surfaces on which it is owed for the same components; most surfaces first."""
    where: dict[tuple[str, str, bool, tuple[str, ...]], list[tuple[int, Item]]] = {}
    told: dict[str, list[int]] = {}
    for number, surface in enumerate(surfaces):
        for item in items(scan, surface):
            where.setdefault((item.name, item.license, item.undecided, item.purls), []).append((number, item))
        for sentence in _unlisted(scan, surface):
            told.setdefault(sentence, []).append(number)
    groups: dict[tuple[int, ...], tuple[list[Item], list[str]]] = {}
    for (name, license_, open_, purls), found in where.items():
        clauses = tuple(
            _on(clause, found, surfaces) for clause in sorted({c for _n, item in found for c in item.clauses})
        )
        group = groups.setdefault(tuple(number for number, _item in found), ([], []))
        group[0].append(Item(name, license_, open_, clauses, purls))
    for sentence, numbers in told.items():
        groups.setdefault(tuple(numbers), ([], []))[1].append(sentence)
    named = {number for numbers in groups for number in numbers}
    for number in range(len(surfaces)):
        if number not in named:
            groups[(number,)] = ([], [])
    ordered = sorted(groups.items(), key=lambda group: (-len(group[0]), group[0]))
    return [
        Section(
            tuple(surfaces[number] for number in numbers),
            tuple(sorted(owed, key=lambda item: (_ORDER.get(item.name, len(_ORDER)), item.license, item.purls))),
            tuple(sentences),
        )
        for numbers, (owed, sentences) in ordered
    ]


def _on(clause: str, found: Sequence[tuple[int, Item]], surfaces: Sequence[Surface]) -> str:
    """A clause, with the surfaces on which it asks where that is not each of them."""
    names = [one_line(surfaces[number].name, 60) for number, item in found if clause in item.clauses]
    if len(names) == len(found):
        return clause
    return _("{surface} ({how})").format(surface=clause, how=_(", ").join(names))


def render(scan: Scan, surfaces: Sequence[Surface], console: Console) -> None:
    """Print the checklist."""
    page = page_for(console)
    write(scan, surfaces, page)
    page.show(console)


def write(scan: Scan, surfaces: Sequence[Surface], page: Page) -> None:
    """The surfaces with their duties, then what the list does not say."""
    found = sections(scan, surfaces)
    for section in found:
        page.prose(_title(section), style="bold", hanging=2)
        if not section.items and not section.unlisted:
            page.prose(_("No duties."), indent=2)
        for item in section.items:
            page.prose(_("{title}: {what}").format(title=title_of(item.name), what=_what(scan, item)), 2, 2)
            page.prose(_clauses(item, MOST_NAMED), indent=6, hanging=2)
        for sentence in section.unlisted:
            page.prose(sentence, indent=2, style="yellow")
        page.line()
    every = [item for section in found for item in section.items]
    if any(max(len(item.purls), len(item.clauses)) > MOST_NAMED + 1 for item in every):
        page.prose(_("`licscan duties --format markdown` names every component and clause."))
    page.prose(_(NOT_ADVICE))


def to_text(scan: Scan, surfaces: Sequence[Surface], width: int = 100) -> str:
    """The checklist as plain text."""
    page = Page(width)
    write(scan, surfaces, page)
    return page.plain


def to_markdown(scan: Scan, surfaces: Sequence[Surface]) -> str:
    """The checklist with a box for each duty and all components by name."""
    lines = [f"# {_markdown(_('Duties: {project}').format(project=scan.project.label))}", ""]
    for section in sections(scan, surfaces):
        lines += [f"## {_markdown(_title(section))}", ""]
        if not section.items and not section.unlisted:
            lines.append(_("No duties."))
        for item in section.items:
            told = _("{title}: {what}").format(title=title_of(item.name), what=_what(scan, item, named=False))
            lines.append(f"- [ ] {_markdown(told)}")
            lines.append(f"  - {_markdown(_clauses(item, len(item.clauses)))}")
            lines += [f"  - {_markdown(label(scan.graph, purl))}" for purl in item.purls]
        lines += [_markdown(sentence) for sentence in section.unlisted]
        lines.append("")
    lines.append(_(NOT_ADVICE))
    return "\n".join(lines) + "\n"


def to_json(scan: Scan, surfaces: Sequence[Surface]) -> str:
    """The checklist for programs."""
    document = {
        "project": scan.project.name,
        "surfaces": [_surface(scan, surface) for surface in surfaces],
        "disclaimer": _(NOT_ADVICE),
    }
    return harmless(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _surface(scan: Scan, surface: Surface) -> dict[str, Any]:
    return {
        "name": surface.name,
        "deployment": surface.deployment,
        "outbound": surface.effective or surface.outbound,
        "duties": [
            {
                "name": item.name,
                "title": title_of(item.name),
                "license": item.license or None,
                "clauses": list(item.clauses),
                "what": _what(scan, item, named=False),
                "components": list(item.purls),
                "undecided": item.undecided,
            }
            for item in items(scan, surface)
        ],
        "undecided": ruled(scan, surface, "review"),
        "refused": ruled(scan, surface, "conflict"),
    }


def _title(section: Section) -> str:
    titles = (
        _("{surface} ({how})").format(surface=one_line(one.name, 60), how=deployment_words(one.deployment))
        for one in section.surfaces
    )
    return _(", ").join(titles)


def _what(scan: Scan, item: Item, named: bool = True) -> str:
    """What to do, for the components by name, or by number where there are many or the names follow."""
    count = len(item.purls)
    counted = ngettext("{count} component", "{count} components", count).format(count=f"{count:,}")
    names = listed((one_line(label(scan.graph, purl), 80) for purl in item.purls), MOST_NAMED)
    told = what_to_do(item.name, names if named else counted, item.license)
    # a sentence that is about the license alone does not name the components
    if named and names not in told:
        told = _("{what} For: {names}.").format(what=told, names=names)
    return only_if(told, count) if item.undecided else told


def only_if(told: str, count: int) -> str:
    """A duty of components of which nobody has decided whether they may be used."""
    return ngettext(
        "{what} Only if it may be used, which is undecided.",
        "{what} Only if they may be used, which is undecided.",
        count,
    ).format(what=told)


def _clauses(item: Item, most: int) -> str:
    return _("Required by: {clauses}").format(clauses=listed(map(clause_words, item.clauses), most, _("; ")))


def ruled(scan: Scan, surface: Surface, ruling: str) -> list[str]:
    """The components with this ruling on a surface: `review` of those on which nobody has decided, `conflict`."""
    return sorted({one.purl for one in scan.judgements if one.surface == surface.name and one.ruling == ruling})


def with_parts(scan: Scan, surface: Surface) -> int:
    """How many components have parts that bring duties beyond notices of their own, if they are shipped."""
    return sum(one.code == "parts-duties" and one.surface == surface.name for one in scan.findings)


def _unlisted(scan: Scan, surface: Surface) -> Iterator[str]:
    """What the list does not say: components that may not be used, and those on which nobody has decided."""
    refused, undecided = len(ruled(scan, surface, "conflict")), len(ruled(scan, surface, "review"))
    if refused:
        yield ngettext(
            "{count} component must not be used (license-conflict); its duties are not listed.",
            "{count} components must not be used (license-conflict); their duties are not listed.",
            refused,
        ).format(count=f"{refused:,}")
    if undecided:
        yield ngettext(
            "{count} component awaits a decision on whether it may be used; it may bring further duties.",
            "{count} components await a decision on whether they may be used; they may bring further duties.",
            undecided,
        ).format(count=f"{undecided:,}")
    if parts := with_parts(scan, surface):
        yield ngettext(
            "{count} component has parts that bring duties of their own if they are shipped; "
            "`licscan findings parts-duties` lists them.",
            "{count} components have parts that bring duties of their own if they are shipped; "
            "`licscan findings parts-duties` lists them.",
            parts,
        ).format(count=f"{parts:,}")


def _markdown(text: str) -> str:
    """One line in which nothing is markup."""
    shown = one_line(text, 2_000)
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in shown)


def chosen(scan: Scan, names: Iterable[str]) -> tuple[Surface, ...]:
    """The surfaces of these names; all where none is named."""
    wanted = set(names)
    return tuple(surface for surface in scan.surfaces if not wanted or surface.name in wanted)
