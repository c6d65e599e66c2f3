"""How a license fits a kind of outbound license: one level, and the reason for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from licscan.expression import category, evaluate
from licscan.judge.outbound import Outbound
from licscan.tables import load_toml


class Level(IntEnum):
    """From what can be shipped to what cannot."""

    OK = 0
    DUTIES = 1
    DEPENDS = 2
    UNKNOWN = 3
    RESTRICTED = 4
    VIOLATION = 5


@dataclass(frozen=True, slots=True, order=True)
class Rating:
    """The level of an expression, why (a variant in `findings.toml`), and the license that made it so."""

    level: Level
    reason: str
    license: str


def rate(expression: str, outbound: Outbound) -> Rating:
    """The rating under an outbound license: the best branch of an OR, the worst part of an AND."""
    return evaluate(expression, lambda license_id: rate_license(license_id, outbound))


def rate_license(license_id: str, outbound: Outbound) -> Rating:
    """The rating of one license; a license that no table holds is unknown, never ok.

    Strong copyleft fits a product under the very same license; whether it fits another copyleft depends on both.
    """
    levels = load_toml("license_categories.toml")["levels"]
    row = levels.get(_category(license_id), levels["unknown"])
    level = Level[row[outbound.kind].upper()]
    if level is Level.OK and row["reason"] == "copyleft" and license_id not in outbound.licenses:
        level = Level.DEPENDS
    return Rating(level, row["reason"], license_id)


def _category(license_id: str) -> str:
    base, _with, exception = license_id.partition(" WITH ")
    known = category(license_id) or "unknown"
    if known == "Copyleft" and exception in _listed("softened", "exceptions"):
        return "Copyleft Limited"
    return "Copyleft of files" if known == "Copyleft Limited" and base in _listed("of_files", "licenses") else known


@cache
def _listed(table: str, key: str) -> frozenset[str]:
    return frozenset(load_toml("license_categories.toml")[table][key])


def worst(ratings: Iterable[Rating]) -> Rating:
    """The worst of several."""
    return max(ratings)


def best(ratings: Iterable[Rating]) -> Rating:
    """The best of several."""
    return min(ratings)
