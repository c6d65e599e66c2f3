"""Packages whose code stands among the project's own files, as components of the graph: judged like any other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from packageurl import PackageURL

from licscan.base.messages import _
from licscan.model import (
    NOASSERTION,
    Component,
    Conclusion,
    Copyright,
    Dependency,
    Evidence,
    EvidenceKind,
    Graph,
    Location,
    Origin,
    Scope,
    SourceGroup,
    SourceGroupKind,
    Sources,
)
from licscan.model.contents import COPIED

METHOD = "copied-code"
OWN = "generic"
"""The type of what the user has indexed as theirs: no license of others is asked of it."""
MAX_PLACES = 20
_YEARS = re.compile(r"^(?:[0-9]{4}(?:\s?[-–,]\s?(?:[0-9]{4}|present))*[ ,]+)")


def with_copied(graph: Graph, sources: Sources | None) -> tuple[Graph, Mapping[str, Conclusion]]:
    """The graph with what was copied below the roots in whose folders it lies, and what is concluded of that.

    A package that a manifest names in the same version stays what it is.
    """
    groups: dict[str, list[SourceGroup]] = {}
    for group in sources.groups if sources else ():
        if group.kind is SourceGroupKind.COPIED and not is_own_product(group) and group.purl not in graph.by_purl:
            groups.setdefault(group.purl, []).append(group)
    if not groups:
        return graph, {}
    components = [_component(purl, held) for purl, held in sorted(groups.items())]
    edges = {
        Dependency(root, one.purl, one.scopes[0])
        for one in components
        for group in groups[one.purl]
        for root in graph.roots_at(_folder(group))
    }
    return graph.with_more(components, edges), {purl: _conclusion(purl, held) for purl, held in groups.items()}


def is_own_product(group: SourceGroup) -> bool:
    """Whether the code is of a tree that the user has indexed as their own."""
    return group.package.startswith(f"pkg:{OWN}/")


def _folder(group: SourceGroup) -> str:
    return group.path.rpartition("/")[0] if group.files == 1 else group.path


def _component(purl: str, held: list[SourceGroup]) -> Component:
    first = held[0]
    shipped = any(not one.in_tests for one in held)
    return Component(
        purl=purl,
        name=first.name or first.package,
        version=first.version,
        ecosystem=PackageURL.from_string(purl).type,
        scopes=(Scope.RUNTIME if shipped else Scope.DEV,),
        found_in=_once(replace(place, start_line=None, end_line=None) for one in held for place in one.locations),
        embedded=COPIED,
    )


def _conclusion(purl: str, held: list[SourceGroup]) -> Conclusion:
    """What the index says of the package, and what the copies say instead: where they differ, nobody knows which."""
    told = [one for group in held for one in _readings(group) if one not in (NOASSERTION, "")]
    readings = tuple(dict.fromkeys(told))
    declared = next((one.declared for one in held if one.declared), NOASSERTION)
    return Conclusion(
        purl=purl,
        declared=declared,
        detected=None,
        concluded=readings[0] if len(readings) == 1 else NOASSERTION,
        basis=_("the similarity of the code to that of the package"),
        candidates=readings if len(readings) > 1 else (),
        evidence=tuple(sorted({piece for group in held for piece in _evidence(group)})),
        license_files=tuple(sorted({one.license_file for one in held if one.license_file})),
        copyrights=tuple(sorted({piece for group in held for piece in _copyrights(group)})),
    )


def _evidence(group: SourceGroup) -> Iterable[Evidence]:
    place = group.locations[0] if group.locations else Location(group.path)
    if group.declared:
        yield Evidence(
            EvidenceKind.DECLARED, "index of code", group.declared, group.declared, Origin.CACHE, place, METHOD,
            group.share / 100,
        )  # fmt: skip
    if said := group.stated:
        where = Location(group.license_file) if group.license_file and not group.rules else group.locations[-1]
        yield Evidence(EvidenceKind.HEADER, "header", said, said, Origin.PROJECT, where, METHOD, 1.0)


def _readings(group: SourceGroup) -> tuple[str, ...]:
    """The licenses that the copy may be under: the package's, and what it says itself where that was put in."""
    return (group.expression, group.stated) if group.changed else (group.expression,)


def _copyrights(group: SourceGroup) -> Iterable[Copyright]:
    path = group.locations[0].path if group.locations else group.path
    return (Copyright(path, None, f"Copyright {one}", _YEARS.sub("", one), _years(one)) for one in group.holders)


def _years(holder: str) -> str:
    match = _YEARS.match(holder)
    return match[0].strip(" ,") if match else ""


def _once(places: Iterable[Location]) -> tuple[Location, ...]:
    return tuple(dict.fromkeys(places))[:MAX_PLACES]
