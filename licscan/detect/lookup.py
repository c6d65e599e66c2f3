"""All occurrences of all rules in a text, without an automaton: an anchor per rule, then a hash of the whole rule.

The query's cumulative polynomial hash gives the hash of any stretch at once, so that a rule of 5,000 tokens costs no
more to confirm than one of five (Karp and Rabin 1987).
"""

from __future__ import annotations

import numpy as np

from licscan.detect.arrays import HOLE, AnyArray, ExactTables, Ints, Longs

BASE = np.uint64(0x9E3779B97F4A7C15)
SPREAD = np.uint64(0xD6E8FEB86659FD93)
_SLOT_SHIFT = np.uint64(44)
SLOTS = 1 << 20
_FILLED = {size: sum(HOLE << 16 * at for at in range(size, 4)) for size in range(1, 5)}


def values(ids: AnyArray) -> Longs:
    """A 64-bit number for each token, well mixed (splitmix64)."""
    mixed = (ids.astype(np.uint64) + np.uint64(1)) * BASE
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def powers(count: int) -> Longs:
    """BASE to the power of 0, 1, ... count-1, on 64 bits."""
    steps = np.full(max(count, 1), BASE, dtype=np.uint64)
    steps[0] = 1
    return np.cumprod(steps)[:count]


def slots(grams: Longs) -> AnyArray:
    """The place of each gram in the bitmap."""
    return (grams * SPREAD) >> _SLOT_SHIFT


def pack(ids: AnyArray, size: int) -> Longs:
    """Every run of `size` tokens in 64 bits, the first lowest, filled up to four with HOLE; -1 packs as HOLE too."""
    count = max(len(ids) - size + 1, 0)
    wide = ids.astype(np.uint16).astype(np.uint64)
    packed = wide[:count] | np.uint64(_FILLED[size])
    for at in range(1, size):
        packed |= wide[at : at + count] << np.uint64(16 * at)
    return packed


def find_exact(ids: Ints, tables: ExactTables) -> tuple[Ints, Ints]:
    """All occurrences of all rules, as positions and rule numbers, sorted by position, then rule."""
    long_places, long_rules = _long(ids, tables)
    short_places, short_rules = _short(ids, tables)
    places = np.concatenate((long_places, short_places)).astype(np.int32)
    rules = np.concatenate((long_rules, short_rules)).astype(np.int32)
    order = np.lexsort((rules, places))
    return places[order], rules[order]


def _hits(grams: Longs, table: Longs, bitmap: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Where the grams stand in the sorted table: pairs of gram index and table index."""
    may = np.flatnonzero(bitmap[slots(grams)])
    wanted = grams[may]
    left = np.searchsorted(table, wanted, "left")
    right = np.searchsorted(table, wanted, "right")
    return expand(may, left, right)


def expand(keys: AnyArray, left: AnyArray, right: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Each key with each number of its range left:right."""
    counts = right - left
    total = int(counts.sum())
    firsts = np.repeat(left - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) if total else counts[:0]
    return np.repeat(keys, counts), firsts + np.arange(total)


def _long(ids: Ints, tables: ExactTables) -> tuple[AnyArray, AnyArray]:
    places, entries = _hits(pack(ids, 4), tables.anchors, tables.bitmap)
    rules = tables.anchor_rules[entries]
    begins = places - tables.anchor_places[entries]
    ends = begins + (tables.offsets[rules + 1] - tables.offsets[rules])
    inside = (begins >= 0) & (ends <= len(ids))
    begins, ends, rules = begins[inside], ends[inside], rules[inside]
    power = powers(len(ids) + 1)
    sums = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(values(ids) * power[:-1], dtype=np.uint64)))
    same = sums[ends] - sums[begins] == tables.hashes[rules] * power[begins]
    return begins[same], rules[same]


def _short(ids: Ints, tables: ExactTables) -> tuple[AnyArray, AnyArray]:
    # a gram that ends in a hole would pack like the shorter gram before it, and be found twice
    starts = [np.flatnonzero(ids[size - 1 :] >= 0) for size in (1, 2, 3)]
    grams = [pack(ids, size)[some] for size, some in zip((1, 2, 3), starts, strict=True)]
    hits, entries = _hits(np.concatenate(grams), tables.short, tables.bitmap)
    return np.concatenate(starts)[hits], tables.short_rules[entries]
