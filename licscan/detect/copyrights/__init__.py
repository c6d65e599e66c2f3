"""Copyright statements, their holders and years, and authors. Pure: text in, statements out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from licscan.detect.copyrights.authors import AUTHOR_WORDS, may_begin_author, read_authors
from licscan.detect.copyrights.lexer import Kind, tokens_of
from licscan.detect.copyrights.lines import Line, windows
from licscan.detect.copyrights.statements import Reader
from licscan.detect.types import CopyrightStatement

__all__ = ["find_copyrights"]


MOST_KEPT = 256
"""Windows whose reading is kept: notices repeat themselves, in one text and at the head of every file of a project."""

_HOLDERS = frozenset({"holder", "holders"})
_BEGINNINGS = _HOLDERS | AUTHOR_WORDS
"""Words that may begin something; of other words only those beyond ASCII may."""

Read = tuple[list[CopyrightStatement], list[str]]

_kept: dict[tuple[tuple[str, bool, int], ...], tuple[int, Read]] = {}


def find_copyrights(text: str) -> tuple[tuple[CopyrightStatement, ...], tuple[str, ...]]:
    """The statements of a text and its authors, both in order of their place; in time linear to the text."""
    statements: list[CopyrightStatement] = []
    authors: list[str] = []
    for lines in windows(text):
        start = lines[0].number
        said = tuple((line.text, line.noisy, line.number - start) for line in lines)
        known = _kept.get(said)
        if known is None:
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            known = _kept[said] = start, _read(lines)
        first, (found, named) = known
        statements += [_moved(statement, start - first) for statement in found]
        authors += named
    return tuple(statements), tuple(authors)


def _moved(statement: CopyrightStatement, by: int) -> CopyrightStatement:
    """The same statement so many lines further down."""
    if not by:
        return statement
    start, end = statement.start_line + by, statement.end_line + by
    return replace(statement, start_line=start, end_line=end)


def _read(lines: Sequence[Line]) -> Read:
    """The statements and authors of one window."""
    statements: list[CopyrightStatement] = []
    authors: list[str] = []
    tokens = tokens_of(lines)
    reader = Reader(lines, tokens)
    at = floor = 0
    copy, sign = Kind.COPY, Kind.SIGN
    while at < len(tokens):
        token = tokens[at]
        kind, low = token[0], token[2]
        if kind is not copy and kind is not sign and low not in _BEGINNINGS and low.isascii():
            at += 1
        elif kind is copy or kind is sign:
            found, at = reader.read(at, floor)
            if found:
                statements.append(found)
                floor = at
        elif low in _HOLDERS:
            found, at = reader.named_holder(at)
            if found:
                statements.append(found)
        elif may_begin_author(token):
            author, at = read_authors(reader, at)
            if author:
                authors.append(author)
        else:
            at += 1
    return statements, authors
