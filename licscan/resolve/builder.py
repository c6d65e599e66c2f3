"""What a parser returns, and the bench on which it is put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from licscan.model import (
    Claim,
    Component,
    ComponentKind,
    Dependency,
    Location,
    Problem,
    Scope,
    Source,
)
from licscan.packages import purls
from licscan.resolve.scopes import scopes_from_graph


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one package of an installed tree asks of another; `extra` is its own extra that does, `extras` the other's.

    `parent` and `child` are PackageURLs, `text` is the requirement behind the name.
    """

    parent: str
    child: str
    text: str | None = None
    extra: str = ""
    extras: tuple[str, ...] = ()
    marker: str | None = None


@dataclass(frozen=True, slots=True)
class Extra:
    """One extra of a project itself, or one group, which no installation of the project takes along.

    `root` is the project's PackageURL, `needs` are names of packages as they compare, `includes` other extras of it.
    """

    root: str
    name: str
    needs: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one file gave.

    `version` is the format's own version as written in the file. `seen` and `understood` count its package entries.
    `covers` are manifests (relative paths) that this file answers for, so that they are not reported as unlocked.
    `wanted` is what the packages of an installed tree ask of each other, extras included, whoever asks for those.
    `bundled` are packages (PackageURLs) with the names of those in their archives that this file does not list.
    `extras` are those of the projects themselves, `open_extras` packages (PackageURLs) with an extra that is asked of
    them and of which this file lists nothing, so that it may need nothing, or not be told. `constraints` are
    requirements that bind what else is installed, without asking for anything (pip's `-c`).
    """

    roots: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    problems: tuple[Problem, ...] = ()
    version: str | None = None
    seen: int = 0
    understood: int = 0
    covers: tuple[str, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    bundled: tuple[tuple[str, tuple[str, ...]], ...] = ()
    extras: tuple[Extra, ...] = ()
    open_extras: tuple[tuple[str, str], ...] = ()
    constraints: tuple[str, ...] = ()


class Builder:
    """Collects components and edges of one file; a component that is added again is merged with itself."""

    def __init__(self, path: str):
        self.path = path
        self.version: str | None = None
        self.seen = 0
        self.understood = 0
        self._roots: dict[str, None] = {}
        self._components: dict[str, list[Component]] = {}
        self._edges: dict[Dependency, None] = {}
        self._problems: dict[Problem, None] = {}
        self._covers: dict[str, None] = {}
        self._bundled: dict[str, dict[str, None]] = {}
        self._extras: dict[tuple[str, str, bool], tuple[set[str], set[str]]] = {}
        self._open_extras: dict[tuple[str, str], None] = {}
        self._constraints: dict[str, None] = {}

    def add(self, component: Component) -> str:
        """Add a component; the key for edges (its PackageURL)."""
        if any(text and "://" in text for text in (component.name, component.version, component.condition)):
            component = _without_credentials(component)
        if any("\0" in place for place in (component.manifest or "", *component.installed_at)):
            # no file can lie there, and no call of the system takes such a path
            component = replace(component, manifest=None, installed_at=())
        self._components.setdefault(component.purl, []).append(component)
        return component.purl

    def package(
        self,
        purl: str,
        name: str,
        version: str | None,
        *,
        line: int | None = None,
        source: Source | None = None,
        claims: Iterable[Claim] = (),
        hashes: Iterable[str] = (),
        condition: str | None = None,
        resolved: bool = True,
        patches: Iterable[str] = (),
        installed_at: Iterable[str] = (),
    ) -> str:
        """Add somebody else's package, found in this file (at `line`); the key for edges."""
        ecosystem = purl[4:].partition("/")[0]
        return self.add(
            Component(
                purl=purl,
                name=name,
                version=version,
                ecosystem=ecosystem,
                resolved=resolved,
                source=source or Source(),
                found_in=(Location(self.path, line, line),),
                claims=tuple(claims),
                hashes=tuple(hashes),
                condition=condition,
                patches=tuple(patches),
                installed_at=tuple(installed_at),
            )
        )

    def project(
        self,
        ecosystem: str,
        name: str | None,
        version: str | None,
        *,
        manifest: str,
        root: bool = True,
        claims: Iterable[Claim] = (),
    ) -> str:
        """Add a first-party project: a root, or a workspace member (which is a root of its own too).

        A project without a name is `pkg:generic/` plus its folder as subpath, so that two nameless ones stay apart.
        """
        folder = manifest.rpartition("/")[0]
        if name:
            make = {"npm": purls.npm, "pypi": purls.pypi}[ecosystem]
            purl = make(name, version)
        else:
            purl = purls.build("generic", None, "project", version, subpath=folder or None)
        self.add(
            Component(
                purl=purl,
                name=name or folder or "project",
                version=version,
                ecosystem=ecosystem,
                kind=ComponentKind.PROJECT,
                found_in=(Location(manifest),),
                claims=tuple(claims),
                manifest=manifest,
            )
        )
        if root:
            self._roots[purl] = None
        return purl

    def is_root(self, purl: str) -> bool:
        """Whether the component was added as a root."""
        return purl in self._roots

    def reached(self) -> set[str]:
        """The components that can be reached from the roots."""
        return set(scopes_from_graph(self._roots, self._edges))

    def edge(self, parent: str, child: str, scope: Scope = Scope.RUNTIME, requirement: str | None = None) -> None:
        """Add a dependency; credentials in the requirement's URL are stripped."""
        if requirement and "://" in requirement:
            requirement = purls.strip_credentials(requirement)
        self._edges[Dependency(parent, child, scope, requirement)] = None

    def children(self, parent: str) -> set[str]:
        """The names of what a component asks for so far."""
        asked = {edge.child for edge in self._edges if edge.parent == parent}
        return {views[0].name for purl, views in self._components.items() if purl in asked}

    def problem(self, message: str, subject: str | None = None, code: str | None = None) -> None:
        """Record what could not be done; the subject is this file unless another is named."""
        told = purls.hide_credentials(message)
        self._problems[Problem("resolve", subject or self.path, told, code)] = None

    def cover(self, manifest: str) -> None:
        """This file answers for that manifest."""
        self._covers[manifest] = None

    def bundle(self, purl: str, names: Iterable[str]) -> None:
        """The archive of that package brings packages of these names along, which this file does not list."""
        if names := list(names):
            self._bundled.setdefault(purl, {}).update(dict.fromkeys(names))

    def add_extra(
        self, root: str, name: str, needs: Iterable[str] = (), includes: Iterable[str] = (), *, is_group: bool = False
    ) -> None:
        """An extra or a group of that project asks for packages of these names, and for other extras of it."""
        known = self._extras.setdefault((root, purls.normalize_pypi_name(name), is_group), (set(), set()))
        known[0].update(purls.normalize_pypi_name(need) for need in needs)
        known[1].update(purls.normalize_pypi_name(one) for one in includes)

    def open_extra(self, purl: str, extra: str) -> None:
        """An extra is asked of a package, and this file lists nothing for it."""
        self._open_extras[purl, extra] = None

    def constrain(self, requirement: str) -> None:
        """A requirement (PEP 508) binds what else is installed."""
        self._constraints[requirement] = None

    def build(self) -> Parsed:
        """Everything, in the order in which it was added (the merge sorts)."""
        return Parsed(
            roots=tuple(self._roots),
            components=tuple(merge_all(views) for views in self._components.values()),
            dependencies=tuple(self._edges),
            problems=tuple(self._problems),
            version=self.version,
            seen=self.seen,
            understood=self.understood,
            covers=tuple(self._covers),
            bundled=tuple((purl, tuple(sorted(names))) for purl, names in self._bundled.items()),
            extras=tuple(
                Extra(root, name, tuple(sorted(needs)), tuple(sorted(includes)), is_group)
                for (root, name, is_group), (needs, includes) in sorted(self._extras.items())
            ),
            open_extras=tuple(sorted(self._open_extras)),
            constraints=tuple(sorted(self._constraints)),
        )


def _without_credentials(component: Component) -> Component:
    """What a hostile or old file writes as an address where a name, a version or a marker belongs."""
    return replace(
        component,
        name=purls.strip_credentials(component.name),
        version=component.version and purls.strip_credentials(component.version),
        condition=component.condition and purls.hide_credentials(component.condition),
    )


def merge_all(views: list[Component]) -> Component:
    """All views of one PackageURL as one; in pairs, so that a package in very many places takes no quadratic time."""
    while len(views) > 1:
        pairs = [merge(views[i], views[i + 1]) for i in range(0, len(views) - 1, 2)]
        views = pairs if len(views) % 2 == 0 else [*pairs, views[-1]]
    return views[0]


def merge(first: Component, second: Component) -> Component:
    """Two views of the same PackageURL as one: sequences united and sorted, single values from whoever has them.

    Commutative and associative, so that the order of files does not show: where both have a single value, the
    smaller text wins. A condition stays only if both have one (one unconditional mention installs it everywhere).
    """
    if first == second:
        return first
    project = ComponentKind.PROJECT in (first.kind, second.kind)
    return replace(
        first,
        kind=ComponentKind.PROJECT if project else ComponentKind.PACKAGE,
        name=min(first.name, second.name),
        resolved=first.resolved or second.resolved,
        source=_source(first, second),
        scopes=_union(first.scopes, second.scopes),
        found_in=tuple(sorted({*first.found_in, *second.found_in}, key=_location_key)),
        claims=tuple(sorted({*first.claims, *second.claims}, key=_claim_key)),
        hashes=_union(first.hashes, second.hashes),
        condition=_either(first.condition, second.condition),
        patches=_union(first.patches, second.patches),
        installed_at=_union(first.installed_at, second.installed_at),
        manifest=min((m for m in (first.manifest, second.manifest) if m), key=_manifest_key, default=None),
    )


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple:  # type: ignore[type-arg]
    return first if first == second else tuple(sorted({*first, *second}))


def _either(first: str | None, second: str | None) -> str | None:
    if first is None or second is None:
        return None
    return first if first == second else " or ".join(sorted({*first.split(" or "), *second.split(" or ")}))


def _source(first: Component, second: Component) -> Source:
    """A first-party project is what stands here, also where a request for its name would ask a registry."""
    if first.kind is second.kind:
        return _known_source(first.source, second.source)
    return first.source if first.kind is ComponentKind.PROJECT else second.source


def _manifest_key(path: str) -> tuple[int, bool, str]:
    """The outermost manifest first; a requirements file names no project of its own."""
    return (path.count("/"), path.endswith((".txt", ".in", ".pip")), path)


def _known_source(first: Source, second: Source) -> Source:
    """The more telling of two sources: one with a known kind, then one with a URL, then the smaller text."""
    return min(first, second, key=lambda s: (s.kind == "unknown", s.url is None, s.kind, s.url or ""))


def _location_key(location: Location) -> tuple[str, int, int]:
    return (location.path, location.start_line or 0, location.end_line or 0)


def _claim_key(claim: Claim) -> tuple[str, str, str, str]:
    return (claim.kind, claim.field, claim.raw, claim.location.path)
