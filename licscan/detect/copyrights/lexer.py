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


def _pattern(word: str, without: frozenset[str] = frozenset()) -> re.Pattern[str]:
    """One pattern of all kinds but some, with the pattern of words that is given."""
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
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in kinds if name not in without))


_LATIN = r"[^\W_](?:[\w.'’&+/!@\ufffd-]*[\w+!])?\.?|_\w+|[&+](?=\s)"
# Most lines are plain prose. An address, a year or a blank is looked for at every word, in vain, unless the line has
# what none of them can do without; what is left out here cannot match then, so both ways give the same tokens.
_RARE = frozenset({"URL", "SIGN", "YEAR", "BLANK", "LICENCE", "HAN"})
_ADDRESS = re.compile(r"[@<]|AT|_at_|\(at\)")
_UNUSUAL = re.compile(r"[0-9<>\[\]{}()%$_©]|://|www\.|YYYY|yyyy|XXXX|[^\x00-\x7f]")
_PLAIN = _pattern(_LATIN, _RARE | {"EMAIL"})


@cache
def _usual() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The pattern of all kinds, and that of all but addresses: compiled when a line needs them."""
    return _pattern(_LATIN), _pattern(_LATIN, frozenset({"EMAIL"}))


def pattern_for(text: str) -> re.Pattern[str]:
    """The cheapest pattern that finds all tokens of a line."""
    if not text.isascii() and HAS_HAN.search(text):
        return _mixed()
    if _ADDRESS.search(text):
        return _usual()[0]
    return _usual()[1] if _UNUSUAL.search(text) else _PLAIN


_INITIAL = re.compile(r"(?:[^\W\d_]\.)+|[^\W\d_]{1,2}\.")


@cache
def _mixed() -> re.Pattern[str]:
    """The same, but a word ends where Chinese begins; slower, so only for lines that hold some."""
    latin = rf"(?![{HAN}])[\w.'’&+/!@-]"
    return _pattern(rf"(?![{HAN}])[^\W_](?:(?:{latin})*(?![{HAN}])[\w+!])?\.?|_(?:{latin})*|[&+](?=\s)")


def tokens_of(lines: Iterable[Line]) -> list[Token]:
    """All tokens of the lines of a window, in order."""
    found: list[Token] = []
    stop, surnames = Kind.STOP, words("surname")
    doubtful: list[int] = []
    for place, line in enumerate(lines):
        text = line.text if line.text.isascii() else line.text.translate(_FULL_WIDTH)
        for match in pattern_for(text).finditer(text):
            if match.lastgroup != "WORD":
                _add(found, match, place)
                continue
            said = match.group()
            kind, low, cut = _word(said)
            start, end = match.span()
            if kind is stop and low in surnames and said.istitle():
                doubtful.append(len(found))
            found.append(_token(kind, said[:cut], low, place, start, start + cut))
            if cut < len(said):
                found.append(_token(Kind.DOT, ".", "", place, start + cut, end))
    for at in doubtful:
        if _is_surname(found, at):
            found[at] = found[at]._replace(kind=Kind.NAME)
    return found


def _is_surname(tokens: list[Token], at: int) -> bool:
    """Whether a word such as `May` is a name: `2015 Brian May`, `2016 May, Theresa`; not `Foo May be used`."""
    token, before = tokens[at], tokens[at - 1]
    if not at or before.line != token.line:
        return False
    follows = tokens[at + 1] if at + 1 < len(tokens) else None
    same_line = follows is not None and follows.line == token.line
    if before.kind is Kind.YEAR or before.kind is Kind.SIGN:
        behind = tokens[at + 2] if at + 2 < len(tokens) else None
        listed = same_line and follows is not None and follows.kind is Kind.COMMA
        return listed and behind is not None and behind.kind is Kind.NAME and behind.line == token.line
    first_name = before.kind is Kind.NAME and before.end + 1 == token.start and before.text.rstrip(".").isalpha()
    if not first_name or not before.text[0].isupper() or before.low in words("company") or before.low in words("body"):
        return False
    if follows is None:
        return True
    return follows.kind in (_ENDS_NAME if same_line else _NEXT_LINE)


_ENDS_NAME = frozenset((Kind.COMMA, Kind.DOT, Kind.EMAIL, Kind.URL, Kind.YEAR, Kind.LINK, Kind.PUNCT, Kind.BLANK))
_NEXT_LINE = frozenset(Kind) - {Kind.WORD, Kind.LINK}
"""What may stand behind a surname: a sentence goes on with a word in lower case."""


_KINDS = {kind.name: kind for kind in Kind}


def _token(kind: Kind, text: str, low: str, line: int, start: int, end: int) -> Token:
    """A Token, made in a third of the time that its class takes."""
    return tuple.__new__(Token, (kind, text, low, line, start, end))


def _add(found: list[Token], match: re.Match[str], line: int) -> None:
    """Add the token of a match, or the several that it holds."""
    name, text = match.lastgroup or "PUNCT", match.group()
    start, end = match.span()
    if name == "WORD":
        kind, low, cut = _word(text)
        found.append(_token(kind, text[:cut], low, line, start, start + cut))
        if cut < len(text):
            found.append(_token(Kind.DOT, ".", "", line, start + cut, end))
    elif name == "BLANK" and text[0] in "<[{" and not is_blank(text):
        # brackets around something real: look inside
        found.append(_token(Kind.PUNCT, text[0], text[0], line, start, start + 1))
        for inner in match.re.finditer(match.string, start + 1, end):
            _add(found, inner, line)
    elif name == "HAN":
        from licscan.detect.copyrights.chinese import pieces

        for han, first, last in pieces(match.string, start, end):
            said = match.string[first:last]
            found.append(_token(_KINDS[han.name], said, said, line, first, last))
    else:
        kind = Kind.STOP if name == "LICENCE" else _KINDS[name]
        if kind is Kind.URL:
            text = text.rstrip(".,;:)")
        found.append(_token(kind, text, text.lower().rstrip("."), line, start, start + len(text)))


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
