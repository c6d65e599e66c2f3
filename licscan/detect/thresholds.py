"""How much of a rule must be met before a resemblance counts: little of a long text, nearly all of a short tag."""

from __future__ import annotations

import numpy as np

from licscan.detect import index as flags
from licscan.detect.arrays import AnyArray


def thresholds(arrays: dict[str, AnyArray], tokens: AnyArray, offsets: AnyArray, high: int) -> dict[str, AnyArray]:
    """The least lengths and coverages of each rule, and the flag of those that may be matched approximately."""
    lengths = np.diff(offsets)
    owners = np.repeat(np.arange(len(lengths)), lengths)
    high_lengths = np.bincount(owners[tokens < high], minlength=len(lengths))
    set_owners = np.repeat(np.arange(len(lengths)), np.diff(arrays["set_starts"]))
    unique = np.diff(arrays["set_starts"])
    high_unique = np.bincount(set_owners[arrays["set_ids"] < high], minlength=len(lengths))
    told = arrays["coverage"].astype(np.int64)
    by_length = np.select([lengths < 3, lengths < 10, lengths < 30, lengths < 200], [100, 80, 50, 20], 10)
    exact_only = flags.FALSE_POSITIVE | flags.CONTINUOUS | flags.REQUIRED_PHRASE
    approximate = ((arrays["flags"] & exact_only) == 0) & (high_lengths > 0)
    bits = arrays["flags"] | np.where(approximate, flags.APPROXIMATE, 0).astype(np.uint8)
    found = {
        "high_lengths": high_lengths,
        "min_length": _by_length(told, lengths, lengths, 4, np.minimum(lengths, 4)),
        "min_high_length": _by_length(told, lengths, high_lengths, 3, np.minimum(high_lengths, 3)),
        "min_unique": _by_length(told, lengths, unique, 4, np.minimum(unique, 4)),
        "min_high_unique": _by_length(told, lengths, high_unique, 3, np.minimum(high_unique, 3)),
        # what a match must cover, a text must hold: what holds less need not be aligned
        "min_containment": np.where(told > 0, told, by_length),
    }
    arrays_found: dict[str, AnyArray] = {name: array.astype(np.int32) for name, array in found.items()}
    arrays_found["flags"] = bits
    arrays_found["min_coverage"] = np.where(told > 0, told, by_length).astype(np.uint8)
    return arrays_found


def _by_length(told: AnyArray, lengths: AnyArray, full: AnyArray, least: int, some: AnyArray) -> AnyArray:
    """All where 100 % is asked or under ten tokens, half under 30, a few under 200, a tenth of longer rules."""
    conditions = [told == 100, lengths < 10, lengths < 30, lengths < 200]
    return np.select(conditions, [full, full, np.maximum(full // 2, some), some], np.maximum(full // 10, some))
