"""Joins what Python manifests ask for with what an environment holds: the manifests decide scopes, it only answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from licscan.base.messages import _
from licscan.model import Component, ComponentKind, Dependency, Problem, Scope, SourceKind
from licscan.resolve.builder import Builder, Parsed, Wanted, merge
from licscan.resolve.python import markers
from licscan.resolve.python.common import Linker, Locked, Need, requirement
from licscan.resolve.python.constraint import satisfies
from licscan.resolve.python.site_packages import tops
from licscan.resolve.python.sites import Installed, key_of

ANSWERED = (SourceKind.UNKNOWN, SourceKind.REGISTRY)


@dataclass(frozen=True, slots=True)
class Grafted:
    """A manifest with what an environment answers: `used` are the packages of the environment that it reaches."""

    parsed: Parsed
    used: frozenset[str]
    left_out: tuple[str, ...] = ()


def nearest(environments: Sequence[Installed], folder: str) -> list[Installed]:
    """The environments that answer for a folder: those for all, and those of the nearest folder at or above it."""

    def above(one: Installed) -> bool:
        return not one.owner or folder == one.owner or folder.startswith(one.owner + "/")

    owned = [one for one in environments if one.owner is not None and above(one)]
    deepest = max((len(one.owner or "") for one in owned), default=0)
    found = [one for one in environments if one.owner is None or (one in owned and len(one.owner) == deepest)]
    return found or (list(environments) if len(environments) == 1 else [])


def graft(lot: Parsed, path: str, environments: Sequence[Installed]) -> Grafted:
    """The lot with its open requests answered, and with what the answers and its pinned packages need."""
    if not environments or not lot.roots:
        return Grafted(lot, frozenset())
    lot, left_out = _weighed(lot, environments)
    graft = _Graft(lot, path, environments)
    return Grafted(graft.run(), frozenset(graft.used), tuple(left_out))


def _weighed(lot: Parsed, environments: Sequence[Installed]) -> tuple[Parsed, list[str]]:
    """Without the open requests whose markers do not hold in any of the environments that the user gave."""
    given = [one for one in environments if one.given]
    out = {
        component.purl: f"{component.name} ({component.condition})"
        for component in lot.components
        if given and not component.resolved and component.condition
        if all(markers.holds(component.condition, one.known) is False for one in given)
    }
    if not out:
        return lot, []
    components = tuple(component for component in lot.components if component.purl not in out)
    edges = tuple(edge for edge in lot.dependencies if edge.child not in out)
    return replace(lot, components=components, dependencies=edges), sorted(out.values())


class _Graft:
    """One lot on its way: a walk like that through a lock, whose entries are the environment's packages."""

    def __init__(self, lot: Parsed, path: str, environments: Sequence[Installed]):
        self.lot = lot
        self.known = {component.purl: component for component in lot.components}
        self.builder = Builder(path)
        self.linker = Linker(self.builder)
        self.used: set[str] = set()
        self._entries: dict[str, Locked] = {}
        self._by_key: dict[str, list[Component]] = {}
        for one in environments:
            for component in one.parsed.components:
                self._by_key.setdefault(key_of(component), []).append(component)
        self._add_entries(environments)

    def _add_entries(self, environments: Sequence[Installed]) -> None:
        """What the environment holds; where the lot pins a package itself, that stands in the environment's place."""
        pinned: dict[str, list[Component]] = {}
        for component in self.lot.components:
            if component.resolved and component.kind is ComponentKind.PACKAGE:
                pinned.setdefault(key_of(component), []).append(component)
        wanted: dict[str, list[Wanted]] = {}
        for one in environments:
            for want in one.parsed.wanted:
                if markers.holds(want.marker, one.known) is not False:
                    wanted.setdefault(want.parent, []).append(want)
        held = {c.purl: c for same in self._by_key.values() for c in same}
        for key, copies in self._by_key.items():
            own = pinned.get(key, [])
            # beside a pin for elsewhere, what is installed here stands for itself
            here, elsewhere = {pin.version for pin in own}, bool(own) and all(pin.condition for pin in own)
            more = [c for c in copies if own and c.version not in here]
            open_ = [c for c in more if elsewhere or self._is_asked_for(c)]
            for component in (*own, *open_) if own else copies:
                copy = next((c for c in copies if c.version == component.version), copies[0])
                exact = copy.version == component.version
                asks = wanted.get(copy.purl, ()) if exact or (len(own) == 1 and not open_) else ()
                entry = _entry(key, lent(component, copy) if exact and own else component, asks, held)
                self._entries[component.purl] = entry
                self.linker.add(entry)
                if exact:
                    self.used.add(copy.purl)

    def _is_asked_for(self, copy: Component) -> bool:
        """Whether an open request of the lot is answered by an installed package."""
        requests = ((self.known.get(edge.child), edge) for edge in self.lot.dependencies)
        return any(
            child is not None and not child.resolved and key_of(child) == key_of(copy) and answers(copy, child, edge)
            for child, edge in requests
        )

    def run(self) -> Parsed:
        """The lot with edges to the environment's packages in place of the requests that those answer."""
        held = self.used
        kept, starts, answered = [], [], set()
        requests: dict[tuple[str, str | None], Component] = {}
        for edge in self.lot.dependencies:
            child = self.known.get(edge.child)
            found = self._answers(child, edge) if child is not None else []
            if not found or child is None or not child.resolved:
                answered.add(edge.child) if found else kept.append(edge)
            else:
                kept.append(edge)
            if child is not None and not child.resolved:
                requests.update({(need.key, need.version): child for need in found})
            starts += [(edge.parent, need, edge.scope) for need in found]
        self.linker.link(starts)
        reached = self.linker.reached()
        self.used = {
            copy.purl
            for entry in reached
            for copy in self._by_key[entry.key]
            if copy.purl in held and copy.version == entry.component.version
        }
        open_ = {edge.child for edge in kept}
        components = {c.purl: c for c in self.lot.components if c.purl not in answered - open_}
        walked = self.builder.build().dependencies
        # what installed packages need, they need wherever they are; what the manifest asks for, under its own marker
        asked = {
            (parent, target.component.purl, need.text)
            for parent, need, _scope in starts
            for target in self.linker.targets(need)
        }
        needed = {e.child for e in walked if (e.parent, e.child, e.requirement) not in asked}
        for entry in reached:
            component, here = entry.component, requests.get((entry.key, entry.component.version))
            if component.purl in needed:
                component = replace(component, condition=None)
            elif here is not None:
                component = replace(component, condition=here.condition)
            component = replace(component, found_in=(here or component).found_in)
            before = components.get(component.purl)
            components[component.purl] = merge(before, component) if before else component
        edges = (*kept, *walked)
        return replace(self.lot, components=tuple(components.values()), dependencies=tuple(dict.fromkeys(edges)))

    def _answers(self, child: Component, edge: Dependency) -> list[Need]:
        """The packages that answer one request; for a pinned one, itself where the environment knows it."""
        if child.kind is ComponentKind.PROJECT:
            return []
        if child.resolved:
            entry = self._entries.get(child.purl)
            return [_need(entry, edge)] if entry else []
        copies = [self._entries[c.purl] for c in self._by_key.get(key_of(child), ()) if c.purl in self._entries]
        return [_need(entry, edge) for entry in copies if answers(entry.component, child, edge)]


def answers(component: Component, request: Component, edge: Dependency | None) -> bool:
    """Whether a package is what an edge asks for: by origin, else by version."""
    if component.kind is ComponentKind.PROJECT:
        return True
    if request.source.kind not in ANSWERED:
        asked, there = _repository(request.source.url), _repository(component.source.url)
        return asked is not None and asked == there
    return meets(component.version, edge.requirement if edge else None)


def meets(version: str | None, text: str | None) -> bool:
    """Whether a version meets the requirement behind a name (`[extra]>=1`); a URL tells nothing of versions."""
    if not text or "://" in text:
        return True
    said = requirement(f"name{text}" if text[:1] in "[<>=!~(^*;, " else f"name {text}")
    return said is None or not said.constraint or satisfies(version, said.constraint)


def _repository(url: str | None) -> str | None:
    """The address of a repository or archive without what names a state of it."""
    if not url:
        return None
    address = url.removeprefix("git+").partition("#")[0]
    head, slash, last = address.rpartition("/")
    return (head + slash + last.partition("@")[0]).removesuffix(".git").rstrip("/").lower()


def _need(entry: Locked, edge: Dependency) -> Need:
    said = requirement(f"name{edge.requirement}") if (edge.requirement or "").startswith("[") else None
    extras = said.extras if said else ()
    return Need(entry.key, extras, edge.requirement, version=entry.component.version, origin=entry.component.source.url)


def _entry(key: str, component: Component, wanted: Iterable[Wanted], held: Mapping[str, Component]) -> Locked:
    needs: list[Need] = []
    extras: dict[str, list[Need]] = {}
    for want in wanted:
        child = held[want.child]
        need = Need(key_of(child), want.extras, want.text, version=child.version, marker=None)
        (extras.setdefault(want.extra, []) if want.extra else needs).append(need)
    return Locked(key, component, tuple(needs), {name: tuple(asked) for name, asked in extras.items()})


def lent(component: Component, copy: Component) -> Component:
    """A package with the places and claims of its installed copy."""
    found = replace(component, installed_at=copy.installed_at, claims=copy.claims, found_in=copy.found_in)
    return merge(component, found)


def leftovers(one: Installed, used: Iterable[str], ours: frozenset[str]) -> list[Component]:
    """The packages of an environment that nothing reaches, without the projects themselves."""
    taken = set(used)
    return [
        component
        for component in one.parsed.components
        if component.purl not in taken and component.kind is ComponentKind.PACKAGE and key_of(component) not in ours
    ]


def hang(one: Installed, root: str, left: Sequence[Component], scope: Scope) -> Parsed:
    """What nothing asks for, below a root: the outermost of it in this scope, the rest below that."""
    here = {component.purl for component in left}
    edges = [edge for edge in one.parsed.dependencies if edge.parent in here]
    outer = tops(sorted(here), [edge for edge in edges if edge.child in here])
    components = {component.purl: component for component in one.parsed.components}
    below = tuple(components[edge.child] for edge in edges if edge.child in components)
    return Parsed(
        components=tuple(dict.fromkeys((*left, *below))),
        dependencies=(*(Dependency(root, purl, scope) for purl in outer), *edges),
    )


def drift(lot: Parsed, path: str, one: Installed) -> Problem | None:
    """A problem where a manifest pins another version than the environment holds."""
    held: dict[str, set[str | None]] = {}
    for component in one.parsed.components:
        held.setdefault(key_of(component), set()).add(component.version)
    names = sorted(
        f"{c.name} {c.version} ({', '.join(sorted(filter(None, held[key_of(c)])))})"
        for c in lot.components
        if c.resolved and c.version and c.kind is ComponentKind.PACKAGE and not c.condition
        if key_of(c) in held and c.version not in held[key_of(c)]
    )
    if not names:
        return None
    message = _("pins different versions than {environment} contains: {names}")
    said = message.format(environment=one.path, names=_(", ").join(names[:5]))
    return Problem("resolve", path, said, "lock-out-of-date")
