"""Scopes of components, from the edges of the graph."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from licscan.model import SCOPE_RANK, Dependency, Scope


def scopes_from_graph(roots: Iterable[str], edges: Iterable[Dependency]) -> dict[str, tuple[Scope, ...]]:
    """The scopes in which each reachable component is needed, in rank order.

    A path has the scope of its highest-ranking edge (what a dev dependency needs is dev); a component has the scopes of
    all paths from all roots. A root has its own, empty. Linear: each pair of component and scope is visited once.
    """
    outgoing: dict[str, list[Dependency]] = {}
    for edge in edges:
        outgoing.setdefault(edge.parent, []).append(edge)
    start = [(root, Scope.RUNTIME) for root in roots]
    reached: dict[str, set[Scope]] = {root: set() for root, _ in start}
    queue = deque(start)
    visited = set(start)
    while queue:
        parent, scope = queue.popleft()
        for edge in outgoing.get(parent, ()):
            below = scope if SCOPE_RANK[scope] >= SCOPE_RANK[edge.scope] else edge.scope
            reached.setdefault(edge.child, set()).add(below)
            if (edge.child, below) not in visited:
                visited.add((edge.child, below))
                queue.append((edge.child, below))
    return {purl: tuple(sorted(scopes, key=SCOPE_RANK.__getitem__)) for purl, scopes in reached.items()}
