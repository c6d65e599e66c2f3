"""Whose time it is: a profile by step of detection, whatever the steps call."""

from __future__ import annotations

import pstats
from collections import defaultdict
from pathlib import Path
from typing import Any

DETECT = Path(__file__).resolve().parents[2] / "licscan" / "detect"
NATIVE = "licscan.detect._native."

STEPS = {
    "prepare": ("prepare", "decoding", "markup", "pdf"),
    "tokenise": ("tokenizer", "words", "query", "tokenize"),
    "SPDX tags": ("spdx_tags", "expressions"),
    "exact": ("exact", "lookup", "find_exact", "exact_hits"),
    "candidates": ("candidates", "rank_candidates", "rank"),
    "align": ("approximate", "alignment", "align"),
    "refine": ("refine", "overlaps", "lists", "match"),
    "copyrights": ("copyrights",),
}
"""The modules and native functions of each step; what is in none of them is the rest."""


def by_step(stats: pstats.Stats) -> dict[str, float]:
    """Seconds by step; what others spend (numpy, re) counts for the step that called them."""
    times: dict[str, float] = defaultdict(float)
    table: dict[Any, Any] = stats.stats  # type: ignore[attr-defined]

    def give(function: Any, seconds: float, depth: int) -> None:
        step = _step(function)
        callers = table[function][4] if function in table else {}
        whole = sum(edge[3] for edge in callers.values())
        if step or depth == 6 or not whole:
            times[step or "the rest"] += seconds
            return
        for caller, edge in callers.items():
            give(caller, seconds * edge[3] / whole, depth + 1)

    for function, (_calls, _all, own, _with, _callers) in table.items():
        give(function, own, 0)
    return times


def _step(function: tuple[str, int, str]) -> str:
    """The step of a function (file, line, name), empty for one that is not of detection."""
    file, _line, name = function
    if NATIVE in name:
        return _of(name.partition(NATIVE)[2].rstrip(">"))
    path = Path(file)
    return _of(path.relative_to(DETECT).parts[0].removesuffix(".py")) if path.is_relative_to(DETECT) else ""


def _of(part: str) -> str:
    return next((step for step, parts in STEPS.items() if part in parts), "the rest")
