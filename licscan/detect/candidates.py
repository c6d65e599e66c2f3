"""Which rules a text resembles: votes of distinctive 3-grams keep about a hundred, token multisets rank these."""

from __future__ import annotations

import numpy as np

from licscan.detect.arrays import HOLE, AnyArray, CandidateTables, Ints, Longs
from licscan.detect.lookup import expand, pack

KEPT = 128
"""Rules kept at most by the number of votes, by their share of the rule's grams, and by the product of both."""

LEAST = 16
"""Rules kept at least by each; of the others those that have half of what the best one has."""

_UPPER = 32
_LOWER = (1 << _UPPER) - 1
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
    grams = np.unique(_telling(ids, tables.high))
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
    best = [_best(rules, votes, worth) for worth in (votes, shares, votes * shares)]
    return np.unique(np.concatenate(best)).astype(np.int32)


def _telling(ids: Ints, high: int) -> Longs:
    """The 3-grams that hold a distinctive token; the table has no others."""
    count = max(len(ids) - 2, 0)
    special = (ids >= 0) & (ids < high)
    return (pack(ids, 3) & _THREE)[special[:count] | special[1 : count + 1] | special[2 : count + 2]]


def _best(rules: AnyArray, votes: AnyArray, worth: AnyArray) -> AnyArray:
    """The rules of most worth, as far as they have half of the best one's; of equals those with more votes, then the
    lower numbers.

    Where hundreds of rules hardly differ, as those of one license do, more of them are looked at than where a few
    stand out.
    """
    if len(rules) > KEPT:
        # what is below the last place cannot come in, and sorting it would take longer than all the rest
        least = np.partition(worth, len(worth) - KEPT)[len(worth) - KEPT]
        may = np.flatnonzero(worth >= least)
        rules, votes, worth = rules[may], votes[may], worth[may]
    order = np.lexsort((rules, -votes, -worth))[:KEPT]
    worth = worth[order]
    good = np.count_nonzero(worth * 2 >= worth[0]) if len(order) else 0
    return rules[order[: max(good, LEAST)]]


def _ranked(ids: Ints, rules: Ints, tables: CandidateTables) -> Ints:
    counts = np.bincount(ids[ids >= 0], minlength=HOLE + 1)
    starts, ends = tables.set_starts[rules].astype(np.int64), tables.set_starts[rules + 1].astype(np.int64)
    spans = [slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    tokens = np.concatenate([tables.set_ids[span] for span in spans])
    shared = np.minimum(counts[tokens], np.concatenate([tables.set_counts[span] for span in spans]))
    firsts = np.concatenate(([0], np.cumsum(ends - starts)))[:-1]
    # how many tokens are shared in the lower half, how many different ones in the upper: both added up at once
    shared += (shared > 0).astype(np.int64) << _UPPER
    both, both_high = np.add.reduceat(shared, firsts), np.add.reduceat(shared * (tokens < tables.high), firsts)
    matched, unique = both & _LOWER, both >> _UPPER
    good = (
        (unique >= tables.min_unique[rules])
        & (matched >= tables.min_length[rules])
        & (both_high >> _UPPER >= np.maximum(tables.min_high_unique[rules], 1))
        & (both_high & _LOWER >= np.maximum(tables.min_high_length[rules], 1))
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


def resemblances(ids: Ints, rules: Ints, tables: CandidateTables) -> AnyArray:
    """Shared / all tokens of text and rule, 0 to 1, as often as they stand or once each, whichever is less."""
    counts = np.bincount(ids[ids >= 0], minlength=1 << 16)
    total, different = int(counts.sum()), int((counts > 0).sum())
    found = []
    for rule in rules.tolist():
        span = slice(tables.set_starts[rule], tables.set_starts[rule + 1])
        shared = int(np.minimum(counts[tables.set_ids[span]], tables.set_counts[span]).sum())
        both = int((counts[tables.set_ids[span]] > 0).sum())
        of_sets = both / max(different + int(span.stop - span.start) - both, 1)
        found.append(min(of_sets, shared / max(total + int(tables.lengths[rule]) - shared, 1)))
    return np.array(found)
