"""Components, what depends on what, and the files that say so."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from licscan.model.terms import SCOPE_RANK, ComponentKind, EvidenceKind, Origin, Scope, SourceKind

UNSHIPPED = frozenset({Scope.DEV, Scope.BUILD})
"""Scopes of what is only needed to make the product."""
_RANKS = tuple(sorted(SCOPE_RANK.values()))


def ships(scopes: Collection[Scope]) -> bool:
    """Whether what is needed in these scopes must be taken as shipped; what has none must."""
    return not scopes or not UNSHIPPED.issuperset(scopes)


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A file (relative to the project, `/` between folders) and, where known, its lines (from 1)."""

    path: str
    start_line: int | None = None
    end_line: int | None = None

    def __str__(self) -> str:
        return self.path if self.start_line is None else f"{self.path}:{self.start_line}"


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where a component's bytes come from; `url` has no credentials in it (see `purls.strip_credentials`)."""

    kind: SourceKind = SourceKind.UNKNOWN
    url: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """One license statement in metadata, verbatim.

    `field` is the name of the metadata field (`License-Expression`, `License`, `Classifier`, `license`, `licenses`).
    `raw` is its text; a value that is not a string (npm's objects and arrays) is compact JSON and `structured`.
    """

    kind: EvidenceKind
    field: str
    raw: str
    origin: Origin
    location: Location
    structured: bool = False


@dataclass(frozen=True, slots=True)
class Component:
    """A package or a first-party project in the graph.

    `purl` is the identity. `name` is the name as its ecosystem writes it (`@scope/name`). `resolved` is False when
    only a requirement is known, not a version. `condition` says on which platforms it is installed (a PEP 508 marker,
    or `os=darwin cpu=arm64`). `installed_at` are folders that hold its files (relative to the project where inside it,
    else absolute). `hashes` are `algorithm:hex`. `patches` are files applied on top of the published package.
    `manifest` is the manifest of a first-party project. `embedded` says of what stands inside another package whether
    it is there (`present`) or only named by a list of its vendor (`not-seen`); `copied` where its code stands among the
    project's own files; empty for packages of their own.
    `changed` are its installed files that differ from what was published. `content` says of fonts, pictures, sounds or
    models among the project's own files which kind they are (a value of `MediaKind`); empty for packages.
    """

    purl: str
    name: str
    version: str | None
    ecosystem: str
    kind: ComponentKind = ComponentKind.PACKAGE
    resolved: bool = True
    source: Source = Source()
    scopes: tuple[Scope, ...] = ()
    found_in: tuple[Location, ...] = ()
    claims: tuple[Claim, ...] = ()
    hashes: tuple[str, ...] = ()
    condition: str | None = None
    patches: tuple[str, ...] = ()
    installed_at: tuple[str, ...] = ()
    manifest: str | None = None
    embedded: str = ""
    changed: tuple[str, ...] = ()
    content: str = ""

    @property
    def is_copied(self) -> bool:
        """Whether it is there by the likeness of its code alone: nobody has named it."""
        return self.embedded == "copied"

    @property
    def is_first_party(self) -> bool:
        """Whether it is a project of ours: a root or a workspace member."""
        return self.kind is ComponentKind.PROJECT

    @property
    def is_shipped(self) -> bool:
        """Whether it must be taken as shipped: only what nothing but development and the build need is not."""
        return ships(self.scopes)


@dataclass(frozen=True, slots=True, order=True)
class Dependency:
    """One edge of the graph: `parent` and `child` are PackageURLs, `requirement` is the text in the manifest."""

    parent: str
    child: str
    scope: Scope = Scope.RUNTIME
    requirement: str | None = None


SBOM_FORMATS = frozenset({"CycloneDX", "SPDX"})
"""The formats of inputs that say what somebody else has found, and were not resolved."""

NOT_ASKED = "not-asked"
"""The code of a problem that says why no registry was asked about a package; it gives rise to no finding alone."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What could not be done, as a value that reaches the report.

    `stage` is `resolve`, `locate`, `conclude`, `judge` or `store`; `subject` a file or a PackageURL; `code` the
    finding that it gives rise to, if any (`lock-out-of-date`, `dependency-unresolved`, `artifact-mismatch`,
    `input-unreadable`); None: worth knowing, no more; so is `NOT_ASKED`.
    """

    stage: str
    subject: str
    message: str
    code: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class InputFile:
    """One manifest, lockfile or installed tree that was read, and how completely.

    `format` is a key of `resolve.formats.FORMATS`, or one of `SBOM_FORMATS`. `seen` counts the package entries in the
    file, `understood` those that became components: anything less than equal is also a problem.
    """

    path: str
    format: str
    version: str | None = None
    seen: int = 0
    understood: int = 0
    sha256: str | None = None

    @property
    def is_sbom(self) -> bool:
        """Whether it is the SBOM of a part."""
        return self.format in SBOM_FORMATS


@dataclass(frozen=True)
class Graph:
    """Roots, components and dependencies, each sorted; roots are PackageURLs of components."""

    roots: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()
    dependencies: tuple[Dependency, ...] = ()

    @cached_property
    def by_purl(self) -> dict[str, Component]:
        """Every component by its PackageURL."""
        return {component.purl: component for component in self.components}

    def with_more(self, components: Iterable[Component], dependencies: Iterable[Dependency]) -> Graph:
        """The graph with more components (one that is there already is replaced) and edges, each once, sorted."""
        every = {**self.by_purl, **{one.purl: one for one in components}}
        edges = dict.fromkeys((*self.dependencies, *dependencies))
        return Graph(
            self.roots,
            tuple(every[purl] for purl in sorted(every)),
            tuple(sorted(edges, key=_edge_order)),
        )

    @cached_property
    def children(self) -> dict[str, tuple[Dependency, ...]]:
        """The outgoing edges of each component."""
        return _grouped(self.dependencies, "parent")

    @cached_property
    def parents(self) -> dict[str, tuple[Dependency, ...]]:
        """The incoming edges of each component."""
        return _grouped(self.dependencies, "child")

    def roots_at(self, folder: str) -> tuple[str, ...]:
        """The roots in whose folder another folder lies, the nearest ones; else those of the top folder."""
        homes = [
            ((one.manifest or "").rpartition("/")[0], root) for root in self.roots if (one := self.by_purl.get(root))
        ]
        around = sorted((home, root) for home, root in homes if not home or f"{folder}/".startswith(f"{home}/"))
        deepest = max((len(home) for home, _root in around), default=0)
        return tuple(root for home, root in around if len(home) == deepest)

    def paths_to(self, purl: str, roots: Iterable[str] | None = None) -> tuple[tuple[str, ...], ...]:
        """One shortest path from each root (of all, or of those given) along which the component's scope holds.

        That is the surest scope in which one of the roots needs it: a path shown for what ships is never one of
        development, though that may be shorter. Roots that need it in a lesser scope only are left out.
        """
        starts = self.roots if roots is None else tuple(roots)
        for rank in _RANKS:
            found = [path for root in starts if (path := self._shortest(root, purl, rank))]
            if found:
                return tuple(found)
        return ()

    def _shortest(self, root: str, target: str, rank: int) -> tuple[str, ...]:
        before = self._tree(root, rank)
        if target not in before:
            return ()
        path = [target]
        while (parent := before[path[-1]]) is not None:
            path.append(parent)
        return tuple(reversed(path))

    def _tree(self, root: str, rank: int) -> dict[str, str | None]:
        """The breadth-first tree below a root over edges up to a rank of scopes, as child -> parent; kept."""
        trees: dict[tuple[str, int], dict[str, str | None]] = self._trees
        if (root, rank) not in trees:
            before: dict[str, str | None] = {root: None}
            queue = deque([root])
            while queue:
                parent = queue.popleft()
                for edge in self.children.get(parent, ()):
                    if edge.child not in before and SCOPE_RANK[edge.scope] <= rank:
                        before[edge.child] = parent
                        queue.append(edge.child)
            trees[root, rank] = before
        return trees[root, rank]

    @cached_property
    def _trees(self) -> dict[tuple[str, int], dict[str, str | None]]:
        return {}


def _edge_order(edge: Dependency) -> tuple[str, str, int, str]:
    return (edge.parent, edge.child, SCOPE_RANK[edge.scope], edge.requirement or "")


def _grouped(edges: Iterable[Dependency], end: str) -> dict[str, tuple[Dependency, ...]]:
    groups: dict[str, list[Dependency]] = {}
    for edge in edges:
        groups.setdefault(getattr(edge, end), []).append(edge)
    return {key: tuple(group) for key, group in groups.items()}
