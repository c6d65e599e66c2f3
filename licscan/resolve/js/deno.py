"""deno.lock, versions 3 to 5: npm and JSR packages, and modules that are imported by their address.

Version 3 wraps its tables in `packages` and writes dependencies as a table; 4 and 5 write them as a list that leaves
out the version where only one is in the lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from licscan.base.errors import InputError
from licscan.base.load import load_json, load_json5
from licscan.base.messages import _
from licscan.base.shape import Shape, table_of
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Scope, Source, SourceKind
from licscan.packages import purls
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.js.manifest import Manifest, Request, integrity_hashes, manifest_of, valid_name
from licscan.resolve.js.npm_entries import condition_of
from licscan.resolve.js.projects import add_manifest, add_request, manifest_if_there
from licscan.resolve.js.requests import report_stale, split_alias
from licscan.resolve.js.sources import clean_url


def parse(tree: Tree, path: str) -> Parsed:
    """Everything in the lock; development dependencies are told by the package.json beside it."""
    lock = table_of(load_json(tree.read_text(path), path), path)
    builder = Builder(path)
    builder.version = lock.text("version")
    _Lock(tree, builder, lock).read()
    return builder.build()


class _Lock:
    """One lock while it is read; packages by `npm:name@version` and `jsr:name@version`, peers included."""

    def __init__(self, tree: Tree, builder: Builder, lock: Shape):
        self.tree = tree
        self.builder = builder
        self.folder = folder_of(builder.path)
        self.lock = lock
        self.tables = lock.table("packages") if "packages" in lock.data else lock
        self.specifiers = _specifiers(self.tables.get("specifiers", dict) or {})
        self.purls: dict[str, str] = {}
        self.versions: dict[str, list[str]] = {}
        self.needed: set[str] = set()

    def read(self) -> None:
        """Packages, edges between them, then what the project and its members ask for."""
        for system in ("npm", "jsr"):
            for key, table in self._tables(system):
                self._package(system, key, table)
        for system in ("npm", "jsr"):
            for key, table in self._tables(system, again=True):
                self._package_edges(system, key, table)
        root = self._projects()
        # what is imported in code by `npm:` or `jsr:`, and by address, stands in no list of dependencies
        for specifier in self.specifiers:
            if specifier not in self.needed:
                self._request(root, specifier, Scope.RUNTIME)
        for address, digest in (self.lock.get("remote", dict) or {}).items():
            self._remote(root, address, digest)

    def _tables(self, system: str, *, again: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
        for key, value in (self.tables.get(system, dict) or {}).items():
            self.builder.seen += 0 if again else 1
            if isinstance(value, dict) and _split(key):
                yield key, value
            elif not again:
                said = _("the entry {place} is not one that deno would write; it was ignored")
                self.builder.problem(said.format(place=repr(key[:200])), code="input-unreadable")

    def _package(self, system: str, key: str, table: dict[str, Any]) -> None:
        name, version = _split(key) or (key, "")
        namespace, _slash, base = name.rpartition("/")
        integrity = table.get("integrity")
        text = integrity if isinstance(integrity, str) else ""
        hashes = integrity_hashes(text) if system == "npm" else _hex_hashes(text)
        tarball = table.get("tarball")
        purl = purls.npm(name, version) if system == "npm" else purls.build(system, namespace or None, base, version)
        url = clean_url(tarball) if isinstance(tarball, str) else None
        source = Source(SourceKind.REGISTRY, url)
        self.purls[f"{system}:{key}"] = self.builder.package(
            purl, name, version, source=source, hashes=hashes, condition=condition_of(table)
        )
        self.versions.setdefault(f"{system}:{name}", []).append(f"{system}:{key}")
        self.builder.understood += 1

    def _package_edges(self, system: str, key: str, table: dict[str, Any]) -> None:
        parent = self.purls[f"{system}:{key}"]
        for section, scope in (("dependencies", Scope.RUNTIME), ("optionalDependencies", Scope.OPTIONAL)):
            for text in _listed(table.get(section)):
                specifier = text if system == "jsr" else f"npm:{_unaliased(text)}"
                self._request(parent, self._full(specifier) if system == "jsr" else specifier, scope)

    def _full(self, specifier: str) -> str:
        """A JSR package's dependency with the range that was left out where the lock has only one."""
        if specifier in self.specifiers or specifier in self.purls:
            return specifier
        return self._ranges.get(specifier, specifier)

    @cached_property
    def _ranges(self) -> dict[str, str]:
        """The first specifier of each `system:name`."""
        found: dict[str, str] = {}
        for specifier in self.specifiers:
            system, _colon, rest = specifier.partition(":")
            name = (_split(rest) or (rest, ""))[0]
            found.setdefault(f"{system}:{name}", specifier)
        return found

    def _request(self, parent: str, specifier: str, scope: Scope) -> None:
        """An edge for `npm:ms@^2` (a specifier), `npm:ms@2.1.3` (a key) or `npm:ms` (the only one of its name)."""
        self.needed.add(specifier)
        target = self.specifiers.get(specifier, specifier)
        only = self.versions.get(target, ())
        child = self.purls.get(target) or (self.purls[only[0]] if len(only) == 1 else None)
        _system, _colon, rest = specifier.partition(":")
        wanted = (_split(rest) or (rest, None))[1]
        if child:
            self.builder.edge(parent, child, scope, wanted)
        elif scope is not Scope.OPTIONAL:
            name = (_split(rest) or (rest, None))[0]
            said = _("{parent} needs {name} {spec}, which is not in the lockfile")
            self.builder.problem(
                said.format(parent=parent, name=name, spec=wanted or "*"), code="dependency-unresolved"
            )

    def _projects(self) -> str:
        """The project and its members, each with what it asks for; the key of the first."""
        workspace = self.lock.table("workspace")
        root = self._project("", workspace)
        for place, table in workspace.entries("members"):
            self._project(place, table)
        return root

    def _project(self, place: str, table: Shape) -> str:
        folder = join(self.folder, place)
        manifest, shown = self._manifests(folder)
        purl = add_manifest(self.builder, shown)
        listed = table.table("packageJson").texts("dependencies")
        scopes = _scopes(manifest)
        for specifier in (*table.texts("dependencies"), *listed):
            # what package.json does not list is asked for by deno.json, for run time
            for scope in sorted(scopes.get(specifier, {Scope.RUNTIME})):
                self._request(purl, specifier, scope)
        if manifest and "packageJson" in table.data:
            unlisted = list(_unlisted(manifest, listed))
            said = _("{name} {spec} is not in the lockfile")
            report_stale(self.builder, manifest.path, sorted(said.format(name=r.name, spec=r.spec) for r in unlisted))
            for request in unlisted:
                add_request(self.builder, purl, request)
        return purl

    def _manifests(self, folder: str) -> tuple[Manifest | None, Manifest]:
        """The package.json of a folder, and what describes the project: that, or deno's own configuration."""
        manifest = manifest_if_there(self.tree, join(folder, "package.json"), self.builder)
        if manifest and manifest.name:
            return manifest, manifest
        for name in ("deno.json", "deno.jsonc"):
            path = join(folder, name)
            if self.tree.exists(path):
                try:
                    return manifest, manifest_of(load_json5(self.tree.read_text(path), path), path)
                except InputError as error:
                    self.builder.problem(error.message, path, "input-unreadable")
        return manifest, manifest or Manifest(join(folder, "package.json"), None, None)

    def _remote(self, root: str, address: str, digest: object) -> None:
        """A module imported by its address: pinned by its hash, of a package that nobody names."""
        self.builder.seen += 1
        url = clean_url(address)
        name = url.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]
        if "://" not in url or not name:
            said = _("the entry {place} is not one that deno would write; it was ignored")
            self.builder.problem(said.format(place=repr(address[:200])), code="input-unreadable")
            return
        self.builder.understood += 1
        purl = self.builder.package(
            purls.build("generic", None, name, download_url=url),
            name,
            None,
            source=Source(SourceKind.URL, url),
            hashes=_hex_hashes(digest if isinstance(digest, str) else ""),
        )
        self.builder.edge(root, purl)


def _specifiers(table: dict[str, Any]) -> dict[str, str]:
    """What each specifier was resolved to, as a key with its system: version 3 writes that, later ones a version."""
    found = {}
    for specifier, target in table.items():
        if not isinstance(target, str):
            continue
        system, _colon, rest = specifier.partition(":")
        name = (_split(rest) or (rest, ""))[0]
        found[specifier] = target if target.startswith(f"{system}:") else f"{system}:{name}@{target}"
    return found


def _split(key: str) -> tuple[str, str] | None:
    """Name and version of `@s/name@1.0.0_peer@2.0.0`, peers left out."""
    name, _at, rest = key[1:].partition("@")
    name = key[:1] + name
    version = rest.partition("_")[0]
    return (name, version) if version and valid_name(name) else None


def _unaliased(text: str) -> str:
    """`alias@npm:name@1.0` as `name@1.0`."""
    return text.partition("@npm:")[2] or text


def _listed(value: object) -> Iterable[str]:
    """Dependencies: a list (4, 5), or a table of names and keys (3)."""
    items = value.values() if isinstance(value, dict) else value
    return [item for item in items if isinstance(item, str)] if isinstance(items, Iterable) else []


def _hex_hashes(text: str) -> tuple[str, ...]:
    return (f"sha256:{text}",) if len(text) == 64 and not set(text) - set("0123456789abcdef") else ()


def _wanted(request: Request) -> str:
    """The specifier that deno makes of a request of package.json."""
    alias, wanted = split_alias(request.spec)
    return f"npm:{alias or request.name}@{wanted.strip() or '*'}"


def _scopes(manifest: Manifest | None) -> dict[str, set[Scope]]:
    """In which sections package.json asks for each specifier; deno installs no peers of the project itself."""
    found: dict[str, set[Scope]] = {}
    for request in manifest.requests if manifest else ():
        if request.scope is not Scope.PEER:
            found.setdefault(_wanted(request), set()).add(request.scope)
    return found


def _unlisted(manifest: Manifest, listed: Iterable[str]) -> Iterator[Request]:
    """What package.json asks for of the registry by a name that the lock does not list."""
    names = {(_split(text.removeprefix("npm:")) or (text, ""))[0] for text in listed}
    for request in manifest.requests:
        alias, wanted = split_alias(request.spec)
        plain = ":" not in wanted and "/" not in wanted
        if request.scope in (Scope.RUNTIME, Scope.DEV) and plain and (alias or request.name) not in names:
            yield request
