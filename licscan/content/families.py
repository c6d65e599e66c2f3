"""Font families whose terms are commonly known: data/font_families.toml, for files that say too little themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from licscan.base.tables import load_toml

_STYLE = re.compile(
    r"(?:[ -]+(?:thin|(?:extra|ultra)[ -]?light|light|regular|roman|normal|book|medium"
    r"|(?:semi|demi|extra|ultra)[ -]?bold|bold|heavy|black|italic|oblique|variable|vf|web|subset))+$"
)
_VERSION = re.compile(r"(\d{1,4})(?:\.\d+)?")
_FOUNDERS = re.compile(r"^(?:方正|汉仪|造字工房|文鼎|华康|fz[a-z]{2,}(?:--gb|jw|k)|hy[a-z]{2,}[0-9]?[a-z]*[jfw]$)")
"""Chinese foundries that sell their fonts, by how their families begin."""


@dataclass(frozen=True, slots=True)
class Family:
    """One family's terms: an SPDX expression, NONE where its owner offers no license to pass it on."""

    name: str
    owner: str
    expression: str


@cache
def _rows() -> dict[str, tuple[str, str, float, str]]:
    found = {}
    for row in load_toml("font_families.toml")["family"]:
        later = row.get("later", {})
        terms = (row["owner"], row["expression"], float(later.get("version", 0)), later.get("expression", ""))
        found.update(dict.fromkeys(row["families"], terms))
    return found


def known_family(names: tuple[str, ...], versions: tuple[str, ...]) -> Family | None:
    """The family among a font's names (ids 1, 4, 16) whose terms are known; its version may decide them."""
    for name in names:
        plain = _STYLE.sub("", name.strip().casefold()).strip()
        row = _rows().get(plain)
        if row is not None:
            owner, expression, since, later = row
            numbers = [int(match[1]) for one in versions if (match := _VERSION.search(one))]
            newer = bool(later) and any(since <= number < 1_000 for number in numbers)
            return Family(name, owner, later if newer else expression)
        if _FOUNDERS.match(plain):
            return Family(name, "the foundry that sells it", "NONE")
    return None
