"""What a manifest is for, by the names of its file and folders: the product, or its tests, documentation, examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from licscan.base.listing import listed
from licscan.base.messages import _
from licscan.base.tree import folder_of
from licscan.model import SCOPE_RANK, UNSHIPPED, ComponentKind, Dependency, Scope
from licscan.resolve.assemble import SHOWN
from licscan.resolve.builder import Parsed
from licscan.resolve.reading import Read
from licscan.resolve.scopes import scopes_from_graph

_FOLDERS = (
    r"(?:unit|integration)?[-_]?tests?|__tests__|testing|e2e|specs?|test[-_]?data|fixtures?|__fixtures__|examples?|"
    r"samples?|demos?|playgrounds?|docs?|documentation|\.?readthedocs|rtd|benchmarks?|bench"
)
"""Folders whose projects are no part of the product that stands above them."""
_ASIDE = re.compile(_FOLDERS)
_BUILD = re.compile(r"build")
_DEV = re.compile(
    _FOLDERS + r"|dev|develop|development|mkdocs|sphinx|lint|linting|linters|ci|typing|mypy|qa|style|format|"
    r"tox|nox|coverage"
)
_OPTIONAL = re.compile(r"optional|optionals|opt|extras?|recommended|recommends|suggested")


def scope_of(path: str) -> Scope:
    """The scope that the name of a requirements file and its folders' names tell."""
    folder, _slash, name = path.lower().rpartition("/")
    words = {*folder.split("/"), *re.split(r"[^a-z0-9]+", name)}
    for pattern, scope in ((_BUILD, Scope.BUILD), (_DEV, Scope.DEV), (_OPTIONAL, Scope.OPTIONAL)):
        if any(pattern.fullmatch(word) for word in words):
            return scope
    return Scope.RUNTIME


def is_aside(path: str) -> bool:
    """Whether a manifest, lock or installed tree stands in a folder of tests, examples or documentation."""
    return any(_ASIDE.fullmatch(part) for part in folder_of(path).lower().split("/"))


def by_role(reads: Sequence[Read], lots: Sequence[Parsed]) -> tuple[list[Parsed], tuple[str, ...]]:
    """The lots with the projects of tests, examples and documentation below the product, and what was assumed.

    They are for development, whatever their ecosystem, in a lock of their own or as members of a workspace. Where a
    project has nothing else, they are what it ships. `lots` are those of `reads`.
    """
    aside = [is_aside(read.path) for read in reads]
    members = _members(lots)
    product = {
        root for lot, apart in zip(lots, aside, strict=True) if not apart for root in lot.roots if root not in members
    }
    if not _is_product(product, lots, aside):
        return list(lots), ()
    homes = [(folder_of(c.manifest or ""), c.purl) for lot in lots for c in lot.components if c.purl in product]
    made = [_below(lot, product, homes, read, apart) for read, lot, apart in zip(reads, lots, aside, strict=True)]
    return made, tuple(_assumed(reads, lots, aside, product, _needed(product, lots, made)))


def _members(lots: Iterable[Parsed]) -> set[str]:
    """The projects whose every manifest stands aside."""
    where: dict[str, bool] = {}
    for lot in lots:
        for component in lot.components:
            if component.kind is ComponentKind.PROJECT and component.manifest:
                where[component.purl] = where.get(component.purl, True) and is_aside(component.manifest)
    return {purl for purl, apart in where.items() if apart}


def _is_product(roots: set[str], lots: Sequence[Parsed], aside: Sequence[bool]) -> bool:
    """Whether one of the roots is more than the place of tools: it has a version, or does not need tools alone."""
    needs: dict[str, set[bool]] = {}
    for lot, apart in zip(lots, aside, strict=True):
        for edge in () if apart else lot.dependencies:
            needs.setdefault(edge.parent, set()).add(edge.scope not in UNSHIPPED)
    versions = {c.purl for lot in lots for c in lot.components if c.version}
    return any(
        root in versions or True in needs.get(root, ()) or (root not in needs and not root.startswith("pkg:generic/"))
        for root in roots
    )


def _needed(product: set[str], lots: Sequence[Parsed], made: Sequence[Parsed]) -> set[str]:
    """The projects aside that the product ships all the same, since what it ships needs them."""
    side = {root for lot in lots for root in lot.roots} - product
    scopes = scopes_from_graph(product, (edge for lot in made for edge in lot.dependencies)) if side else {}
    return {root for root in side if any(scope not in UNSHIPPED for scope in scopes.get(root, ()))}


def _below(lot: Parsed, product: set[str], homes: list[tuple[str, str]], read: Read, apart: bool) -> Parsed:
    """A lot with what is for development so: its projects beside the product hang below that of the nearest folder.

    Where the lot itself stands aside, what it needs for the product is for development too.
    """
    side = [root for root in lot.roots if root not in product]
    if not side and not apart:
        return lot
    edges = [
        replace(edge, scope=Scope.DEV)
        if apart and edge.parent in product and SCOPE_RANK[edge.scope] < SCOPE_RANK[Scope.DEV]
        else edge
        for edge in lot.dependencies
    ]
    manifests = {component.purl: component.manifest for component in lot.components}
    edges += [Dependency(_home(homes, manifests.get(root) or read.path), root, Scope.DEV) for root in side]
    return replace(lot, roots=tuple(root for root in lot.roots if root in product), dependencies=tuple(edges))


def _home(homes: Iterable[tuple[str, str]], path: str) -> str:
    """The product's project in the nearest folder above; any, where none is above."""
    folder = folder_of(path)
    above = [(len(place), purl) for place, purl in homes if not place or folder.startswith(f"{place}/")]
    return min((-depth, purl) for depth, purl in above or [(0, purl) for _place, purl in homes])[1]


def _assumed(
    reads: Sequence[Read], lots: Sequence[Parsed], aside: Sequence[bool], product: set[str], needed: set[str]
) -> Iterator[str]:
    told: dict[Scope, set[str]] = {}
    for read, lot, apart in zip(reads, lots, aside, strict=True):
        side = set(lot.roots) - product
        if side:
            own = {c.manifest for c in lot.components if c.manifest and c.purl in side - needed}
            told.setdefault(Scope.DEV, set()).update(own)
        elif any(component.kind is ComponentKind.PACKAGE for component in lot.components):
            scope = scope_of(read.path) if read.format.name == "requirements.txt" else Scope.RUNTIME
            scope = Scope.DEV if apart or scope is Scope.BUILD else scope
            told.setdefault(scope, set()).add(read.path)
    said = {
        Scope.OPTIONAL: _("Judging by their names, taken as optional (--exclude leaves them out of the scan): {files}"),
        Scope.DEV: _(
            "Judging by their names, taken as for development and not shipped (--exclude leaves them "
            "out of the scan): {files}"
        ),
    }
    for scope, sentence in said.items():
        if files := told.get(scope):
            yield sentence.format(files=listed(sorted(files), SHOWN))
