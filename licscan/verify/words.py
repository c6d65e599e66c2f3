"""Words in normal form, and the finding of many runs of words in one text, in time linear to the text."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

ANCHOR = 3
"""Words by which a run is looked for; only where they stand is the rest compared."""
_WORD = re.compile(r"[^\W_]+")
_NUMBERS = frozenset({*"123456789", "i", "ii", "iii"})
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]{0,2000}>")


def words(text: str) -> list[str]:
    """The words without case, punctuation, numbers of list items, and the (c) behind a copyright."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return [
        word
        for place, word in enumerate(found)
        if word not in _NUMBERS and not (word == "c" and place and found[place - 1] == "copyright")
    ]


@lru_cache(maxsize=20_000)
def needle(text: str) -> str:
    """A run of words as it is looked for."""
    return " ".join(words(text))


def plain_of_html(text: str) -> str:
    """What a page says without its tags."""
    return html.unescape(_TAG.sub(" ", text))


class Needles:
    """Runs of words that are looked for together."""

    def __init__(self, needles: Iterable[str]):
        self._by_anchor: dict[str, list[str]] = {}
        self._short: list[str] = []
        for one in sorted(set(needles)):
            parts = one.split(" ", ANCHOR)
            if len(parts) < ANCHOR:
                self._short += [one] if one else []
            else:
                self._by_anchor.setdefault(" ".join(parts[:ANCHOR]), []).append(one)

    def found_in(self, text: str) -> set[str]:
        """Those that stand in a text."""
        split = words(text)
        joined = f" {' '.join(split)} "
        found = {one for one in self._short if f" {one} " in joined}
        left = {anchor: list(many) for anchor, many in self._by_anchor.items()}
        at = 1
        for place in range(len(split) - ANCHOR + 1):
            waiting = left.get(" ".join(split[place : place + ANCHOR]))
            if waiting:
                hits = [one for one in waiting if joined.startswith(f"{one} ", at)]
                if hits:
                    found.update(hits)
                    waiting[:] = [one for one in waiting if one not in found]
            at += len(split[place]) + 1
        return found
