"""Licenses of Creative Commons by address and by name: elements, version and port read by grammar, in ten languages.

A port without an SPDX id is said as itself (`LicenseRef-licscan-cc-by-3.0-br`), a name without a version as that
(`LicenseRef-licscan-cc-by-nc`): neither passes for the license that it resembles. Every step is a bounded match at one
place, so time grows with the text alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from licscan.detect.commons_words import OTHER_HINTS, PREFIX_ENDS, SHORT_HINTS, ZERO_HINTS, plain, words_of_names
from licscan.detect.tokenizer import lowered
from licscan.licenses import spdx

MAX_GAP = 3
"""Words that say nothing between two parts of a name."""
NEAR = 160
"""Characters between a statement and another one, on its line or the next, that names the port of the same license."""
VERSIONS = ("1.0", "2.0", "2.1", "2.5", "3.0", "4.0")
REFERENCE = "LicenseRef-licscan-"


@dataclass(frozen=True, slots=True)
class Statement:
    """A license of Creative Commons named in a text, by character offsets (end excluded).

    `elements` are those of the scheme (`by-nc-sa`); empty for a license outside it, whose key is `key`. `version` and
    `port` are empty where none is named; `unported` is whether the text says that there is no port.
    """

    start: int
    end: int
    elements: str
    version: str = ""
    port: str = ""
    key: str = ""
    unported: bool = False

    def expression(self, known: Iterable[str]) -> str:
        """Its key where the LicenseDB has it (`known`), else its SPDX id, else a reference of ours."""
        if self.key:
            return self.key
        name = "-".join(part for part in ("cc", self.elements, self.version, self.port) if part)
        listed = spdx.index().licenses.get(name)
        return name if name in known else listed or f"{REFERENCE}{name}"


def elements_of(key: str) -> str:
    """The elements in a key of the LicenseDB or of ours: `by-nc` of `cc-by-nc-3.0-de`; empty for other licenses."""
    found = _KEY.match(key)
    return found[1] if found else ""


_KEY = re.compile(r"(?:LicenseRef-licscan-)?cc-(by(?:-nc|-nd|-sa)*)(?=-\d|\Z)")


def find_statements(text: str) -> tuple[Statement, ...]:
    """Every license of Creative Commons that a text names, in order of their place; most texts cost a few looks."""
    small = lowered(text)
    hints = words_of_names().plain_hints if small.isascii() else words_of_names().hints
    if not any(hint in small for hint in hints):
        return ()
    found = [*_addresses(text, small), *_names(text, small), *_others(text, small)]
    found.sort(key=lambda one: (one.start, -one.end))
    quiet = closing_remarks(text)
    apart: list[Statement] = []
    for one in found:
        if (not apart or one.start >= apart[-1].end) and not touches(quiet, one.start, one.end):
            apart.append(one)
    return tuple(_completed(apart, text))


def touches(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a stretch shares anything with one of these, which are in order and apart."""
    at = bisect_left(spans, start, key=lambda span: span[1] - 1)
    return at < len(spans) and spans[at][0] < end


def closing_remarks(text: str) -> list[tuple[int, int]]:
    """Where a text says that the words of the licenses are free: nothing about the work that has the license."""
    places = _places(text, "Commons") if "CC0" in text else ()
    found = (_REMARK.match(text, place) for place in places)
    return [one.span() for one in found if one]


_REMARK = re.compile(
    r"Commons\s+public\s+licen[cs]es\s+is\s+dedicated\s+to\s+the\s+public\s+domain\s+under\s+the\s+\W{0,3}"
    r"CC0\s+Public\s+Domain\s+Dedication",
    re.IGNORECASE,
)


def _completed(apart: list[Statement], text: str) -> Iterator[Statement]:
    """The statements with the version that the text gives elsewhere, and with the port that it gives close by."""
    told: dict[str, list[Statement]] = {}
    ported: dict[tuple[str, str], list[Statement]] = {}
    for one in apart:
        if one.version:
            told.setdefault(one.elements, []).append(one)
        if one.port:
            ported.setdefault((one.elements, one.version), []).append(one)
    for one in apart:
        if one.key or (one.version and (one.port or one.unported)):
            yield one
        elif not one.version:
            nearest = _nearest(one, told.get(one.elements, []))
            yield replace(one, version=nearest.version, port=nearest.port) if nearest else one
        else:
            nearest = _nearest(one, ported.get((one.elements, one.version), []))
            yield replace(one, port=nearest.port) if nearest and _is_near(one, nearest, text) else one


def _is_near(one: Statement, other: Statement, text: str) -> bool:
    """Whether two statements are of one sentence: close, and at most one line apart."""
    between = sorted((one, other), key=lambda each: each.start)
    low, high = between[0].end, between[1].start
    return high - low <= NEAR and text.count("\n", low, high) <= 1 and _ITEM.search(text, low, high) is None


_ITEM = re.compile(r"\n[ \t]*[-*+•|][ \t]")
"""The next item of a list, or row of a table, is of another work."""


def _nearest(one: Statement, others: list[Statement]) -> Statement | None:
    """Of statements in order the one that is nearest."""
    at = bisect_left(others, one.start, key=lambda other: other.start)
    return min(others[max(at - 1, 0) : at + 1], key=lambda other: abs(other.start - one.start), default=None)


# --- addresses --------------------------------------------------------------------------------------------------------

_BREAK = r"(?:[ \t]*\n[ \t*#/;!>]{0,8})?"
_SLASH = rf"(?:\\?/|%2F){_BREAK}"
_ADDRESS = re.compile(
    rf"(?:creativecommons\.org{_SLASH}(?:licenses|l)|licensebuttons\.net{_SLASH}l){_SLASH}"
    rf"([a-z]{{2,15}}(?:-{_BREAK}[a-z]{{2,8}}){{0,3}}(?:\+|%2B)?)"
    rf"(?:{_SLASH}(\d\.\d)(?:{_SLASH}([a-z]{{2,8}})(?![\w.]))?)?",
    re.IGNORECASE,
)
_DEDICATION = re.compile(
    rf"(?:creativecommons\.org{_SLASH}(?:publicdomain|p)|licensebuttons\.net{_SLASH}p){_SLASH}"
    r"(zero|mark|certification)",
    re.IGNORECASE,
)
_DEDICATIONS = {"zero": "cc0-1.0", "mark": "cc-pdm-1.0", "certification": "cc-pd"}


def _addresses(text: str, small: str) -> Iterator[Statement]:
    places = sorted([*_places(small, "creativecommons.org"), *_places(small, "licensebuttons.net")])
    for found in filter(None, (_DEDICATION.match(text, place) for place in places)):
        yield Statement(found.start(), found.end(), "", key=_DEDICATIONS[found[1].lower()])
    for found in filter(None, (_ADDRESS.match(text, place) for place in places)):
        path = re.sub(r"[\s*#/;!>]+", "", found[1]).lower().replace("%2b", "+")
        key = words_of_names().paths.get(path)
        if key:
            yield Statement(found.start(), found.end(), "", key=key)
            continue
        parts = path.split("-")
        if "by" not in parts or not set(parts) <= set(_ORDER):
            continue
        port = (found[3] or "").lower()
        known = port if port in words_of_names().ports else ""
        end = found.end(3) if known else found.end(2) if found[2] else found.end(1)
        yield replace(_statement(found.start(), end, parts, found[2] or "", known), unported=not known)


_ORDER = ("by", "nc", "nd", "sa")


def _statement(start: int, end: int, parts: Iterable[str], version: str, port: str) -> Statement:
    elements = "-".join(part for part in _ORDER if part in set(parts))
    if version and "." not in version:
        version += ".0"
    # there are no ports of 4.0
    return Statement(start, end, elements, version, "" if version == "4.0" else port)


# --- names ------------------------------------------------------------------------------------------------------------

_PARTS = r"((?:[ \t/_-](?:NC|ND|SA)(?![A-Za-z0-9])){0,3})"
_SHORT = re.compile(
    rf"(?<![A-Za-z0-9.-])CC[ \t_-]?BY{_PARTS}(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9./-])cc-by((?:-(?:nc|nd|sa)(?![A-Za-z0-9])){0,3})(?=[ -]v?\d)"
)
_SHORT_AFTER = re.compile(rf"[\s(（]{{0,3}}(?:CC[ -])?BY{_PARTS}(?![A-Za-z0-9])")
_VERSION = re.compile(r"[\s,(（:-]{0,4}(?:[vV](?:er(?:sion|\.)?|\.)?[ \t-]?)?(\d(?:\.\d)?)(?![\d%]|\.\d)")
_GAP = re.compile(r"[\s,;:()（）\[\]\"“”*#/·・_-]{0,6}")
_BETWEEN = re.compile(r"[\s,;:*#/·・+&_–—‐－-]{0,6}(?:(?:and|und|et|e|y)\s)?")
_CODE = re.compile(r"(?:[\s(,（]{1,3}([A-Z]{2,3})|-([a-z]{2,8}|[A-Z]{2,3}))(?![A-Za-z0-9.-])")
_LABEL = re.compile(
    r"(?:licen[cs]e[ds]?|lizenz|licencia|licença|licenza|许可协议|许可证|授权|協議|授權)[\s:：=(（*_\"'>-]{1,6}\Z", re.I
)
_AMBIGUOUS = frozenset({"AT", "BE", "IN", "IT", "NO"})
"""Codes that are words in capitals too: "NO WARRANTY"."""


def _names(text: str, small: str) -> Iterator[Statement]:
    for place in {place for hint in SHORT_HINTS for place in _places(small, hint)}:
        found = _SHORT.match(text, place)
        if found:
            parts = re.findall("nc|nd|sa", (found[1] or found[2] or "").lower())
            yield _with_version(text, found.start(), found.end(), ["by", *parts])
    done = 0
    for place in sorted({place for word in words_of_names().first for place in _places(small, word)}):
        first = words_of_names().start.match(text, place) if place >= done else None
        one = _in_words(text, first) if first else None
        if one is not None:
            done = one.end
            yield one
    for hint in PREFIX_ENDS:
        for place in _places(small, hint):
            short = _SHORT_AFTER.match(text, place + len(hint))
            if short:
                parts = re.findall("nc|nd|sa", short[1].lower())
                yield _with_version(text, place, short.end(), ["by", *parts])


def _places(small: str, word: str) -> Iterator[int]:
    """Where a word stands."""
    place = small.find(word)
    while place >= 0:
        yield place
        place = small.find(word, place + 1)


def _in_words(text: str, first: re.Match[str]) -> Statement | None:
    """The license whose first element stands here; None where the words are no name."""
    words = words_of_names()
    parts, end, hyphen = ["by"], first.end(), False
    while len(parts) < 4:
        gap = _BETWEEN.match(text, end)
        place = gap.end() if gap else end
        more = words.element.match(text, place)
        if not more or more.end() == place:
            break
        parts.append(words.elements.get(plain(more[0]), "by"))
        hyphen = hyphen or any(mark in text[end:place] for mark in "-–—‐－")
        end = more.end()
    if parts.count("by") > 1 or (text[end : end + 1].isascii() and text[end : end + 1].isalpha()):
        return None
    start = _prefix_before(text, first.start())
    one = _with_version(text, first.start() if start < 0 else start, end, parts)
    if start >= 0:
        return one
    label = _LABEL.search(text[max(first.start() - 40, 0) : first.start()]) is not None
    if len(parts) > 1:
        return one if one.version in VERSIONS or (not one.version and (hyphen or label)) else None
    exact = one.version in VERSIONS and "." in text[first.end() : one.end]
    return one if exact and (one.port or label or _is_unported(text, one)) else None


def _is_unported(text: str, one: Statement) -> bool:
    return words_of_names().unported.search(text[one.start : one.end]) is not None


def _prefix_before(text: str, place: int) -> int:
    """Where the "Creative Commons" begins that stands before a name, with nothing but fillers between; -1 for none."""
    words = words_of_names()
    low = max(place - 60, 0)
    for found in words.prefix.finditer(text, low, place):
        at = _past_fillers(text, found.end(), place)
        again = words.prefix.match(text, at, place)
        if again:
            at = _past_fillers(text, again.end(), place)
        if at == place:
            return found.start()
    return -1


def _past_fillers(text: str, place: int, limit: int) -> int:
    """The place behind white space, marks and a few words that say nothing."""
    for _word in range(MAX_GAP + 1):
        gap = _GAP.match(text, place, limit)
        place = gap.end() if gap else place
        filler = words_of_names().filler.match(text, place, limit)
        if not filler:
            break
        place = filler.end()
    return place


def _with_version(text: str, start: int, end: int, parts: list[str]) -> Statement:
    """The statement with the version and the port that follow its elements."""
    words = words_of_names()
    limit = min(end + 80, len(text))
    place, version, port = end, "", ""
    for _word in range(MAX_GAP + 1):
        found = _VERSION.match(text, place, limit)
        if found:
            version, place, end = found[1], found.end(), found.end()
            break
        word = words.unported.match(text, place, limit)
        past = word.end() if word else _past_one(text, place, limit)
        if past == place:
            break
        place = past
    unported = words.unported.match(text, end, limit) if version else None
    if unported:
        return replace(_statement(start, unported.end(), parts, version, ""), unported=True)
    if version:
        port, end = _port(text, end, limit)
    return _statement(start, end, parts, version, port)


def _past_one(text: str, place: int, limit: int) -> int:
    gap = _GAP.match(text, place, limit)
    filler = words_of_names().filler.match(text, gap.end() if gap else place, limit)
    return filler.end() if filler else place


def _port(text: str, place: int, limit: int) -> tuple[str, int]:
    """The port that follows a version, and where it ends."""
    words = words_of_names()
    named = words.port.match(text, place, limit)
    if named:
        return words.ports[plain(named[1])], named.end()
    code = _CODE.match(text, place, limit)
    if code:
        short = (code[1] or code[2]).lower()
        if short in words.ports and not (code[1] and code[1] in _AMBIGUOUS):
            return words.ports[short], code.end()
    return "", place


# --- what stands outside the scheme -----------------------------------------------------------------------------------

_ZERO = re.compile(
    r"(?<![A-Za-z0-9.-])(?:(?P<sure>Creative\s+Commons\s+(?:CC[ -]?)?(?:Zero|0)|CC[ -]?Zero|"
    r"CC0[ -]?(?:v(?:ersion)?[ .]?)?1\.0|CC0\s+(?:Universal|Public\s+Domain|licen[cs]e|dedication|waiver)|"
    r"CC0\s*(?:协议|許可|许可|授权|授權|ライセンス|公共领域|公眾領域|公有领域))|CC0)(?![.]?[A-Za-z0-9])",
    re.IGNORECASE,
)
_ZERO_LABEL = re.compile(
    r"(?:licen[cs]e[ds]?|under|lizenz|licencia|licença|采用|採用|遵循|使用|按|以|协议|许可)(?:\s+(?:a|the|as))?[\s:：=(（*_\"'>-]{0,6}\Z",
    re.IGNORECASE,
)
_MARK = re.compile(r"(?:CC[ -]?PDM[ -]?1\.0|\bPublic\s+Domain\s+Mark(?:\s+(?:v(?:ersion)?\s?)?1\.0)?)", re.IGNORECASE)


def _others(text: str, small: str) -> Iterator[Statement]:
    words = words_of_names()
    for found in _around(_ZERO, text, small, ZERO_HINTS):
        before = text[max(found.start() - 30, 0) : found.start()]
        if found["sure"] or _ZERO_LABEL.search(before):
            yield Statement(found.start(), found.end(), "", key="cc0-1.0")
    for found in _around(_MARK, text, small, ("domain mark", "pdm")):
        yield Statement(found.start(), found.end(), "", key="cc-pdm-1.0")
    for found in _around(words.others, text, small, OTHER_HINTS):
        start = _prefix_before(text, found.start())
        low = max(found.start() - 40, 0)
        label = _LABEL.search(text[low : found.start()])
        if start < 0 and label:
            start = low + label.start()
        if start >= 0 and not text[found.end() : found.end() + 1].isalpha():
            yield Statement(start, found.end(), "", key=words.other_keys[plain(found[0])])


def _around(pattern: re.Pattern[str], text: str, small: str, hints: Iterable[str]) -> Iterator[re.Match[str]]:
    """What a pattern finds close to where one of these words stands."""
    for place in sorted({place for hint in hints for place in _places(small, hint)}):
        found = pattern.search(text, max(place - 30, 0), min(place + 60, len(text)))
        if found:
            yield found
