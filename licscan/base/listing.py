"""Names in a sentence: the first of them, and how many there are besides."""

from __future__ import annotations

from collections.abc import Iterable

from licscan.base.messages import _, ngettext


def listed(names: Iterable[str], most: int, between: str | None = None, *, total: int | None = None) -> str:
    """`a, b and 3 more`: the first `most` names, with `between` them (a comma, if None), and the count of the rest.

    A rest of one is named too: its name says more than its count, in as many words. `total` counts the names where
    not all of them are given.
    """
    every = list(names)
    joint = _(", ") if between is None else between
    rest = (len(every) if total is None else total) - most
    if rest <= 0 or (rest == 1 and len(every) == most + 1):
        return joint.join(every)
    shown = every[:most]
    rest += most - len(shown)
    told = ngettext("{names} and {count} more", "{names} and {count} more", rest)
    return told.format(names=joint.join(shown), count=f"{rest:,}")
