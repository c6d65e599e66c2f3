"""Whose one file of content is: who speaks for it, in order of trust, and what disagrees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from licscan.conclude.agree import fits
from licscan.content.embedded import NOTHING_INSIDE, Embedded
from licscan.content.known import Card, Known, Listed
from licscan.content.reading import ReadFile
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, NONE, Location
from licscan.model.content import ContentStatement, Speaker
from licscan.model.media import AiMark, MediaField, MediaKind

MAX_TEXT = 300


@dataclass(frozen=True, slots=True)
class Placed:
    """One file with all that speaks for it, and what follows: license, owner, who decided, whether two disagree.

    `is_own` is whether it is taken as the project's own; `marks` are those of AI in the file and in its card.
    """

    file: ReadFile
    statements: tuple[ContentStatement, ...]
    listed: tuple[Listed, ...]
    embedded: Embedded
    expression: str
    owner: str
    basis: Speaker | None
    disagree: bool
    is_own: bool
    card: tuple[MediaField, ...] = ()
    marks: tuple[AiMark, ...] = ()


def _is_own(
    said: tuple[ContentStatement, ...], first: ContentStatement | None, listed: tuple[Listed, ...], embedded: Embedded
) -> bool:
    """Whether a file is taken as the project's own: somebody says so first, or nobody says anything."""
    if said and said[0].is_own:
        return True
    return (first is None or first.speaker is Speaker.PROJECT) and not (embedded.site or embedded.builder or listed)


def place(file: ReadFile, known: Known) -> Placed:
    """Everything that speaks for a file; the first that names a license decides, the first holder is the owner."""
    listed = tuple(_listed(file.path, known))
    embedded = known.embedded.get(file.path, NOTHING_INSIDE)
    said = tuple(_statements(file, known, listed, embedded))
    deciding = next((one for one in said if one.is_own or one.expression not in ("", NOASSERTION)), None)
    vague = next((one for one in said if one.expression or one.holder), None)
    first = deciding or vague
    if deciding is not None and deciding.is_own:
        expression = " AND ".join(known.own.at(file.path)[:1]) or NOASSERTION
    else:
        expression = deciding.expression if deciding else NOASSERTION if first else ""
    owner = "" if deciding and deciding.is_own else next((one.holder for one in said if one.holder), "")
    card = known.cards.get(file.path)
    listing = card.listed if card else None
    return Placed(
        file=file,
        statements=said,
        listed=listed,
        embedded=embedded,
        expression=expression,
        owner=owner,
        basis=first.speaker if first else None,
        disagree=len(said) > 1 and _disagree(said, known),
        card=listing.fields if listing else (),
        is_own=_is_own(said, first, listed, embedded),
        marks=_marks(file.facts.marks, card),
    )


def _marks(inside: tuple[AiMark, ...], card: Card | None) -> tuple[AiMark, ...]:
    told = (*inside, *(card.marks if card else ()))
    return tuple(sorted(set(told))) if told else ()


def _listed(path: str, known: Known) -> Iterator[Listed]:
    """The entries that name a file; else the texts that speak for the nearest folder, for kinds that are made apart."""
    if path in known.lists:
        yield from known.lists[path]
        return
    folder = path.rpartition("/")[0]
    while folder:
        if folder in known.folders:
            yield from known.folders[folder]
            return
        folder = folder.rpartition("/")[0]


def _statements(
    file: ReadFile, known: Known, listed: tuple[Listed, ...], embedded: Embedded
) -> Iterator[ContentStatement]:
    """In falling order of trust."""
    record = known.records.get(file.path)
    if record is not None:
        words = record.reference or record.note
        own = record.ownership == "own"
        yield ContentStatement(
            Speaker.RECORD, record.license, record.owner, Location("licscan.toml", record.line), words[:MAX_TEXT], own
        )
    annotated = known.annotations.of(file.path)
    if annotated is not None:
        own = annotated.is_own or (bool(annotated.holder) and known.own.holders.is_own(annotated.holder))
        yield ContentStatement(
            annotated.speaker, annotated.expression, annotated.holder, annotated.location, annotated.text, own
        )
    card = known.cards.get(file.path)
    if card is not None and card.listed is not None:
        yield _from_list(Speaker.CARD, card.listed)
    for one in listed:
        yield _from_list(Speaker.LIST, one)
    if embedded.says_something:
        yield ContentStatement(
            Speaker.EMBEDDED,
            embedded.claim.expression,
            embedded.holder,
            Location(file.path),
            _words(embedded)[:MAX_TEXT],
            # a name alone inside a file of one's own kind says no more than who drew it
            bool(embedded.holder) and known.own.holders.is_own(embedded.holder) and not embedded.claim.expression,
        )
    found = known.sets.get(file.path)
    if found is not None:
        yield ContentStatement(Speaker.SET, found.expression, found.owner, Location(file.path), found.name)
    cover = known.covers.of(file.path)
    if cover is not None and cover.path:
        yield ContentStatement(Speaker.TEXT, cover.expression, "; ".join(cover.holders[:3]), Location(cover.path), "")


def _words(embedded: Embedded) -> str:
    """The field that decides with its words; else the stock site, or the tool that built it, which the fields name."""
    if embedded.field:
        return f"{embedded.field}: {embedded.words}"
    return embedded.site.name if embedded.site else embedded.builder


def _from_list(speaker: Speaker, one: Listed) -> ContentStatement:
    claim = one.claim
    holder = claim.holder or (claim.site.name if claim.site else "")
    return ContentStatement(
        speaker, claim.expression, holder, one.location, one.words.rpartition("\n")[2][:MAX_TEXT], claim.is_own
    )


_COMPARED = (Speaker.ANNOTATION, Speaker.CARD, Speaker.LIST, Speaker.EMBEDDED)


def _disagree(said: tuple[ContentStatement, ...], known: Known) -> bool:
    """Whether two of those who speak for this very file contradict each other.

    One's own claim against terms that the file itself carries; or two licenses of which neither is part of the other.
    A set that is recognised contradicts whoever claims it as own work.
    """
    heard = [one for one in said if one.speaker in _COMPARED]
    own = [one for one in heard if one.is_own]
    licensed = [one for one in heard if one.expression and not one.is_own]
    if own and licensed:
        named = {name for one in own for name in (licenses_of(one.expression) if is_named(one.expression) else ())}
        ours = (*known.own.at(own[0].location.path), *named)
        if any(not _among(one.expression, ours) for one in licensed):
            return True
    if own and any(one.speaker is Speaker.SET for one in said):
        return True
    firm = [one for one in licensed if is_named(one.expression)]
    return any(
        not _overlap(first.expression, second.expression)
        for number, first in enumerate(firm)
        for second in firm[number + 1 :]
        if first.speaker is not second.speaker
    )


def is_named(expression: str) -> bool:
    """Whether an expression names a license."""
    return expression not in ("", NOASSERTION, NONE)


def _among(expression: str, ours: tuple[str, ...]) -> bool:
    return is_named(expression) and any(fits(own, name) for own in ours for name in licenses_of(expression))


def _overlap(first: str, second: str) -> bool:
    """Whether two expressions have a license in common, whatever its marks of reserved names."""
    left, right = (
        {name.removesuffix("-no-RFN").removesuffix("-RFN") for name in licenses_of(one)} for one in (first, second)
    )
    return any(fits(one, other) for one in left for other in right)


KINDS_MADE_APART = frozenset(
    {MediaKind.FONT, MediaKind.AUDIO, MediaKind.VIDEO, MediaKind.MODEL, MediaKind.LOTTIE, MediaKind.IMAGE}
)
"""Kinds for which a text beside them may speak though it does not name them; icons in SVG are mostly one's own."""
