"""How a document of notices is laid out: which stretch of it belongs to which component.

A list of many components names each, and has the copyright lines of each below its name. Where most are laid out so,
a line counts for the component under whose name it stands, so that of two equal lines each is needed. Elsewhere (a
license file, a comment in code) a line counts wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from licscan.verify.words import words

_MENTION = re.compile(
    r"(?<![\w@/.+-])(?P<name>@?[A-Za-z0-9][\w.~-]{0,213}(?:/[\w.~-]{1,213})?|%40[\w.~-]{1,100}/[\w.~-]{1,213})"
    r"(?:@|==|[\s:,|*`()\"'_-]{1,12}(?:version\W{0,3})?)v?(?P<version>\d[\w.!+-]{0,80})",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,;&|*`-]{0,40}")


@dataclass(frozen=True, slots=True)
class Layout:
    """The words of the stretches below each component's name; `is_list` is whether these are what counts."""

    stretches: Mapping[str, str]
    is_list: bool

    def holds(self, purl: str, line: str) -> bool:
        """Whether a line stands below the component's name."""
        return f" {line} " in self.stretches.get(purl, "")


Known = Mapping[tuple[str, str], Sequence[str]]
"""PackageURLs by name and version, in lower case."""


def layout(text: str, known: Known, lines: Mapping[str, Sequence[str]]) -> Layout:
    """The layout of a document; `lines` are the copyright lines in normal form that each component needs."""
    runs: list[tuple[int, int, list[str]]] = []
    for found in _MENTION.finditer(text):
        purls = _known(found["name"], found["version"], known)
        if not purls:
            continue
        if runs and _BETWEEN.fullmatch(text[runs[-1][1] : min(found.start(), runs[-1][1] + 60)]):
            runs[-1] = (runs[-1][0], found.end(), [*runs[-1][2], *purls])
        else:
            runs.append((found.start(), found.end(), list(purls)))
    parts: dict[str, list[str]] = {}
    for place, (_start, end, purls) in enumerate(runs):
        after = runs[place + 1][0] if place + 1 < len(runs) else len(text)
        stretch = f" {' '.join(words(text[end:after]))} "
        for purl in purls:
            parts.setdefault(purl, []).append(stretch)
    stretches = {purl: "".join(held) for purl, held in parts.items()}
    asking = [purl for purl in stretches if lines.get(purl)]
    kept = sum(any(f" {line} " in stretches[purl] for line in lines[purl]) for purl in asking)
    return Layout(stretches, len(asking) > 1 and 2 * kept > len(asking))


def _known(name: str, version: str, known: Known) -> Sequence[str]:
    name = name.lower().replace("%40", "@")
    version = version.rstrip(".,:;_-").lower()
    return known.get((name, version)) or known.get((name.rpartition("/")[2], version)) or ()
