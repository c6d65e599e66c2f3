"""What words say of a work: under which license it is, whose it is, from where it was taken."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from licscan.content.sites import Site, site_in
from licscan.content.texts import Reader
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION

_MADE = (
    r"(?:created|made|drawn|designed|recorded|composed|produced|painted|illustrated|photographed|contributed|provided)"
)
_OWN = re.compile(
    rf"(?i)\b{_MADE}\b(?:\s+\w+)?\s+by\s+(?:us|ourselves|our(?:\s+own)?\s+\w+|the\s+(?:team|project|authors?)|me|myself)\b"
    r"|\b(?:our|my)\s+own\s+(?:work|creation|design|art|recording)|\bown\s+work\b|\bself[- ]made\b"
    r"|自制|原创|自己制作|自行(?:设计|制作|绘制)|我们(?:设计|制作|绘制)"
)
_BY = re.compile(r"\b[Bb]y:?\s+(?P<name>[A-Z@][\w'’.-]*(?:[ \t]+[A-Z0-9][\w'’.-]*){0,4})")
_COPYRIGHT = re.compile(
    r"(?i)(?:©|\(c\)|copyright|版权所有|著作权)[\s:：]*(?:\(c\)|©)?\s*(?:\d{4}(?:\s*[-–,]\s*\d{4})*,?\s*)?(?P<name>[^\n,;.]{2,80})"
)
_RESERVED = re.compile(r"(?i)\ball rights reserved\b|版权所有|保留所有权利")
_NOT_COMMERCIAL = re.compile(
    r"(?i)\bnon[- ]?commercial(?:ly)?\b|\bnot\s+(?:be\s+)?(?:used|licensed|allowed|permitted|available)?\s*(?:for\s+)?"
    r"commercial|\bno commercial use|\bpersonal use only|\bfree for personal use"
    r"|仅供(?:个人|学习|非商业)|禁止(?:用于)?商[业用]|非商[业用]"
)
_BOTH = re.compile(
    r"(?i)\bcommercial\s+(?:and|or|&)\s+(?:non[- ]?commercial|personal)"
    r"|\bnon[- ]?commercial\s+(?:and|or|&)\s+commercial"
)
_VAGUE = re.compile(r"(?i)\bcreative\s+commons\b|\bcc[- ]by\b|\broyalty[- ]free\b|\bfree to use\b")


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
    if not expression and _VAGUE.search(words):
        expression = NOASSERTION
    holder = holder_in(words, reader)
    own = bool(_OWN.search(words)) or bool(holder and site is None and is_own_holder(holder) and _BY.search(words))
    return Claim(
        expression,
        "" if own else holder,
        site,
        own and site is None,
        bool(_NOT_COMMERCIAL.search(_BOTH.sub(" ", words))),
        bool(_RESERVED.search(words)),
    )


def holder_in(words: str, reader: Reader) -> str:
    """The holder that a copyright statement names, or whom the words say that it is by."""
    for name, _line in reader.header(words).holders:
        return name
    by = _BY.search(words)
    if by:
        return by["name"].strip(" .,")[:120]
    told = _COPYRIGHT.search(words)
    name = _RESERVED.sub("", told["name"]).strip(" .,") if told else ""
    return name[:120]


def is_wrong_of(claim: Claim) -> bool:
    """Whether the words say of a stock site a license that the site does not give, or gives no more."""
    if claim.site is None or claim.expression in ("", NOASSERTION):
        return False
    return any(one in claim.site.wrong for one in licenses_of(claim.expression))
