"""Which entries a project asks for itself, told only by the flags of the lock and by who requires whom."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from licscan.base.errors import LicscanError
from licscan.base.tree import Tree, join
from licscan.clients.npm import parse_npmrc
from licscan.model import Scope
from licscan.resolve.js.npm_entries import Entry, holder_of

_RANKS = range(3)


def direct_by_flags(entries: Mapping[str, Entry], children: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Scope]]:
    """The top-level entries that no other entry accounts for, with the scope that their flags give them.

    An entry without flags is needed at run time, so a development package that requires it does not account for it.
    In a circle that nothing else reaches the first one, in file order, stands for all. Linear.
    """
    ranks = {place: entry.rank for place, entry in entries.items()}
    accounted = {
        child
        for parent, found in children.items()
        for child in found
        if child != parent and ranks[parent] <= ranks[child]
    }
    reached: set[str] = set()
    for rank in _RANKS:
        level = [place for place in entries if ranks[place] == rank and _direct(entries[place])]
        for place in [p for p in level if p not in accounted]:
            yield place, _scope(entries[place])
            _reach(place, children, ranks, reached)
        for place in level:
            if place not in reached:
                yield place, _scope(entries[place])
                _reach(place, children, ranks, reached)


def _scope(entry: Entry) -> Scope:
    if entry.rank == 1:
        return Scope.PEER if entry.data.get("peer") is True else Scope.OPTIONAL
    return Scope.DEV if entry.rank else Scope.RUNTIME


def _direct(entry: Entry) -> bool:
    return not entry.local and holder_of(entry.place) == "" and entry.data.get("extraneous") is not True


def _reach(start: str, children: Mapping[str, Sequence[str]], ranks: Mapping[str, int], reached: set[str]) -> None:
    """Mark what an entry accounts for, directly or not."""
    queue = deque([start])
    reached.add(start)
    while queue:
        parent = queue.popleft()
        for child in children.get(parent, ()):
            if child not in reached and ranks[parent] <= ranks[child]:
                reached.add(child)
                queue.append(child)


def leaves_peers(tree: Tree, folder: str) -> bool:
    """Whether the project's .npmrc tells npm to leave peers alone, as npm did before version 7."""
    path = join(folder, ".npmrc")
    try:
        said = parse_npmrc(tree.read_text(path)) if tree.exists(path) else {}
    except LicscanError:
        return False
    return said.get("legacy-peer-deps") == "true" or said.get("omit") == "peer"
