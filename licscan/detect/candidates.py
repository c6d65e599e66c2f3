"""Which rules a text resembles: votes of distinctive 3-grams keep about a hundred, token multisets rank these."""

from __future__ import annotations

import numpy as np

from licscan.detect.arrays import HOLE, AnyArray, CandidateTables, Ints
from licscan.detect.lookup import expand, pack

KEPT = 64
"""Rules kept by the number of votes, by their share of the rule's grams, and by the product of both."""

_THREE = np.uint64(0xFFFFFFFFFFFF)


def rank_candidates(ids: Ints, tables: CandidateTables, top: int) -> Ints:
    """The rules that resemble the tokens, best first, at most `top`; tokens of -1 take no part.

    Ranked by containment (the share of the rule that the text has), then resemblance (shared / all tokens, squared),
    then the number of shared tokens: first rounded to tenths, then exactly, then by falling rule number.
    """
    kept = preselect(ids, tables)
    if not len(kept):
        return kept
    return _ranked(ids, kept, tables)[:top]


def preselect(ids: Ints, tables: CandidateTables) -> Ints:
    """The rules that share most of the distinctive 3-grams with the text, in order of their numbers."""
    grams = np.unique(pack(ids, 3) & _THREE)
    at = np.searchsorted(tables.grams, grams)
    at[at == len(tables.grams)] = 0
    found = at[tables.grams[at] == grams] if len(tables.grams) else at[:0]
    _, entries = expand(
        found, tables.gram_starts[found].astype(np.int64), tables.gram_starts[found + 1].astype(np.int64)
    )
    votes = np.bincount(tables.voters[entries], minlength=len(tables.lengths))
    rules = np.flatnonzero(votes)
    votes = votes[rules]
    shares = (votes << 16) // tables.gram_counts[rules]
    by_votes = np.lexsort((rules, -votes))[:KEPT]
    by_share = np.lexsort((rules, -votes, -shares))[:KEPT]
    by_both = np.lexsort((rules, -(votes * shares)))[:KEPT]
    return np.unique(rules[np.concatenate((by_votes, by_share, by_both))]).astype(np.int32)


def _counts(ids: Ints, size: int) -> AnyArray:
    return np.bincount(ids[ids >= 0], minlength=size)


def _ranked(ids: Ints, rules: Ints, tables: CandidateTables) -> Ints:
    counts = _counts(ids, HOLE + 1)
    starts, ends = tables.set_starts[rules], tables.set_starts[rules + 1]
    owner, entries = expand(np.arange(len(rules)), starts.astype(np.int64), ends.astype(np.int64))
    tokens = tables.set_ids[entries]
    shared = np.minimum(counts[tokens], tables.set_counts[entries])
    size = len(rules)

    def total(weights: AnyArray) -> AnyArray:
        return np.bincount(owner, weights=weights, minlength=size).astype(np.int64)

    distinctive = tokens < tables.high
    present = shared > 0
    matched, unique = total(shared), total(present)
    good = (
        (unique >= tables.min_unique[rules])
        & (matched >= tables.min_length[rules])
        & (total(present & distinctive) >= np.maximum(tables.min_high_unique[rules], 1))
        & (total(shared * distinctive) >= np.maximum(tables.min_high_length[rules], 1))
        & (matched * 100 >= tables.min_containment[rules].astype(np.int64) * tables.lengths[rules])
    )
    chosen = np.flatnonzero(good)
    return rules[chosen[_order(rules[chosen], matched[chosen], int(counts.sum()), tables)]]


def _order(rules: Ints, matched: AnyArray, query: int, tables: CandidateTables) -> AnyArray:
    lengths = tables.lengths[rules].astype(np.int64)
    containment = matched / lengths
    resemblance = (matched / (query + lengths - matched)) ** 2
    return np.lexsort(
        (
            -rules,
            -matched,
            -resemblance,
            -containment,
            -_tenths(matched / 20),
            -_tenths(resemblance),
            -_tenths(containment),
        )
    )


def _tenths(numbers: AnyArray) -> AnyArray:
    return np.floor(numbers * 10 + 0.5).astype(np.int64)
