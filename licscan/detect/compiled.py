"""The hot steps by the native extension, as primitives.py has them; importing it fails where that is not built."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from licscan.detect import _native
from licscan.detect.arrays import AnyArray, CandidateTables, ExactTables, Ints, Tokens, Vocabulary
from licscan.detect.tokenizer import lowered

INTERFACE = 5
"""What this module expects of the extension: a checkout keeps an older build until it is installed anew."""

if getattr(_native, "INTERFACE", 0) != INTERFACE:
    raise ImportError("the native extension was built from other sources: install licscan anew")

Block = tuple[int, int, int]

_prepared: list[tuple[object, object]] = []
"""The last vocabulary's words, kept so that their identity stands, and what C made of them."""


def tokenize(text: str, vocabulary: Vocabulary) -> Tokens:
    """The known words of a text with their lines and places; the others are only counted."""
    words = _words(vocabulary)
    parts = _native.tokenize(text, words, False)
    if parts is None:  # it holds capitals beyond ASCII, and Python alone knows their small letters
        parts = _native.tokenize(lowered(text), words, True) or ()
    return Tokens(*map(_ints, parts))


def find_exact(ids: Ints, tables: ExactTables) -> tuple[Ints, Ints]:
    """All occurrences of all rules, as positions and rule numbers, sorted by position, then rule."""
    positions, rules = _native.find_exact(
        np.ascontiguousarray(ids, np.int32),
        tables.tokens,
        tables.offsets,
        tables.anchors,
        tables.anchor_rules,
        tables.anchor_places,
        tables.short,
        tables.short_rules,
        tables.bitmap,
    )
    return _ints(positions), _ints(rules)


def rank_candidates(ids: Ints, tables: CandidateTables, top: int) -> Ints:
    """The rules that resemble the tokens, best first, at most `top`; tokens of -1 take no part."""
    ranked = _native.rank_candidates(
        np.ascontiguousarray(ids, np.int32),
        tables.grams,
        tables.gram_starts,
        tables.voters,
        tables.gram_counts,
        tables.set_starts,
        tables.set_ids,
        tables.set_counts,
        tables.lengths,
        tables.min_unique,
        tables.min_high_unique,
        tables.min_length,
        tables.min_high_length,
        tables.min_containment,
        tables.high,
        top,
    )
    return _ints(ranked)


def resemblances(ids: Ints, rules: Ints, tables: CandidateTables) -> AnyArray:
    """Shared / all tokens of text and rule, 0 to 1, as often as they stand or once each, whichever is less."""
    parts = (tables.set_starts, tables.set_ids, tables.set_counts, tables.lengths)
    told = _native.resemblances(np.ascontiguousarray(ids, np.int32), np.ascontiguousarray(rules, np.int32), *parts)
    return np.frombuffer(told, np.float64)


def align(query: Ints, rule: Ints, high: int) -> list[Block]:
    """Blocks (query start, rule start, length) in rising order of both."""
    return _native.align(np.ascontiguousarray(query, np.int32), np.ascontiguousarray(rule, np.int32), high)


def find_hints(text: str, hints: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where words of two letters or more stand in an ASCII text: places and the words' numbers, in order of both."""
    found = memoryview(_native.find_hints(text.encode("ascii"), _encoded(hints))).cast("i")
    return zip(found[::2], found[1::2], strict=True)


@lru_cache(maxsize=16)
def _encoded(hints: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(hint.encode("ascii") for hint in hints)


def _ints(part: bytes) -> Ints:
    return np.frombuffer(part, np.int32)


def _words(vocabulary: Vocabulary) -> object:
    last = _prepared[-1] if _prepared else None
    if last is None or last[0] is not vocabulary.ids:
        words = "\n".join(vocabulary.ids).encode("utf-8", "surrogatepass")
        numbers = np.fromiter(vocabulary.ids.values(), np.int32, len(vocabulary.ids))
        last = (vocabulary.ids, _native.vocabulary(words, numbers))
        _prepared[:] = [last]
    return last[1]
