"""Reads yarn.lock of yarn 2 and later (`__metadata.version` 4 and up), which is YAML.

`checksum` is that of the zip which yarn packs for its own cache, not of the published archive: no hash of a component.
Workspace members are entries; an entry lists dependencies and devDependencies of a member alike, so their scopes are
in its package.json. `resolutions` and `catalog:` replace ranges before they become keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from licscan.base.errors import FormatError
from licscan.base.load import load_yaml
from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Scope, SourceKind
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.js.forced import report_forced
from licscan.resolve.js.manifest import Manifest, Request, source_of, valid_name
from licscan.resolve.js.members import Members, scopes_by_name
from licscan.resolve.js.pnpm_keys import split_at
from licscan.resolve.js.yarn_locators import Locator, condition_of, locator_of, patched_descriptor
from licscan.resolve.js.yarn_settings import Settings
from licscan.resolve.js.yarn_shared import Resolutions, descriptor, report_stale, workspace_folders
from licscan.resolve.js.yarn_v1 import npm_purl

_KEY_LINE = re.compile(r'(?:\? )?"?([^\s"#][^"]*?)"?:?$')
_MAX_PEER_WORK = 200_000


def read(tree: Tree, path: str, text: str) -> Parsed:
    """The lock as a graph. FormatError where it is no YAML or not of the shape."""
    documents = load_yaml(text, path)
    shape = Shape(documents[0] if len(documents) == 1 else documents, path)
    builder = Builder(path)
    builder.version = shape.table("__metadata").text("version")
    reader = _Reader(tree, builder)
    reader.add_packages(shape, key_lines(text))
    reader.add_edges()
    reader.add_peers()
    reader.check()
    return builder.build()


def key_lines(text: str) -> dict[str, int]:
    """The line of each entry's key, counted from 1."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line and line[0] not in " #\r" and (found := _KEY_LINE.match(line.rstrip())):
            lines.setdefault(found[1], number)
    return lines


@dataclass(frozen=True, slots=True)
class _Entry:
    purl: str
    locator: Locator
    resolution: str
    dependencies: dict[str, str]
    optional: frozenset[str]
    peers: dict[str, str]
    optional_peers: frozenset[str]


class _Reader:
    """The entries, on their way into the graph."""

    def __init__(self, tree: Tree, builder: Builder):
        self.tree = tree
        self.builder = builder
        self.folder = folder_of(builder.path)
        self.members = Members(tree, builder)
        self.manifest = self.members.manifest(self.folder)
        self.resolutions = Resolutions(self.manifest)
        self.settings = Settings(tree, self.folder)
        self._entries: list[_Entry] = []
        self._purls: dict[str, str] = {}
        self._loose: dict[str, str] = {}
        self._by_name: dict[str, set[str]] = {}
        self._children: dict[str, dict[str, str]] = {}
        self._parents: dict[str, dict[str, None]] = {}
        self._versions: dict[str, list[str | None]] = {}

    def add_packages(self, shape: Shape, lines: dict[str, int]) -> None:
        """Every entry as a component; members first, since folders may turn out to be theirs."""
        entries = []
        for key, value in shape.data.items():
            if key == "__metadata":
                continue
            self.builder.seen += 1
            try:
                table = Shape(value, shape.file, f"[{str(key)[:200]!r}]")
                resolution = table.need("resolution", str)
                entries.append((str(key), table, resolution, locator_of(resolution, self.folder)))
            except FormatError as error:
                self.builder.problem(_said(error))
        for key, table, resolution, locator in sorted(entries, key=lambda entry: entry[3].member is None):
            try:
                purl = self._add(table, locator, lines.get(key))
                self._index(key, purl)
                if locator.source.kind is SourceKind.REGISTRY:
                    self._versions.setdefault(split_at(key.partition(", ")[0])[0], []).append(table.text("version"))
                self._entries.append(self._extended(_entry(purl, locator, resolution, table), table.text("version")))
            except FormatError as error:
                self.builder.problem(_said(error))
                continue
            self.builder.understood += 1

    def _add(self, table: Shape, locator: Locator, line: int | None) -> str:
        if not valid_name(locator.name):
            raise FormatError(_("has no name"), path=table.file, place=table.place)
        version = table.text("version")
        if locator.member is not None:
            return self.members.add(locator.member, locator.name)
        if locator.folder is not None:
            version = None if version == "0.0.0-use.local" else version
            answered = not locator.reference.startswith("link:")
            return self.members.local(locator.folder, locator.name, version, line, answered=answered)
        if locator.script:
            said = _("{name} is generated by the script {script}, which licscan does not run: its license is unknown")
            self.builder.problem(said.format(name=locator.name, script=locator.script))
        condition = table.text("conditions")
        return self.builder.package(
            npm_purl(locator.name, version, locator.source),
            locator.name,
            version,
            line=line,
            source=locator.source,
            condition=condition_of(condition) if condition else None,
            resolved=version is not None,
            patches=locator.patches,
        )

    def _extended(self, entry: _Entry, version: str | None) -> _Entry:
        """The entry with what `packageExtensions` add: the lock holds those packages, but not who needs them."""
        for extension in () if entry.locator.member is not None else self.settings.added(entry.locator.name, version):
            own = {**entry.dependencies, **entry.peers}
            dependencies = {name: wanted for name, wanted in extension.dependencies.items() if name not in own}
            peers = {name: wanted for name, wanted in extension.peers.items() if name not in own}
            entry = replace(entry, dependencies={**dependencies, **entry.dependencies}, peers={**peers, **entry.peers})
        return entry

    def _index(self, key: str, purl: str) -> None:
        """Make the package known by each of its descriptors, and less certainly by what they are made of."""
        for text in key.split(", "):
            name, requirement = split_at(text)
            exact = descriptor(name, requirement or "")
            self._purls[exact] = purl
            self._by_name.setdefault(name, set()).add(purl)
            self._loose.setdefault(exact.partition("::")[0], purl)
            inner = patched_descriptor(text)
            if inner:
                name, requirement = split_at(inner)
                self._loose.setdefault(descriptor(name, requirement or ""), purl)

    def add_edges(self) -> None:
        """What each package and member needs."""
        for entry in self._entries:
            asked = self._asked(entry)
            for name, requirement in entry.dependencies.items():
                child = self._find(entry, name, requirement)
                if child is None:
                    said = _("{parent} needs {name} {reference}, which is not in the lockfile")
                    message = said.format(parent=entry.purl, name=name, reference=requirement)
                    self.builder.problem(message, code="dependency-unresolved")
                    continue
                request = asked.get(name)
                scope = Scope.OPTIONAL if name in entry.optional else Scope.RUNTIME
                if request and request.scope is not Scope.PEER:
                    scope = request.scope
                self.builder.edge(entry.purl, child, scope, request.spec if request else requirement)
                self._children.setdefault(entry.purl, {})[name] = child
                self._parents.setdefault(child, {})[entry.purl] = None

    def _asked(self, entry: _Entry) -> dict[str, Request]:
        """What a member's manifest asks for, by name."""
        manifest = None if entry.locator.member is None else self.members.manifest(entry.locator.member)
        return scopes_by_name(manifest) if manifest else {}

    def _find(self, entry: _Entry, name: str, requirement: str) -> str | None:
        for text in self._choices(entry, name, requirement):
            exact = descriptor(name, text)
            found = self._purls.get(exact)
            if not found and ":" in text:
                found = self._purls.get(f"{exact}::locator={_escaped(entry.resolution)}")
            found = found or self._loose.get(exact)
            if found:
                return found
        # a resolution may be written in another way than its key (a patch with or without escapes)
        same_name = self._by_name.get(name, set()) if name in self.resolutions.names else set()
        return next(iter(same_name)) if len(same_name) == 1 else None

    def _choices(self, entry: _Entry, name: str, requirement: str) -> Iterator[str]:
        """The ranges that may stand in the lock for a requirement, the likeliest first."""
        yield from self.resolutions.below(entry.locator.name, name, requirement)
        yield requirement
        if requirement.startswith("catalog:"):
            listed = self.settings.catalogs.get(requirement.removeprefix("catalog:") or "default", {}).get(name)
            if listed:
                yield listed
        yield from self.resolutions.everywhere(name, requirement)

    def add_peers(self) -> None:
        """Peers are answered by whoever requires the package: an edge where all those give the same answer."""
        for entry in self._entries:
            parents = self._parents.get(entry.purl, {})
            if not entry.peers or len(entry.peers) * len(parents) > _MAX_PEER_WORK:
                continue
            for name, requirement in entry.peers.items():
                answers = {self._children.get(parent, {}).get(name) for parent in parents} - {None, entry.purl}
                if len(answers) == 1:
                    scope = Scope.OPTIONAL if name in entry.optional_peers else Scope.PEER
                    self.builder.edge(entry.purl, str(answers.pop()), scope, requirement)

    def check(self) -> None:
        """Problems for members whose manifest asks for something else, and for members that the lock lacks."""
        for entry in self._entries:
            folder = entry.locator.member
            manifest = None if folder is None else self.members.manifest(folder)
            if manifest and folder is not None:
                report_stale(self.builder, self.members, folder, _differences(manifest, entry))
        for folder in workspace_folders(self.tree, self.folder, self.manifest):
            if folder not in self.members.purls and not self.tree.exists(join(folder, "yarn.lock")):
                said = _("is a member of the workspace, but {lock} does not know it")
                path = join(folder, "package.json")
                self.builder.problem(said.format(lock=self.builder.path), path, "lock-out-of-date")
        if self.manifest:
            report_forced(self.builder, self.manifest.path, self.manifest.resolutions, self._versions)


def _entry(purl: str, locator: Locator, resolution: str, table: Shape) -> _Entry:
    return _Entry(
        purl,
        locator,
        resolution,
        _texts(table, "dependencies"),
        frozenset(_optional_in(table, "dependenciesMeta")),
        _texts(table, "peerDependencies"),
        frozenset(_optional_in(table, "peerDependenciesMeta")),
    )


def _texts(table: Shape, key: str) -> dict[str, str]:
    """A table of texts; a number (`1.0`, unquoted) is its text."""
    if key not in table.data:
        return {}
    inner = table.table(key)
    return {str(name): inner.text(name) or "" for name in inner.data}


def _optional_in(table: Shape, key: str) -> Iterator[str]:
    if key in table.data:
        for name, about in table.table(key).data.items():
            if isinstance(about, dict) and about.get("optional") in (True, "true"):
                yield str(name)


def _differences(manifest: Manifest, entry: _Entry) -> Iterator[str]:
    """The names for which manifest and lock have other ranges; `npm:` is implied, paths are written in several ways."""
    asked = scopes_by_name(manifest)
    for name in entry.dependencies:
        if name not in asked:
            yield name
    for name, request in asked.items():
        locked = entry.dependencies.get(name)
        if locked is None:
            # the scope optional may be that of an optional peer
            if request.scope not in (Scope.PEER, Scope.OPTIONAL):
                yield name
        elif request.scope is not Scope.PEER and not _same(locked, request.spec):
            yield name


def _same(locked: str, asked: str) -> bool:
    return _plain(locked) == _plain(asked) or source_of(asked).kind is SourceKind.PATH


def _plain(requirement: str) -> str:
    return " ".join(requirement.removeprefix("npm:").split())


def _escaped(resolution: str) -> str:
    return quote(resolution, safe="!'()*~")


def _said(error: FormatError) -> str:
    """The error without the file, which is the problem's subject."""
    return f"{error.place}: {error.message}" if error.place else error.message
