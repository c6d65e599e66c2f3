"""Copyright statements, their holders and years, and authors. Pure: text in, statements out."""

from __future__ import annotations

from licscan.detect.copyrights.authors import may_begin_author, read_authors
from licscan.detect.copyrights.lexer import Kind, tokens_of
from licscan.detect.copyrights.lines import windows
from licscan.detect.copyrights.statements import Reader
from licscan.detect.types import CopyrightStatement

__all__ = ["find_copyrights"]


def find_copyrights(text: str) -> tuple[tuple[CopyrightStatement, ...], tuple[str, ...]]:
    """The statements of a text and its authors, both in order of their place; in time linear to the text."""
    statements: list[CopyrightStatement] = []
    authors: list[str] = []
    for lines in windows(text):
        tokens = tokens_of(lines)
        reader = Reader(lines, tokens)
        at = floor = 0
        while at < len(tokens):
            token = tokens[at]
            if token.kind is Kind.COPY or token.kind is Kind.SIGN:
                found, at = reader.read(at, floor)
                if found:
                    statements.append(found)
                    floor = at
            elif token.low in ("holder", "holders"):
                found, at = reader.named_holder(at)
                if found:
                    statements.append(found)
            elif may_begin_author(token):
                author, at = read_authors(reader, at)
                if author:
                    authors.append(author)
            else:
                at += 1
    return tuple(statements), tuple(authors)
