"""Attributions -> the document that people read: by license, each text once, below those to whom it belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from licscan.attribution.duties import link_of
from licscan.attribution.records import Attribution, Attributions, AttributionText, Gap, Role
from licscan.base.messages import _
from licscan.base.terms import clause_words

Terms = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Text:
    """A text under its number; `first` is whether it is printed here, else it stands further up."""

    number: int
    lead: str
    rest: str
    first: bool
    reconstructed: bool = False


@dataclass(frozen=True, slots=True)
class Members:
    """Components of which the same is to be said; `labels` are name and version, with a path where it is a part's."""

    labels: tuple[str, ...]
    statements: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    choice: str = ""
    surfaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Components that share their texts, and these texts; `link` is where the text stands that has to be named only."""

    members: tuple[Members, ...]
    texts: tuple[Text, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One license, or one kind of texts; `anchor` is its name in links, `count` that of its components."""

    title: str
    anchor: str
    count: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Things said of components in a list: a sentence or a place, those that it is for, and what asks for it."""

    text: str
    labels: tuple[str, ...]
    source: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The parts in the order in which they are read."""

    project: str
    version: str
    surfaces: tuple[str, ...]
    day: str
    contact: str
    components: int
    acknowledgments: tuple[Listed, ...] = ()
    offers: tuple[Listed, ...] = ()
    credits: tuple[Listed, ...] = ()
    changes: tuple[Listed, ...] = ()
    sections: tuple[Section, ...] = ()
    notices: Section | None = None
    parts: Section | None = None
    silent: tuple[str, ...] = ()
    gaps: tuple[Listed, ...] = ()


@dataclass
class _Numbers:
    """Gives every text its number when it is first printed."""

    known: dict[Terms, int] = field(default_factory=dict)

    def text(self, terms: Terms, reconstructed: bool = False) -> Text:
        first = terms not in self.known
        number = self.known.setdefault(terms, len(self.known) + 1)
        return Text(number, *terms, first, reconstructed)


def document(told: Attributions) -> Document:
    """The grouped document."""
    numbers = _Numbers()
    several = len(told.surfaces) > 1
    return Document(
        project=told.project,
        version=told.version,
        surfaces=told.surfaces,
        day=told.day,
        contact=told.contact,
        components=len(told.entries),
        acknowledgments=_acknowledgments(told.entries),
        offers=_offers(told.entries),
        credits=_credits(told.entries),
        changes=_changes(told.entries),
        sections=tuple(_sections(told.entries, numbers, several)),
        notices=_extra(told.entries, Role.NOTICE, "notices", _("NOTICE files"), numbers),
        parts=_extra(told.entries, Role.PART, "parts", _("Texts of parts inside components"), numbers),
        silent=told.silent,
        gaps=_gaps(told.gaps, {entry.purl: entry.label for entry in told.entries}),
    )


def _sections(entries: Iterable[Attribution], numbers: _Numbers, several: bool) -> Iterable[Section]:
    by_license: dict[str, list[Attribution]] = {}
    for entry in entries:
        by_license.setdefault(entry.license, []).append(entry)
    for place, license_id in enumerate(sorted(by_license, key=lambda name: (name.lower(), name))):
        listed = by_license[license_id]
        groups: dict[tuple[tuple[Terms, bool], ...], list[Attribution]] = {}
        for entry in listed:
            own = ((given.body.terms, given.reconstructed) for given in entry.of(Role.LICENSE))
            groups.setdefault(tuple(dict.fromkeys(own)), []).append(entry)
        made = tuple(
            Group(_members(group, several), tuple(numbers.text(*text) for text in key), link_of(license_id))
            for key, group in groups.items()
        )
        title = _("License not settled") if license_id in ("NOASSERTION", "NONE") else license_id
        yield Section(title, f"license-{place + 1}", len(listed), made)


def _members(entries: Iterable[Attribution], several: bool) -> tuple[Members, ...]:
    same: dict[Members, list[str]] = {}
    for entry in entries:
        made = tuple(s for one in entry.of(Role.LICENSE) if one.reconstructed for s in one.body.statements)
        key = Members(
            (),
            tuple(dict.fromkeys((*entry.shown, *made))),
            () if made else entry.authors,
            entry.offered,
            entry.surfaces if several else (),
        )
        same.setdefault(key, []).append(entry.label)
    return tuple(
        Members(tuple(labels), key.statements, key.authors, key.choice, key.surfaces) for key, labels in same.items()
    )


def _extra(entries: Iterable[Attribution], role: Role, anchor: str, title: str, numbers: _Numbers) -> Section | None:
    """NOTICE files whole; texts of parts with their copyright lines lifted like those of licenses."""
    groups: dict[Terms, dict[tuple[str, ...], list[str]]] = {}
    count = 0
    for entry in entries:
        given: tuple[AttributionText, ...] = entry.of(role)
        count += bool(given)
        for one in given:
            whole = role is Role.NOTICE
            terms = ("", one.body.text) if whole else one.body.terms
            statements = () if whole else one.body.statements
            label = entry.label if whole else f"{entry.label}: {one.path}"
            labels = groups.setdefault(terms, {}).setdefault(statements, [])
            if label not in labels:
                labels.append(label)
    if not groups:
        return None
    made = (
        Group(tuple(Members(tuple(labels), said) for said, labels in held.items()), (numbers.text(terms),))
        for terms, held in groups.items()
    )
    return Section(title, anchor, count, tuple(made))


def _listed(pairs: Iterable[tuple[Listed, str]]) -> tuple[Listed, ...]:
    """The same thing said of several components as one."""
    same: dict[Listed, list[str]] = {}
    for listed, label in pairs:
        labels = same.setdefault(listed, [])
        if label not in labels:
            labels.append(label)
    return tuple(Listed(one.text, tuple(labels), one.source, one.more) for one, labels in same.items())


def _clause(license_id: str, clause: str) -> str:
    return clause_words(", ".join(part for part in (license_id, clause) if part))


def _acknowledgments(entries: Iterable[Attribution]) -> tuple[Listed, ...]:
    return _listed(
        (Listed(one.text, (), _clause(one.license, one.clause)), entry.label)
        for entry in entries
        for one in entry.sentences
    )


def _offers(entries: Iterable[Attribution]) -> tuple[Listed, ...]:
    """What is owed for each component once, with every license that asks for it."""
    told: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for entry in entries:
        for offer in entry.offers:
            told.setdefault((offer.what, entry.label, offer.where), []).append(_clause(offer.license, offer.clause))
    return tuple(Listed(what, (label,), _("; ").join(asked), where) for (what, label, where), asked in told.items())


def _credits(entries: Iterable[Attribution]) -> tuple[Listed, ...]:
    told = []
    for entry in entries:
        for credit in entry.credits:
            creators = _(", ").join(credit.creators) or _("not named")
            license_id = f"{credit.license} ({credit.link})" if credit.link else credit.license
            lines = [
                _("By: {names}").format(names=creators),
                _("From: {places}").format(places=credit.source or _("not named")),
                _("License: {license}").format(license=license_id),
            ]
            if credit.words:
                lines.append(_("In its owner's words: {words}").format(words=credit.words))
            if credit.reserved:
                lines.append(_("Reserved Font Names: {names}").format(names=_(", ").join(credit.reserved)))
            lines.append(_CHANGED[credit.changed]())
            told.append(Listed(credit.title, (), "", tuple(lines)))
    return tuple(told)


_CHANGED: dict[bool | None, Callable[[], str]] = {
    True: lambda: _("Changed."),
    False: lambda: _("Not changed, as far as is known."),
    None: lambda: _("Whether it was changed is unknown."),
}


def _changes(entries: Iterable[Attribution]) -> tuple[Listed, ...]:
    return _listed((Listed(change, ()), entry.label) for entry in entries for change in entry.changes)


def _gaps(gaps: Iterable[Gap], labels: dict[str, str]) -> tuple[Listed, ...]:
    return _listed((Listed(gap.sentence, ()), labels.get(gap.purl, gap.purl)) for gap in gaps)
