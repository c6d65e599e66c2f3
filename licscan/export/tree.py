"""Dependency trees: what a root needs, and why a package is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from licscan.base.messages import _, ngettext
from licscan.base.terms import scope_words
from licscan.export.page import AS_JSON, STYLE_OF, Page, label, page_for
from licscan.export.table import effective_license
from licscan.model import SCOPE_RANK, Dependency, Graph, Scan, Scope, Verdict

if TYPE_CHECKING:
    from rich.console import Console

MOST_PATHS = 20

Labels = Mapping[str, tuple[str, Verdict]]
"""What to say beside each PackageURL: the license, and the verdict that colors it."""

_Path = tuple[str, Any]
"""The last step, and the `_Path` that leads to it or None."""

_MOST_PREFIX = 400
_LEAST_LICENSE = 8

_MARKS = {Verdict.OK: "", Verdict.CANNOT_TELL: "?", Verdict.VIOLATION: "!"}


def labels_of(scan: Scan) -> dict[str, tuple[str, Verdict]]:
    """The concluded license, or the readings that are open, and the verdict of each component."""
    return {
        purl: (effective_license(scan.by_purl[purl]) if purl in scan.by_purl else "", verdict)
        for purl, verdict in scan.verdicts.items()
    }


def render_tree(
    graph: Graph, root: str, console: Console, labels: Labels | None = None, depth: int | None = None
) -> None:
    """Print what the root needs, down to `depth` steps (1: direct dependencies only).

    A subtree that has been shown is `(…)` where it comes again, and `(cycle)` inside itself. So the tree has one line
    for each edge at most.
    """
    page = page_for(console)
    write_tree(graph, root, page, labels or {}, depth)
    page.show(console)


def write_tree(graph: Graph, root: str, page: Page, labels: Labels, depth: int | None) -> None:
    """What the root needs, as `render_tree` prints it."""
    _Tree(graph, page, labels, depth).write(root)


class _Tree:
    """Depth first with a stack of its own: a hostile lock is deeper than Python's."""

    def __init__(self, graph: Graph, page: Page, labels: Labels, depth: int | None):
        self._graph = graph
        self._page = page
        self._labels = labels
        self._depth = depth
        self._bar, self._tee, self._corner = _lines(page)

    def write(self, root: str) -> None:
        self._line("", root, "", "")
        shown = {root}
        above = [root]
        on_path = {root}
        stack = [(edge, "", last, 1) for edge, last in self._edges(root)]
        while stack:
            edge, prefix, last, level = stack.pop()
            on_path.difference_update(above[level:])
            del above[level:]
            again = _("(cycle)") if edge.child in on_path else f"({self._page.more})"
            below = self._edges(edge.child)
            cut = bool(below) and (edge.child in shown or level == self._depth)
            self._line(prefix + (self._corner if last else self._tee), edge.child, _scope(edge), again if cut else "")
            if cut:
                continue
            shown.add(edge.child)
            above.append(edge.child)
            on_path.add(edge.child)
            # the page shortens it anyway; a chain of 100,000 packages must not cost its square
            inner = (prefix + ("   " if last else self._bar))[-_MOST_PREFIX:]
            stack.extend((edge, inner, last, level + 1) for edge, last in below)

    def _edges(self, purl: str) -> list[tuple[Dependency, bool]]:
        """The edges as the stack wants them: the last one first, marked."""
        edges = {(edge.child, edge.scope): edge for edge in self._graph.children.get(purl, ())}
        ordered = sorted(edges.values(), key=lambda edge: (label(self._graph, edge.child), edge.child, edge.scope))
        return [(edge, number == 0) for number, edge in enumerate(reversed(ordered))]

    def _line(self, prefix: str, purl: str, scope: str, note: str) -> None:
        license_, verdict = self._labels.get(purl, ("", Verdict.OK))
        name, behind = label(self._graph, purl), " ".join(filter(None, (_MARKS[verdict], scope, note)))
        # a license may be long; what tells that something is wrong stands behind it, and stays
        room = max(self._page.width - len(prefix) - len(name) - len(behind) - 4, _LEAST_LICENSE)
        told = " ".join(filter(None, (name, license_ and f"[{self._page.cut(license_, room)}]", behind)))
        self._page.tree_line(prefix, told, "" if verdict is Verdict.OK else STYLE_OF[verdict])


def render_why(graph: Graph, purl: str, console: Console) -> None:
    """Print why a package is there: every shortest path from each root, then who needs it directly."""
    page = page_for(console)
    write_why(graph, purl, page)
    page.show(console)


def write_why(graph: Graph, purl: str, page: Page) -> None:
    """The package, every shortest path from each root, then who needs it directly."""
    page.line(label(graph, purl), "bold")
    write_paths(graph, purl, page)
    write_needed_by(graph, purl, page)


def write_paths(graph: Graph, purl: str, page: Page) -> None:
    """Every shortest path from each root along which its scope holds, one a line; at most MOST_PATHS of them."""
    if purl in graph.roots:
        page.line(_("is a root: it is there because it was scanned"), indent=2)
        return
    paths, more = shortest_paths(graph, purl, MOST_PATHS)
    if not paths:
        page.line(_("no component that was read needs it"), indent=2)
    for path in paths:
        page.prose(f" {page.arrow} ".join(page.clean(label(graph, step), 100) for step in path), indent=2, hanging=2)
    if more:
        page.line(_("{more} and other paths of the same length").format(more=page.more), indent=2)


def write_needed_by(graph: Graph, purl: str, page: Page) -> None:
    """The direct parents, with scope and requirement."""
    edges = sorted(graph.parents.get(purl, ()), key=lambda edge: (label(graph, edge.parent), edge.scope))
    if not edges:
        return
    told = ngettext("Needed by {count} component", "Needed by {count} components", len({e.parent for e in edges}))
    page.line(told.format(count=f"{len({e.parent for e in edges}):,}"), indent=2)
    shown = page.some(edges, MOST_PATHS)
    for edge in shown:
        parts = (label(graph, edge.parent), scope_words(edge.scope), edge.requirement or "")
        page.line("  ".join(part for part in parts if part), indent=4)
    page.rest(len(edges) - len(shown), AS_JSON, indent=4)


def shortest_paths(graph: Graph, purl: str, most: int) -> tuple[list[tuple[str, ...]], bool]:
    """All shortest paths from each root, at most `most`, in a stable order; whether there are more.

    Only edges count along which the package has its surest scope (see `Graph.paths_to`): a shorter way through a
    development dependency does not tell why something ships.

    Breadth-first from the package upwards gives each component its distance; then down from each root along falling
    distances only, so that no step is ever taken in vain (the number of paths alone can be exponential).
    """
    rank, distance = _surest(graph, purl)
    found: list[tuple[str, ...]] = []
    for root in graph.roots:
        # a path is its last step and the path before it: copying whole paths would be quadratic in a deep lock
        stack: list[_Path] = [(root, None)] if root in distance and root != purl else []
        while stack:
            path = stack.pop()
            step = path[0]
            if step == purl:
                if len(found) == most:
                    return found, True
                found.append(_unrolled(path))
                continue
            left = distance[step] - 1
            nearer = {
                edge.child
                for edge in graph.children.get(step, ())
                if distance.get(edge.child) == left and SCOPE_RANK[edge.scope] <= rank
            }
            stack.extend((child, path) for child in sorted(nearer, reverse=True))
    return found, False


def _unrolled(path: _Path | None) -> tuple[str, ...]:
    steps = []
    while path is not None:
        step, path = path
        steps.append(step)
    return tuple(reversed(steps))


def _surest(graph: Graph, purl: str) -> tuple[int, dict[str, int]]:
    """The rank of the surest scope in which a root needs the package, and the distances over edges up to it."""
    distance: dict[str, int] = {}
    rank = 0
    for rank in sorted(SCOPE_RANK.values()):
        distance = _distances(graph, purl, rank)
        if any(root in distance and root != purl for root in graph.roots):
            break
    return rank, distance


def _distances(graph: Graph, purl: str, rank: int) -> dict[str, int]:
    distance = {purl: 0}
    layer = [purl]
    while layer:
        above: list[str] = []
        for child in layer:
            for edge in graph.parents.get(child, ()):
                if edge.parent not in distance and SCOPE_RANK[edge.scope] <= rank:
                    distance[edge.parent] = distance[child] + 1
                    above.append(edge.parent)
        layer = above
    return distance


def _scope(edge: Dependency) -> str:
    return "" if edge.scope is Scope.RUNTIME else f"({scope_words(edge.scope)})"


def _lines(page: Page) -> tuple[str, str, str]:
    if page.arrow == "›":
        return "│  ", "├─ ", "└─ "
    return "|  ", "+- ", "`- "
