"""Extras and groups of the projects themselves: which ship, which are for development, which are not installed.

An extra is a choice of whoever installs. What licscan.toml says ships, ships. An extra with the name of a tool of
development (`data/extras.toml`) is for development, as a group is. Of all others nobody has said: what a lock or an
environment has of them counts as shipped under that condition; one of which an environment has nothing is no part of
what was installed, and is named instead of being asked for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cache

from licscan.base.messages import _, ngettext
from licscan.base.tables import load_toml
from licscan.model import Component, ComponentKind, Dependency, Problem, Scope
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.builder import Extra, Parsed
from licscan.resolve.python.sites import Installed, key_of
from licscan.resolve.reading import Read
from licscan.resolve.scopes import scopes_from_graph

_SEPARATORS = re.compile(r"[-_.]+")
_DIGITS = "0123456789"


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    table = load_toml("extras.toml")
    return frozenset(table["words"]), frozenset(table["besides"])


def is_for_development(name: str) -> bool:
    """Whether an extra is one of development by its name: each of its words is, or may stand with one that is."""
    sure, besides = _words()
    words = [word for word in _SEPARATORS.split(name.lower()) if word.rstrip(_DIGITS)]
    return any(word in sure for word in words) and all(
        word in sure or word in besides or word.rstrip(_DIGITS) in besides for word in words
    )


@dataclass(frozen=True, slots=True)
class Shipping:
    """The extras that ship, as licscan.toml says (`postgres`, or `app[postgres]` of one project); None: nothing said.

    Where something is said, all other extras do not ship.
    """

    names: tuple[str, ...] | None = None

    def of(self, project: str) -> frozenset[str]:
        """The extras of one project that ship, under their normalised names."""
        asked = (one for name in self.names or () for one in _asked(name))
        return frozenset(extra for home, extra in asked if home in (None, normalize_pypi_name(project)))


NOTHING_SAID = Shipping()


def _asked(name: str) -> list[tuple[str | None, str]]:
    """The extras that one text names, each with its project, None for that of any; all under normalised names."""
    home, _bracket, inside = name.partition("[")
    if not inside:
        return [(None, normalize_pypi_name(home.strip()))]
    project = normalize_pypi_name(home.strip())
    return [(project, normalize_pypi_name(one.strip())) for one in inside.rstrip("] ").split(",")]


@dataclass(frozen=True, slots=True)
class Settled:
    """The reads with the scopes that their extras have, and what is to be said of them."""

    reads: list[Read]
    problems: tuple[Problem, ...] = ()
    said: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def assumptions(self, absent: Collection[tuple[str, str]] = ()) -> tuple[str, ...]:
        """What is assumed of the extras, without those (by project and name) that are said not to be installed."""
        left = {
            (kind, project): sorted(name for name in names if (project, name) not in absent)
            for (kind, project), names in sorted(self.said.items())
        }
        return tuple(_sentence(kind, project, names) for (kind, project), names in left.items() if names)


def settle_extras(reads: Iterable[Read], shipping: Shipping) -> Settled:
    """Every read with what its project's extras bring in the scope that is said, or follows from their names."""
    said: dict[tuple[str, str], set[str]] = {}
    settled = []
    known: set[tuple[str | None, str]] = set()
    for read in reads:
        parsed = read.parsed
        if parsed.extras:
            names = {one.purl: one.name for one in parsed.components}
            scopes = _scopes(parsed, names, shipping)
            own = [one for one in parsed.extras if not one.is_group]
            known |= {(home, one.name) for one in own for home in (None, normalize_pypi_name(names.get(one.root, "")))}
            parsed = _scoped(parsed, scopes)
            for (root, extra), scope in scopes.items():
                kind = "told" if shipping.names is not None else _KINDS.get(scope, "")
                if kind and not (kind == "told" and scope is Scope.RUNTIME):
                    said.setdefault((kind, names.get(root, "")), set()).add(extra)
            read = replace(read, parsed=parsed)
        settled.append(read)
    problems = tuple(_unknown(shipping, known))
    return Settled(settled, problems, {key: frozenset(names) for key, names in said.items()})


_KINDS = {Scope.DEV: "dev", Scope.OPTIONAL: "open"}


def _unknown(shipping: Shipping, known: Set[tuple[str | None, str]]) -> Iterable[Problem]:
    """A name in licscan.toml that no project has: what was meant is not known, so that nothing may pass for it."""
    for name in shipping.names or ():
        if not known >= set(_asked(name)):
            message = _("[project] extras names {name}, but no project here has such an extra").format(name=name)
            yield Problem("resolve", "licscan.toml", message, "dependency-unresolved")


def _scopes(parsed: Parsed, names: Mapping[str, str], shipping: Shipping) -> dict[tuple[str, str], Scope]:
    """The scope of each extra, by root and name; groups are for development, whatever they are called."""
    told: dict[str, set[str]] = {}
    for root in {one.root for one in parsed.extras}:
        own = {one.name: one for one in parsed.extras if one.root == root and not one.is_group}
        told[root] = _with_included(shipping.of(names.get(root, "")), own)
    found = {}
    for one in parsed.extras:
        if one.is_group:
            continue
        if one.name in told[one.root]:
            scope = Scope.RUNTIME
        elif shipping.names is not None or is_for_development(one.name):
            scope = Scope.DEV
        else:
            scope = Scope.OPTIONAL
        found[one.root, one.name] = scope
    return found


def _scoped(parsed: Parsed, scopes: Mapping[tuple[str, str], Scope]) -> Parsed:
    best: dict[tuple[str, str], Scope] = {}
    for one in parsed.extras:
        if one.is_group:
            continue
        scope = scopes[one.root, one.name]
        for need in one.needs:
            key = (one.root, need)
            best[key] = min(best.get(key, scope), scope, key=_ORDER.__getitem__)
    keys = {one.purl: key_of(one) for one in parsed.components}
    edges = [
        replace(edge, scope=best.get((edge.parent, keys.get(edge.child, "")), edge.scope))
        if edge.scope is Scope.OPTIONAL
        else edge
        for edge in parsed.dependencies
    ]
    moved = [new for old, new in zip(parsed.dependencies, edges, strict=True) if old is not new]
    sure = [edge.child for edge in moved if edge.scope is Scope.RUNTIME]
    return replace(parsed, dependencies=tuple(dict.fromkeys(_below(parsed, edges, sure))))


_ORDER = {scope: number for number, scope in enumerate(Scope)}


def _below(parsed: Parsed, edges: list[Dependency], starts: list[str]) -> list[Dependency]:
    """The edges with those that extras of what ships ask for in its scope: the walk gave them that of the extra."""
    if not starts:
        return edges
    ours = {one.purl for one in parsed.components if one.kind is ComponentKind.PROJECT}
    children: dict[str, list[str]] = {}
    for edge in edges:
        children.setdefault(edge.parent, []).append(edge.child)
    reached, open_ = set(starts), list(starts)
    while open_:
        for child in children.get(open_.pop(), ()):
            if child not in reached:
                reached.add(child)
                open_.append(child)
    return [
        replace(edge, scope=Scope.RUNTIME)
        if edge.scope is Scope.OPTIONAL and edge.parent in reached and edge.parent not in ours
        else edge
        for edge in edges
    ]


def _sentence(kind: str, project: str, extras: list[str]) -> str:
    names = _(", ").join(extras)
    if kind == "dev":
        message = ngettext(
            "The extra {names} of {project} is taken as for development, judging by its name.",
            "The extras {names} of {project} are taken as for development, judging by their names.",
            len(extras),
        )
    elif kind == "told":
        message = ngettext(
            "According to licscan.toml, the extra {names} of {project} does not ship.",
            "According to licscan.toml, the extras {names} of {project} do not ship.",
            len(extras),
        )
    else:
        message = ngettext(
            "What is locked or installed for the extra {names} of {project} is taken as shipped "
            "(`extras` of [project] in licscan.toml says which ship).",
            "What is locked or installed for the extras {names} of {project} is taken as shipped "
            "(`extras` of [project] in licscan.toml says which ship).",
            len(extras),
        )
    return message.format(names=names, project=project)


@dataclass(frozen=True, slots=True)
class Present:
    """A lot without what only extras and groups ask for that are not installed; those by name."""

    lot: Parsed
    absent: tuple[str, ...] = ()


def without_absent(lot: Parsed, environments: Iterable[Installed], shipping: Shipping) -> Present:
    """A manifest's lot, joined with its environments, without the extras and groups of which these hold nothing.

    One is absent where something of it is missing and nothing is there that is not there for another reason: since the
    project requires it, or since it belongs to an extra that is there as a whole. Of one that is there in part what is
    missing stays open; so does what licscan.toml says ships.
    """
    environments = list(environments)
    if not environments or not lot.extras:
        return Present(lot)
    there = {key_of(one) for environment in environments for one in environment.parsed.components}
    names = {one.purl: one.name for one in lot.components}
    scopes = _scopes(lot, names, shipping)
    extras = _unfolded(lot.extras)
    chosen = [one for one in extras if one.needs and (one.is_group or scopes[one.root, one.name] is not Scope.RUNTIME)]
    whole = [one for one in chosen if there.issuperset(one.needs)]
    asked = {need for one in chosen for need in one.needs}
    explained = _explained(lot, asked, {need for one in whole for need in one.needs})
    absent = [one for one in chosen if one not in whole and not ((set(one.needs) & there) - explained)]
    kept = {need for one in extras if one not in absent for need in one.needs}
    gone = {need for one in absent for need in one.needs} - kept - there
    if not gone:
        return Present(lot)
    return Present(_without(lot, gone), tuple(sorted({one.name for one in absent})))


def _unfolded(extras: Iterable[Extra]) -> list[Extra]:
    """Each extra with what those ask for that it includes."""
    extras = list(extras)
    own: dict[str, dict[str, Extra]] = {}
    for one in extras:
        if not one.is_group:
            own.setdefault(one.root, {})[one.name] = one
    found = []
    for one in extras:
        beside = own.get(one.root, {})
        needs = {need for name in _with_included(one.includes, beside) for need in beside[name].needs}
        found.append(replace(one, needs=tuple(sorted(needs.union(one.needs)))))
    return found


def _with_included(names: Iterable[str], own: Mapping[str, Extra]) -> set[str]:
    """Those of a project's own extras that are named, with all that they include."""
    found: set[str] = set()
    open_ = list(names)
    while open_:
        if (name := open_.pop()) in own and name not in found:
            found.add(name)
            open_ += own[name].includes
    return found


def _explained(lot: Parsed, asked: Collection[str], whole: Collection[str]) -> set[str]:
    """The names of what is there since the project requires it, or for extras that are there as a whole."""
    keys = {one.purl: key_of(one) for one in lot.components}
    firm = [
        edge
        for edge in lot.dependencies
        if edge.parent not in lot.roots
        or edge.scope not in _CHOSEN
        or (name := keys.get(edge.child, "")) not in asked
        or name in whole
    ]
    return {keys[purl] for purl in scopes_from_graph(lot.roots, firm) if purl in keys}


_CHOSEN = (Scope.OPTIONAL, Scope.DEV)


def _without(lot: Parsed, gone: Collection[str]) -> Parsed:
    known: dict[str, Component] = {one.purl: one for one in lot.components}

    def stays(edge: Dependency) -> bool:
        child = known.get(edge.child)
        chosen = edge.parent in lot.roots and edge.scope in _CHOSEN
        return not chosen or child is None or key_of(child) not in gone or child.kind is ComponentKind.PROJECT

    edges = tuple(edge for edge in lot.dependencies if stays(edge))
    dropped = {edge.child for edge in lot.dependencies} - scopes_from_graph(lot.roots, edges).keys()
    loose = {edge.child for edge in edges} | set(lot.roots)
    components = tuple(one for one in lot.components if one.purl not in dropped or one.purl in loose)
    return replace(lot, components=components, dependencies=edges)


def absent_sentences(absent: Mapping[tuple[str, str], Collection[str]]) -> Iterator[str]:
    """The sentences that name the extras and groups of a project of which its environment holds nothing."""
    for (project, environment), names in sorted(absent.items()):
        yield _absent(project, sorted(names), environment)


def _absent(project: str, names: list[str], environment: str) -> str:
    message = ngettext(
        "{names} of {project} is not installed in {environment}: what this extra or group requires "
        "is not part of this scan (`extras` of [project] in licscan.toml says which extras ship).",
        "{names} of {project} are not installed in {environment}: what these extras and groups "
        "require is not part of this scan (`extras` of [project] in licscan.toml says which extras "
        "ship).",
        len(names),
    )
    return message.format(names=_(", ").join(names), project=project, environment=environment)
