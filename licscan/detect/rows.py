"""Rows that name a part and its license: a table, columns, comma-separated values, lines with a dash or a colon.

In running text a bare `MIT` or `ISC` says nothing; in the column of a list whose other rows hold licenses too it does.
A list of licenses (each of them once, or with nothing before it) is none of parts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from licscan.detect.fields import Field
from licscan.licenses.declared import read_declared

LEAST_ROWS = 3
MAX_LINE = 400
MAX_CELL = 120
MAX_PLACE = 1 << 60
MAX_ROWS = 10_000
"""Rows of one file that are read."""
AROUND = 6
"""Lines around the name of a usual license that may be rows of the same list."""

MOST_READ = 0.6
"""The share of a list's rows whose license must be known by its name."""

DISTINCT, SHORT_LIST = 0.7, 8
"""Of more rows than that, so many different licenses are a list of licenses."""

HINTS = (
    "mit", "isc", "bsd", "0bsd", "apache", "mpl", "mozilla", "zlib", "unlicense", "wtfpl", "cc0", "epl", "eclipse",
    *(f"{family}{version}" for family in ("gpl", "lgpl", "agpl") for version in ("", "v2", "v2.1", "v3", "2", "3")),
)  # fmt: skip
"""Words of the names of usual licenses, in lower case."""

_RULE = re.compile(r"(?:[\s|+:=\-]|</?t[a-z]{1,5}(?:\s[^<>]{0,80})?>)*\Z")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_LINK = re.compile(r"\[([^\[\]]{1,100})\]\([^()\s]{1,300}\)\Z")
_SUFFIX = re.compile(r"\s*(?:开源)?(?:许可证|许可协议|授权协议|协议|许可)\Z")
_CODE = re.compile(r"\s*(?:['\"\[{(]|//|#include|[\w.]+\s*=)")
_QUOTED = re.compile(r'\s*"[^"\n]*"(?:\s*,\s*"[^"\n]*")+\s*\Z')

_ENDS = re.compile(r"\n|(?i:</tr>)")
_BRACKET = re.compile(r"(\s*\S.{0,200}?)\s*[(（]([^()（）]{3,120})[)）]\s*(?:[-–—:,]?\s*https?://\S+\s*)?")

Cell = tuple[int, int]
"""Where a cell stands in its line, without the blanks around it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of lists of parts: the licenses that their cells are, and the places of whole lists in the text."""

    fields: tuple[Field, ...] = ()
    lists: tuple[tuple[int, int], ...] = ()

    def hold(self, place: int) -> bool:
        """Whether a character stands in such a list."""
        at = bisect_right(self.lists, (place, MAX_PLACE)) - 1
        return at >= 0 and place < self.lists[at][1]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: its license as SPDX (None where the cell is not read), the place of that, and where the line ends."""

    license: str | None
    start: int = 0
    end: int = 0
    line: tuple[int, int] = (0, 0)


def find_rows(text: str, hints: Sequence[int]) -> Rows:
    """The rows of lists of parts, in order; `hints` are the places of words among `HINTS`.

    Time grows with the text around the hints.
    """
    fields: list[Field] = []
    lists: list[tuple[int, int]] = []
    for start, end in _stretches(text, hints):
        for rows in _lists(text, start, end):
            known = [row for row in rows if row.license]
            if _is_of_parts(rows, known):
                fields += (Field(row.license or "", row.start, row.end, plain=False) for row in known)
                lists.append((rows[0].line[0], rows[-1].line[1]))
    return Rows(tuple(fields), tuple(lists))


def _stretches(text: str, hints: Sequence[int]) -> list[tuple[int, int]]:
    """The lines around names of usual licenses, where several stand: nearly no text has such."""
    found: list[tuple[int, int, int]] = []
    for hint in hints[:MAX_ROWS] if len(hints) >= LEAST_ROWS else ():
        if found and hint < found[-1][1]:
            start, _end, count = found.pop()
        else:
            start, count = max(_lines_before(text, hint), found[-1][1] if found else 0), 0
        found.append((start, _lines_behind(text, hint), count + 1))
    return [(start, end) for start, end, count in found if count >= LEAST_ROWS]


def _lines_before(text: str, place: int) -> int:
    """Where the lines before a place begin; a line that is too long for a row ends them."""
    for _line in range(AROUND):
        found = text.rfind("\n", max(place - MAX_LINE, 0), place)
        if found < 0:
            return max(place - MAX_LINE, 0)
        place = found
    return place + 1


def _lines_behind(text: str, place: int) -> int:
    for _line in range(AROUND):
        found = text.find("\n", place, place + MAX_LINE)
        if found < 0:
            return min(place + MAX_LINE, len(text))
        place = found + 1
    return place


def _is_of_parts(rows: list[_Row], known: list[_Row]) -> bool:
    if len(known) < LEAST_ROWS or len(known) < MOST_READ * len(rows):
        return False
    return len(rows) < SHORT_LIST or len({row.license for row in known}) <= DISTINCT * len(known)


def _lists(text: str, start: int, end: int) -> Iterator[list[_Row]]:
    """The rows that follow each other in one shape; empty lines and rules between them do not count."""
    rows: list[_Row] = []
    shape = ""
    for line in _ENDS.split(text[start:end]):
        if not _RULE.match(line):
            now, row = _told(line) or ("", None)
            if now != shape and rows:
                yield rows
                rows = []
            shape = now
            if row is not None:
                rows.append(_Row(row.license, row.start + start, row.end + start, (start, start + len(line))))
        start += len(line) + (5 if text.startswith("</", start + len(line)) else 1)
    if rows:
        yield rows


def _told(line: str) -> tuple[str, _Row] | None:
    """The shape of a line and its row; None for a line that has none."""
    if len(line) > MAX_LINE:
        return None
    for shape, cells_of in _SHAPES.items():
        cells = cells_of(line)
        if len(cells) > 1:
            return shape, _row(line, cells)
    return None


def _row(line: str, cells: list[Cell]) -> _Row:
    """The last cell that is a license, with one before it that is the name of something else."""
    read = [_license(line[start:end]) for start, end in cells]
    for at in range(len(cells) - 1, 0, -1):
        if read[at]:
            named = any(not read[one] and _LETTERS.search(line, *cells[one]) for one in range(at))
            return _Row(read[at], *cells[at]) if named else _Row(None)
    return _Row(None)


@lru_cache(maxsize=4_096)
def _license(cell: str) -> str | None:
    """The cell as SPDX where all of it is the name of a license."""
    link = _LINK.match(cell)
    cell = _SUFFIX.sub("", link[1] if link else cell.strip("`*_\"' "))
    if not 3 <= len(cell) <= MAX_CELL:
        return None
    return read_declared(cell)


def _split(separator: re.Pattern[str]) -> Callable[[str], list[Cell]]:
    """Cells between separators; a line that looks like code has none."""

    def cells(line: str) -> list[Cell]:
        if _CODE.match(line):
            return []
        bounds = [(0, 0), *(found.span() for found in separator.finditer(line)), (len(line), len(line))]
        return list(_filled(line, ((before[1], behind[0]) for before, behind in pairwise(bounds))))

    return cells


def _filled(line: str, cells: Iterator[Cell]) -> Iterator[Cell]:
    """The cells that are not empty, without the blanks around them."""
    for start, end in cells:
        text = line[start:end]
        size = len(text.strip())
        if size:
            start += len(text) - len(text.lstrip())
            yield start, start + size


def _table(line: str) -> list[Cell]:
    return _of_bars(line) if line.count("|") > 1 else []


def _quoted(line: str) -> list[Cell]:
    if not _QUOTED.match(line):
        return []
    return list(_filled(line, (found.span(1) for found in re.finditer(r'"([^"\n]*)"', line))))


def _bracket(line: str) -> list[Cell]:
    """`name 1.0 (MIT)`, perhaps with an address behind it."""
    found = None if _CODE.match(line) else _BRACKET.fullmatch(line)
    return list(_filled(line, iter((found.span(1), found.span(2))))) if found else []


def _cells(line: str) -> list[Cell]:
    return _of_cells(line) if "<t" in line.lower() else []


_of_bars = _split(re.compile(r"\|"))
_of_cells = _split(re.compile(r"(?i)(?:\s*</?t[rdh](?:\s[^<>]{0,80})?>)+"))
_SHAPES: dict[str, Callable[[str], list[Cell]]] = {
    "cells": _cells,
    "table": _table,
    "quoted": _quoted,
    "tabs": _split(re.compile(r"\t+")),
    "columns": _split(re.compile(r"(?<=\S)\s{2,}(?=\S)")),
    "commas": _split(re.compile(r",")),
    "dash": _split(re.compile(r"\s[-–—]{1,2}\s")),
    "colon": _split(re.compile(r":\s|：")),
    "bracket": _bracket,
}
"""How the cells of a line are told apart; the first that has more than one is the line's shape."""
