"""Whose time it is: a profile by module of licscan, whatever the modules call."""

from __future__ import annotations

import pstats
from collections import defaultdict
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[2] / "licscan"


def by_module(stats: pstats.Stats) -> dict[str, float]:
    """Time by module of licscan; what others spend (numpy, re) counts for the module that called them."""
    times: dict[str, float] = defaultdict(float)
    table: dict[Any, Any] = stats.stats  # type: ignore[attr-defined]

    def give(function: Any, seconds: float, depth: int) -> None:
        module = own_module(function[0])
        callers = table[function][4] if function in table else {}
        whole = sum(edge[3] for edge in callers.values())
        if module or depth == 6 or not whole:
            times[module or "(outside)"] += seconds
            return
        for caller, edge in callers.items():
            give(caller, seconds * edge[3] / whole, depth + 1)

    for function, (_calls, _all, own, _with, _callers) in table.items():
        give(function, own, 0)
    return times


def own_module(file: str) -> str:
    path = Path(file)
    return path.relative_to(PACKAGE).as_posix() if path.is_relative_to(PACKAGE) else ""
