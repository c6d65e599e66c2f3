"""Rules that stand in a text with changes: the few that resemble it most are aligned with it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

import numpy as np

from licscan.detect.alignment import Block
from licscan.detect.arrays import AnyArray, Ints
from licscan.detect.index import Index
from licscan.detect.library import Library
from licscan.detect.match import Match, RuleFacts
from licscan.detect.primitives import align, rank_candidates, resemblances
from licscan.detect.query import Query, positions
from licscan.detect.refine import is_sound
from licscan.detect.types import Matcher

TOP = 8
"""Candidates that are aligned; more find no more licenses, only more rules to choose wrongly from."""

NEAR = 0.75
"""A text that resembles a rule so much (shared / all tokens) is searched for it whole."""

WINDOW = 8_000
"""Tokens that a rule is aligned with at once, so that many copies of it take no more than their number."""

MAX_RUN = 20_000
"""Tokens of a text whose candidates are ranked at once."""

MAX_GAP = 50
"""Tokens that two blocks of one match may lie apart, and not more than half of the rule."""

CERTAIN = 8
"""So many equal tokens on end between two blocks of a match are no chance, even if none of them is distinctive."""

WELL_COVERED = 75
"""Per cent of a rule that show that it stands there, and that its place needs no other."""

LONG = 100
"""An exact match of so many tokens parts a run into stretches; shorter ones stand inside other licenses too."""

MANY = 20
"""Distinctive words of a stretch that is looked at by itself."""

SMALL = 30
"""Rules of fewer tokens are no find in such a stretch."""

MAX_ROUNDS = 4

MAX_COPYRIGHT = 10
"""Tokens of a copyright statement between two matches."""


def approximate_matches(query: Query, library: Library, found: list[Match]) -> list[Match]:
    """Matches with gaps, where the ones found before leave distinctive words uncovered."""
    apart = _apart(query, library, found)
    left = query.is_high & query.free & apart
    matches: list[Match] = []
    if left.any() or (apart.any() and _composed(found)):
        for match in _near_duplicates(query, library):
            matches.append(match)
            if match.coverage >= WELL_COVERED:
                query.take(match)
                left[match.start : match.end] = False
    parted = query.free.copy()
    for match in found:
        if match.length >= LONG:
            parted[match.start : match.end] = False
    for start, end in _bounded(query.runs()):
        if left[start:end].any():
            matches += _in_run(query, library, start, end, left, parted)
    return matches


def _apart(query: Query, library: Library, found: list[Match]) -> AnyArray:
    """Which positions no match has; the statements of copyright between matches belong to no license."""
    apart = np.ones(len(query), dtype=np.bool_)
    for match in found:
        apart[positions(match)] = False
    word = library.vocabulary.ids.get("copyright", -1)
    for start, end in _stretches(apart) if found else ():
        if end - start <= MAX_COPYRIGHT and query.ids[start] == word:
            apart[start:end] = False
    return apart


def _stretches(apart: AnyArray) -> list[tuple[int, int]]:
    """Start and end of each stretch of positions that is marked."""
    edges = (np.flatnonzero(apart[1:] != apart[:-1]) + 1).tolist()
    edges = [*([0] if apart[0] else []), *edges, *([len(apart)] if apart[-1] else [])]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _in_run(query: Query, library: Library, start: int, end: int, left: AnyArray, parted: AnyArray) -> Iterator[Match]:
    """The matches in a run; what well-covered ones leave of it is looked at again, stretch by stretch.

    The few rules that resemble a long text best tell of a few of its licenses; the others show when these are out of
    the way. `left` are the distinctive positions without a match, `parted` those that no long match has.
    """
    ids = np.where(query.free[start:end], query.ids[start:end], -1).astype(np.int32)
    matches = _aligned(query, library, ids, start, 0.0)
    yield from matches
    done = {(start, end)}
    for _round in range(MAX_ROUNDS if np.count_nonzero(left[start:end]) >= MANY else 0):
        for match in matches:
            if _tells(match, query, library):
                parted[match.start : match.end] = False
        rest = [(low + start, high + start) for low, high in _stretches(parted[start:end])]
        rest = [place for place in rest if place not in done and np.count_nonzero(left[slice(*place)]) >= MANY]
        if not rest:
            break
        done.update(rest)
        matches = [match for low, high in rest for match in _aligned(query, library, query.ids[low:high], low, 0.0)]
        yield from (match for match in matches if _tells(match, query, library))


def _tells(match: Match, query: Query, library: Library) -> bool:
    """Whether a match leaves no doubt that its rule stands there."""
    return match.coverage >= WELL_COVERED and match.rule.size >= SMALL and is_sound(match, query, library)


def _bounded(runs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The runs, long ones in pieces; what is cut is joined again when matches are refined."""
    for start, end in runs:
        for at in range(start, end, MAX_RUN):
            yield at, min(at + MAX_RUN, end)


def _composed(found: list[Match]) -> bool:
    """Whether the matches name different licenses: a rule for the whole may say how they belong together."""
    return len({match.rule.expression for match in found}) > 1


def _near_duplicates(query: Query, library: Library) -> list[Match]:
    return _aligned(query, library, query.ids, 0, NEAR)


def _aligned(query: Query, library: Library, ids: Ints, start: int, least: float) -> list[Match]:
    matches: list[Match] = []
    for part, index in enumerate(library.parts):
        rules = _resembling(ids, index, least) if least else rank_candidates(ids, index.candidates, TOP)
        for rule in rules.tolist():
            facts = library.facts(part, rule)
            matches += _matches_of(query, facts, ids, index.tokens(rule), start)
    return matches


def _resembling(ids: Ints, index: Index, least: float) -> Ints:
    """The best rules among those that resemble the text as a whole at least so much."""
    count = int((ids >= 0).sum())
    if count * least > index.longest:
        return ids[:0]
    rules = rank_candidates(ids, index.candidates, len(index))
    lengths = index.arrays["lengths"][rules]
    rules = rules[np.minimum(lengths, count) >= least * np.maximum(lengths, count)]
    return rules[resemblances(ids, rules, index.candidates) >= least][:TOP]


def _matches_of(query: Query, facts: RuleFacts, ids: Ints, tokens: Ints, start: int) -> Iterator[Match]:
    """The rule's matches in a run, one behind the other."""
    at = 0
    gap = min(max(facts.size // 2, 1), MAX_GAP)
    window = max(WINDOW, 2 * facts.size)
    least = max(facts.min_length, facts.size * facts.min_coverage // 100, 1)
    while len(ids) - at >= least:
        blocks = align(ids[at : at + window], tokens, query.high)
        if not blocks:
            at += window
            continue
        for chain in _chains(blocks, gap):
            filled = _filled(chain, ids[at : at + window], tokens)
            yield _match(query, facts, [(start + at + q, r, length) for q, r, length in filled])
        q, _, length = blocks[-1]
        at += q + length


def _chains(blocks: list[Block], gap: int) -> Iterator[list[Block]]:
    """Blocks that lie near to each other, in the text and in the rule."""
    chain = [blocks[0]]
    for block in blocks[1:]:
        q, r, length = chain[-1]
        if block[0] - (q + length) > gap or block[1] - (r + length) > gap:
            yield chain
            chain = []
        chain.append(block)
    yield chain


def _filled(chain: list[Block], ids: Ints, tokens: Ints) -> Iterator[Block]:
    """The blocks, and between two of them a run of equal tokens where it is certain."""
    end = place = 0
    for q, r, length in chain:
        if end and q - end >= CERTAIN and r - place >= CERTAIN:
            at, to, size = _certain_run(ids[end:q].tolist(), tokens[place:r].tolist())
            if size:
                yield end + at, place + to, size
        yield q, r, length
        end, place = q + length, r + length


def _certain_run(ids: list[int], tokens: list[int]) -> Block:
    """The first run of `CERTAIN` equal tokens or more in two short lists; its length is 0 where there is none."""
    places = {tuple(tokens[at : at + CERTAIN]): at for at in range(len(tokens) - CERTAIN, -1, -1)}
    for at in range(len(ids) - CERTAIN + 1):
        place = places.get(tuple(ids[at : at + CERTAIN]))
        if place is not None:
            pairs = zip(ids[at:], tokens[place:], strict=False)
            return at, place, sum(1 for _same in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return 0, 0, 0


def _match(query: Query, facts: RuleFacts, chain: list[Block]) -> Match:
    start = chain[0][0]
    mask = rule_mask = length = high = 0
    for q, r, count in chain:
        bits = (1 << count) - 1
        mask |= bits << (q - start)
        rule_mask |= bits << r
        length += count
        high += int(query.high_before[q + count] - query.high_before[q])
    end = chain[-1][0] + chain[-1][2]
    return Match(facts, start, end, mask, rule_mask, length, high, Matcher.APPROXIMATE)
