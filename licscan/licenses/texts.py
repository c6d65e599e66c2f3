"""Recognises the plain texts of a few licenses where a metadata field holds the whole text. Strict: all or nothing.

A text is a title and a copyright notice, then the license's words from the first to the last. These words, without
the holder's name and the numbers of list items, are compared by digest, so that a changed or continued text is not
taken for the plain one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache

from licscan.base.tables import load_toml

MAX_TEXT = 20_000
MAX_PREFIX_WORDS = 60
_HOLDERS = (
    re.compile(r"neither the names? of (.{1,160}? nor the names? of (?:its|their|the|any)(?: \w+)?) "),
    re.compile(r"provided by (.{1,160}?) as is "),
    re.compile(r"in no event shall (.{1,160}?) be liable "),
)
_WORD = re.compile(r"[^\W_]+")
_ITEMS = frozenset((*"123456789", "i", "ii", "iii"))
_FOREIGN = re.compile(
    r"\b(?:gpl|lgpl|agpl|gnu|apache|mozilla|commercial|noncommercial|except|exception|unless|dual|either|or later"
    r"|additional|proprietary|not|no|excluding|only|but|however|modified|based|portions|parts|some|also|other)\b"
)


def recognise(text: str) -> str | None:
    """The license whose plain text this is; None for anything else, a changed text above all."""
    if len(text) > MAX_TEXT:
        return None
    words = normal_words(text)
    for start, digests in _bodies():
        at = words.find(start)
        if at < 0 or not _is_heading(words[:at]):
            continue
        found = digests.get(digest(words[at:]))
        if found:
            return found
    return None


def normal_words(text: str) -> str:
    """The words, one space apart, without case, punctuation and the numbers of list items."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join([word for word in _WORD.findall(folded) if word not in _ITEMS])


def digest(words: str) -> str:
    """The digest of a license's words, whoever the holder is."""
    for pattern in _HOLDERS:
        words = pattern.sub(_without_holder, words)
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _without_holder(match: re.Match[str]) -> str:
    """The phrase with a mark in place of the holder, unless more than a holder stands there."""
    return match[0] if _FOREIGN.search(match[1]) else match[0].replace(match[1], "x")


def _is_heading(prefix: str) -> bool:
    """Whether it can be a title and copyright notices, with no terms in it."""
    return len(prefix.split()) <= MAX_PREFIX_WORDS and not _FOREIGN.search(prefix)


@cache
def _bodies() -> tuple[tuple[str, dict[str, str]], ...]:
    """First words, and the license by the digest of all words from there."""
    bodies: dict[str, dict[str, str]] = {}
    for entry in load_toml("license_texts.toml")["text"]:
        bodies.setdefault(entry["start"], {}).update(dict.fromkeys(entry["digests"], entry["license"]))
    return tuple(bodies.items())
