"""What words say of a work: under which license it is, whose it is, from where it was taken."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from licscan.content.sites import Site, site_in
from licscan.content.texts import Reader
from licscan.content.words import BY, COPYRIGHT, OWN, RESERVED, VAGUE, is_not_commercial
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION


@dataclass(frozen=True, slots=True)
class Claim:
    """What some words say. `expression` is empty where they name no license, NOASSERTION for terms without a name."""

    expression: str = ""
    holder: str = ""
    site: Site | None = None
    is_own: bool = False
    not_commercial: bool = False
    reserved: bool = False

    @property
    def says_something(self) -> bool:
        """Whether it tells anything of whose work it is or under which license."""
        return bool(self.expression or self.holder or self.site or self.is_own or self.not_commercial or self.reserved)


NO_CLAIM = Claim()


def claim_in(words: str, reader: Reader, is_own_holder: Callable[[str], bool]) -> Claim:
    """What the words claim; a site that they name as licensor counts as its license where they name none."""
    site = site_in([words])
    expression = reader.expression(words)
    if site is not None and not expression and site.expression != NOASSERTION:
        expression = site.expression
    if not expression and VAGUE.search(words):
        expression = NOASSERTION
    holder = holder_in(words, reader)
    own = bool(OWN.search(words)) or bool(holder and site is None and is_own_holder(holder) and BY.search(words))
    return Claim(
        expression,
        "" if own else holder,
        site,
        own and site is None,
        is_not_commercial(words),
        bool(RESERVED.search(words)),
    )


def claims_by(reader: Reader, is_own_holder: Callable[[str], bool]) -> Callable[[str], Claim]:
    """What words claim, told by one reader: many files of a project carry the same words, which are read once."""
    return cache(lambda words: claim_in(words, reader, is_own_holder))


def holder_in(words: str, reader: Reader) -> str:
    """The holder that a copyright statement names, or whom the words say that it is by."""
    for name, _line in reader.header(words).holders:
        return plain_name(name)
    by = BY.search(words)
    if by:
        return plain_name(by["name"])
    told = COPYRIGHT.search(words)
    return plain_name(RESERVED.sub("", told["name"])) if told else ""


_TRAILING = re.compile(
    r"(?i)(?:[\s,]*[(<\[][^)>\]]*$|[\s,]*\b(?:from|at|see|via)?\s*(?:https?:|www\b).*$|[\s,]+(?:from|see|via)$"
    r"|[\s,]+(?:19|20)\d\d$)"
)
_LOOKED = 500
"""Characters that may hold a name."""
_NOBODY = re.compile(r"(?i)^(?:by\s+)?(?:the\s+)?(?:original\s+)?authors?(?:\s+@.*)?$")
"""What tools that build fonts write where a name belongs."""


def plain_name(said: str) -> str:
    """A holder's name without an address, an open bracket or a year behind it; empty where it names nobody."""
    name, before = said[:_LOOKED].strip(" .,"), ""
    while name != before:
        before, name = name, _TRAILING.sub("", name).strip(" .,")
    return "" if _NOBODY.match(name) else name[:120]


def is_wrong_of(claim: Claim) -> bool:
    """Whether the words say of a stock site a license that the site does not give, or gives no more."""
    if claim.site is None or claim.expression in ("", NOASSERTION):
        return False
    return any(one in claim.site.wrong for one in licenses_of(claim.expression))
