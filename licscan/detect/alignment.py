"""Where a rule stands in a text that differs from it: longest matching blocks, as difflib finds them, without its cost.

Runs of three tokens or more come from shared 3-grams, sorted by diagonal; what is shorter is looked for only in the
small windows between them. Everything is bounded, so that repetitive text costs no more than other text.
"""

from __future__ import annotations

import numpy as np

from licscan.detect.arrays import AnyArray, Ints, Longs
from licscan.detect.lookup import expand, pack

Block = tuple[int, int, int]
Window = tuple[int, int, int, int]
Runs = AnyArray | list[Block]

FEW = 32
"""Runs that are handled one by one."""

MAX_PAIRS = 4096
"""A 3-gram that stands so often in the text times in the rule seeds no run."""

MAX_TRIES = 64
"""Places where the rule's first 3-gram stands that are looked at for the whole rule."""

MAX_CELLS = 2048
"""A window of more cells (query tokens times rule tokens) is not searched for runs of one or two tokens."""


def align(query: Ints, rule: Ints, high: int) -> list[Block]:
    """Blocks (query start, rule start, length) in rising order of both.

    The longest run of equal tokens that holds a distinctive one (id < high) is a block (of equals the first in the
    query, then in the rule); the same again in the window before it and the window behind. Tokens of -1 in the query
    equal nothing. Where the rule stands whole, its first such place is all.
    """
    grams, distinct = _query_side(query, high)
    runs = _runs(query, rule, grams)
    if len(runs) == 1 and len(rule) == int(runs[0, 2]):
        query = query[: int(runs[0, 0]) + len(rule)]
    blocks: list[Block] = []
    stack: list[tuple[Window, Runs]] = [((0, len(query), 0, len(rule)), runs)]
    while stack:
        window, near = stack.pop()
        q_low, q_high, r_low, r_high = window
        if q_low >= q_high or r_low >= r_high:
            continue
        if not isinstance(near, list) and len(near) <= FEW:
            near = near.tolist()
        near = _clipped_few(near, window, distinct) if isinstance(near, list) else _clipped(near, window, distinct)
        best = _longest(near)
        if best is None:
            best = _longest_short(query, rule, window, high)
        if best is None:
            continue
        blocks.append(best)
        at, place, length = best
        stack.append(((q_low, at, r_low, place), near))
        stack.append(((at + length, q_high, place + length, r_high), near))
    return sorted(blocks)


MOST_KEPT = 4
_kept: list[tuple[bytes, int, Longs, AnyArray]] = []
"""What `_query_side` told last: the candidates of one text are aligned with it one after the other."""


def _query_side(query: Ints, high: int) -> tuple[Longs, AnyArray]:
    """The 3-grams of the query, and how many distinctive tokens stand before each of its places."""
    said = query.tobytes()
    for known, its_high, grams, distinct in _kept:
        if its_high == high and known == said:
            return grams, distinct
    grams = pack(query, 3)
    distinct = np.zeros(len(query) + 1, dtype=np.int64)
    np.cumsum((query >= 0) & (query < high), out=distinct[1:])
    _kept[:] = [*_kept[1 - MOST_KEPT :], (said, high, grams, distinct)]
    return grams, distinct


def _whole(query: Ints, rule: Ints, grams: Longs, first: AnyArray) -> int | None:
    """Where the rule stands whole: no run can be longer, and nothing is left of the rule for another."""
    last = len(query) - len(rule)
    if last < 0:
        return None
    places: list[int] = np.flatnonzero(grams[: last + 1] == first)[:MAX_TRIES].tolist()
    return next((at for at in places if np.array_equal(query[at : at + len(rule)], rule)), None)


def _runs(query: Ints, rule: Ints, grams: Longs) -> AnyArray:
    """The runs of three equal tokens or more, rows of query start, rule start, length; if the rule stands whole, that
    place alone."""
    mine = pack(rule, 3)
    if not len(mine):
        return _NONE
    whole = _whole(query, rule, grams, mine[0])
    if whole is not None:
        return np.array([[whole, 0, len(rule)]])
    order = np.argsort(mine, kind="stable")
    table = mine[order]
    left = np.searchsorted(table, grams)
    left[left == len(table)] = 0
    hit = np.flatnonzero(table[left] == grams)
    if not len(hit):
        return _NONE
    left = left[hit]
    # where each gram of the table begins and how often it stands there
    heads = np.flatnonzero(np.concatenate((_ONE, table[1:] != table[:-1], _ONE)))
    times = np.zeros(len(table), dtype=np.int64)
    times[heads[:-1]] = heads[1:] - heads[:-1]
    few = np.bincount(left)[left] * times[left] <= MAX_PAIRS
    hit, left = hit[few], left[few]
    at, entries = expand(hit, left, left + times[left])
    place = order[entries]
    keys = np.sort((place - at + len(query)) * (len(query) + 1) + at)
    if not len(keys):
        return _NONE
    edges = np.flatnonzero(np.concatenate((_ONE, keys[1:] - keys[:-1] != 1, _ONE)))
    first, lengths = edges[:-1], edges[1:] - edges[:-1] + 2
    at = keys[first] % (len(query) + 1)
    place = keys[first] // (len(query) + 1) - len(query) + at
    return np.stack((at, place, lengths), axis=1)


_NONE = np.zeros((0, 3), dtype=np.int64)
_ONE = np.ones(1, dtype=np.bool_)


def _clipped(runs: AnyArray, window: Window, distinct: AnyArray) -> AnyArray:
    """The parts of the runs inside the window that are three tokens or longer and hold a distinctive one."""
    if not len(runs):
        return runs
    q_low, q_high, r_low, r_high = window
    at, place, length = runs[:, 0], runs[:, 1], runs[:, 2]
    cut = np.maximum(np.maximum(q_low - at, r_low - place), 0)
    at, place = at + cut, place + cut
    length = np.minimum(np.minimum(length - cut, q_high - at), r_high - place)
    keep = length >= 3
    keep &= distinct[np.where(keep, at + length, 0)] > distinct[np.where(keep, at, 0)]
    return np.stack((at[keep], place[keep], length[keep]), axis=1)


def _clipped_few(runs: list[Block], window: Window, distinct: AnyArray) -> list[Block]:
    """The same without numpy, which takes longer to call than a few runs to clip."""
    q_low, q_high, r_low, r_high = window
    kept = []
    for at, place, length in runs:
        cut = max(q_low - at, r_low - place, 0)
        left = min(length - cut, q_high - at - cut, r_high - place - cut)
        if left >= 3 and distinct[at + cut + left] > distinct[at + cut]:
            kept.append((at + cut, place + cut, left))
    return kept


def _longest(runs: Runs) -> Block | None:
    if not len(runs):
        return None
    if isinstance(runs, list):
        return min(runs, key=lambda run: (-run[2], run[0], run[1]))
    ties = runs[runs[:, 2] == runs[:, 2].max()]
    at, place, length = min(ties.tolist())
    return at, place, length


def _longest_short(query: Ints, rule: Ints, window: Window, high: int) -> Block | None:
    """The longest run of one or two tokens in a small window that has none of three."""
    q_low, q_high, r_low, r_high = window
    if (q_high - q_low) * (r_high - r_low) > MAX_CELLS:
        return None
    mine, theirs = query[q_low:q_high].tolist(), rule[r_low:r_high].tolist()
    places: dict[int, list[int]] = {}
    for place, token in enumerate(theirs):
        places.setdefault(token, []).append(place)
    single: Block | None = None
    for at, token in enumerate(mine):
        for place in places.get(token, ()) if token >= 0 else ():
            follows = at + 1 < len(mine) and place + 1 < len(theirs) and mine[at + 1] == theirs[place + 1] >= 0
            if follows and (token < high or mine[at + 1] < high):
                return q_low + at, r_low + place, 2
            if single is None and token < high:
                single = q_low + at, r_low + place, 1
    return single
