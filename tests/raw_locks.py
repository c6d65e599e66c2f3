"""A second, naive reading of real locks, to hold licscan's scopes against: what is reached, and along which edges.

Shares nothing with licscan; a node is whatever key its lock has for it, a label `(name, version)`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml_rs

Label = tuple[str, str | None]
Edges = Callable[[Any], Iterable[tuple[Any, bool]]]
"""The nodes below a node, each with whether the edge is optional."""


def reached(starts: Iterable[tuple[Any, bool]], below: Edges, *, optional: bool) -> set[Any]:
    """All nodes that can be reached, along optional edges only where those are wanted."""
    seen: set[Any] = set()
    stack = [node for node, maybe in starts if optional or not maybe]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack += [child for child, maybe in below(node) if optional or not maybe]
    return seen


class Npm:
    """package-lock.json of version 2 or 3, with node's own way of finding a package."""

    def __init__(self, path: Path):
        self.packages: dict[str, dict[str, Any]] = json.loads(path.read_text())["packages"]
        links = [entry["resolved"] for entry in self.packages.values() if entry.get("link")]
        self.members = [place for place in links if place in self.packages]

    def find(self, place: str, name: str) -> str | None:
        """The nearest node_modules that has the name, from a place upwards; a link leads to its folder."""
        while True:
            candidate = f"{place}/node_modules/{name}".lstrip("/")
            if candidate in self.packages:
                entry = self.packages[candidate]
                return str(entry["resolved"]) if entry.get("link") else candidate
            if not place:
                return None
            place = place.rpartition("/node_modules/")[0] if "/node_modules/" in place else place.rpartition("/")[0]

    def below(self, place: str, dev: bool = False) -> Iterable[tuple[str, bool]]:
        """Production edges (with optional and peer ones), or those for development alone."""
        entry = self.packages[place]
        maybe_peer = {name for name, meta in entry.get("peerDependenciesMeta", {}).items() if meta.get("optional")}
        optional = entry.get("optionalDependencies", {})
        for kind in ("devDependencies",) if dev else ("dependencies", "optionalDependencies", "peerDependencies"):
            for name in entry.get(kind, {}):
                child = self.find(place, name)
                if child is not None:
                    yield child, name in optional or (kind == "peerDependencies" and name in maybe_peer)

    def label(self, place: str) -> Label:
        entry = self.packages[place]
        return (entry.get("name") or place.rpartition("node_modules/")[2], entry.get("version"))

    def production(self, *, optional: bool) -> set[Label]:
        """What an installation without development dependencies has, from every root."""
        starts = [(place, False) for place in ("", *self.members)]
        found = reached(starts, self.below, optional=optional)
        return {self.label(place) for place in found if "node_modules/" in place}

    def every(self) -> set[Label]:
        """All third-party entries."""
        return {
            self.label(place)
            for place, entry in self.packages.items()
            if "node_modules/" in place and not entry.get("link")
        }

    def flagged(self) -> dict[Label, list[set[str]]]:
        """npm's own flags of each place of a package."""
        names = ("dev", "optional", "devOptional", "peer")
        flags: dict[Label, list[set[str]]] = {}
        for place, entry in self.packages.items():
            if "node_modules/" in place and not entry.get("link"):
                flags.setdefault(self.label(place), []).append({name for name in names if entry.get(name)})
        return flags


class Pnpm:
    """pnpm-lock.yaml of version 9: importers and snapshots."""

    def __init__(self, path: Path):
        lock = yaml_rs.loads(path.read_text())
        self.importers: dict[str, Any] = lock["importers"]
        self.packages: dict[str, Any] = lock["packages"]
        self.snapshots: dict[str, Any] = lock["snapshots"]

    def key(self, name: str, version: str) -> str:
        """The snapshot that `name: version` means; an alias has the whole key as its version."""
        return version if version in self.snapshots else f"{name}@{version}"

    def below(self, key: str) -> Iterable[tuple[str, bool]]:
        entry = self.snapshots[key]
        for kind in ("dependencies", "optionalDependencies"):
            for name, version in entry.get(kind, {}).items():
                yield self.key(name, version), kind == "optionalDependencies"

    def label(self, key: str) -> Label:
        """`name@version(peers)` without the peers; an archive's version stands in its entry."""
        bare = re.sub(r"\(.*", "", key)
        name, _at, version = bare[1:].partition("@")
        return (bare[0] + name, self.packages[bare].get("version") or version)

    def production(self, *, optional: bool) -> set[Label]:
        """What an installation without development dependencies has."""
        starts = [
            (self.key(name, entry["version"]), kind == "optionalDependencies")
            for importer in self.importers.values()
            for kind in ("dependencies", "optionalDependencies")
            for name, entry in importer.get(kind, {}).items()
        ]
        return {self.label(key) for key in reached(starts, self.below, optional=optional)}

    def every(self) -> set[Label]:
        """All packages."""
        return {self.label(key) for key in self.snapshots}


class Berry:
    """yarn.lock of yarn berry; what is for development stands in the manifests alone."""

    def __init__(self, path: Path):
        lock = yaml_rs.loads(path.read_text())
        lock.pop("__metadata")
        self.folder = path.parent
        self.entries: dict[str, dict[str, Any]] = {entry["resolution"]: entry for entry in lock.values()}
        self.by_descriptor = {wanted: entry["resolution"] for key, entry in lock.items() for wanted in key.split(", ")}
        self.by_name: dict[str, list[str]] = {}
        for resolution in self.entries:
            self.by_name.setdefault(self.label(resolution)[0], []).append(resolution)

    def find(self, name: str, wanted: str) -> list[str]:
        """The resolution of a descriptor; several where a `resolutions` field or a builtin patch rewrote it."""
        for descriptor in (f"{name}@{wanted}", f"{name}@npm:{wanted}"):
            if descriptor in self.by_descriptor:
                return [self.by_descriptor[descriptor]]
        return self.by_name.get(name, [])

    def below(self, resolution: str) -> Iterable[tuple[str, bool]]:
        entry = self.entries[resolution]
        meta = entry.get("dependenciesMeta", {})
        for name, wanted in entry.get("dependencies", {}).items():
            for child in self.find(name, wanted):
                yield child, bool(meta.get(name, {}).get("optional"))

    def label(self, resolution: str) -> Label:
        entry = self.entries[resolution]
        return (resolution[0] + resolution[1:].partition("@")[0], str(entry["version"]))

    def production(self, *, optional: bool) -> set[Label]:
        """What the manifests of all workspaces ask for outside development, without peers."""
        starts = []
        for resolution in self.entries:
            if "@workspace:" in resolution:
                folder = self.folder / resolution.partition("@workspace:")[2]
                manifest = json.loads((folder / "package.json").read_text())
                for kind in ("dependencies", "optionalDependencies"):
                    for name, wanted in manifest.get(kind, {}).items():
                        starts += [(child, kind == "optionalDependencies") for child in self.find(name, wanted)]
        found = reached(starts, self.below, optional=optional)
        return {self.label(resolution) for resolution in found if "@workspace:" not in resolution}

    def peers_of(self, wanted: set[Label]) -> set[str]:
        """The names that these packages have as peers."""
        return {
            name
            for resolution, entry in self.entries.items()
            if self.label(resolution) in wanted
            for name in entry.get("peerDependencies", {})
        }

    def every(self) -> set[Label]:
        """All third-party packages."""
        return {self.label(resolution) for resolution in self.entries if "@workspace:" not in resolution}


def poetry_groups(path: Path) -> dict[Label, tuple[set[str], bool]]:
    """The groups of each package of a poetry.lock 2.1, and whether only an extra asks for it."""
    lock = tomllib.loads(path.read_text())
    return {
        (package["name"], package["version"]): (set(package["groups"]), package["optional"])
        for package in lock["package"]
    }


def uv_closure(path: Path) -> tuple[set[Label], set[Label], set[Label]]:
    """All packages of a uv.lock, those that the root needs without extras and groups, and those with all extras."""
    packages: list[dict[str, Any]] = tomllib.loads(path.read_text())["package"]
    root = next(p for p in packages if p["source"].get("editable") == "." or p["source"].get("virtual") == ".")

    def follow(starts: list[dict[str, Any]]) -> set[Label]:
        seen: set[tuple[str, str | None, str]] = set()
        stack = [(need, extra) for need in starts for extra in ("", *need.get("extra", ()))]
        while stack:
            need, extra = stack.pop()
            for package in packages:
                version = need.get("version", package.get("version"))
                key = (package["name"], package.get("version"), extra)
                if package["name"] != need["name"] or version != package.get("version") or key in seen:
                    continue
                seen.add(key)
                table = package.get("optional-dependencies", {}).get(extra, ()) if extra else ()
                for child in table or (() if extra else package.get("dependencies", ())):
                    stack += [(child, wanted) for wanted in ("", *child.get("extra", ()))]
        return {(name, version) for name, version, _extra in seen}

    plain = root.get("dependencies", [])
    extras = [need for table in root.get("optional-dependencies", {}).values() for need in table]
    every = {(p["name"], p.get("version")) for p in packages if p is not root}
    return every, follow(plain), follow([*plain, *extras])
