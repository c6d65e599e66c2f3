"""What the Python locks share: entries, requirements between them, and the walk that follows extras."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from licscan.base.errors import FormatError, LicscanError
from licscan.base.load import load_toml
from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Component, ComponentKind, Location, Scope, Source, SourceKind
from licscan.packages import purls
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.builder import Builder
from licscan.resolve.python.constraint import satisfies

T = TypeVar("T")

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*)", re.DOTALL)
_SCP = re.compile(r"([\w.-]+@[\w.-]+):(?!//)(.+)")
CROWD = 64
"""So many entries of one name no real lock has (forks are a handful)."""
_LOCAL_MANIFESTS = ("pyproject.toml", "setup.cfg", "setup.py")


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement: `key` is the PEP 503 name, `text` how it is written.

    `version` and `origin` (a part of the source's URL) say which of several entries is meant, `constraint` is asked
    where they do not.
    """

    key: str
    extras: tuple[str, ...] = ()
    text: str | None = None
    constraint: str = ""
    marker: str | None = None
    version: str | None = None
    origin: str | None = None


@dataclass(slots=True)
class Locked:
    """One entry of a lock: the PEP 503 name that the lock gives it, its component, what it and its extras need."""

    key: str
    component: Component
    needs: tuple[Need, ...] = ()
    extras: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)


Start: TypeAlias = tuple[str, Need, Scope]
"""A first-party project's own requirement: its PackageURL, what it asks for, in which scope."""


def requirement(text: str) -> Need | None:
    """A PEP 508 requirement taken apart as far as a lock needs it; None where there is no name."""
    found = _REQUIREMENT.match(text)
    if found is None:
        return None
    name, extras, rest = found.groups()
    # a URL may hold a semicolon: there the marker's needs a space before it
    body, _separator, marker = rest.partition(" ;" if rest.startswith("@") else ";")
    return Need(
        key=normalize_pypi_name(name),
        extras=extra_names((extras or "").split(",")),
        text=text.strip(),
        constraint="" if body.startswith("@") else body.strip().strip("()").strip(),
        marker=marker.strip() or None,
    )


def extra_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names of extras in the form in which they compare."""
    return tuple(sorted({normalize_pypi_name(name.strip()) for name in names if name.strip()}))


def by_key(needs: Iterable[Need]) -> dict[str, list[Need]]:
    """Requirements by name."""
    found: dict[str, list[Need]] = {}
    for need in needs:
        found.setdefault(need.key, []).append(need)
    return found


class Linker:
    """The entries of one lock, and the walk from the roots that makes the edges."""

    def __init__(self, builder: Builder):
        self._builder = builder
        self._entries: list[Locked] = []
        self._by_key: dict[str, list[Locked]] = {}
        self._by_version: dict[tuple[str, str | None], list[Locked]] = {}
        self._crowds: set[tuple[str, str | None, Scope]] = set()
        self._reached: set[int] = set()
        self._visited: set[tuple[int, str]] = set()
        self._conditions: dict[str, dict[str, None] | None] = {}
        self.starts: list[Start] = []
        """What the walks began with."""
        self.unmet = False
        """Whether a requirement on the way has no entry."""
        self.open_extras: dict[tuple[str, str], None] = {}
        """Packages (PackageURLs) with an extra that was asked of them and that their entry does not have."""

    def add(self, entry: Locked) -> None:
        """Take in one entry."""
        self._entries.append(entry)
        self._by_key.setdefault(entry.key, []).append(entry)
        self._by_version.setdefault((entry.key, entry.component.version), []).append(entry)

    def reached(self) -> list[Locked]:
        """The entries that the walks so far came to."""
        return [entry for entry in self._entries if id(entry) in self._reached]

    @property
    def names(self) -> Mapping[str, object]:
        """The PEP 503 names of the entries."""
        return self._by_key

    def targets(self, need: Need) -> list[Locked]:
        """The entries that a requirement means: all that it may, where the lock does not say."""
        found = self._by_key.get(need.key, [])
        if len(found) > 1 and need.version is not None:
            found = self._by_version.get((need.key, need.version), found)
        if 1 < len(found) <= CROWD and need.origin is not None:
            found = [e for e in found if need.origin in (e.component.source.url or "")] or found
        if 1 < len(found) <= CROWD and need.constraint:
            found = [e for e in found if satisfies(e.component.version, need.constraint)] or found
        return found

    def _followed(self, need: Need, scope: Scope) -> list[Locked]:
        """The entries to make edges to. A crowd under one name is followed once a scope, or edges would be squared."""
        found = self.targets(need)
        if len(found) <= CROWD:
            return found
        crowd = (need.key, need.version if len(found) < len(self._by_key[need.key]) else None, scope)
        if crowd in self._crowds:
            return []
        self._crowds.add(crowd)
        message = _("{count} entries are named {name}: not every requirement of that name is shown in the paths")
        self._builder.problem(message.format(count=f"{len(found):,}", name=need.key))
        return found

    def link(self, starts: Iterable[Start]) -> None:
        """Walk from the roots, the most certain scope first, and make an edge of each requirement on the way.

        What an extra brings hangs below the package itself; its edge has the best scope in which anybody asks for
        that extra, so that `foo` shipped and `foo[test]` only developed with do not mix. Linear in the requirements.
        """
        by_scope: dict[Scope, list[Start]] = {}
        for start in starts:
            self.starts.append(start)
            by_scope.setdefault(start[2], []).append(start)
        for scope in Scope:
            queue: deque[tuple[Locked, str]] = deque()
            for parent, need, _scope in by_scope.get(scope, ()):
                self._edges(parent, need, scope, scope, queue)
            while queue:
                entry, extra = queue.popleft()
                if (id(entry), extra) in self._visited:
                    continue
                self._visited.add((id(entry), extra))
                self._reached.add(id(entry))
                if extra and extra not in entry.extras:
                    self.open_extras[entry.component.purl, extra] = None
                for need in entry.extras.get(extra, ()) if extra else entry.needs:
                    self._edges(entry.component.purl, need, scope if extra else Scope.RUNTIME, scope, queue)

    def link_without_roots(self, root: str, scopes: Iterable[Scope]) -> None:
        """Where nothing says what was asked for: hang what no other entry needs, and a ring's first, below the root.

        `scopes` are what the lock itself says of each entry, in its order.
        """
        inner: set[int] = set()
        crowds: set[str] = set()
        for need in (need for entry in self._entries for need in entry.needs):
            found = self.targets(need)
            if len(found) > CROWD and need.key in crowds:
                continue
            crowds.add(need.key)
            inner.update(map(id, found))
        pairs = list(zip(self._entries, scopes, strict=True))
        outer = [(e, s) for e, s in pairs if id(e) not in inner and id(e) not in self._reached]
        self.link(self._hanging(root, entry, scope) for entry, scope in outer)
        for entry, scope in pairs:
            if id(entry) not in self._reached:
                self.link([self._hanging(root, entry, scope)])

    @staticmethod
    def _hanging(root: str, entry: Locked, scope: Scope) -> Start:
        return (root, Need(entry.key, version=entry.component.version, origin=entry.component.source.url), scope)

    def _edges(self, parent: str, need: Need, scope: Scope, walk: Scope, queue: deque[tuple[Locked, str]]) -> None:
        self.unmet = self.unmet or need.key not in self._by_key
        for target in self._followed(need, walk):
            purl = target.component.purl
            if purl != parent:
                self._builder.edge(parent, purl, scope, need.text)
                self._note_condition(purl, need.marker)
            queue.append((target, ""))
            queue.extend((target, extra) for extra in need.extras)

    def _note_condition(self, purl: str, marker: str | None) -> None:
        if marker is None or mentions_extra(marker):
            self._conditions[purl] = None
            return
        known = self._conditions.setdefault(purl, {})
        if known is not None:
            known[marker] = None

    def finish(self) -> None:
        """Hand the components to the builder, with the condition under which each is installed."""
        for entry in self._entries:
            component = entry.component
            markers = self._conditions.get(component.purl)
            if markers and component.condition is None:
                component = replace(component, condition=" or ".join(sorted(markers)))
            self._builder.add(component)


def mentions_extra(marker: str) -> bool:
    """Whether a marker asks for an extra or a group, which is no platform."""
    return "extra" in marker or "dependency_groups" in marker


def package(
    builder: Builder,
    name: str,
    version: str | None,
    source: Source,
    *,
    reference: str | None = None,
    line: int | None = None,
    hashes: Iterable[str] = (),
    condition: str | None = None,
) -> Component:
    """A third-party package from a lock; `reference` is the commit of a git source."""
    condition = None if condition and mentions_extra(condition) else condition
    url = source.url
    vcs = f"git+{url}@{reference}" if source.kind is SourceKind.GIT and url and reference else None
    vcs = vcs or (f"git+{url}" if source.kind is SourceKind.GIT and url else None)
    download = url if source.kind is SourceKind.URL else None
    return Component(
        purl=purls.pypi(name, version, vcs_url=vcs, download_url=download),
        name=name,
        version=version,
        ecosystem="pypi",
        resolved=version is not None or source.kind not in (SourceKind.REGISTRY, SourceKind.UNKNOWN),
        source=Source(source.kind, vcs) if vcs else source,
        found_in=(Location(builder.path, line, line),),
        hashes=tuple(sorted(set(hashes))),
        condition=condition or None,
    )


def clean_git_url(url: str) -> str:
    """A git address as a URL without credentials, `git+` and fragments: `git@host:a/b` becomes `ssh://git@host/a/b`."""
    url = url.removeprefix("git+").partition("#")[0]
    scp = _SCP.fullmatch(url)
    return purls.strip_credentials(f"ssh://{scp[1]}/{scp[2]}" if scp else url)


def local_manifest(tree: Tree, lock: str, relative: str) -> str | None:
    """The manifest of a local folder that a lock names (relative to the lock); None where the tree holds none."""
    if relative.startswith("file://"):
        return None
    folder = join(folder_of(lock), relative)
    for name in _LOCAL_MANIFESTS:
        path = join(folder, name)
        if not path.startswith("../") and tree.exists(path):
            return path
    return None


def checked_name(name: str, shape: Shape) -> str:
    """The name of an entry; FormatError for one that no package can have."""
    if not is_name(name):
        raise FormatError(_("{name} is not a package name").format(name=repr(name)), path=shape.file, place=shape.place)
    return name


def is_name(name: str) -> bool:
    """Whether a package can have this name: a letter or digit in it, and nothing that a PackageURL takes apart."""
    return "/" not in name and any(char.isalnum() for char in name)


def each_entry(
    top: Shape, key: str, builder: Builder, make: Callable[[Shape, int | None], T], text: str
) -> Iterator[T]:
    """What `make` gives for each table in the list under a key, with its line; a bad entry is a problem, no end."""
    items = top.get(key, list) or []
    lines = lines_of(text, key)
    for index, item in enumerate(items):
        builder.seen += 1
        try:
            # headers and entries that do not pair up: a lock with inline tables, written by hand
            line = lines[index] if len(lines) == len(items) else None
            made = make(Shape(item, top.file, f"{key}[{index}]"), line)
        except FormatError as error:
            builder.problem(
                _("an entry was not understood: {reason}").format(reason=error), code="entry-not-understood"
            )
            continue
        builder.understood += 1
        yield made


def lines_of(text: str, header: str) -> list[int]:
    """The line of each `[[header]]` in a TOML lock, in order."""
    lines = []
    line, position = 1, 0
    for found in re.finditer(rf"^\[\[{header}\]\]", text, re.MULTILINE):
        line += text.count("\n", position, found.start())
        position = found.start()
        lines.append(line)
    return lines


def first_party(tree: Tree, name: str, version: str | None, manifest: str, builder: Builder) -> Component:
    """A local folder of the project that a lock names as a package; its manifest is answered for.

    The manifest's own name and version are taken where it has them, so that both views are one component.
    """
    builder.cover(manifest)
    if manifest.endswith("pyproject.toml"):
        name, version = _named(tree, manifest, name, version)
    return Component(
        purl=purls.pypi(name, version),
        name=name,
        version=version,
        ecosystem="pypi",
        kind=ComponentKind.PROJECT,
        found_in=(Location(manifest),),
        manifest=manifest,
    )


def _named(tree: Tree, manifest: str, name: str, version: str | None) -> tuple[str, str | None]:
    try:
        top = Shape(load_toml(tree.read_text(manifest), manifest), manifest)
        for table in (top.table("project"), top.table("tool").table("poetry")):
            if (own := table.text("name")) and is_name(own):
                return own, table.text("version")
    except LicscanError:
        return name, version
    return name, version
