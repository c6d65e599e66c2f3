"""Packages that bring what is in none of their own files; `data/downloaders.toml` is the table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from licscan.base.tables import load_toml
from licscan.packages.purls import normalize_pypi_name

_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


@dataclass(frozen=True, slots=True)
class Downloader:
    """One row: when it comes (`install`, `run`, `either`; `inside`: in its archive), its names, where its notices are.

    `credits` is the file below the package's folder that lists the licenses of what came; empty where there is none.
    """

    when: str
    brings: tuple[str, ...]
    notices: str
    credits: str = ""
    below: str = ""


@cache
def _rows(ecosystem: str) -> dict[str, Downloader]:
    table = load_toml("downloaders.toml").get(ecosystem, {})
    return {
        name: Downloader(
            row["when"], tuple(row["brings"]), row["notices"], row.get("credits", ""), row.get("below", "")
        )
        for name, row in table.items()
    }


def downloader_of(ecosystem: str, name: str, version: str | None) -> Downloader | None:
    """The row of a package; None where it has none, or where its version no longer fetches anything.

    A version that is not known may be any.
    """
    if ecosystem not in ("npm", "pypi"):
        return None
    row = _rows(ecosystem).get(normalize_pypi_name(name) if ecosystem == "pypi" else name)
    if row is not None and row.below and version and _numbers(version) >= _numbers(row.below):
        return None
    return row


def is_helper(ecosystem: str, name: str) -> bool:
    """Whether it fetches a prebuilt binary for the package that needs it."""
    return name in load_toml("downloaders.toml")["helpers"].get(ecosystem, ())


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers at the beginning of a version; a hostile one is cut."""
    found = _NUMBERS.match(version.lstrip("vV=")[:100])
    return tuple(int(part[:9]) for part in found[0].split(".")) if found else ()
