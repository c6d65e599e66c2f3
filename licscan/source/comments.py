"""Where the comments of a source file are, whatever its language: its header, its banners, the rest."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

HEADER_CODE = 5
"""So many lines of code may stand above or between the comments of a header."""
MAX_HEADER = 200
LONG_LINE = 1_000
"""From here on a line is that of a minified file: its comments are told apart inside it."""

_BLOCK = re.compile(
    # possessive throughout: a block without an end goes to the end of the file, once
    r"(?P<c>(?:^|(?<=[\s;{}(),]))/\*(?:[^*]|\*(?!/))*+(?:\*/)?)"
    r"|(?P<html><!--(?:[^-]|-(?!->))*+(?:-->)?)"
    r"|(?P<doc>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+(?:\"\"\")?|'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?)",
    re.MULTILINE | re.DOTALL,
)
_LINE = re.compile(r"[ \t]*(?:#|//|--|;|%|\*|\.\. |@?rem\b|dnl\b|__(?:licen[cs]e|copyright)__\s*=)", re.IGNORECASE)
_DOC_START = re.compile(r"[ \t]*[rRuUbBfF]{0,2}")
_BANNER = re.compile(r"^/\*!|@licen[cs]e\b|@preserve\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Comments:
    """Lines count from 1. `header_end` is the last line of the header, `banners` are comments that minifiers keep."""

    lines: frozenset[int]
    header_end: int
    blocks: tuple[tuple[int, int, str], ...]
    banners: tuple[tuple[int, int, str], ...]
    long_lines: frozenset[int]

    def holds(self, line: int, text: str) -> bool:
        """Whether a text that begins in a line stands in a comment."""
        if line not in self.long_lines:
            return line in self.lines
        start = text[:40]
        return any(first <= line <= last and start in body for first, last, body in self.blocks)

    def in_banner(self, line: int, text: str) -> bool:
        """Whether a text that begins in a line stands in a banner."""
        start = text[:40] if line in self.long_lines else ""
        return any(first <= line <= last and start in body for first, last, body in self.banners)


def comments_of(text: str) -> Comments:
    """The comments of a text; time grows with its size."""
    rows = text.split("\n")
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row) + 1)
    lines = {number for number, row in enumerate(rows, 1) if _LINE.match(row, 0, 200)}
    blocks = []
    for match in _BLOCK.finditer(text):
        first, last = bisect_right(starts, match.start()), bisect_right(starts, max(match.end() - 1, match.start()))
        if match["doc"] and not _DOC_START.fullmatch(text, starts[first - 1], match.start()):
            continue
        lines.update(range(first, last + 1))
        blocks.append((first, last, match[0]))
    long_lines = frozenset(number for number, row in enumerate(rows, 1) if len(row) >= LONG_LINE)
    return Comments(
        frozenset(lines),
        _header_end(rows, lines),
        tuple(blocks),
        tuple(block for block in blocks if _BANNER.search(block[2], 0, 20_000)),
        long_lines,
    )


def _header_end(rows: list[str], lines: set[int]) -> int:
    code = 0
    for number, row in enumerate(rows[:MAX_HEADER], 1):
        if row.strip() and number not in lines:
            code += 1
            if code > HEADER_CODE:
                return number
    return MAX_HEADER


_LEAD = re.compile(r"^[\s/*!#;%\-.=~|]*")
_WORDS = r"[A-Za-z][A-Za-z0-9_.+@/' ()-]{0,60}?"
_NAMED = re.compile(
    rf"(?i)^(?:@(?:licen[cs]e|preserve|name)\s+)?(?P<name>{_WORDS})[\s:,|@-]*"
    r"\(?\bv(?:ersion)?[\s.:]{0,3}(?P<version>\d+(?:\.\d+)+[\w.+-]{0,30})"
)
_PLAIN = re.compile(
    r"(?i)^(?:@(?:licen[cs]e|preserve|name)\s+)?(?P<name>[A-Za-z][\w.+@/-]{1,40})[\s:@]+"
    r"(?P<version>\d+\.\d+(?:\.\d+)?[\w.+-]{0,30})\b"
)
_VERSION = re.compile(r"(?i)^@?version[\s:=]+v?(\d+(?:\.\d+)+[\w.+-]{0,30})")
_TITLE = re.compile(
    r"(?i)^(?:@(?:licen[cs]e|preserve|name|module)\s+)?(?P<name>[A-Za-z][\w.+@/-]{1,40}(?: [A-Z][\w.+-]{0,30}){0,2})"
    r"(?:\s+[-\u2013\u2014|:(].*)?$"
)


def name_and_version(banner: str) -> tuple[str | None, str | None]:
    """`jQuery v3.7.1`: what a banner calls the work, and its version; None for what it does not say."""
    title = None
    for row in banner[:4_000].split("\n")[:12]:
        said = _LEAD.sub("", row[:300]).rstrip(" */")
        if match := _NAMED.match(said) or _PLAIN.match(said):
            return _clean(match["name"]) or title, match["version"].rstrip(".-")
        if match := _VERSION.match(said):
            return title, match[1].rstrip(".-")
        if title is None and said and (match := _TITLE.match(said)):
            title = _clean(match["name"])
    return None, None


_LICENSING = re.compile(r"(?i)\b(?:licen[cs]ed?|copyright|released|apache|mit|[al]?gpl|mpl|bsd|public)\b")
_GENERIC = re.compile(r"(?i)\s+(?:javascript\s+)?(?:library|framework|engine|plugin)$")


def _clean(name: str) -> str | None:
    if _LICENSING.search(name):
        return None
    found = _GENERIC.sub("", " ".join(name.split()).strip(" -,:|(@"))
    return (
        None if found.lower() in ("", "version", "license", "licence", "copyright", "the", "build", "file") else found
    )


_SIGNED = re.compile(r"(?i)(?:\(c\)|\u00a9)\s*(?:\d{4}[\d\s,\u2013-]*)?(?P<holder>[^\W\d_][^|*\n<]{1,80})")


def holder_of(banner: str) -> str | None:
    """Who signs a banner of one line (`jQuery v3.7.1 | (c) OpenJS Foundation | ...`), where no statement was found."""
    match = _SIGNED.search(banner, 0, 1_000)
    return " ".join(match["holder"].split()).rstrip(" .,;-") or None if match else None
