"""From a text to the few lines that can hold a statement, freed of comment markers, markup and escapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from licscan.detect.copyrights.clean import clean
from licscan.detect.copyrights.hints import hint_places

_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]")
AFTER = 6
"""Lines that a window reaches beyond its last hint."""
LONG = 2000
"""A longer line (minified code, JSON in one line) is cut around its hints, in characters."""
BEFORE, BEHIND = 200, 600
"""How far such a cut reaches."""

MOST_BELOW = 120
"""Characters of the line below a heading that can name a holder."""

_HEADING = re.compile(
    r"(?:(?:licen[sc]e|legal) ?(?:and|&|/) ?)?copyrights?(?: (?:notice|information)| ?(?:and|&|/) ?licen[sc]e)?:?",
    re.IGNORECASE,
)
_UNDERLINE = re.compile(r"[ \t]*([=~^+*#-])\1{2,}[ \t]*(?:\r?\n|\Z)")
_GAP = re.compile(r"(?:[ \t]*(?:([=~^+*#-])\1{2,100})?[ \t]*\r?\n){0,3}")
_YEARS_AT_AN_END = re.compile(
    r"\A(?:19|20)\d\d\b|\b(?:19|20)\d\d(?: ?[-–] ?(?:(?:19|20)?\d\d|present|now|today))?\.?\Z"
)
_HINT = re.compile(r"©|\(c\)|copyright", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line without decoration; `number` counts from 1. `noisy` is a line with control characters: binary data."""

    number: int
    text: str
    noisy: bool = False


def windows(text: str) -> Iterator[list[Line]]:
    """Runs of lines around the hints, each ending at an empty line; nothing where no hint occurs."""
    if "\n" not in text:
        text = text.replace("\r", "\n")
    done, counted, number = 0, 0, 1
    for hit in hint_places(text):
        if hit < done:
            continue
        start = _start_of_line(text, hit, done)
        number += text.count("\n", counted, start)
        counted = start
        block: list[Line] = []
        for line, end in _lines(text, start, hit, number):
            done = end
            if line.text:
                block.append(line)
            elif block and (end <= hit or not _is_heading(text, hit, block[-1].text)):
                yield block
                block = []
        if block:
            below = _below_heading(text, hit, done, block[-1])
            if below is not None:
                block.append(below[0])
                done = below[1]
            yield block


def _is_heading(text: str, hit: int, said: str) -> bool:
    """Whether the line of a hint is the heading of a section on copyright, in Markdown or reStructuredText."""
    if not _HEADING.fullmatch(said):
        return False
    start, end = text.rfind("\n", 0, hit) + 1, text.find("\n", hit)
    return text[start] == "#" or (end >= 0 and _UNDERLINE.match(text, end + 1) is not None)


def _below_heading(text: str, hit: int, done: int, last: Line) -> tuple[Line, int] | None:
    """The first line of a section on copyright, where it is a year and a name, with where it ends."""
    if not _is_heading(text, hit, last.text):
        return None
    gap = _GAP.match(text, min(done, len(text)))
    start = gap.end() if gap else done
    end = text.find("\n", start, start + MOST_BELOW)
    end = len(text) if end < 0 and len(text) - start <= MOST_BELOW else end
    said = clean(text[start:end]) if end > start else ""
    if not _YEARS_AT_AN_END.search(said) or _HINT.search(said):
        return None
    return Line(last.number + text.count("\n", hit, start), said, bool(_CONTROL.search(text, start, end))), end + 1


def _start_of_line(text: str, hit: int, done: int) -> int:
    """Where the line before the hint's begins, for names that stand in front; in a long line just before the hint."""
    least = max(done, hit - LONG)
    start = text.rfind("\n", least, hit) + 1
    if not start:
        return least if least == done else hit - BEFORE
    before = text.rfind("\n", max(done, start - 1 - BEFORE), start - 1) + 1
    return before or (start if start - 1 - BEFORE > done else max(done, 0))


def _lines(text: str, start: int, hit: int, number: int) -> Iterator[tuple[Line, int]]:
    """The lines from `start` on, with where each ends: up to the first empty one after the hint, and AFTER in all."""
    seen = 0
    while start < len(text) and seen < AFTER:
        end = text.find("\n", start, start + LONG)
        long = end < 0 and start + LONG < len(text)
        if long:
            end = min(max(start, hit) + BEHIND, len(text))
        elif end < 0:
            end = len(text)
        line = Line(number, clean(text[start:end]), bool(_CONTROL.search(text, start, end)))
        yield line, end + 1
        if long or (start > hit and not line.text):
            return
        seen += start > hit
        start, number = end + 1, number + 1
