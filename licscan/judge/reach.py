"""What a set of roots needs, and how surely: the graph walked in time linear to its edges."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from licscan.model import SCOPE_RANK, Graph, Scope

_SCOPES = tuple(sorted(SCOPE_RANK, key=SCOPE_RANK.__getitem__))


def reach(graph: Graph, starts: Iterable[tuple[str, Scope]], barrier: Collection[str] = ()) -> dict[str, Scope]:
    """Every component below the starts (these included) with its surest scope.

    Along a path the scope of the highest rank wins, among paths that of the lowest. What is in `barrier` is reached,
    and nothing behind it. One queue a scope, emptied in order, so that no component is walked twice.
    """
    queues: list[list[str]] = [[] for _scope in _SCOPES]
    for purl, scope in starts:
        queues[SCOPE_RANK[scope]].append(purl)
    found: dict[str, Scope] = {}
    for rank, queue in enumerate(queues):
        while queue:
            purl = queue.pop()
            if purl in found:
                continue
            found[purl] = _SCOPES[rank]
            if purl in barrier:
                continue
            for edge in graph.children.get(purl, ()):
                if edge.child not in found:
                    queues[max(rank, SCOPE_RANK[edge.scope])].append(edge.child)
    return found
