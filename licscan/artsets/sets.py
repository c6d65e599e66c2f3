"""The tables of known sets of art: who owns each, under which terms, and which packages do not license theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from licscan.base.shape import Shape, table_of
from licscan.base.tables import data_folder, load_toml

if TYPE_CHECKING:
    from licscan.artsets.index import ArtIndex

FILE = "content_sets.toml"
INDEX = "art_index.npz"


@dataclass(frozen=True, slots=True, order=True)
class ArtSet:
    """One set of art.

    `kind` is emoji, icons, logos, sounds or animations; sets of one `family` take pieces from one another; `owner` is
    who made it; `expression` an SPDX expression, NONE where no license is offered; `versions` those that the row speaks
    of. `attribution` is the credit that is owed (empty: none), `restrictions` are sentences on what the terms forbid or
    ask for, `trademarks` is whether the pieces are signs of other companies. `fonts` are the names of font families
    that hold the set, `packages` PackageURLs that the index is made of, `pieces` the names of files in these that the
    row speaks of alone (empty: of all), `basis` is where the terms were read, and when.
    """

    id: str
    name: str
    kind: str
    family: str
    owner: str
    expression: str
    versions: str
    attribution: str
    restrictions: tuple[str, ...]
    trademarks: bool
    fonts: tuple[str, ...]
    packages: tuple[str, ...]
    pieces: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True, order=True)
class PackageArt:
    """A package whose license does not cover its art: `set_id` says whose that is."""

    purl: str
    set_id: str
    says: str
    basis: str


@cache
def art_sets() -> dict[str, ArtSet]:
    """The sets by their ids."""
    return {one.id: one for one in (_set(row) for row in _table().tables("set"))}


@cache
def package_art() -> dict[str, tuple[PackageArt, ...]]:
    """The packages whose art is somebody else's, by PackageURL without a version."""
    found: dict[str, tuple[PackageArt, ...]] = {}
    for row in _table().tables("package"):
        for purl in row.texts("purls"):
            made = PackageArt(purl, row.need("set", str), row.need("says", str), row.need("basis", str))
            found[purl] = (*found.get(purl, ()), made)
    return found


@cache
def _font_sets() -> dict[str, str]:
    """The ids of sets by the names of the font families that hold them, folded in case."""
    return {name.casefold(): one.id for one in art_sets().values() for name in one.fonts}


def font_set_of(names: Iterable[str]) -> str:
    """The id of the set that a font of one of these names holds; empty for none."""
    return next((known for name in names if (known := _font_sets().get(name.casefold()))), "")


def families() -> dict[str, str]:
    """The family of each set: those of one family take pictures from one another."""
    return {one.id: one.family for one in art_sets().values()}


@cache
def own_index() -> ArtIndex:
    """The index that comes with licscan."""
    from licscan.artsets.index import read

    return read(data_folder() / INDEX, families())


def _table() -> Shape:
    return table_of(load_toml(FILE), FILE)


def _set(row: Shape) -> ArtSet:
    name = row.need("id", str)
    return ArtSet(
        id=name,
        name=row.need("name", str),
        kind=row.need("kind", str),
        family=row.get("family", str) or name,
        owner=row.need("owner", str),
        expression=row.need("expression", str),
        versions=row.get("versions", str) or "",
        attribution=row.get("attribution", str) or "",
        restrictions=tuple(row.texts("restrictions")),
        trademarks=bool(row.get("trademarks", bool)),
        fonts=tuple(row.texts("fonts")),
        packages=tuple(row.texts("packages")),
        pieces=tuple(row.texts("pieces")),
        basis=row.need("basis", str),
    )
