"""Texts as they are carried: line ends and trailing blanks made the same, and nothing else.

A text of the MIT kind begins with a title and copyright lines, and then says what a thousand others say. These three
are told apart, so that the terms need to stand only once; put together again they are the text.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from licscan.attribution.records import Body
from licscan.licenses.texts import normal_words

MAX_HEAD = 40
"""Lines in which title and copyright lines are looked for."""
MAX_LINE = 300
_TRAILING = re.compile(r"[ \t\f\v]+$", re.MULTILINE)
_STATEMENT = re.compile(r"(?i)^[\s*#/>-]{0,8}(?:portions\s+|parts\s+)?(?:copyright\b|\(c\)|©|&copy;|版权|版權)")
_FOLLOWING = re.compile(r"(?i)^[\s*#/>-]{0,8}all rights reserved\.?$")
_TITLE = re.compile(
    r"(?i)^[\s*#=(\[_-]{0,8}(?:the\s+|simplified\s+|modified\s+|new\s+|revised\s+|expat\s+)*"
    r"(?:mit|isc|bsd|0bsd|zlib|\d-clause|license|licence|licensing)\b[\w\s(),./\"':*_\])=#-]{0,80}$"
)
_GRANT = re.compile(r"(?i)^[\s*#/>-]{0,8}(?:permission|redistribution)\b")
_RULE = re.compile(r"^[\s=*#_-]+$")


def plain(text: str) -> str:
    """The text with one kind of line end, without blanks at the ends of lines and empty lines around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return _TRAILING.sub("", text.lstrip("\ufeff")).strip("\n")


@lru_cache(maxsize=20_000)
def body_of(text: str) -> Body:
    """A text taken apart; see `Body`."""
    shown = plain(text)
    digest = hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()
    lead, statements, rest = _apart(shown)
    if not statements:
        return Body(digest, shown, rest=shown)
    return Body(digest, shown, lead, statements, rest)


def _apart(text: str) -> tuple[str, tuple[str, ...], str]:
    """Title, copyright lines and the rest, if they stand in this order at the beginning."""
    lines = text.split("\n")
    lead: list[str] = []
    statements: list[str] = []
    at = 0
    for at, line in enumerate(lines[:MAX_HEAD]):
        if len(line) > MAX_LINE:
            break
        if _STATEMENT.match(line) or (statements and _FOLLOWING.match(line)):
            if _goes_on(line, lines, at):
                break
            statements.append(line.strip())
        elif not statements and (not line or _TITLE.match(line) or _RULE.match(line)):
            lead.append(line)
        elif line:
            break
    else:
        at = min(len(lines), MAX_HEAD)
    rest = "\n".join(lines[at:]).strip("\n")
    return ("\n".join(lead).strip("\n"), tuple(statements), rest) if rest else ("", (), text)


def _goes_on(line: str, lines: list[str], at: int) -> bool:
    """Whether a statement is the beginning of a sentence that the next line ends: these stay together, in the rest."""
    after = lines[at + 1] if at + 1 < len(lines) else ""
    return bool(after) and not (_STATEMENT.match(after) or _FOLLOWING.match(after) or _GRANT.match(after))


@lru_cache(maxsize=20_000)
def words_of(text: str) -> str:
    """The words of a text, by which it is found again whatever a bundler did to its lines."""
    return normal_words(text)


SHINGLE = 6
ENOUGH = 0.6
"""So much of a license's runs of words makes its text."""


def holds_text(text: str, license_text: str) -> bool:
    """Whether a text has the words of a license's text, most of them, in runs."""
    wanted = _shingles(words_of(license_text))
    return bool(wanted) and len(wanted & _shingles(words_of(text))) >= ENOUGH * len(wanted)


@lru_cache(maxsize=2_000)
def _shingles(words: str) -> frozenset[str]:
    split = words.split()
    return frozenset(" ".join(split[at : at + SHINGLE]) for at in range(max(len(split) - SHINGLE + 1, 1)))
