"""bun.lock: JSON with comments and trailing commas; one tuple a package, whose parts depend on where it comes from.

A key is the path of names by which a package is found (`a/b`: b as a finds it), so node's lookup works on keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from licscan.base.load import load_json5
from licscan.base.messages import _
from licscan.base.shape import Shape, table_of
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Scope, Source, SourceKind
from licscan.packages import purls
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.js.forced import report_forced
from licscan.resolve.js.lines import section_lines
from licscan.resolve.js.manifest import Manifest, Request, integrity_hashes, manifest_of, requests_of, valid_name
from licscan.resolve.js.npm_entries import condition_of
from licscan.resolve.js.projects import add_folder, add_manifest, manifest_if_there, report_missing, source_qualifiers
from licscan.resolve.js.requests import combined, differences, report_stale, strongest
from licscan.resolve.js.sources import clean_url, source_of

_LOCAL = ("workspace:", "link:", "root:")
_ARCHIVES = (".tgz", ".tar.gz", ".tar")
_MAX_KEY = 4096


@dataclass(frozen=True, slots=True)
class _Entry:
    """One package: `key` is its path of names, `where` what follows the name in its identity."""

    key: tuple[str, ...]
    name: str
    where: str
    info: dict[str, Any]
    texts: tuple[str, ...]
    line: int | None


def parse(tree: Tree, path: str) -> Parsed:
    """Everything in the lock, with its workspaces as roots."""
    text = tree.read_text(path)
    lock = table_of(load_json5(text, path), path)
    builder = Builder(path)
    builder.version = lock.text("lockfileVersion")
    reader = _Lock(tree, builder, _patches(lock, folder_of(path)))
    reader.read(lock, section_lines(text, "packages"))
    return builder.build()


def _patches(lock: Shape, folder: str) -> dict[str, str]:
    """Patch files by `name@version`."""
    return {key: join(folder, value) for key, value in lock.pairs("patchedDependencies").items()}


def split_key(key: str) -> tuple[str, ...] | None:
    """The names in a key: `a/@s/b` is (`a`, `@s/b`); None where it is no path of names."""
    parts: list[str] = []
    for part in key.split("/"):
        if parts and parts[-1].startswith("@") and "/" not in parts[-1]:
            parts[-1] = f"{parts[-1]}/{part}"
        else:
            parts.append(part)
    return tuple(parts) if len(key) <= _MAX_KEY and all(valid_name(part) for part in parts) else None


class _Lock:
    """One lock while it is read: purls by key, and the projects by the key under which they are linked."""

    def __init__(self, tree: Tree, builder: Builder, patches: dict[str, str]):
        self.tree = tree
        self.builder = builder
        self.folder = folder_of(builder.path)
        self.patches = patches
        self.purls: dict[tuple[str, ...], str] = {}
        self.projects: dict[str, str] = {}

    def read(self, lock: Shape, lines: dict[str, int]) -> None:
        """Projects, then packages, then the edges of both."""
        asked = list(self._workspaces(lock))
        entries = list(self._entries(lock, lines))
        for entry in entries:
            self.purls[entry.key] = self._component(entry)
        self.builder.understood += len(entries)
        if manifest := manifest_if_there(self.tree, join(self.folder, "package.json"), self.builder):
            locked: dict[str, list[str | None]] = {}
            for entry in entries:
                locked.setdefault(entry.key[-1], []).append(entry.where if entry.where[:1].isdigit() else None)
            report_forced(self.builder, manifest.path, (*manifest.overrides, *manifest.resolutions), locked)
        for purl, name, requests in asked:
            self._edges(purl, (name,) if name else (), requests)
        for entry in entries:
            problems: list[str] = []
            found = requests_of(_with_meta(entry.info), problems)
            # of a folder, bun locks and installs what it needs for development too
            asked_for = [r for r in found if r.scope is not Scope.DEV or entry.where.startswith("file:")]
            self._edges(self.purls[entry.key], entry.key, strongest(asked_for))
            for said in problems:
                self.builder.problem(f"{'/'.join(entry.key)}: {said}")

    def _workspaces(self, lock: Shape) -> Iterator[tuple[str, str | None, list[Request]]]:
        """Each project's key for edges, the name under which its own packages are nested, and what it asks for."""
        for place, table in lock.entries("workspaces"):
            path = join(join(self.folder, place), "package.json")
            # the table has no license: bun leaves that in the manifest
            recorded = manifest_of(_with_meta(table.data), path)
            manifest = manifest_if_there(self.tree, path, self.builder)
            if manifest:
                report_stale(self.builder, path, differences(manifest.requests, recorded.requests))
            purl = add_manifest(self.builder, manifest or recorded)
            self.projects[place] = purl
            asked = combined(manifest.requests if manifest else (), recorded.requests)
            yield purl, recorded.name if place else None, asked

    def _entries(self, lock: Shape, lines: dict[str, int]) -> Iterator[_Entry]:
        for key, value in (lock.get("packages", dict) or {}).items():
            self.builder.seen += 1
            entry = _entry(key, value, lines.get(key))
            if entry is None:
                said = _("the entry {place} is not one that bun would write; it was ignored")
                self.builder.problem(said.format(place=repr(str(key)[:200])), code="input-unreadable")
            else:
                yield entry

    def _component(self, entry: _Entry) -> str:
        if entry.where.startswith(_LOCAL) or (entry.where.startswith("file:") and not entry.where.endswith(_ARCHIVES)):
            return self._project(entry)
        source = self._source(entry)
        version = entry.where if source.kind is SourceKind.REGISTRY else None
        patch = self.patches.get(f"{entry.name}@{entry.where}")
        return self.builder.package(
            purls.npm(entry.name, version, **source_qualifiers(source)),
            entry.name,
            version,
            line=entry.line,
            source=source,
            hashes=[found for text in entry.texts for found in integrity_hashes(text)],
            condition=condition_of(entry.info),
            patches=(patch,) if patch else (),
        )

    def _source(self, entry: _Entry) -> Source:
        source = source_of(entry.where)
        if "://" not in entry.where and entry.where.endswith(_ARCHIVES):
            return Source(SourceKind.PATH, join(self.folder, entry.where.removeprefix("file:")))
        if source.kind is SourceKind.REGISTRY and "://" not in entry.where:
            # the second part is the archive's address, or empty for the default registry
            address = entry.texts[0] if entry.texts and "://" in entry.texts[0] else None
            return Source(SourceKind.REGISTRY, clean_url(address) if address else None)
        return Source(SourceKind.URL, clean_url(entry.where)) if source.kind is SourceKind.REGISTRY else source

    def _project(self, entry: _Entry) -> str:
        """A workspace member, or a local folder outside the workspaces."""
        place = join("", entry.where.partition(":")[2])
        if place not in self.projects:
            path = join(join(self.folder, place), "package.json")
            manifest = manifest_if_there(self.tree, path, self.builder)
            recorded = Manifest(path, entry.name, None)
            listed = entry.where.startswith("file:")
            self.projects[place] = add_folder(self.builder, self.tree, manifest, recorded, listed=listed)
        return self.projects[place]

    def _edges(self, parent: str, key: tuple[str, ...], requests: list[Request]) -> None:
        for request in requests:
            child = self._find(key, request.name)
            if child:
                self.builder.edge(parent, child, request.scope, request.spec)
            else:
                report_missing(self.builder, parent, request)

    def _find(self, key: tuple[str, ...], name: str) -> str | None:
        """What a name means below a key: the longest part of the key that has it."""
        for length in range(len(key), -1, -1):
            if found := self.purls.get((*key[:length], name)):
                return found
        return None


def _entry(key: str, value: object, line: int | None) -> _Entry | None:
    path = split_key(key)
    if path is None or len(path) > 200 or not isinstance(value, list) or not value or not isinstance(value[0], str):
        return None
    name, _at, where = value[0][1:].partition("@")
    name = value[0][:1] + name
    if not valid_name(name) or not where:
        return None
    info = next((part for part in value[1:] if isinstance(part, dict)), {})
    return _Entry(path, name, where, info, tuple(part for part in value[1:] if isinstance(part, str)), line)


def _with_meta(table: dict[str, Any]) -> dict[str, Any]:
    """The table with bun's `optionalPeers` as package.json writes them."""
    names = table.get("optionalPeers")
    if not isinstance(names, list):
        return table
    meta = {name: {"optional": True} for name in names if isinstance(name, str)}
    return {**table, "peerDependenciesMeta": meta}
