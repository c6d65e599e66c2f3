"""From the tokens of a statement to its holder, and from tokens back to text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from licscan.detect.copyrights.lexer import Kind, Token
from licscan.detect.copyrights.lines import Line
from licscan.detect.copyrights.words import words

_EDGE = frozenset(",;:-–—/|&+*.=")


def joined(lines: Sequence[Line], tokens: Sequence[Token]) -> str:
    """The tokens' text as the lines have it, a space for each line's end and for what was left out."""
    parts: list[str] = []
    before: Token | None = None
    for token in tokens:
        if before is not None and (token.line != before.line or token.start != before.end):
            gap = lines[token.line].text[before.end : token.start] if token.line == before.line else " "
            parts.append(" " if gap else "")
        parts.append(lines[token.line].text[token.start : token.end])
        before = token
    return "".join(parts)


def holder_of(lines: Sequence[Line], tokens: Sequence[Token]) -> str:
    """Who is named: without years, addresses, and what dangles at either end."""
    kept = _trimmed(
        _without_brackets(
            [token for token in tokens if token.kind not in (Kind.YEAR, Kind.EMAIL, Kind.URL, Kind.BLANK, Kind.SIGN)]
        )
    )
    if not any(_says_something(token) for token in kept):
        return next((token.text.strip("<>") for token in tokens if token.kind in (Kind.URL, Kind.EMAIL)), "")
    return joined(lines, kept).strip()


def _says_something(token: Token) -> bool:
    """Whether a token alone could be a name."""
    return token.kind in (Kind.NAME, Kind.SOFT, Kind.WORD) and token.low not in words("not_holder")


def _without_brackets(tokens: list[Token]) -> list[Token]:
    """Without brackets that nothing but punctuation is left in, an aside at the end, and doubled commas."""
    kept: list[Token] = []
    for token in tokens:
        if token.kind is Kind.COMMA and kept and kept[-1].kind is Kind.COMMA:
            continue
        if token.text == ")" and any(t.text == "(" for t in kept[-3:]):
            opened = max(i for i, t in enumerate(kept) if t.text == "(")
            if not any(t.kind in (Kind.NAME, Kind.SOFT, Kind.WORD) for t in kept[opened:]):
                del kept[opened:]
                continue
        kept.append(token)
    if kept and kept[-1].text == ")":
        opened = max((i for i, t in enumerate(kept) if t.text == "("), default=0)
        glued = opened and kept[opened].line == kept[opened - 1].line and kept[opened].start == kept[opened - 1].end
        bracket = kept[opened:]
        if opened and (_names_short(bracket) or not ((glued and not _has_stop(bracket)) or _explains(bracket))):
            del kept[opened:]
    return kept


def _has_stop(bracket: list[Token]) -> bool:
    return any(token.kind is Kind.STOP for token in bracket)


def _explains(bracket: list[Token]) -> bool:
    """Whether a bracket holds names, no sentence and no short form."""
    return not _names_short(bracket) and any(t.kind is Kind.NAME for t in bracket) and not _has_stop(bracket)


def _names_short(bracket: list[Token]) -> bool:
    """Whether a bracket gives a short form of the name: `("Foo")`, `（下称“甲方”）`."""
    return any(t.text in ('"', "“") for t in bracket)


def _trimmed(tokens: list[Token]) -> list[Token]:
    start, end = 0, len(tokens)
    while start < end and (
        tokens[start].kind in (Kind.COMMA, Kind.DOT, Kind.PUNCT)
        or tokens[start].low in ("by", "and", "of", "for", "in", "from", "at", "&", "to", "is", "notice")
    ):
        start += 1
    while end > start and (
        (tokens[end - 1].kind in (Kind.COMMA, Kind.DOT, Kind.PUNCT, Kind.LINK) and tokens[end - 1].text != ")")
        or tokens[end - 1].low in ("its", "their")
    ):
        end -= 1
    return tokens[start:end]


def names_of(lines: Sequence[Line], tokens: Iterable[Token]) -> str:
    """Authors: names with their addresses."""
    return joined(lines, _trimmed(list(tokens))).strip()
