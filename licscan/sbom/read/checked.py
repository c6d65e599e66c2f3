"""The last step of every reader: refs that stand twice or lead nowhere are said, and the rest is made to fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from licscan.base.escape import one_line
from licscan.base.messages import _, ngettext
from licscan.sbom.model import Bom, BomComponent, BomDependency

MAX_SAID = 50
"""Lines about entries of one sort; the rest is counted."""

MAX_NAME = 2_000
"""Characters of a ref, a name or a version; no package manager takes as many."""


class Notes:
    """Sentences about entries of one sort, of which the first are kept and the others counted."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._more = 0

    def add(self, line: str) -> None:
        """One entry."""
        if len(self._lines) < MAX_SAID:
            self._lines.append(line)
        else:
            self._more += 1

    def lines(self) -> Iterator[str]:
        """Those kept, and how many more there are."""
        yield from self._lines
        if self._more:
            more = ngettext("{count} more entry like this", "{count} more entries like this", self._more)
            yield more.format(count=f"{self._more:,}")


def checked(bom: Bom) -> Bom:
    """The document with every ref once and every edge between components; `problems` tells what was bad."""
    twice, loose, nameless = Notes(), Notes(), Notes()
    components = tuple(_apart(_named(bom.components, nameless), twice))
    ends = _ends(components)
    dependencies = tuple(dict.fromkeys(_fitting(bom, ends, loose)))
    known = tuple(dict.fromkeys(ends[ref] for ref in bom.dependencies_of if ref in ends))
    extents = tuple(
        replace(one, refs=tuple(dict.fromkeys(ends[ref] for ref in one.refs if ref in ends))) for one in bom.extents
    )
    return replace(
        bom,
        subject=ends.get(bom.subject, ""),
        components=components,
        dependencies=dependencies,
        dependencies_of=known,
        extents=tuple(one for one in extents if one.refs),
        problems=(*bom.problems, *nameless.lines(), *twice.lines(), *loose.lines()),
    )


def _named(components: Iterable[BomComponent], said: Notes) -> Iterator[BomComponent]:
    for one in components:
        long = [text for text in (one.ref, one.name, one.version, one.purl) if len(text) > MAX_NAME]
        if long:
            said.add(
                _("{ref}: a name of {count} characters is truncated").format(ref=_short(one.ref), count=len(long[0]))
            )
            cut = {key: getattr(one, key)[:MAX_NAME] for key in ("ref", "name", "version")}
            one = replace(one, purl="" if len(one.purl) > MAX_NAME else one.purl, **cut)
        elif not one.name:
            said.add(_("{ref}: has no name").format(ref=_short(one.ref)))
        yield one


def _apart(components: Iterable[BomComponent], said: Notes) -> Iterator[BomComponent]:
    """Every component under a ref of its own; the same entry again is left out."""
    seen: dict[str, BomComponent] = {}
    counts: dict[str, int] = {}
    for one in components:
        first = seen.get(one.ref)
        if first is None:
            seen[one.ref] = one
            yield one
            continue
        said.add(_("{ref}: occurs twice in the document").format(ref=_short(one.ref)))
        if first != one:
            count = counts.get(one.ref, 1)
            while f"{one.ref}#{count + 1}" in seen:
                count += 1
            counts[one.ref] = count + 1
            apart = replace(one, ref=f"{one.ref}#{count + 1}")
            seen[apart.ref] = apart
            yield apart


def _ends(components: Iterable[BomComponent]) -> dict[str, str]:
    """What an edge may call each component: its ref, else its PackageURL (tools that write no refs do)."""
    ends: dict[str, str] = {}
    for one in components:
        if one.purl:
            ends.setdefault(one.purl, one.ref)
    return ends | {one.ref: one.ref for one in components}


def _fitting(bom: Bom, ends: dict[str, str], said: Notes) -> Iterator[BomDependency]:
    known = frozenset(bom.elsewhere)
    for edge in bom.dependencies:
        parent, child = ends.get(edge.parent), ends.get(edge.child)
        if parent is not None and child is not None:
            yield edge if (parent, child) == (edge.parent, edge.child) else replace(edge, parent=parent, child=child)
            continue
        missing = edge.parent if parent is None else edge.child
        if missing in known:
            continue
        if _is_of_another_document(missing):
            said.add(
                _("{ref}: a dependency leads into another document, which was not read").format(ref=_short(missing))
            )
        else:
            said.add(_("{ref}: a dependency leads to no component of the document").format(ref=_short(missing)))


def _is_of_another_document(ref: str) -> bool:
    """Whether SPDX 2 (`DocumentRef-x:SPDXRef-y`) or CycloneDX (a BOM-Link) says so."""
    return ref.startswith(("DocumentRef-", "urn:cdx:"))


def _short(ref: str) -> str:
    return one_line(ref, 200) or "-"
