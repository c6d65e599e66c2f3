"""License expressions compared by what they say, without the library that only the whole of licscan has.

SPDX 2.3, annex D: WITH binds stronger than AND, AND stronger than OR. Nothing is simplified: order and brackets that
change nothing are left out, no more.
"""

from __future__ import annotations

import re

MAX_TOKENS = 2_000
MAX_DEPTH = 50
_TOKEN = re.compile(r"[()]|[^\s()]+")
_ADDITION = re.compile(r" WITH AdditionRef-")
_WORDS = frozenset({"and", "or"})

Meaning = str | tuple[str, "frozenset[Meaning]"]
"""A license, or `and`, `or` with what they join."""


def meaning(expression: str) -> Meaning:
    """What an expression says; a text that is none is itself, in lower case."""
    # SPDX 2.3 has no additions of one's own: they stand beside the license there
    told = _ADDITION.sub(" AND LicenseRef-Addition-", expression)
    plain = " ".join(told.split()).lower()
    tokens = _TOKEN.findall(plain)
    if not tokens or len(tokens) > MAX_TOKENS or tokens.count("(") > MAX_DEPTH:
        return plain
    try:
        found, rest = _either(tokens, 0)
    except ValueError:
        return plain
    return found if rest == len(tokens) else plain


def _either(tokens: list[str], at: int) -> tuple[Meaning, int]:
    return _joined("or", tokens, at)


def _joined(word: str, tokens: list[str], at: int) -> tuple[Meaning, int]:
    """Parts that one word joins; a part that is joined by the same word is taken apart."""
    below = _one if word == "and" else lambda tokens, at: _joined("and", tokens, at)
    found: set[Meaning] = set()
    while True:
        part, at = below(tokens, at)
        found |= part[1] if isinstance(part, tuple) and part[0] == word else {part}
        if at >= len(tokens) or tokens[at] != word:
            break
        at += 1
    return (next(iter(found)) if len(found) == 1 else (word, frozenset(found))), at


def _one(tokens: list[str], at: int) -> tuple[Meaning, int]:
    """A license, with its exception where it has one, or what stands in brackets. ValueError for anything else."""
    if at >= len(tokens) or tokens[at] in _WORDS or tokens[at] == ")":
        raise ValueError
    if tokens[at] == "(":
        found, at = _either(tokens, at + 1)
        if at >= len(tokens) or tokens[at] != ")":
            raise ValueError
        return found, at + 1
    name, at = tokens[at], at + 1
    if at + 1 < len(tokens) and tokens[at] == "with":
        return f"{name} with {tokens[at + 1]}", at + 2
    return name, at
