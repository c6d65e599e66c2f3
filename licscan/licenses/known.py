"""Which license a mistyped, retired or unfinished name may mean, for people who wrote it."""

from __future__ import annotations

from collections.abc import Iterable

from licscan.base.tables import load_toml
from licscan.licenses import spdx
from licscan.licenses.statements import read_license

MOST = 6
_ONLY, _LATER = "-only", "-or-later"


def license_ids() -> list[str]:
    """The current SPDX identifiers, sorted without regard to case."""
    return sorted(spdx.index().licenses.values(), key=lambda one: (one.lower(), one))


def licenses_like(word: str) -> list[str]:
    """The current identifiers that a name may mean, the likeliest first; empty where nothing is near.

    A family ("GPL") names its members; a retired identifier is as good a word to be near to as a current one, and
    stands for what took its place, with and without later versions.
    """
    reading = read_license(word)
    if reading.candidates:
        return list(reading.candidates)[:MOST]
    retired: dict[str, str] = load_toml("license_aliases.toml")["deprecated"]
    near = _nearest(word, (*spdx.index().licenses.values(), *retired))
    found = (one for name in near for one in _now(name, retired))
    return list(dict.fromkeys(found))[:MOST]


def _now(name: str, retired: dict[str, str]) -> Iterable[str]:
    """A name as it is written now."""
    current = retired.get(name, name)
    yield current
    if current != name and current.endswith(_ONLY):
        yield current.removesuffix(_ONLY) + _LATER


def _nearest(word: str, names: Iterable[str]) -> list[str]:
    """The names at the least distance, where that is small for a word of this length."""
    small = word.strip().lower()
    most = max(1, len(small) // 4) if 2 < len(small) <= 64 else 0
    told: dict[int, list[str]] = {}
    for name in names:
        if abs(len(name) - len(small)) <= most and (far := distance(small, name.lower())) <= most:
            told.setdefault(far, []).append(name)
    return sorted(told[min(told)], key=lambda one: (one.lower(), one)) if told else []


def distance(one: str, other: str) -> int:
    """The least number of letters left out, put in, changed, or swapped with the next (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, opposite in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != opposite))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == opposite
            now.append(min(cost, before[column - 2] + 1) if swapped else cost)
        before, last = last, now
    return last[-1]
