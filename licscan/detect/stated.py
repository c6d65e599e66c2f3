"""Names read by grammar or met word for word, and which other matches yield to them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from licscan.base import tables
from licscan.detect.creative_commons import Statement, closing_remarks, elements_of, find_statements, touches
from licscan.detect.data import OWN, License
from licscan.detect.match import Match
from licscan.detect.query import Query
from licscan.detect.ruleless import ruleless
from licscan.detect.types import Matcher, MatchKind

LONG = 200
"""Tokens of a rule that is a whole text and says more than a name."""
TITLE = 40
"""Tokens at the beginning of a text that hold its title."""
BESIDE = 12
"""Tokens between a dedication and other words of it."""
SHORTEST = 5
"""Tokens of an abbreviation: CC BY-NC-SA, and a version's first part."""
MAX_TOKENS = 60
"""Tokens of the longest name."""
HALF = 50.0
"""Per cent of a text that show that a license of its kind stands there."""

_DEDICATIONS = frozenset({"cc0-1.0", "cc-pdm-1.0", "cc-pd"})
_REMARKS = _DEDICATIONS | {"public-domain", "public-domain-disclaimer"}
_GENERAL = frozenset({"proprietary-license", "commercial-license", "free-unknown", "commons-clause"})
"""What names no license that a text could be of."""


def creative_commons(query: Query, licenses: Mapping[str, License]) -> list[Match]:
    """A match for each license of Creative Commons that the text names."""
    found = find_statements(query.text)
    return [match for one in found if (match := _match(query, one, licenses)) is not None]


def _match(query: Query, one: Statement, licenses: Mapping[str, License]) -> Match | None:
    low, high = query.span_of(one.start, one.end)
    if high <= low:
        return None
    expression = one.expression(licenses)
    told = f"creative-commons: {expression}"
    return ruleless(query, (low, high), told, expression, MatchKind.REFERENCE, Matcher.GRAMMAR)


# --- Creative Commons -------------------------------------------------------------------------------------------------


def yielding(matches: Iterable[Match], stated: Sequence[Match], query: Query) -> list[Match]:
    """The matches without those of Creative Commons that a statement on the same words contradicts.

    A text that differs from its rule and bears the title of another license of the family is that other license's.
    """
    remarks = [query.span_of(start, end) for start, end in closing_remarks(query.text)]
    stated = sorted(stated, key=lambda one: one.start)
    kept: list[Match] = []
    for match in matches:
        if _is_remark(match, remarks) or _is_implied(match, stated) or _is_file_name(match, query):
            continue
        near = _touching(stated, match)
        if not near or not any(_is_theirs(key) for key in match.rule.keys):
            kept.append(match)
            continue
        title = next((one for one in near if _is_title(one, match) and not is_vague(one)), None)
        if title is not None and not title.rule.keys <= match.rule.keys:
            kept.append(_as(title, match))
        elif match.rule.size >= LONG or all(one.rule.keys <= match.rule.keys for one in near):
            kept.append(match)
    return kept


def _is_remark(match: Match, remarks: Sequence[tuple[int, int]]) -> bool:
    if not match.rule.keys or not match.rule.keys <= _REMARKS or match.rule.size >= LONG:
        return False
    return touches(remarks, match.start, match.end)


def _is_implied(match: Match, stated: Sequence[Match]) -> bool:
    """Whether words of giving a work up stand beside the name of the dedication by which that is done."""
    if match.rule.keys != {"public-domain"} or match.rule.size >= LONG:
        return False
    return any(one.rule.keys & _DEDICATIONS for one in _touching(stated, match, BESIDE))


def _touching(names: Sequence[Match], match: Match, around: int = 0) -> list[Match]:
    """Of short matches in order those that share a token with a match, or are near it."""
    low = bisect_left(names, match.start - around - MAX_TOKENS, key=lambda one: one.start)
    high = bisect_left(names, match.end + around, key=lambda one: one.start)
    return [one for one in names[low:high] if one.end > match.start - around]


_EXTENSION = re.compile(r"\.(?:svg|png|jpe?g|gif|webp|txt|md|html?|pdf|js|ts|css|json|eps)(?![\w])")


def _is_file_name(match: Match, query: Query) -> bool:
    """Whether the abbreviation of a license is but the name of a file: `icons/cc-by.svg`."""
    if match.rule.size > SHORTEST or match.matcher is not Matcher.EXACT or not any(map(_is_theirs, match.rule.keys)):
        return False
    return _EXTENSION.match(query.text, int(query.tokens.ends[match.end - 1])) is not None


def _is_theirs(key: str) -> bool:
    return key.startswith("cc-") or key in _DEDICATIONS


def _is_title(one: Match, match: Match) -> bool:
    """Whether a name stands at the head of a text that was found with changes."""
    is_text = match.matcher is Matcher.APPROXIMATE and match.rule.kind is MatchKind.TEXT and match.rule.size >= LONG
    return is_text and one.start <= match.start + TITLE and match.coverage >= HALF


def _as(title: Match, match: Match) -> Match:
    """A text as the one of the license that its title names."""
    return replace(match, rule=replace(match.rule, expression=title.rule.expression, keys=title.rule.keys))


# --- our own names ----------------------------------------------------------------------------------------------------


def without_others(matches: Iterable[Match], exact: Sequence[Match]) -> list[Match]:
    """The approximate matches without those that stand across one of our names without saying its license.

    Such a name is met word for word, so what resembles the words around it is chance; a whole text that bears the name
    as its title is a later or sister license of the one that it resembles.
    """
    own = (match for match in exact if match.rule.identifier.startswith(OWN) and match.length <= MAX_TOKENS)
    names = sorted((match for match in own if not match.rule.keys & _GENERAL), key=lambda match: match.start)
    kept: list[Match] = []
    for match in matches:
        touching = _touching(names, match)
        if (
            match.length <= MAX_TOKENS
            and match.coverage < HALF
            and any(_tells_as_much(name, match) for name in touching)
        ):
            continue
        across = [name for name in touching if not _says(match.rule.keys, name.rule.keys)]
        title = next((name for name in across if _is_title(name, match) and not is_vague(name)), None)
        if title is not None:
            kept.append(_as(title, match))
        elif not across or (match.rule.size >= LONG and match.coverage >= HALF):
            kept.append(match)
    return kept


def _tells_as_much(name: Match, match: Match) -> bool:
    """Whether a name says all that a few words of a text or notice of its license do, and surely."""
    return name.rule.keys == match.rule.keys and match.surrounds(name)


def _says(keys: frozenset[str], names: frozenset[str]) -> bool:
    """Whether what has these keys says all these names, or a version of one that leaves it open."""
    return all(any(key in told_by(name) or key.startswith(f"{name}-") for key in keys) for name in names)


@cache
def told_by(key: str) -> frozenset[str]:
    """The key, and those of the texts that go by its name."""
    return _texts().get(key, frozenset()) | {key}


@cache
def _texts() -> dict[str, frozenset[str]]:
    table = tables.load_toml("own_licenses.toml")
    rows = {row["key"]: row["texts"] for row in table["license"] if "texts" in row}
    return {key: frozenset(texts) for key, texts in (rows | table["texts"]).items()}


# --- names without a version ------------------------------------------------------------------------------------------


def as_names(matches: Iterable[Match], query: Query) -> list[Match]:
    """The matches without common words that only read like a name of ours: "elastic, license-free"."""
    return [match for match in matches if not is_vague(match) or _looks_like_name(match, query)]


_NAME = re.compile(r"(?:[^\W\da-z_]|[(\"“‘'])[^,;:!?。，；：]*")


def _looks_like_name(match: Match, query: Query) -> bool:
    starts, ends = query.tokens.starts, query.tokens.ends
    return _NAME.fullmatch(query.text, int(starts[match.start]), int(ends[match.end - 1])) is not None


def is_vague(match: Match) -> bool:
    """Whether a name leaves the version open that its license has."""
    key = match.rule.expression
    return key.endswith(elements_of(key)) if elements_of(key) else key in _vague()


@cache
def _vague() -> frozenset[str]:
    rows = tables.load_toml("own_licenses.toml")["license"]
    return frozenset(row["key"] for row in rows if "not stated" in row["name"])


def without_vague(matches: Sequence[Match]) -> list[Match]:
    """The matches without names that leave the version or the text open, where another match of the file gives it."""
    keys = {key for match in matches for key in match.rule.keys}
    told = {elements_of(key) for key in keys if elements_of(key) and not key.endswith(elements_of(key))}
    return [match for match in matches if not (_is_open(match) and _is_told(match.rule.expression, keys, told))]


def _is_open(match: Match) -> bool:
    return match.rule.kind is not MatchKind.TEXT and (is_vague(match) or match.rule.expression in _texts())


def _is_told(key: str, keys: set[str], elements: set[str]) -> bool:
    if elements_of(key):
        return elements_of(key) in elements
    return any(other != key and (other in told_by(key) or other.startswith(f"{key}-")) for other in keys)
