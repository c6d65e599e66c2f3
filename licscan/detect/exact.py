"""Exact matches of all rules, those apart that stand wrongly or inside a longer one, before any object is made."""

from __future__ import annotations

import numpy as np

from licscan.detect import index as flags
from licscan.detect.arrays import AnyArray
from licscan.detect.index import KINDS, Index
from licscan.detect.library import Library
from licscan.detect.match import Match
from licscan.detect.primitives import find_exact
from licscan.detect.query import Query
from licscan.detect.types import Matcher, MatchKind

SMALL = 15
"""Rules of fewer tokens must not stand on more lines than they have tokens."""

TAG_LINES = 2
"""Lines more for a tag that begins its line: a heading "License", a rule, an empty line, then the name."""

NAME = 3
"""Rules of so few tokens hold together: no word that is unknown stands between them."""

ALONE = 5
"""Unknown words around a single token that make it noise."""


def exact_matches(query: Query, library: Library) -> list[Match]:
    """Every rule that stands in the text word for word and is not part of a longer one."""
    found: list[Match] = []
    for part, index in enumerate(library.parts):
        starts, rules = find_exact(query.ids, index.exact)
        if len(starts):
            found += _matches(query, library, part, starts, rules)
    return found


def _matches(query: Query, library: Library, part: int, starts: AnyArray, rules: AnyArray) -> list[Match]:
    index = library.parts[part]
    good = _stands_well(query, index, starts, rules)
    starts, rules = starts[good], rules[good]
    ends = starts + index.arrays["lengths"][rules]
    order = np.lexsort((-ends, starts))
    starts, ends, rules = starts[order], ends[order], rules[order]
    outer = np.ones(len(starts), dtype=np.bool_)
    outer[1:] = ends[1:] > np.maximum.accumulate(ends)[:-1]
    matches = []
    for start, end, rule in zip(starts[outer].tolist(), ends[outer].tolist(), rules[outer].tolist(), strict=True):
        facts = library.facts(part, rule)
        mask = (1 << (end - start)) - 1
        matches.append(Match(facts, start, end, mask, mask, end - start, facts.high, Matcher.EXACT))
    return matches


def _stands_well(query: Query, index: Index, starts: AnyArray, rules: AnyArray) -> AnyArray:
    """Which hits are neither torn where the rule must not be, nor strewn over lines, nor a lone word in noise."""
    lengths, bits = index.arrays["lengths"][rules], index.arrays["flags"][rules]
    ends = starts + lengths
    lines = query.tokens.lines
    # few rules ask whether they are torn, and to tell it takes longer than all the rest
    asked = np.flatnonzero((bits & (flags.CONTINUOUS | flags.PHRASES)) > 0)
    first, last = starts[asked], ends[asked]
    torn = np.zeros(len(starts), dtype=np.bool_)
    torn[asked] = query.unknown_inside(first, last) > 0
    torn[asked] |= query.stops_inside(first, last) != _stops_of(index, rules[asked])
    whole = (bits & flags.CONTINUOUS) == 0
    is_tag = index.arrays["kinds"][rules] == KINDS.index(MatchKind.TAG)
    is_tag &= (starts == 0) | (lines[starts - 1] < lines[starts])
    strewn = (lengths < SMALL) & (lines[ends - 1] - lines[starts] + 1 > lengths + TAG_LINES * is_tag)
    around = query.tokens.unknown[starts] + query.tokens.unknown[ends]
    lone = (lengths == 1) & (around >= ALONE)
    # two words of a name with strange ones between them are the words of two names
    torn_name = (lengths <= NAME) & (query.unknown_inside(starts, ends) > 0)
    good = (whole | ~torn) & ~strewn & ~lone & ~torn_name
    for at in np.flatnonzero(good & torn & ((bits & flags.PHRASES) > 0)).tolist():
        good[at] = _phrases_whole(query, index, int(starts[at]), int(rules[at]))
    return np.asarray(good)


def _stops_of(index: Index, rules: AnyArray) -> AnyArray:
    """How many stopwords each rule has between its first and its last token."""
    offsets, places = index.arrays["offsets"], index.arrays["stop_places"]
    first = np.searchsorted(places, offsets[rules])
    last = np.searchsorted(places, offsets[rules + 1] - 1)
    return np.asarray(index.stops_before[last] - index.stops_before[first])


def _phrases_whole(query: Query, index: Index, start: int, rule: int) -> bool:
    return all(int(query.unknown_inside(start + low, start + high)) == 0 for low, high in index.phrases(rule))
