"""The words by which statements are read, from `data/copyright_words.toml`."""

from __future__ import annotations

from functools import cache

from licscan.base.tables import load_toml


@cache
def words(name: str) -> frozenset[str]:
    """One list of the table, as a set of lower-case words."""
    return frozenset(load_toml("copyright_words.toml")[name])
