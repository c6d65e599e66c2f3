"""The parts of a text that matter: a readme's license section, and where a license file turns to others' work."""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_SECTION = 400
"""Lines of a license section that are read; a whole license text is shorter, the GNU ones aside."""

_TITLE = re.compile(
    r"(?i)\W*(?:\d+[.)]\s*)?(?:the\s+)?(?:[\w.@/-]{1,40}(?:'s)?\s+)?"
    r"(?:(?:un)?licen[sc](?:es?|ing)|copyright(?:\s*(?:and|&|/)\s*licen[sc](?:es?|ing))?|许可证?|授权|版权(?:声明)?|许可协议|开源协议)"
    r"(?:\s*(?:and|&|/)\s*(?:copyright|legal|credits|attribution|notice)s?)?(?:\s+(?:info(?:rmation)?|details|notice))?"
    r"(?:\s*\([^()]{1,40}\))?\W*"
)
_ATX = re.compile(r"\s{0,3}(#{1,6})\s*(.*?)\s*#*\s*$")
_HTML = re.compile(r"(?i)\s*<h([1-6])\b[^>]*>(.*?)(?:</h\1>|$)")
_BOLD = re.compile(r"\s*(?:\*\*|__)([^*_]{1,80})(?:\*\*|__):?\s*$")
_UNDERLINE = re.compile(r"\s{0,3}([=\-~^\"'`*+#.:])\1{2,}\s*$")
_TAG = re.compile(r"<[^<>]{0,200}>")
_LINK = re.compile(r"\[([^][]{0,200})\]\([^()]{0,400}\)")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")


def license_section(text: str) -> tuple[str, int] | None:
    """The section under the first heading that says License, with the heading's line (from 1); None without one."""
    lines = text.splitlines()
    headings = _headings(lines)
    for number, (line, level, title) in enumerate(headings):
        if not _TITLE.fullmatch(_LINK.sub(r"\1", _TAG.sub("", title))):
            continue
        after = (other for other, depth, _title in headings[number + 1 :] if depth <= level)
        end = min(next(after, len(lines)), line + MAX_SECTION)
        return "\n".join(lines[line:end]), line + 1
    return None


def _headings(lines: Sequence[str]) -> list[tuple[int, int, str]]:
    """Every heading with its line (from 0) and depth; what stands in fenced code is none."""
    found: list[tuple[int, int, str]] = []
    fenced = ""
    for number, line in enumerate(lines):
        if len(line) > 300:
            continue
        fence = _FENCE.match(line)
        if fence and (not fenced or fence[1] == fenced):
            fenced = "" if fenced else fence[1]
        elif not fenced:
            heading = _heading(line, lines[number + 1] if number + 1 < len(lines) else "")
            if heading:
                found.append((number, *heading))
    return found


def _heading(line: str, below: str) -> tuple[int, str] | None:
    """Depth and title of a heading in Markdown, reStructuredText or HTML."""
    if match := _ATX.match(line):
        return len(match[1]), match[2]
    if match := _HTML.match(line):
        return int(match[1]), match[2]
    if match := _BOLD.match(line):
        return 6, match[1]
    if line.strip() and len(below) <= 300 and (match := _UNDERLINE.match(below)) and not _UNDERLINE.match(line):
        return 1 if match[1] == "=" else 2, line.strip()
    return None


_OTHERS = re.compile(
    r"(?i)\b(?:third|3rd)[- ]part(?:y|ies)\b"
    r"|\blicen[sc]es?\b.{0,20}\b(?:of|for)\b.{0,20}\b(?:bundled|included|vendored|embedded|dependenc(?:y|ies))\b"
    r"|\b(?:bundled|vendored|embedded|included)\s+(?:dependencies|libraries|packages|modules|components|works)\b"
    r"|\b(?:this|the)\s+(?:software|package|project|library|product|module|distribution|program|work|repository)\s+(?:also\s+)?"
    r"(?:contains|bundles|incorporates|embeds|makes\s+use\s+of|is\s+based\s+(?:up)?on|includes\s+(?!software\s+developed))"
    r"|\b(?:portions?|parts?|some|sections?)\s+of\s+(?:this|the)\s+(?:software|package|project|library|code|work|source)"
    r"\b.{0,60}\b(?:from|under|by|based)\b"
    r"|\bexternally\s+maintained\s+libraries\b"
)


def foreign_from(text: str) -> int | None:
    """The line (from 1) from which a license file speaks of other people's work; None where it does not."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) <= 400 and _OTHERS.search(line):
            return number
    return None
