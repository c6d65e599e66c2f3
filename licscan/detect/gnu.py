"""Reads what notices say of the GNU licenses: which of them, which version, whether a later one may be chosen.

The words of such notices are few, but the name of the program stands among them and everybody words them a little
differently: what resembles one of a thousand known notices may well be the notice of another version. So they are read
instead: name of the license, "version", number, "or any later", in whatever order a sentence has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from licscan.detect import gnu_words as words

NEEDLES = re.compile(
    r"[al]?gpl|(?<![a-z0-9])gnu|\bgeneral\b|\blesser|\baffero|\blibrary\b|gfdl|same\W+(?:terms|lic)"
    r"|[较較宽寬次函]|通用|公共|公众|公眾|公用"
)
"""What a name can begin with."""

BEFORE, BEHIND = 450, 2_500
"""Characters around such a place that are read."""

REACH = 300
"""Characters before a name in which its sentence is looked for."""

MAX_NAMES = 2_000
"""Names that are read in one text."""

_VERSIONS = {
    "gpl": ("1.0", "2.0", "3.0"),
    "lgpl": ("2.0", "2.1", "3.0"),
    "agpl": ("1.0", "2.0", "3.0"),
    "gfdl": ("1.1", "1.2", "1.3"),
}
"""The versions that there are; of the AGPL those of its first publisher too."""

FIRST = {
    "gpl": "gpl-1.0-plus",
    "lgpl": "lgpl-2.0-plus",
    "lesser": "lgpl-2.1-plus",
    "agpl": "agpl-3.0-plus",
    "gfdl": "gfdl-1.1-plus",
}
"""What a name without a version means, in keys of the LicenseDB: any version that was published under that name."""

PERL = "gpl-1.0-plus OR artistic-perl-1.0"
"""What "the same terms as Perl" are."""

_PROXIES = (("free qt foundation", "kfqf-accepted-gpl"), ("kde", "kde-accepted-{family}"))
"""Whose word "any later version accepted by" needs, and the key of what they accepted."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one sentence says of a GNU license. Places are characters, ends excluded.

    `start` and `end` are the whole notice (of a denial from its "not" on), `core` the name and its version.
    `expression` is in keys of the LicenseDB.
    `versioned`: the version is said. `firm`: a sentence says that the license holds. `denied`: it says that it does
    not. `mention`: the license is only pointed at ("see the GNU General Public License").
    """

    family: str
    expression: str
    start: int
    end: int
    core: tuple[int, int]
    versioned: bool
    firm: bool = False
    denied: bool = False
    mention: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """The versions that a phrase says: numbers, whether a later one may be chosen, and where the phrase ends."""

    numbers: tuple[str, ...] = ()
    later: bool = False
    only: bool = False
    proxy: str = ""
    end: int = 0


def read_notices(text: str, apart: Sequence[tuple[int, int]] = ()) -> list[Statement]:
    """The statements of a text in lower case (each character for itself), in order of their place.

    What stands in the stretches `apart` is not read. Notices go over their usual paragraphs: no warranty, where the
    copy is. Time grows with the text.
    """
    places = _places(text)
    found: list[Statement] = []
    for low, high in _windows(places, len(text)):
        inside = [(start - low, end - low) for start, end in apart if start < high and end > low]
        found += (_shifted(one, low) for one in _read(text[low:high], inside))
    return found


def is_telling(word: str) -> bool:
    """Whether a text without any such word (in lower case), and without "general public", has no notice."""
    return "gpl" in word or word in {"gnu", "affero", "gfdl", "lesser", "perl", "公"}


def _windows(places: list[int], size: int) -> Iterator[tuple[int, int]]:
    """The stretches around the places in which notices are looked for."""
    start = end = 0
    for place in places:
        if end and place - BEFORE > end:
            yield start, end
            end = 0
        if not end:
            start = max(place - BEFORE, 0)
        end = min(place + BEHIND, size)
    if end:
        yield start, end


def _shifted(one: Statement, by: int) -> Statement:
    core = one.core[0] + by, one.core[1] + by
    return replace(one, start=one.start + by, end=one.end + by, core=core)


def _read(text: str, apart: Sequence[tuple[int, int]]) -> list[Statement]:
    raw, text = text, words.blanked(text)
    found: list[Statement] = []
    for name in _names(text, apart):
        one = _statement(text, raw, name)
        if one is None:
            continue
        if found and (choice := _choice(text, raw, found[-1], one)):
            found[-1] = _with_tails(text, choice)
            continue
        if found and one.core[0] < found[-1].end:
            # within the paragraphs of the notice before, where only a version says something new
            if one.mention or not one.versioned or one.expression == found[-1].expression:
                continue
            found[-1] = replace(found[-1], end=max(found[-1].core[1], min(found[-1].end, one.start)))
        found.append(_with_tails(text, one) if not (one.mention or one.denied) else one)
    return sorted([*found, *_perl(text)], key=lambda one: one.core) if "perl" in text else found


def _perl(text: str) -> Iterator[Statement]:
    """The statements that give the terms of Perl."""
    for found in words.PERL.finditer(text):
        yield Statement("perl", PERL, *found.span(), found.span(), versioned=True, firm=True)


def _choice(text: str, raw: str, before: Statement, one: Statement) -> Statement | None:
    """Two statements of different licenses or versions as one, where "or" stands between them."""
    gap = one.core[0] - before.core[1]
    plain = not (before.denied or one.denied or before.mention)
    if not plain or not 0 < gap <= 80 or not before.versioned or not one.versioned:
        return None
    again = before.family == one.family
    if again and (before.expression == one.expression or "-plus" in before.expression + one.expression):
        return None
    between = before.core[1], one.core[0]
    if not (words.CHOICE.fullmatch(text, *between) or words.EITHER.fullmatch(raw, *between)):
        return None
    expression = " OR ".join(dict.fromkeys([*before.expression.split(" OR "), *one.expression.split(" OR ")]))
    core = (before.core[0], one.core[1])
    return replace(before, expression=expression, core=core, end=one.core[1], firm=before.firm or one.firm)


def _names(text: str, apart: Sequence[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """The names of GNU licenses, one behind the other."""
    end, count = 0, 0
    for place in _places(text):
        if place < end or count >= MAX_NAMES or any(low <= place < high for low, high in apart):
            continue
        name = words.NAME.match(text, place)
        if name is None or not _is_name(text, name):
            continue
        count += 1
        end = name.end()
        yield name


def _places(text: str) -> list[int]:
    return [found.start() for found in NEEDLES.finditer(text)]


def _is_name(text: str, name: re.Match[str]) -> bool:
    if name["brief"] or name["document"] or (name["chinese"] and not name["lax"]) or name["short"] == "fdl":
        return bool(name["gnu"])
    return True


def _family(name: re.Match[str], said: re.Match[str] | None) -> str:
    """The family that a name says; "(LGPL)" behind "General Public License" is one that its writer meant."""
    kind, lax = name["kind"] or "", name["lax"] or ""
    if kind.startswith("affero") or lax == "affero":
        return "agpl"
    if kind or lax:
        return "lgpl"
    if name["free"] or name["document"]:
        return "gfdl"
    short = name["short"] or (said["short"] if said else "")
    return {"lgpl": "lgpl", "agpl": "agpl", "gfdl": "gfdl", "fdl": "gfdl"}.get(short, "gpl")


def _statement(text: str, raw: str, name: re.Match[str]) -> Statement | None:
    """What the sentence around a name says."""
    end = name.end()
    brief = words.SHORT_FOR.match(text, end)
    family = _family(name, brief)
    if brief:
        end = brief.end()
    before = text[max(name.start() - REACH, 0) : name.start()]
    said, start = _before(before, family, name.start())
    if not said.numbers:
        least = words.AT_LEAST.match(raw, end)
        behind = _behind(text, end, family, bool(name["short"]))
        if least:
            behind = _Said(_numbers([least["n"]], family), True, end=least.end())
        said = behind if behind.numbers else said
    elif said.end == 0:
        said = replace(said, end=end)
    if not said.numbers and brief and brief["n"]:
        said = _Said(_numbers([brief["n"]], family), end=end)
    if words.LATER_CLAUSE.search(before):
        if not said.numbers:
            return None  # "without the any later version clause of the GPL"
        said = replace(said, later=True, only=False)
    any_version = words.ANY_VERSION.search(before)
    lesser = (name["kind"] or "").startswith("lesser")
    expression = _expression(family, said) if said.numbers else FIRST["lesser" if lesser else family]
    core_start = start if said.numbers else name.start()
    context = text[max(core_start - 120, 0) : core_start]
    context = context[_sentence(context) :]
    chinese = bool(
        words.CHINESE_STRONG.search(
            text[max(core_start - 12, 0) : core_start] + text[max(end, said.end) : max(end, said.end) + 12]
        )
    )
    firm = chinese or any_version is not None or words.STRONG.search(context) is not None
    firm = firm or words.STRONG_BEHIND.match(text, max(end, said.end)) is not None
    denial = words.NEGATION.search(context)
    refused = words.NEGATION_BEHIND.match(raw, max(end, said.end))
    if refused:
        said = replace(said, end=refused.end())
    denied = denial is not None or refused is not None
    return Statement(
        family,
        expression,
        core_start - len(context) + (denial.start() if denial else _opening(context)),
        max(end, said.end),
        (core_start, max(end, said.end)),
        bool(said.numbers),
        firm,
        denied,
        bool(words.MENTION.search(context) or words.PATH.search(raw[max(name.start() - 100, 0) : name.start()])),
    )


def _sentence(context: str) -> int:
    """Where the last sentence of a context begins."""
    at = max((context.rfind(mark) + len(mark) for mark in (". ", ".\n", "\n\n", "。") if mark in context), default=0)
    return at


def _opening(context: str) -> int:
    found = words.OPENING.search(context)
    return found.start() if found else len(context)


def _numbers(raw: list[str], family: str) -> tuple[str, ...]:
    """The versions of the family that the numbers mean, each once; what is none of them is left out."""
    found: dict[str, None] = {}
    for number in raw:
        number = words.NUMBERS.get(number, number)
        parts = number.split(".")
        full = f"{parts[0]}.{parts[1] if len(parts) > 1 else 0}"
        if full in _VERSIONS[family]:
            found[full] = None
    return tuple(found)


def _behind(text: str, end: int, family: str, short: bool) -> _Said:
    """The versions that are said behind a name which ends there."""
    compact = words.COMPACT.match(text, end) if short else None
    if compact:
        return _go_on(text, [".".join(compact["n"])], compact.end(), family)
    adjacent = words.ADJACENT.match(text, end)
    if adjacent is None:
        published = words.PUBLISHER.match(text, end)
        at = published.end() if published else end
        adjacent = words.VERSION.match(text, at)
    if adjacent:
        return _go_on(text, [adjacent["n"]], adjacent.end(), family)
    chinese = words.CHINESE_VERSION.match(text, end)
    if chinese:
        number = chinese["a"] or chinese["b"] or chinese["c"]
        return _go_on(text, [number], chinese.end(), family)
    return _Said()


def _go_on(text: str, numbers: list[str], at: int, family: str) -> _Said:
    """What follows a number: of which license, other numbers, "or later", "only"."""
    later = only = False
    proxy = ""
    for _step in range(8):
        for phrase in (words.CHINESE_LATER, words.LATER):
            found = phrase.match(text, at)
            if found and not later:
                later, at = True, found.end()
                who = words.PROXY.match(text, at) if phrase is words.LATER else None
                if who:
                    later = False
                    proxy = next((key for mark, key in _PROXIES if mark in " ".join(who["who"].split())), "")
                    at = who.end()
                break
        else:
            found = words.OF_THE_LICENSE.match(text, at) or words.PUBLISHER.match(text, at)
            if (
                found is None
                and not later
                and (found := words.ONLY.match(text, at) or words.CHINESE_ONLY.match(text, at))
            ):
                only = True
            if found is None and not later and (found := words.ANOTHER.match(text, at)):
                if not _numbers([found["n"]], family):
                    break
                numbers = [*numbers, found["n"]]
            if found is None:
                break
            at = found.end()
        if later or proxy:
            break
    return _Said(_numbers(numbers, family), later, only, proxy.format(family=family), at)


def _before(before: str, family: str, place: int) -> tuple[_Said, int]:
    """The versions that are said before a name ("version 2 or later of the"), and where that begins."""
    if "of" in before[-30:] or "from" in before[-30:]:
        found = words.BEFORE.search(before)
        if found:
            said = _go_on(before, [found["n"]], found.start("rest"), family)
            if said.numbers and words.OF_NAME.match(before, said.end):
                return replace(said, end=0), place - len(before) + found.start()
    chinese = words.CHINESE_BEFORE.search(before[-40:])
    if chinese:
        number = chinese["a"] or chinese["b"] or chinese["c"]
        said = _go_on(chinese["rest"], [number], 0, family)
        if said.numbers and (said.later or not chinese["rest"].strip(" 的,，")):
            return replace(said, end=0), place - len(before[-40:]) + chinese.start()
    return _Said(), place


def _expression(family: str, said: _Said) -> str:
    """The expression in keys of the LicenseDB."""
    keys = [f"{family}-{number}" for number in said.numbers]
    if said.later:
        keys[-1] += "-plus"
    if said.proxy:
        keys.append(said.proxy)
    return " OR ".join(keys)


def _with_tails(text: str, one: Statement) -> Statement:
    """The statement over the paragraphs that belong to its notice."""
    end = one.end
    for _step in range(6):
        for tail in words.TAILS:
            found = tail.match(text, end)
            if found:
                end = found.end()
                break
        else:
            break
    return replace(one, end=end)
