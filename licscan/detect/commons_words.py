"""The table of the parts of Creative Commons names (data/creative_commons.toml), compiled to patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from licscan.base.tables import load_toml

SHORT_HINTS = ("cc by", "cc-by", "cc_by", "ccby", "cc\tby")
ZERO_HINTS = ("cc0", "cc 0", "cc-0", "cc zero", "cc-zero", "cczero", "commons")
PREFIX_ENDS = ("commons", "共享", "創用", "创用", "コモンズ")
OTHER_HINTS = ("sampling", "developing", "dedication")
HINTS = (*SHORT_HINTS, *ZERO_HINTS, *PREFIX_ENDS, "sampling", "licensebuttons", "domain mark", "pdm")
"""What one of must be in a text in lower case before it is searched."""


@dataclass(frozen=True, slots=True)
class Words:
    """The table compiled: see data/creative_commons.toml."""

    hints: tuple[str, ...]
    plain_hints: tuple[str, ...]
    first: tuple[str, ...]
    prefix: re.Pattern[str]
    filler: re.Pattern[str]
    element: re.Pattern[str]
    start: re.Pattern[str]
    unported: re.Pattern[str]
    port: re.Pattern[str]
    elements: dict[str, str]
    ports: dict[str, str]
    paths: dict[str, str]
    others: re.Pattern[str]
    other_keys: dict[str, str]


@cache
def words_of_names() -> Words:
    """The table, compiled once."""
    table: dict[str, Any] = load_toml("creative_commons.toml")
    elements = {plain(word): code for code, words in table["elements"].items() for word in words}
    ports = {plain(name): code for code, names in table["ports"].items() for name in names}
    codes = {code: code for code in table["ports"]}
    first = either(table["elements"]["by"])
    by = tuple(word.lower() for word in table["elements"]["by"])
    others = {plain(name): key for key, row in table["other"].items() for name in row["names"]}
    return Words(
        hints=(*HINTS, *by),
        plain_hints=tuple(hint for hint in (*HINTS, *by) if hint.isascii()),
        first=by,
        prefix=re.compile(rf"(?<![A-Za-z0-9])(?:{either(table['prefixes'])})", re.IGNORECASE),
        filler=re.compile(rf"(?:{either(table['fillers'])})(?![a-zA-Z])", re.IGNORECASE),
        element=re.compile(either(word for words in table["elements"].values() for word in words), re.IGNORECASE),
        start=re.compile(rf"(?<![A-Za-z0-9])(?:{first})", re.IGNORECASE),
        unported=re.compile(rf"[\s,(（-]{{0,3}}(?:{either(table['unported'])})(?![a-zA-Z])", re.IGNORECASE),
        port=re.compile(
            rf"[\s,(（-]{{0,3}}({either(name for names in table['ports'].values() for name in names)})(?![a-zA-Z])"
        ),
        elements=elements,
        ports=ports | codes,
        paths={path: key for key, row in table["other"].items() for path in row["paths"]},
        others=re.compile(either(name for row in table["other"].values() for name in row["names"]), re.IGNORECASE),
        other_keys=others,
    )


def either(words: Iterable[str]) -> str:
    """A pattern for one of these words, longer ones first; a space stands for spaces, hyphens or nothing."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"[\s*#-]{0,4}") for word in ordered)


def plain(word: str) -> str:
    """A word without case, spaces and hyphens, to be looked up."""
    return re.sub(r"[\s*#-]+", "", word).lower()
