"""Licenses in a few classes, from free to closed, for charts and filters."""

from __future__ import annotations

from functools import lru_cache

from licscan.base.messages import N_
from licscan.law import terms
from licscan.licenses import spdx
from licscan.model import NOASSERTION, NONE

CLASSES = {
    "free": N_("Permissive"),
    "weak": N_("Copyleft, limited"),
    "strong": N_("Copyleft, whole work"),
    "network": N_("Copyleft, network use"),
    "content": N_("Content, fonts, models"),
    "closed": N_("Limits of use, closed"),
    "unknown": N_("Unknown"),
}
"""In the order of charts."""
_CLASS_OF = {
    terms.PUBLIC_DOMAIN: "free",
    terms.PERMISSIVE: "free",
    **dict.fromkeys(terms.WEAK, "weak"),
    terms.STRONG: "strong",
    terms.NETWORK: "network",
    terms.CONTENT: "content",
    terms.FONT: "content",
    terms.MODEL: "content",
    terms.SOURCE_AVAILABLE: "closed",
    terms.NONCOMMERCIAL: "closed",
    terms.PROPRIETARY: "closed",
}
_RANK = {name: rank for rank, name in enumerate(CLASSES)}


@lru_cache(maxsize=8_192)
def class_of(expression: str) -> str:
    """The class of an SPDX expression, a key of `CLASSES`: of an OR the freest, of an AND the closest."""
    if expression in ("", NOASSERTION, NONE):
        return "unknown"
    rank = spdx.evaluate(expression, lambda name: _RANK[_CLASS_OF.get(terms.terms_of(name).class_, "unknown")])
    return list(CLASSES)[rank]
