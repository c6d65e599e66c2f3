"""A line of text as tokens, each of a kind that the grammar of statements knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum, auto
from functools import cache, lru_cache
from typing import NamedTuple

from licscan.detect.copyrights.clean import is_blank
from licscan.detect.copyrights.han import HAN, HAS_HAN
from licscan.detect.copyrights.lines import Line
from licscan.detect.copyrights.words import words


class Kind(IntEnum):
    """What a token is to the grammar."""

    COPY = auto()
    SIGN = auto()
    YEAR = auto()
    EMAIL = auto()
    URL = auto()
    BLANK = auto()
    NAME = auto()
    WORD = auto()
    LINK = auto()
    STOP = auto()
    SOFT = auto()
    COMMA = auto()
    DOT = auto()
    PUNCT = auto()


class Token(NamedTuple):
    """`line` is the place in the window's lines, `start` and `end` the place in that line's text.

    `low` is the text in lower case without its final dot.
    """

    kind: Kind
    text: str
    low: str
    line: int
    start: int
    end: int


_FULL_WIDTH = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {"。": ".", "、": ","})
_YEAR = r"(?:19[3-9]\d|20(?:[0-4]\d|\d[xX]))(?:\s?年)?"
_TO = r"(?:[,.]?\s?(?:-{1,3}|–|—{1,2}|~|\bto\b|/|\.\.\.?|until|through|[至到迄])\s?)"
_LAST = rf"(?i:{_YEAR}|\d\d?(?!\d)|\(?(?:present|now|today|current(?:\s+year)?|date|onwards?)\)?|至?今|现在|現在|\$\w*)"


def _pattern(word: str) -> re.Pattern[str]:
    """One pattern of all kinds, with the pattern of words that is given."""
    kinds = (
        (
            "URL",
            r"""(?:https?|ftp)://[^\s<>"'|()]*[^\s<>"'|().,;:]|<(?:https?|ftp)://[^\s<>]+>|<[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}(?:/[^<>\s]{0,200})?>|www\.[\w-]+\.[^\s<>"',;|()]+""",
        ),
        (
            "EMAIL",
            r"<[^<>\s]{1,100}(?:@|\(at\)|\bat\b)[^<>\s]{1,100}>"
            r"|[\w.+%-]{1,64}(?:@|\(at\)|_at_|AT)[\w-]{1,100}(?:\.[\w-]{1,100}){1,8}",
        ),
        (
            "COPY",
            r"SPDX-(?:File|Snippet)CopyrightText:?|\([cC]\)\s?opyrights?\b|(?<![A-Za-z0-9_-])"
            r"(?i:copyright(?:ed|s)?|copyrite|copywrite|copy\s?right|copr\.)(?![A-Za-z0-9_])(?!\s?-)(?!['’])",
        ),
        ("SIGN", r"©|\(\s?[cC]\s?\)"),
        (
            "YEAR",
            rf"(?<![A-Za-z0-9_$])'?{_YEAR}(?:{_TO}{_LAST}(?![A-Za-z0-9_])|,\s?'?\d\d(?!\w))*(?:\s(?:and|or)\s(?:later|onwards?)\b)?\+?(?![A-Za-z0-9_@])",
        ),
        (
            "BLANK",
            r"<<?[^<>]{1,80}>>?|\[\[?[^\[\]]{1,80}\]\]?|\{\{?[^{}]{1,80}\}\}?|%\w{1,40}%"
            r"|_{3,}|\$\{?(?i:year|date|name|author)\w{0,40}\}?|\b(?:19|20)[xXyY]{2}\b|\b(?:YYYY|yyyy|XXXX)\b",
        ),
        ("LICENCE", rf"[{HAN}]{{0,2}}\s?ICP\s?[备证備證]\S*|[{HAN}]{{1,2}}公网安备\S*"),
        ("HAN", f"[{HAN}][{HAN}·•]*"),
        ("WORD", word),
        ("COMMA", r"[,;]"),
        ("DOT", r"\."),
        ("PUNCT", r"\S"),
    )
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in kinds))


_TOKEN = _pattern(r"[^\W_](?:[\w.'’&+/!@\ufffd-]*[\w+!])?\.?|_\w+|[&+](?=\s)")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)+|[^\W\d_]{1,2}\.")


@cache
def _mixed() -> re.Pattern[str]:
    """The same, but a word ends where Chinese begins; slower, so only for lines that hold some."""
    latin = rf"(?![{HAN}])[\w.'’&+/!@-]"
    return _pattern(rf"(?![{HAN}])[^\W_](?:(?:{latin})*(?![{HAN}])[\w+!])?\.?|_(?:{latin})*|[&+](?=\s)")


def tokens_of(lines: Iterable[Line]) -> list[Token]:
    """All tokens of the lines of a window, in order."""
    found: list[Token] = []
    for place, line in enumerate(lines):
        text = line.text if line.text.isascii() else line.text.translate(_FULL_WIDTH)
        pattern = _TOKEN if text.isascii() or not HAS_HAN.search(text) else _mixed()
        for match in pattern.finditer(text):
            _add(found, match, place)
    return found


def _add(found: list[Token], match: re.Match[str], line: int) -> None:
    """Add the token of a match, or the several that it holds."""
    name, text = match.lastgroup or "PUNCT", match.group()
    start, end = match.span()
    if name == "WORD":
        kind, low, cut = _word(text)
        found.append(Token(kind, text[:cut], low, line, start, start + cut))
        if cut < len(text):
            found.append(Token(Kind.DOT, ".", "", line, start + cut, end))
    elif name == "BLANK" and text[0] in "<[{" and not is_blank(text):
        # brackets around something real: look inside
        found.append(Token(Kind.PUNCT, text[0], text[0], line, start, start + 1))
        for inner in match.re.finditer(match.string, start + 1, end):
            _add(found, inner, line)
    elif name == "HAN":
        from licscan.detect.copyrights.chinese import pieces

        for han, first, last in pieces(match.string, start, end):
            said = match.string[first:last]
            found.append(Token(Kind[han.name], said, said, line, first, last))
    else:
        kind = Kind.STOP if name == "LICENCE" else Kind[name]
        if kind is Kind.URL:
            text = text.rstrip(".,;:)")
        found.append(Token(kind, text, text.lower().rstrip("."), line, start, start + len(text)))


@lru_cache(maxsize=10_000)
def _word(text: str) -> tuple[Kind, str, int]:
    """A word's kind, its lower case, and its length without a final dot that is no part of an abbreviation."""
    low = text.lower().rstrip(".")
    if text.endswith(".") and not (low in words("company") or low in words("abbreviation") or _INITIAL.fullmatch(text)):
        return _kind(text[:-1], low), low, len(text) - 1
    return _kind(text, low), low, len(text)


def _kind(text: str, low: str) -> Kind:
    lower = text[0].islower()
    if text in ("AS", "A/S", "IT"):
        return Kind.NAME
    if low in words("stop") or (lower and low in words("stop_lower")):
        return Kind.STOP
    if low in words("stop_first"):
        return Kind.STOP if lower else Kind.SOFT
    if low in ("&", "+") or (lower and low in words("connector")):
        return Kind.LINK
    return Kind.WORD if lower and text == text.lower() else Kind.NAME
