"""What an installed tree gives its lock: places, claims, versions that it lacks, and what archives bring along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from licscan.base.listing import listed
from licscan.base.messages import ngettext
from licscan.model import Component, ComponentKind, Dependency, Problem, Scope, SourceKind
from licscan.resolve.answers import Key, name_key
from licscan.resolve.assemble import SHOWN
from licscan.resolve.builder import Parsed, merge
from licscan.resolve.reading import Read

_MODULES = "/node_modules/"
_ELSEWHERE = (SourceKind.GIT, SourceKind.URL, SourceKind.PATH)


def key_of(component: Component) -> Key:
    """Name and version, as installed copies and entries of a lock are compared."""
    return (name_key(component)[1], component.version or "")


def lend(lock: Read, tree: Read) -> tuple[Read, set[str]]:
    """The lock with what the tree knows of its packages; the PackageURLs of the tree that were of use."""
    copies = {key_of(c): c for c in tree.parsed.components if c.kind is ComponentKind.PACKAGE}
    components: dict[str, Component] = {}
    named: dict[str, str] = {}
    for component in lock.parsed.components:
        copy = copies.get(key_of(component))
        if copy is not None:
            named[copy.purl] = component.purl
            component = _with_copy(component, copy)
        components[component.purl] = component
    renamed = dict(_versioned(components, copies.values(), named))
    for old, copy in renamed.items():
        component = components.pop(old)
        new = replace(_with_copy(component, copy), purl=_with_version(old, copy.version), version=copy.version)
        components[new.purl] = new
        named[copy.purl] = new.purl
    new_purls = {old: _with_version(old, copy.version) for old, copy in renamed.items()}
    edges = [_relinked(edge, new_purls) for edge in lock.parsed.dependencies] if renamed else lock.parsed.dependencies
    parsed = replace(lock.parsed, components=tuple(components.values()), dependencies=tuple(edges))
    if tree.format.name == "node_modules":
        parsed = _Bundled(parsed, tree.parsed, named).add()
    return replace(lock, parsed=parsed), set(named)


def _with_copy(component: Component, copy: Component) -> Component:
    lent = replace(component, installed_at=copy.installed_at, claims=copy.claims, found_in=copy.found_in)
    return merge(component, replace(lent, condition=component.condition))


def _versioned(
    components: dict[str, Component], copies: Iterable[Component], named: dict[str, str]
) -> Iterator[tuple[str, Component]]:
    """Entries without a version (git, archives) with the one installed copy under their name that is no other entry."""
    loose = [copy for copy in copies if copy.purl not in named]
    for purl, component in components.items():
        if component.version is None and component.source.kind in _ELSEWHERE:
            found = [copy for copy in loose if copy.version and _is_under(copy, component.name)]
            if len(found) == 1:
                yield purl, found[0]


def _is_under(copy: Component, name: str) -> bool:
    return copy.name == name or any(f"/{place}".endswith(_MODULES + name) for place in copy.installed_at)


def _with_version(purl: str, version: str | None) -> str:
    from urllib.parse import quote

    ends = [at for mark in "?#" if (at := purl.find(mark)) >= 0]
    at = min(ends, default=len(purl))
    return f"{purl[:at]}@{quote(version or '', safe='.-_~')}{purl[at:]}"


def _relinked(edge: Dependency, renamed: dict[str, str]) -> Dependency:
    if edge.parent in renamed or edge.child in renamed:
        return replace(edge, parent=renamed.get(edge.parent, edge.parent), child=renamed.get(edge.child, edge.child))
    return edge


@dataclass
class _Bundled:
    """Packages that lie inside installed packages though no lock names them: their archives brought them along.

    `named` are the lock's PackageURLs by those of the tree; what is found inside is added to them.
    """

    lock: Parsed
    tree: Parsed
    named: dict[str, str]

    def add(self) -> Parsed:
        """The lock with them, below the packages that hold them."""
        holders = self._holders()
        inside = self._inside(holders)
        by_purl = {component.purl: component for component in self.lock.components}
        tree = {component.purl: component for component in self.tree.components}
        new = {purl: tree[purl] for purl in inside}
        for purl in inside:
            self.named[purl] = purl
        by_purl.update({purl: component for purl, component in new.items() if purl not in by_purl})
        edges = self._edges(holders, inside, by_purl)
        if not new and not edges:
            return self.lock
        kept = self._replaced(edges, by_purl)
        dependencies = tuple(dict.fromkeys((*kept, *edges)))
        needed = {e.child for e in self.lock.dependencies} - set(self.lock.roots)
        # with a version that is not installed goes what it alone needs
        while lost := (needed - {e.child for e in dependencies}) & set(by_purl):
            by_purl = {purl: component for purl, component in by_purl.items() if purl not in lost}
            dependencies = tuple(edge for edge in dependencies if edge.parent not in lost)
        return replace(self.lock, components=tuple(by_purl.values()), dependencies=dependencies)

    def _holders(self) -> dict[str, set[str]]:
        """By package, the packages in whose own node_modules it lies; none for one that lies elsewhere too."""
        places = {place: c.purl for c in self.tree.components for place in c.installed_at}
        found: dict[str, set[str]] = {}
        for component in self.tree.components:
            above = [place.rpartition(_MODULES)[0] for place in component.installed_at]
            found[component.purl] = {places[place] for place in above if place in places} - {component.purl}
        return found

    def _inside(self, holders: dict[str, set[str]]) -> list[str]:
        """The packages that no lock names, and that lie below one that it names."""
        waiting = [
            c.purl
            for c in self.tree.components
            if c.kind is ComponentKind.PACKAGE and c.purl not in self.named and holders[c.purl]
        ]
        found: dict[str, None] = {}
        while more := [p for p in waiting if p not in found and any(h in self.named or h in found for h in holders[p])]:
            found.update(dict.fromkeys(more))
        return list(found)

    def _edges(
        self, holders: dict[str, set[str]], inside: list[str], by_purl: dict[str, Component]
    ) -> list[Dependency]:
        within = set(inside)
        known = {(edge.parent, by_purl[edge.child].name) for edge in self.lock.dependencies if edge.child in by_purl}
        edges: dict[Dependency, None] = {}
        linked = set()
        for edge in self.tree.dependencies:
            parent, child = self.named.get(edge.parent), self.named.get(edge.child)
            if parent is None or child is None:
                continue
            held = edge.parent in holders.get(edge.child, ())
            unlisted = held and (parent, by_purl[child].name) not in known
            if edge.parent in within or edge.child in within or unlisted:
                edges[replace(edge, parent=parent, child=child)] = None
                linked.add((edge.parent, edge.child))
        for purl in inside:
            for holder in sorted(holders[purl]):
                if holder in self.named and (holder, purl) not in linked:
                    edges[Dependency(self.named[holder], purl, Scope.RUNTIME)] = None
        return list(edges)

    def _replaced(self, edges: list[Dependency], by_purl: dict[str, Component]) -> list[Dependency]:
        """The lock's edges without those to a version that is not installed, where another was brought along."""
        brought = {(edge.parent, by_purl[edge.child].name): edge.child for edge in edges if edge.child in by_purl}
        kept = []
        for edge in self.lock.dependencies:
            child = by_purl.get(edge.child)
            other = brought.get((edge.parent, child.name)) if child else None
            if child is None or other in (None, edge.child) or child.installed_at:
                kept.append(edge)
        return kept


def extraneous(tree: Read, used: set[str], ignored: frozenset[str]) -> list[Problem]:
    """A problem for what is installed, but in no lock."""
    extra = [
        f"{c.name}@{c.version}"
        for c in tree.parsed.components
        if c.purl not in used and c.kind is ComponentKind.PACKAGE and c.resolved and c.name not in ignored
    ]
    if not extra:
        return []
    message = ngettext(
        "{count} package is installed but not in the lockfile: {names}",
        "{count} packages are installed but not in the lockfile: {names}",
        len(extra),
    ).format(count=f"{len(extra):,}", names=listed(sorted(extra), SHOWN))
    return [Problem("resolve", tree.input.path, message, "lock-out-of-date")]


def unlisted(lots: Iterable[Read]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each package (PackageURL) that is not installed here, with the names that it brings along and no lock lists.

    Its archive tells of them: whoever reads that has the answer.
    """
    for lot in lots:
        by_purl = {component.purl: component for component in lot.parsed.components}
        for purl, names in lot.parsed.bundled:
            component = by_purl.get(purl)
            if component is not None and not component.installed_at and not component.condition:
                yield purl, names
