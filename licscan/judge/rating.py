"""How a license fits a kind of outbound license: one level, and the reason for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from licscan.expression import category, evaluate
from licscan.tables import load_toml


class Level(IntEnum):
    """From what can be shipped to what cannot."""

    OK = 0
    DEPENDS = 1
    UNKNOWN = 2
    RESTRICTED = 3
    VIOLATION = 4


@dataclass(frozen=True, slots=True, order=True)
class Rating:
    """The level of an expression, why (a variant in `findings.toml`), and the license that made it so."""

    level: Level
    reason: str
    license: str


def rate(expression: str, kind: str) -> Rating:
    """The rating under a kind of outbound license: the best branch of an OR, the worst part of an AND."""
    return evaluate(expression, lambda license_id: rate_license(license_id, kind))


def rate_license(license_id: str, kind: str) -> Rating:
    """The rating of one license; a license that no table holds is unknown, never ok."""
    levels = load_toml("license_categories.toml")["levels"]
    row = levels.get(_category(license_id), levels["unknown"])
    return Rating(Level[row[kind].upper()], row["reason"], license_id)


def _category(license_id: str) -> str:
    base = category(license_id) or "unknown"
    exception = license_id.partition(" WITH ")[2]
    return "Copyleft Limited" if base == "Copyleft" and exception in _softening() else base


@cache
def _softening() -> frozenset[str]:
    return frozenset(load_toml("license_categories.toml")["softened"]["exceptions"])


def worst(ratings: Iterable[Rating]) -> Rating:
    """The worst of several."""
    return max(ratings)


def best(ratings: Iterable[Rating]) -> Rating:
    """The best of several."""
    return min(ratings)
