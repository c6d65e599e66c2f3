"""Text in the columns of a terminal, where a Han character or full-width sign takes two."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator

_HAN = "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
_CLOSING = re.escape("”’》〉」』】）〕，。、；：？！…")
_OPENING = re.escape("“‘《〈「『【（〔")
_PIECE = re.compile(
    # blanks; or what a line may break before and after, with the signs that must not begin or end a line: a wide
    # character, or a word of narrow ones
    rf"\s+|[{_OPENING}]*(?:(?![{_OPENING}{_CLOSING}])[{_HAN}]|(?:(?![{_OPENING}{_CLOSING}{_HAN}])\S)+)?[{_CLOSING}]*"
)
_COMMAND = re.compile(r"`[^`\n]{1,120}`")
_HELD = "\0"
"""Stands for a blank at which no line breaks."""


def wrapped(text: str, width: int, first: str, rest: str, *, cuts: bool = False) -> list[str]:
    """The text in lines of `width` columns, the first begun with `first` and the others with `rest`.

    Between two Han characters a line may break; not before a closing sign, and not after an opening one. A word that
    is wider than a line stands whole on a line of its own, so that a path or a command can be copied; with `cuts`,
    as in the cell of a table, it is cut. A command, between backticks, is such a word.
    """
    held = text if cuts else _COMMAND.sub(lambda command: command[0].replace(" ", _HELD), text)
    return [line.replace(_HELD, " ") for line in _wrapped(held, width, first, rest, cuts)]


def _wrapped(text: str, width: int, first: str, rest: str, cuts: bool) -> list[str]:
    if text.isascii():
        return textwrap.wrap(
            text,
            width,
            initial_indent=first,
            subsequent_indent=rest,
            break_on_hyphens=False,
            break_long_words=cuts,
        )
    lines: list[str] = []
    line, room, blank = first, width - len(first), ""
    for piece in _pieces(text, width - len(rest) if cuts else None):
        if piece.isspace():
            blank = piece
            continue
        size = cell_len(piece)
        if line.strip() and cell_len(blank) + size > room:
            lines.append(line)
            line, room, blank = rest, width - len(rest), ""
        blank = blank if line.strip() else ""
        line += blank + piece
        room -= len(blank) + size
        blank = ""
    return [*lines, line] if line.strip() else lines


def _pieces(text: str, most: int | None) -> Iterator[str]:
    """What must stay together; what takes more than `most` columns is cut."""
    for match in _PIECE.finditer(text):
        piece = match.group()
        if most is None or piece.isspace() or len(piece) * 2 <= most:
            yield from (piece,) if piece else ()
        else:
            yield from _chopped(piece, max(most, 2))


def cell_len(text: str) -> int:
    """The columns that a text takes; where Python stands alone, as Unicode says of each character (UAX #11)."""
    try:
        from rich.cells import cell_len as columns
    except ImportError:
        return sum(_columns(sign) for sign in text)
    return columns(text)


def _columns(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _chopped(piece: str, most: int) -> Iterator[str]:
    """A piece in parts of at most so many columns."""
    part, room = "", most
    for sign in piece:
        size = cell_len(sign)
        if size > room and part:
            yield part
            part, room = "", most
        part, room = part + sign, room - size
    if part:
        yield part


def filled(text: str, width: int) -> str:
    """The text with blanks after it, `width` columns wide; a longer one stays as it is."""
    if text.isascii():
        return text.ljust(width)
    return text + " " * (width - cell_len(text))
