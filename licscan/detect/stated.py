"""What grammars read in a text as matches, and which other matches yield to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from licscan.detect.creative_commons import Statement, closing_remarks, elements_of, find_statements
from licscan.detect.data import License
from licscan.detect.library import keys_of
from licscan.detect.match import Match, RuleFacts
from licscan.detect.query import Query
from licscan.detect.types import Matcher, MatchKind

LONG = 200
"""Tokens of a rule that is a whole text and says more than a name."""
TITLE = 40
"""Tokens at the beginning of a text that hold its title."""
MUCH = 75.0
"""Per cent of such a text that leave no doubt whose it is but for its title."""

_DEDICATIONS = frozenset({"cc0-1.0", "cc-pdm-1.0", "cc-pd"})
_REMARKS = _DEDICATIONS | {"public-domain", "public-domain-disclaimer"}


def creative_commons(query: Query, licenses: Mapping[str, License]) -> list[Match]:
    """A match for each license of Creative Commons that the text names."""
    found = find_statements(query.text)
    return [match for one in found if (match := _match(query, one, licenses)) is not None]


def _match(query: Query, one: Statement, licenses: Mapping[str, License]) -> Match | None:
    low, high = span_of(query, one.start, one.end)
    if high <= low:
        return None
    expression = one.expression(licenses)
    size, distinctive = high - low, int(query.high_before[high] - query.high_before[low])
    rule = RuleFacts(
        -1,
        -1,
        f"creative-commons: {expression}",
        expression,
        keys_of(expression),
        MatchKind.REFERENCE,
        0,
        100,
        size,
        distinctive,
        100,
        size,
        distinctive,
    )
    mask = (1 << size) - 1
    return Match(rule, low, high, mask, mask, size, distinctive, Matcher.EXACT)


def span_of(query: Query, start: int, end: int) -> tuple[int, int]:
    """The positions of the tokens that lie between two character offsets."""
    # a plain int would make numpy copy all places to its own width
    low = int(np.searchsorted(query.tokens.starts, np.int32(start), "left"))
    high = int(np.searchsorted(query.tokens.ends, np.int32(end), "right"))
    return low, high


def yielding(matches: Iterable[Match], stated: Sequence[Match], query: Query) -> list[Match]:
    """The matches without those of Creative Commons that a statement on the same words contradicts.

    A text that differs from its rule and bears the title of another license of the family is that other license's.
    """
    remarks = [span_of(query, start, end) for start, end in closing_remarks(query.text)]
    kept: list[Match] = []
    for match in matches:
        if _is_remark(match, remarks):
            continue
        if stated and any(_is_theirs(key) for key in match.rule.keys):
            title = next((one for one in stated if _is_title(one, match)), None)
            if title is not None:
                rule = replace(match.rule, expression=title.rule.expression, keys=title.rule.keys)
                match = replace_rule(match, rule)
            elif any(_contradicts(one, match) for one in stated):
                continue
        kept.append(match)
    return kept


def replace_rule(match: Match, rule: RuleFacts) -> Match:
    """The same place with another rule."""
    return replace(match, rule=rule)


def _is_remark(match: Match, remarks: Sequence[tuple[int, int]]) -> bool:
    if not match.rule.keys or not match.rule.keys <= _REMARKS or match.rule.size >= LONG:
        return False
    return any(match.start < high and low < match.end for low, high in remarks)


def _is_theirs(key: str) -> bool:
    return key.startswith("cc-") or key in _DEDICATIONS


def _is_title(one: Match, match: Match) -> bool:
    """Whether a statement is the title of a text that was found with changes, and names another license."""
    if match.matcher is not Matcher.APPROXIMATE or match.rule.kind is not MatchKind.TEXT or match.rule.size < LONG:
        return False
    at_head = match.start - TITLE // 4 <= one.start <= match.start + TITLE
    named = elements_of(one.rule.expression) and one.rule.expression[-1:] != elements_of(one.rule.expression)[-1:]
    return bool(at_head and named and match.coverage >= MUCH and not one.rule.keys & match.rule.keys)


def _contradicts(one: Match, match: Match) -> bool:
    """Whether a short match on the words of a statement says another license of the family than the statement does."""
    if match.rule.size >= LONG or match.end <= one.start or one.end <= match.start:
        return False
    return not one.rule.keys <= match.rule.keys


def without_vague(matches: Sequence[Match], stated: Sequence[Match]) -> list[Match]:
    """The matches without names that leave the version open, where another match gives it."""
    told = {elements_of(key) for match in matches for key in match.rule.keys if key[-1:].isdigit() or "-igo" in key}
    vague = {id(one) for one in stated if _is_vague(one) and elements_of(one.rule.expression) in told}
    return [match for match in matches if id(match) not in vague]


def _is_vague(one: Match) -> bool:
    return one.rule.expression.endswith(elements_of(one.rule.expression) or "\0")
