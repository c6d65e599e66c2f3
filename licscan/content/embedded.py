"""The fields inside a file as a claim: what they say of license, holder, place of origin, and who built it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from licscan.content.claims import NO_CLAIM, Claim, plain_name
from licscan.content.model_names import license_called
from licscan.content.sites import Site, builder_in, site_in
from licscan.content.texts import Reader
from licscan.law.terms import FONT, terms_of
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION
from licscan.model.media import TERMS, Meaning, MediaFacts, MediaField, MediaKind

_ORIGIN = (
    Meaning.SOURCE, Meaning.COMMENT, Meaning.TITLE, Meaning.AUTHOR, Meaning.COPYRIGHT, Meaning.HOLDER,
    *TERMS, Meaning.DESCRIPTION,
)  # fmt: skip
"""Fields in which people name the place where they got a work; what wrote the file does not count."""
_MADE_BY = (Meaning.COPYRIGHT, Meaning.DESCRIPTION, Meaning.COMMENT, Meaning.SOURCE, Meaning.SOFTWARE, Meaning.NAME)


@dataclass(frozen=True, slots=True)
class Embedded:
    """What the fields of one file say; `field` is the one that decides, `words` its text."""

    claim: Claim = NO_CLAIM
    holder: str = ""
    site: Site | None = None
    builder: str = ""
    families: tuple[str, ...] = ()
    is_restricted: bool = False
    field: str = ""
    words: str = ""

    @property
    def says_something(self) -> bool:
        """Whether it tells anything of whose work it is."""
        return bool(self.claim.says_something or self.holder or self.site or self.builder)


NOTHING_INSIDE = Embedded()


def texts_to_read(facts: MediaFacts) -> Iterator[str]:
    """The texts in which detection may find a license or a holder."""
    yield from facts.texts(*TERMS, Meaning.COPYRIGHT)


def embedded_of(facts: MediaFacts, reader: Reader, claim_of: Callable[[str], Claim]) -> Embedded:
    """The claim of one file's fields: terms before copyright, since a copyright statement alone grants nothing.

    `claim_of` tells what words claim (`licscan.content.claims.claims_by`).
    """
    if not facts.fields and not facts.embedding:
        return NOTHING_INSIDE
    field = _deciding(facts, reader)
    words = field.text if field else ""
    claim = _plain(claim_of(words)) if field else NO_CLAIM
    rights = "\n".join(facts.texts(Meaning.COPYRIGHT, *TERMS))
    whole = _plain(claim_of(rights)) if rights else NO_CLAIM
    expression = claim.expression or whole.expression
    if facts.kind in (MediaKind.MODEL, MediaKind.DATASET):
        told = facts.texts(Meaning.LICENSE)
        expression = next(filter(None, map(license_called, told)), expression)
    if facts.kind is MediaKind.FONT:
        expression = _of_the_font(expression)
    site = site_in(facts.texts(*_ORIGIN))
    if facts.kind is MediaKind.FONT and expression not in ("", NOASSERTION):
        site = None  # a font that says its license may name the shop that sells it
    open_ = expression not in ("", NOASSERTION)
    return Embedded(
        Claim(
            expression,
            "",
            site,
            False,
            claim.not_commercial or whole.not_commercial,
            whole.reserved and not open_,
        ),
        _holder(facts, whole),
        site,
        builder_in(facts.texts(*_MADE_BY)) if facts.kind in (MediaKind.FONT, MediaKind.SVG) else "",
        facts.texts(Meaning.NAME),
        facts.withholds_embedding and not open_,
        field.field if field else "",
        words,
    )


def _plain(claim: Claim) -> Claim:
    """The claim without the license of a site that it names: a field that names a shop is no license of it."""
    if claim.site is not None and claim.expression == claim.site.expression:
        return replace(claim, expression="")
    return claim


def _of_the_font(expression: str) -> str:
    """Of several licenses that a font names the one for fonts: the others are for the code and the pages around it."""
    if " AND " not in expression or " OR " in expression:
        return expression
    fonts = [name for name in licenses_of(expression) if terms_of(name).class_ == FONT]
    return " AND ".join(fonts) or expression


def _deciding(facts: MediaFacts, reader: Reader) -> MediaField | None:
    """The field that names a license, terms first; else the first that speaks of rights at all."""
    order = (*TERMS, Meaning.COPYRIGHT)
    fields = sorted((one for one in facts.fields if one.meaning in order), key=lambda one: order.index(one.meaning))
    named = [one for one in fields if reader.expression(one.text) not in ("", NOASSERTION)]
    return named[0] if named else next(iter(fields), None)


def _holder(facts: MediaFacts, whole: Claim) -> str:
    if whole.holder:
        return whole.holder
    stated = [name for text in facts.texts(Meaning.COPYRIGHT) if (name := plain_name(_plain_name(text)))]
    if stated and not whole.expression:
        return stated[0]
    told = facts.texts(Meaning.HOLDER) or facts.texts(Meaning.AUTHOR)
    return plain_name(told[0]) if told else ""


_YEARS = re.compile(r"^(?:(?:19|20)\d\d|[\s,\-–]|copyright|\(c\)|©)+", re.IGNORECASE)


def _plain_name(text: str) -> str:
    """The name in a copyright field that holds nothing else: few words, after the years."""
    name = _YEARS.sub("", text.strip()).strip(" .,")
    return name if 0 < len(name.split()) <= 5 and name.isprintable() and "://" not in name else ""
