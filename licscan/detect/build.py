"""Rules to arrays: words to numbers, then anchors, votes and multisets, all by sorting."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from licscan.detect import index as flags
from licscan.detect.arrays import HOLE, STOPWORD, AnyArray
from licscan.detect.data import License, Rule, Source
from licscan.detect.index import KINDS, Index
from licscan.detect.lookup import SLOTS, SPREAD, pack, powers, slots, values
from licscan.detect.thresholds import thresholds
from licscan.detect.tokenizer import words_of
from licscan.detect.words import STOPWORDS, distinctive_words

Progress = Callable[[float], None]

MANY_VOTERS = 256
"""Of the 3-grams that more rules share one in eight votes: families of hundreds of rules have hardly any others."""

MAX_VOTERS = 4096
"""A 3-gram that so many rules share says nothing."""

BLOCK = 1 << 19
"""Tokens of the rules that are worked on at once, and those of the last of them."""

_MARK = re.compile(r"(\{\{|\}\})")


class _Numbers(dict[str, int]):
    """Words to numbers, growing."""

    def __missing__(self, word: str) -> int:
        number = len(self)
        self[word] = number
        return number


def compile_index(source: Source, known: Index | None = None, progress: Progress | None = None) -> Index:
    """The index of a source; with `known`, one whose vocabulary goes on where the known index's ends."""
    tell = progress or (lambda share: None)
    words, rows, starts, phrases, rules = _read_rules(source.rules, known)
    tell(0.5)
    stops, tokens, offsets = _without_stops(rows, starts)
    del rows
    if known is None:
        words, tokens, high = _renumber(words, tokens)
    else:
        high = known.high
    if len(words) >= HOLE or len(rules) >= HOLE:
        raise ValueError("too many words or rules for 16 bits")
    arrays: dict[str, AnyArray] = {"tokens": tokens.astype(np.uint16), "offsets": offsets}
    arrays["words"] = _blob("\n".join(words[len(known.words) if known else 0 :]))
    lengths = np.diff(offsets)
    arrays |= _describe(rules, lengths, phrases) | stops
    tell(0.6)
    arrays |= _anchors(tokens, offsets)
    tell(0.75)
    arrays |= _multisets(tokens, offsets, len(rules))
    arrays |= thresholds(arrays, tokens, offsets, high)
    arrays |= _votes(tokens, offsets, arrays["flags"], high)
    arrays["licenses"] = _blob(json.dumps([_row(license) for license in source.licenses], separators=(",", ":")))
    tell(1.0)
    return Index(arrays, high)


def _row(license: License) -> list[Any]:
    return [license.key, license.name, license.spdx, list(license.aliases), license.category, license.exception]


def _blob(text: str) -> AnyArray:
    return np.frombuffer(text.encode("utf-8", "replace"), dtype=np.uint8)


def _read_rules(
    rules: Iterable[Rule], known: Index | None
) -> tuple[list[str], list[AnyArray], AnyArray, list[list[tuple[int, int]]], list[Rule]]:
    """The words, each rule's numbers with STOPWORD in place, the starts, the phrases and the rules; same tokens count
    once."""
    numbers = _Numbers(zip(known.words, range(len(known.words)), strict=True) if known else ())
    seen: set[bytes] = set()
    found: list[AnyArray] = []
    phrases: list[list[tuple[int, int]]] = []
    kept: list[Rule] = []
    for rule in rules:
        words = words_of(rule.text)
        ids = [STOPWORD if word in STOPWORDS else numbers[word] for word in words]
        row = np.array(ids, dtype=np.int32)
        core = row[row >= 0].tobytes()
        if not core or core in seen:
            continue
        seen.add(core)
        found.append(row)
        kept.append(rule)
        phrases.append(_phrases(rule.text) if "{{" in rule.text else [])
    starts = np.concatenate(([0], np.cumsum([len(row) for row in found]))).astype(np.int64)
    return list(numbers), found, starts, phrases, kept


def _phrases(text: str) -> list[tuple[int, int]]:
    """The stretches between `{{` and `}}`, counted in tokens."""
    spans: list[tuple[int, int]] = []
    count, opened = 0, -1
    for part in _MARK.split(text):
        if part == "{{":
            opened = count
        elif part == "}}":
            if 0 <= opened < count:
                spans.append((opened, count))
            opened = -1
        else:
            count += sum(word not in STOPWORDS for word in words_of(part))
    return spans


def _without_stops(rows: list[AnyArray], starts: AnyArray) -> tuple[dict[str, AnyArray], AnyArray, AnyArray]:
    """The stopwords (token place, and how many follow it) apart from the tokens and their offsets."""
    flat = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)
    is_stop = flat == STOPWORD
    before = np.concatenate(([0], np.cumsum(~is_stop)))
    places, counts = np.unique(before[:-1][is_stop] - 1, return_counts=True)
    stops = {"stop_places": places.astype(np.int32), "stop_counts": counts.astype(np.int32)}
    return stops, flat[~is_stop], before[starts].astype(np.int32)


def _renumber(words: list[str], tokens: AnyArray) -> tuple[list[str], AnyArray, int]:
    """Words in order: the distinctive ones first."""
    distinctive = distinctive_words()
    order = sorted(range(len(words)), key=lambda at: (words[at] not in distinctive, words[at]))
    new = np.empty(len(words), dtype=np.int32)
    new[order] = np.arange(len(words))
    high = sum(word in distinctive for word in words)
    return [words[at] for at in order], new[tokens], high


def _strings(name: str, texts: list[str]) -> dict[str, AnyArray]:
    parts = [text.encode("utf-8", "replace") for text in texts]
    starts = np.concatenate(([0], np.cumsum([len(part) for part in parts]))).astype(np.int32)
    return {name: np.frombuffer(b"".join(parts), dtype=np.uint8), f"{name}_starts": starts}


def _describe(rules: list[Rule], lengths: AnyArray, phrases: list[list[tuple[int, int]]]) -> dict[str, AnyArray]:
    """What each rule says of itself, as arrays; relevance by length where it is not said: 18 words are enough."""
    expressions = sorted({rule.expression for rule in rules})
    references = sorted({"\n".join(rule.references) for rule in rules})
    by_length = np.minimum(lengths * 100 // 18, 100)
    bits = [
        flags.FALSE_POSITIVE * rule.false_positive
        | flags.CONTINUOUS * rule.continuous
        | flags.REQUIRED_PHRASE * rule.required_phrase
        | flags.PHRASES * bool(spans)
        for rule, spans in zip(rules, phrases, strict=True)
    ]
    place = {text: at for at, text in enumerate(expressions)}
    named = {text: at for at, text in enumerate(references)}
    flat = [span for spans in phrases for span in spans]
    return {
        **_strings("identifiers", [rule.identifier for rule in rules]),
        **_strings("expressions", expressions),
        **_strings("references", references),
        "lengths": lengths.astype(np.int32),
        "expression": np.array([place[rule.expression] for rule in rules], dtype=np.int32),
        "reference": np.array([named["\n".join(rule.references)] for rule in rules], dtype=np.int32),
        "kinds": np.array([KINDS.index(rule.kind) for rule in rules], dtype=np.uint8),
        "flags": np.array(bits, dtype=np.uint8),
        "relevance": np.where(
            [rule.relevance is not None for rule in rules], [rule.relevance or 0 for rule in rules], by_length
        ).astype(np.uint8),
        "coverage": np.array([rule.minimum_coverage or 0 for rule in rules], dtype=np.uint8),
        "phrase_starts": np.concatenate(([0], np.cumsum([len(spans) for spans in phrases]))).astype(np.int32),
        "phrases": np.array(flat, dtype=np.int32).reshape(-1, 2),
    }


def _owners(offsets: AnyArray) -> AnyArray:
    """The rule of each token."""
    return np.repeat(np.arange(len(offsets) - 1, dtype=np.uint16), np.diff(offsets))


def _inside(offsets: AnyArray, size: int) -> AnyArray:
    """Which grams of the flat tokens lie inside one rule."""
    total = int(offsets[-1])
    last = np.repeat(offsets[1:], np.diff(offsets))[: max(total - size + 1, 0)]
    return np.arange(len(last)) + size <= last


def _blocks(tokens: AnyArray, offsets: AnyArray) -> Iterator[tuple[slice, AnyArray, AnyArray]]:
    """Some rules at a time: which, their tokens and their offsets there. On 64 bits all at once would take 500 MB."""
    total, rules = int(offsets[-1]), len(offsets) - 1
    ends = np.searchsorted(offsets, np.arange(BLOCK, total, BLOCK))
    edges = sorted({0, rules, *map(int, ends)})
    for first, last in pairwise(edges):
        start = offsets[first]
        yield slice(first, last), tokens[start : offsets[last]], offsets[first : last + 1] - start


def _anchors(tokens: AnyArray, offsets: AnyArray) -> dict[str, AnyArray]:
    """The tables of the exact step: each rule's rarest 4-gram, the short rules packed whole, the hash of each rule."""
    lengths = np.diff(offsets)
    # the bitmap's slots stand for the grams: two grams in one slot only make it seem a little more frequent
    frequency = np.zeros(SLOTS, dtype=np.uint64)
    for _rules, some, starts in _blocks(tokens, offsets):
        grams = pack(some, 4)[_inside(starts, 4)]
        frequency += np.bincount(slots(grams).astype(np.int64), minlength=SLOTS).astype(np.uint64)
    long = np.flatnonzero(lengths >= 4)
    rarest, places = _rarest(tokens, offsets, frequency)
    order = np.lexsort((long, rarest))
    short = np.flatnonzero(lengths < 4)
    packed = np.array([pack(tokens[offsets[r] : offsets[r + 1]], lengths[r])[0] for r in short], dtype=np.uint64)
    by_gram = np.lexsort((short, packed))
    tables = {"anchors": rarest[order], "short": packed[by_gram]}
    bitmap = np.zeros(SLOTS, dtype=np.uint8)
    for table in tables.values():
        bitmap[slots(table)] = 1
    return tables | {
        "anchor_rules": long[order].astype(np.int32),
        "anchor_places": places[order].astype(np.int32),
        "short_rules": short[by_gram].astype(np.int32),
        "bitmap": bitmap,
        "hashes": _hashes(tokens, offsets),
    }


def _rarest(tokens: AnyArray, offsets: AnyArray, frequency: AnyArray) -> tuple[AnyArray, AnyArray]:
    """The rarest 4-gram of each rule that has any, the first of equals, and its place in the rule."""
    found: list[AnyArray] = [np.zeros(0, dtype=np.uint64)]
    places: list[AnyArray] = [np.zeros(0, dtype=np.int64)]
    for _rules, some, starts in _blocks(tokens, offsets):
        grams, at = pack(some, 4), np.flatnonzero(_inside(starts, 4))
        long = np.flatnonzero(np.diff(starts) >= 4)
        if not len(long):
            continue
        keys = (frequency[slots(grams[at])] << np.uint64(32)) | at.astype(np.uint64)
        best = np.minimum.reduceat(keys, np.searchsorted(at, starts[long])) & np.uint64(0xFFFFFFFF)
        best = best.astype(np.int64)
        found.append(grams[best])
        places.append(best - starts[long])
    return np.concatenate(found), np.concatenate(places)


def _hashes(tokens: AnyArray, offsets: AnyArray) -> AnyArray:
    power = powers(int(np.diff(offsets).max(initial=0)))
    found = [np.zeros(0, dtype=np.uint64)]
    for _rules, some, starts in _blocks(tokens, offsets):
        if len(some):
            within = np.arange(len(some)) - np.repeat(starts[:-1], np.diff(starts))
            found.append(np.add.reduceat(values(some) * power[within], starts[:-1]))
    return np.concatenate(found)


def _multisets(tokens: AnyArray, offsets: AnyArray, rules: int) -> dict[str, AnyArray]:
    pairs = (_owners(offsets).astype(np.uint32) << np.uint32(16)) | tokens.astype(np.uint32)
    keys, counts = np.unique(pairs, return_counts=True)
    return {
        "set_starts": np.searchsorted(keys >> np.uint32(16), np.arange(rules + 1)).astype(np.int32),
        "set_ids": (keys & np.uint32(0xFFFF)).astype(np.uint16),
        "set_counts": np.minimum(counts, 0xFFFF).astype(np.uint16),
    }


def _votes(tokens: AnyArray, offsets: AnyArray, bits: AnyArray, high: int) -> dict[str, AnyArray]:
    """The 3-grams with a distinctive word of the rules that may be matched approximately, and their rules."""
    found = [np.zeros(0, dtype=np.uint64)]
    for rules, some, starts in _blocks(tokens, offsets):
        owners = _owners(starts)
        count = max(len(some) - 2, 0)
        special = some < high
        wanted = (special[:count] | special[1 : count + 1] | special[2 : count + 2]) & _inside(starts, 3)
        wanted &= (bits[rules][owners[:count]] & flags.APPROXIMATE) > 0
        at = np.flatnonzero(wanted)
        grams = pack(some, 3)[at] << np.uint64(16)
        found.append(grams | (owners[at].astype(np.uint64) + np.uint64(rules.start)))
    # sorted and thinned by hand: numpy's own `unique` hashes, which takes ten times as long here
    pairs = np.concatenate(found)
    del found
    pairs.sort()
    pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))[: len(pairs)]]
    grams, voters = pairs >> np.uint64(16), (pairs & np.uint64(0xFFFF)).astype(np.uint16)
    names, counts = np.unique(grams, return_counts=True)
    sample = (names * SPREAD) >> np.uint64(61) == 0
    useful = (counts <= MANY_VOTERS) | (sample & (counts <= MAX_VOTERS))
    voters = voters[np.repeat(useful, counts)]
    starts = np.concatenate(([0], np.cumsum(counts[useful]))).astype(np.int32)
    return {
        "grams": names[useful],
        "gram_starts": starts,
        "voters": voters,
        "gram_counts": np.bincount(voters, minlength=len(offsets) - 1).astype(np.int32),
    }
