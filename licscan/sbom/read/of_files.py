"""What a document says of the licenses of files and snippets, as what was found in the packages that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from licscan.model import NOASSERTION, NONE
from licscan.sbom.model import LicenseRole, LicenseStatement

MAX_STEPS = 6
"""Steps from a snippet up to a package: snippet, file, folder, package."""
MAX_HOLDERS = 50
"""Packages that one file may be said to stand in."""
_SILENT = ("", NONE, NOASSERTION)


@dataclass(frozen=True, slots=True)
class FileLicense:
    """What is said of one file or snippet: its name in the document, its path, each license that it is under."""

    ref: str
    path: str
    expressions: tuple[str, ...]


def under(concluded: str, found: Iterable[str]) -> tuple[str, ...]:
    """What a file is under: what somebody concluded, else all that stands in it; nothing where nobody knows."""
    return (concluded,) if concluded not in _SILENT else tuple(one for one in found if one not in _SILENT)


def found_in(
    files: Iterable[FileLicense], holders: Mapping[str, list[str]], packages: set[str]
) -> tuple[dict[str, tuple[LicenseStatement, ...]], list[FileLicense]]:
    """The statements by package, one for each license with its files; and the files that no package holds.

    `holders` leads from a snippet, file or folder to what holds it.
    """
    groups: dict[str, dict[str, list[str]]] = {}
    alone = []
    for one in files:
        if not one.expressions:
            continue
        above = list(_above(one.ref, holders, packages))
        if not above:
            alone.append(one)
        for package in above:
            for expression in one.expressions:
                groups.setdefault(package, {}).setdefault(expression, []).append(one.path)
    said = {
        package: tuple(
            LicenseStatement(LicenseRole.FOUND, expression, comment=_places(paths))
            for expression, paths in by_license.items()
        )
        for package, by_license in groups.items()
    }
    return said, alone


def _above(ref: str, holders: Mapping[str, list[str]], packages: set[str]) -> Iterator[str]:
    """The nearest packages above a file."""
    here, seen = [ref], {ref}
    for _step in range(MAX_STEPS):
        over = dict.fromkeys(above for one in here for above in holders.get(one, ())[:MAX_HOLDERS] if above not in seen)
        seen.update(over)
        found = [one for one in over if one in packages][:MAX_HOLDERS]
        if found or not over:
            yield from found
            return
        here = list(over)[:MAX_HOLDERS]


def _places(paths: list[str]) -> str:
    """The first path, and how many more there are."""
    more = len(set(paths)) - 1
    return paths[0] if not more else f"{paths[0]} (+{more})"
