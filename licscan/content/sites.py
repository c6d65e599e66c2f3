"""Stock sites and builders of icon fonts that fields and prose name: data/stock_sites.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from licscan.base.tables import load_toml


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """A place from which people take content: what it grants, what it withholds, and what is wrongly said of it."""

    name: str
    expression: str
    limit: str
    attribution: bool = False
    wrong: tuple[str, ...] = ()
    until: str = ""


@cache
def _sites() -> tuple[tuple[re.Pattern[str], tuple[str, ...], Site], ...]:
    found = []
    for row in load_toml("stock_sites.toml")["site"]:
        domains = [rf"(?<![\w-]){re.escape(one)}(?![\w-])" for one in row["domains"]]
        names = [
            re.escape(one) if not one.isascii() else rf"(?<![\w-]){re.escape(one)}(?![\w-])" for one in row["names"]
        ]
        site = Site(
            row["name"],
            row["expression"],
            row["limit"],
            bool(row.get("attribution")),
            tuple(row.get("not", ())),
            row.get("until", ""),
        )
        words = tuple(one.casefold() for one in (*row["domains"], *row["names"]))
        found.append((re.compile("|".join((*domains, *names)), re.IGNORECASE), words, site))
    return tuple(found)


@cache
def _builders() -> tuple[tuple[str, str], ...]:
    return tuple((word, row["name"]) for row in load_toml("stock_sites.toml")["builder"] for word in row["words"])


def site_in(texts: Iterable[str]) -> Site | None:
    """The stock site that one of the texts names; None where none is named, or none alone."""
    return _named_in("\n".join(texts))


@lru_cache(maxsize=4096)
def _named_in(joined: str) -> Site | None:
    folded = joined.casefold()
    # a look for the words alone is much quicker than the pattern that holds them apart from others
    named = [
        site for pattern, words, site in _sites() if any(one in folded for one in words) and pattern.search(joined)
    ]
    # a longer name that holds a shorter one is the one that is meant (YouTube Audio Library)
    longest = [one for one in named if not any(one.name in other.name and one is not other for other in named)]
    return longest[0] if longest else None


def site_called(name: str) -> Site | None:
    """The site of that name."""
    return next((site for _pattern, _words, site in _sites() if site.name == name), None)


def builder_in(texts: Iterable[str]) -> str:
    """The tool that made a font out of other people's icons; empty where none is named."""
    joined = "\n".join(texts).casefold()
    return next((name for word, name in _builders() if word in joined), "")
