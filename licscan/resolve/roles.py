"""What a manifest is for, by the names of its file and folders: the product, or its tests, documentation, examples."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from licscan.base.messages import _
from licscan.base.tree import folder_of
from licscan.model import SCOPE_RANK, Component, ComponentKind, Dependency, Scope
from licscan.resolve.assemble import listed
from licscan.resolve.builder import Parsed
from licscan.resolve.reading import Read

_BUILD = re.compile(r"build")
_DEV = re.compile(
    r"dev|develop|development|tests?|testing|unittests?|e2e|docs?|documentation|readthedocs|rtd|mkdocs|sphinx|lint|linting|"
    r"linters|ci|typing|mypy|benchmarks?|bench|qa|style|format|examples?|samples?|demos?|fixtures?|testdata|tox|nox|coverage"
)
_OPTIONAL = re.compile(r"optional|optionals|opt|extras?|recommended|recommends|suggested")
_ROOTS = re.compile(
    r"(?i)(?:unit|integration)?[-_]?tests?|testing|e2e|test[-_]?data|fixtures?|examples?|samples?|demos?|docs?|"
    r"documentation|readthedocs|\.readthedocs|rtd|benchmarks?|bench"
)
"""Folders whose projects are no part of the product that stands above them."""


def scope_of(path: str) -> Scope:
    """The scope that the name of a requirements file and its folders' names tell."""
    folder, _slash, name = path.lower().rpartition("/")
    words = {*folder.split("/"), *re.split(r"[^a-z0-9]+", name)}
    for pattern, scope in ((_BUILD, Scope.BUILD), (_DEV, Scope.DEV), (_OPTIONAL, Scope.OPTIONAL)):
        if any(pattern.fullmatch(word) for word in words):
            return scope
    return Scope.RUNTIME


def is_aside(path: str) -> bool:
    """Whether a manifest or lock stands in a folder of tests, examples or documentation."""
    return any(_ROOTS.fullmatch(part) for part in folder_of(path).split("/"))


def by_role(
    reads: Sequence[Read], lots: Sequence[Parsed], ecosystems: Collection[str]
) -> tuple[list[Parsed], tuple[str, ...]]:
    """The lots with the projects of tests, examples and documentation below the product, and what was assumed.

    They are for development. Where a project has nothing else, they are what it ships. `lots` are those of `reads`.
    """
    aside = [read.format.ecosystem in ecosystems and is_aside(read.path) for read in reads]
    product = {root for lot, apart in zip(lots, aside, strict=True) if not apart for root in lot.roots}
    if not product:
        return list(lots), ()
    homes = [
        (folder_of(component.manifest or ""), component.purl)
        for lot in lots
        for component in lot.components
        if component.kind is ComponentKind.PROJECT and component.purl in product
    ]
    made = [
        _below(lot, product, homes, folder_of(read.path)) if apart else lot
        for read, lot, apart in zip(reads, lots, aside, strict=True)
    ]
    return made, tuple(_assumed(reads, lots, aside, ecosystems))


def _below(lot: Parsed, product: set[str], homes: list[tuple[str, str]], folder: str) -> Parsed:
    """A lot for development: its own projects hang below that of the nearest folder above."""
    own = [root for root in lot.roots if root not in product]
    above = [(len(place), purl) for place, purl in homes if not place or folder.startswith(f"{place}/")]
    home = min((-depth, purl) for depth, purl in above or [(0, purl) for _place, purl in homes])[1]
    edges = [
        replace(edge, scope=Scope.DEV)
        if edge.parent in lot.roots and SCOPE_RANK[edge.scope] < SCOPE_RANK[Scope.DEV]
        else edge
        for edge in lot.dependencies
    ]
    edges += [Dependency(home, root, Scope.DEV) for root in own]
    return replace(lot, roots=tuple(root for root in lot.roots if root in product), dependencies=tuple(edges))


def _assumed(
    reads: Sequence[Read], lots: Sequence[Parsed], aside: list[bool], ecosystems: Collection[str]
) -> list[str]:
    told: dict[Scope, list[str]] = {}
    for read, lot, apart in zip(reads, lots, aside, strict=True):
        if read.format.ecosystem not in ecosystems or not any(map(_is_package, lot.components)):
            continue
        scope = scope_of(read.path) if read.format.name == "requirements.txt" else Scope.RUNTIME
        if apart or scope in (Scope.DEV, Scope.BUILD):
            told.setdefault(Scope.DEV, []).append(read.path)
        elif scope is Scope.OPTIONAL:
            told.setdefault(Scope.OPTIONAL, []).append(read.path)
    said = {
        Scope.DEV: _(
            "By their names, taken as for development and not shipped (--exclude leaves them out of the scan): {files}"
        ),
        Scope.OPTIONAL: _("By their names, taken as optional (--exclude leaves them out of the scan): {files}"),
    }
    return [said[scope].format(files=listed(files)) for scope, files in told.items()]


def _is_package(component: Component) -> bool:
    return component.kind is ComponentKind.PACKAGE
