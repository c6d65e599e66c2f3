"""Where a statement or an author may begin: substrings, found at the speed of `str.find`, then looked at closely."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from licscan.detect.copyrights.han import HAN

EVERY = 200
"""Of one hint at most one place in a line, and in a long line one in so many characters, is told."""

# What has to stand behind a hint (in lower case) for it to count; None where the hint alone will do.
_PROSE = (
    r"(?:notices?(?!\s*\(?\d{4})|holders?|owners?|laws?|licen[sc]es?|statements?|interests?|protect\w*|infring\w*|permission|treat(?:y|ies)|claims?"
    r"|ownership|messages?|disclaimers?|headers?|files?|lines?|legends?|information)\b"
)
_COPYRIGHT = re.compile(rf"opyri(?:ght(?:ed|s)?(?!\W{{1,8}}{_PROSE})|te)")
_AUTHOR = re.compile(r"authors?(?:\(s\)|s)?(?:[\"'’_*\s\]]{0,6}[:=]|[\"']\scontent=)")
_CODERS = ("开发者", "開發者", "开发人员", "開發人員")
_LABEL = re.compile(r"\w{3,4}[】\s]{0,4}(?:[(（][^()（）]{0,20}[)）]\s?)?[:：]")
_SIGNATURE = re.compile(rf"(?<![a-z0-9])by[\s:：]{{1,3}}[{HAN}]{{2,4}}(?![{HAN}])")
_BEHIND: dict[str, re.Pattern[str]] = {
    "opyri": _COPYRIGHT,
    "author": _AUTHOR,
    "by": _SIGNATURE,
    **dict.fromkeys(_CODERS, _LABEL),
}
_PLAIN = (
    *("opyri", "copr.", "copyleft", "copywrite", "copy right", "(c)", "( c )", "author", "u00a9"),
    *("written by", "contributed by", "developed by", "created by", "maintained by"),
)
_ESCAPED = {"&": ("&copy", "&#169", "&#xa9"), "\\": ("\\(co", "\\xa9", "\\251")}
_BEYOND_ASCII = (
    *("©", "ⓒ", "（c）", "版权", "版權", "著作权", "著作權", "知识产权", "保留所有", "保留一切"),
    *_CODERS,
    "by",
    *("作者", "作 者", "作  者", "作   者", "作    者", "编写者", "编写人", "編寫者"),
)


def hints_for(low: str) -> tuple[str, ...]:
    """The hints that can stand in a text; one of them stands in every text with a statement or an author."""
    found: tuple[str, ...] = _PLAIN if low.isascii() else _PLAIN + _BEYOND_ASCII
    for mark, escaped in _ESCAPED.items():
        if mark in low:
            found += escaped
    return found


def hint_places(text: str) -> list[int]:
    """Where hints begin, sorted; linear in the length of the text."""
    # the one letter whose lower case is longer than itself would shift every place after it
    low = text.replace("\u0130", "I").lower()
    hints = hints_for(low)
    if low.isascii() and (native := _native()) is not None:
        return sorted(_passed(low, hints, native.find_hints(low, hints)))
    return sorted(_searched(low, hints))


@cache
def _native() -> Any:
    """The native steps of detection, where they are built: nothing but a detector has loaded what they need."""
    from licscan.detect.primitives import NATIVE

    return NATIVE


def _passed(low: str, hints: tuple[str, ...], found: Iterable[tuple[int, int]]) -> set[int]:
    """The places that count of those of all hints, found in one pass."""
    places: set[int] = set()
    resume = [0] * len(hints)
    for place, number in found:
        if place < resume[number]:
            continue
        if _counts(low, hints[number], place):
            places.add(place)
            end = low.find("\n", place, place + EVERY)
            resume[number] = end if end >= 0 else place + EVERY
    return places


def _searched(low: str, hints: tuple[str, ...]) -> set[int]:
    """The same, each hint searched by itself."""
    places: set[int] = set()
    for hint in hints:
        place = low.find(hint)
        while place >= 0:
            if _counts(low, hint, place):
                places.add(place)
                end = low.find("\n", place, place + EVERY)
                place = low.find(hint, end if end >= 0 else place + EVERY)
            else:
                place = low.find(hint, place + 1)
    return places


def _counts(low: str, hint: str, place: int) -> bool:
    """Whether a hint is more than prose or the argument of a function."""
    if hint == "(c)":
        hangs = place > 0 and (low[place - 1].isalnum() or low[place - 1] in "_)]")
        return not hangs or low[place + 3 : place + 5].strip()[:1].isdigit() or low.startswith("copyright", place - 9)
    behind = _BEHIND.get(hint)
    if behind is None or (hint == "author" and low[place - 1 : place] in ("@", "\\")):
        return True
    return behind.match(low, place) is not None
