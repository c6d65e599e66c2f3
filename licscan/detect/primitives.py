"""The hot steps: from C where the optional extension is there, else from numpy, with equal results.

`LICSCAN_NATIVE=0` in the environment forces numpy.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from licscan.detect import alignment, candidates, lookup, tokenizer
from licscan.detect.arrays import AnyArray, CandidateTables, ExactTables, Ints, Tokens, Vocabulary

Block = tuple[int, int, int]

tokenize: Callable[[str, Vocabulary], Tokens] = tokenizer.tokenize
find_exact: Callable[[Ints, ExactTables], tuple[Ints, Ints]] = lookup.find_exact
rank_candidates: Callable[[Ints, CandidateTables, int], Ints] = candidates.rank_candidates
resemblances: Callable[[Ints, Ints, CandidateTables], AnyArray] = candidates.resemblances
align: Callable[[Ints, Ints, int], list[Block]] = alignment.align


LONG = 1_000
"""Tokens of a window whose alignment is remembered."""


def remembering(step: Callable[[Ints, Ints, int], list[Block]]) -> Callable[[Ints, Ints, int], list[Block]]:
    """The same step, which tells its last answer again: in a text that repeats itself, window after window is alike."""
    nothing = np.zeros(0, dtype=np.int32)
    last: list[tuple[Ints, Ints, int, list[Block]]] = [(nothing, nothing, 0, [])]

    def aligned(query: Ints, rule: Ints, high: int) -> list[Block]:
        if len(query) < LONG:
            return step(query, rule, high)
        before, its_rule, its_high, blocks = last[0]
        if (
            len(before) == len(query)
            and its_high == high
            and np.array_equal(its_rule, rule)
            and before.tobytes() == query.tobytes()
        ):
            return blocks
        blocks = step(query, rule, high)
        last[0] = (query.copy(), rule.copy(), high, blocks)
        return blocks

    return aligned


def _native() -> Any:
    if os.environ.get("LICSCAN_NATIVE") == "0":
        return None
    try:
        from licscan.detect import compiled
    except ImportError:
        return None
    return compiled


NATIVE = _native()
"""The module of the native steps, or None."""

if NATIVE is not None:
    tokenize, find_exact = NATIVE.tokenize, NATIVE.find_exact
    rank_candidates, resemblances, align = NATIVE.rank_candidates, NATIVE.resemblances, NATIVE.align

align = remembering(align)
