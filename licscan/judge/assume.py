"""The artefacts of a project about which nobody has told anything: from what its roots need."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import translate
from functools import cache
from typing import Any

from licscan.base.messages import N_, _
from licscan.base.tables import load_toml
from licscan.model import Component, Graph, Scope

DEFAULT_KIND = "server"
_WORDS = {
    "mobile": N_("{roots}: taken as a mobile app, since it needs {signs}."),
    "desktop": N_("{roots}: taken as a desktop app, since it needs {signs}."),
    "web": N_("{roots}: taken as built for the browser, since it needs {signs}."),
    "server": N_("{roots}: taken as a server that customers run themselves (on-premise)."),
}


@cache
def table() -> dict[str, Any]:
    """The table of signs, relationships and content."""
    return load_toml("surfaces.toml")


def deployment_of_kind(kind: str) -> str:
    """The deployment that a kind of root is taken for."""
    return str(table()["kinds"][kind]["deployment"])


def is_named(component: Component, section: dict[str, Any]) -> bool:
    """Whether the component's name is in a section's list for its ecosystem."""
    patterns = section.get(component.ecosystem)
    if not patterns:
        return False
    name = component.name.lower()
    _list, plain, globs = _split.get(id(patterns)) or _split_of(patterns)
    return name in plain or globs.match(name) is not None


_split: dict[int, tuple[list[str], frozenset[str], re.Pattern[str]]] = {}
"""The names and the globs of a list of the table; the list is held too, so that its id stays its own."""


def _split_of(patterns: list[str]) -> tuple[list[str], frozenset[str], re.Pattern[str]]:
    globs = "|".join(translate(pattern) for pattern in patterns if "*" in pattern)
    # without any, what matches nothing
    _split[id(patterns)] = patterns, frozenset(patterns), re.compile(globs or r"(?!)")
    return _split[id(patterns)]


def kinds_of_roots(graph: Graph) -> dict[str, str]:
    """The kind of each root: by the signs among its direct needs, else that of the root that it belongs to.

    That is a root that needs it, else the root of the same ecosystem in the nearest folder above.
    """
    found = {root: kind for root in graph.roots if root in graph.by_purl and (kind := _kind(graph, root))}
    _hand_down(graph, found)
    homes = {(graph.by_purl[root].ecosystem, folder_of(graph.by_purl[root])): found[root] for root in sorted(found)}
    for root in sorted(set(graph.roots) - found.keys()):
        if root in graph.by_purl and (kind := _kind_above(graph.by_purl[root], homes)):
            found[root] = kind
    _hand_down(graph, found)
    return {root: found.get(root, DEFAULT_KIND) for root in graph.roots}


def _hand_down(graph: Graph, found: dict[str, str]) -> None:
    """Give the kind of each root to the roots that it needs, and so on, where they have none of their own."""
    roots = set(graph.roots)
    queue = deque(sorted(found))
    while queue:
        root = queue.popleft()
        for edge in graph.children.get(root, ()):
            if edge.child in roots and edge.child not in found:
                found[edge.child] = found[root]
                queue.append(edge.child)


def _kind_above(component: Component, homes: Mapping[tuple[str, str], str]) -> str:
    folder = folder_of(component)
    while folder:
        folder = folder.rpartition("/")[0]
        if (component.ecosystem, folder) in homes:
            return homes[component.ecosystem, folder]
    return ""


def assumption_sentences(graph: Graph, kind: str, roots: Iterable[str]) -> Iterator[str]:
    """The sentences that say what was assumed of the roots of one kind, and what may be wrong with it."""
    roots = tuple(roots)
    signs = sorted({c.name for root in roots for c in _signs(graph, root, table()["kinds"][kind])})
    names = _(", ").join(_name(graph, root) for root in roots)
    yield _(_WORDS[kind]).format(roots=names, signs=_(", ").join(signs[:3]))
    for root in roots:
        if tools := bundlers_of(graph, root):
            said = _("{root} is built with {tool}: its development dependencies are taken as not shipped.")
            yield said.format(root=_name(graph, root), tool=tools[0])


def bundlers_of(graph: Graph, root: str) -> list[str]:
    """The names of the bundlers that a root needs, sorted."""
    return sorted({component.name for component in _signs(graph, root, table()["bundlers"])})


def is_tool(component: Component) -> bool:
    """Whether it is known to build or to describe programs, and not to be a part of one."""
    rows = table()
    return any(is_named(component, rows[section]) for section in ("bundlers", "tools", "types"))


def _kind(graph: Graph, root: str) -> str:
    """The first kind that has a sign; a server that builds its page with what it lists for development is a server."""
    rows = table()["kinds"]
    found = next((kind for kind, row in rows.items() if any(_signs(graph, root, row))), "")
    if found == "web" and any(_signs(graph, root, rows[DEFAULT_KIND], runtime=True)):
        return found if any(_signs(graph, root, rows[found], runtime=True)) else DEFAULT_KIND
    return found


def _signs(graph: Graph, root: str, section: dict[str, Any], *, runtime: bool = False) -> Iterator[Component]:
    """What a root needs itself, or needs when it runs, that is named in a section."""
    for edge in graph.children.get(root, ()):
        child = graph.by_purl.get(edge.child)
        if child is not None and is_named(child, section) and (not runtime or edge.scope is Scope.RUNTIME):
            yield child


def folder_of(component: Component) -> str:
    """The folder of a root's manifest, empty for the top."""
    return (component.manifest or "").rpartition("/")[0]


def _name(graph: Graph, root: str) -> str:
    """The root's name, with its folder where others of that name stand elsewhere."""
    component = graph.by_purl.get(root)
    if component is None:
        return root
    same = [one for one in graph.roots if one in graph.by_purl and graph.by_purl[one].name == component.name]
    return component.name if len(same) == 1 else f"{component.name} ({folder_of(component) or '.'})"
