"""Reads an installed Python environment: the distributions in one site-packages folder, and what they require."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.base.tree import Tree, join
from licscan.model import Component, ComponentKind, Dependency, Location, Scope, SourceKind
from licscan.packages import purls
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python.conda_meta import add_conda_meta, find_conda_meta
from licscan.resolve.python.dist_info import Dist, read_bounded, read_dist
from licscan.resolve.python.pep508 import parse_requirement
from licscan.resolve.scopes import scopes_from_graph

_EXTRA = re.compile(r"\bextra\b")
_MANIFESTS = ("pyproject.toml", "setup.cfg", "setup.py")


def parse(tree: Tree, path: str) -> Parsed:
    """The distributions of one site-packages (or dist-packages) folder.

    The root is the environment itself: it needs every distribution that no other one requires, and one of each circle.
    """
    if not tree.folder_exists(path):
        raise InputError(_("is not a folder"), path=path)
    return _Site(Builder(path), tree, path).parse()


class _Site:
    """One folder on its way into the builder."""

    def __init__(self, builder: Builder, tree: Tree, path: str):
        self.builder = builder
        self.tree = tree
        self.path = path
        self.full = str(tree.path(path))

    def parse(self) -> Parsed:
        """Add every distribution, link them, and put the environment above them."""
        keys: dict[str, str] = {}
        dists = []
        for dist in self._dists():
            key = self._add(dist)
            keys.setdefault(normalize_pypi_name(dist.name), key)
            dists.append((dist, key))
        edges = [edge for dist, key in dists for edge in _edges(dist, key, keys)]
        members = {key for _dist, key in dists}
        if conda_meta := find_conda_meta(self.tree, self.path):
            conda_keys, conda_edges = add_conda_meta(self.builder, self.tree, conda_meta)
            members.update(conda_keys)
            edges += conda_edges
        root = self._environment()
        edges += [Dependency(root, key) for key in _tops(sorted(members), edges)]
        for edge in edges:
            self.builder.edge(edge.parent, edge.child, edge.scope, edge.requirement)
        parsed = self.builder.build()
        return replace(parsed, roots=(root, *parsed.roots))

    def _dists(self) -> Iterator[Dist]:
        try:
            names = sorted(os.listdir(self.full))
        except OSError as error:
            raise InputError(_("cannot be listed: {reason}").format(reason=error.strerror), path=self.path) from error
        for name in names:
            if name.endswith((".dist-info", ".egg-info", ".egg")) and not name.startswith("~"):
                dist = self._dist(name)
                if dist is not None:
                    yield dist
            elif name.endswith(".egg-link"):
                yield from self._egg_link(name)

    def _dist(self, name: str) -> Dist | None:
        """One metadata folder; an `.egg` keeps it in `EGG-INFO`."""
        inner = f"{name}/EGG-INFO" if name.endswith(".egg") else name
        place = join(self.path, inner)
        self.builder.seen += 1
        try:
            if not self._inside(place):
                raise InputError(_("is a link that points outside the scanned folder"))
            dist = read_dist(os.path.join(self.full, inner), place)
        except (OSError, InputError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self._problem(place, _("cannot be read: {reason}").format(reason=reason))
            return None
        if dist is None:
            self._problem(place, _("holds no metadata with the name of a distribution"))
            return None
        self.builder.understood += 1
        return dist

    def _inside(self, place: str) -> bool:
        """Whether a metadata folder is no way out of the root: only links can be one."""
        full = os.path.join(self.tree.root, place)
        return not os.path.islink(full) or self.tree.folder_exists(place) or self.tree.exists(place)

    def _egg_link(self, name: str) -> Iterator[Dist]:
        """An old editable installation: the file names the folder that holds the egg-info."""
        self.builder.seen += 1
        try:
            target = read_bounded(os.path.join(self.full, name), 65_536).decode("utf-8", "replace").splitlines()[0]
            folder = self._first_party(target.strip())
            egg_infos = [] if folder is None else [e for e in self.tree.names(folder) if e.endswith(".egg-info")]
            dist = read_dist(str(self.tree.path(join(folder or "", egg_infos[0]))), join(folder or "", egg_infos[0]))
        except (OSError, IndexError, InputError):
            dist = None
        if dist is None:
            self._problem(join(self.path, name), _("leads to no distribution inside the scanned folder"))
            return
        self.builder.understood += 1
        yield Dist(dist.name, dist.version, dist.place, dist.claims, dist.requires, editable=target.strip())

    def _first_party(self, folder: str) -> str | None:
        """An absolute folder as a path in the scanned project, None where it is outside."""
        real, root = os.path.realpath(folder), os.path.realpath(self.tree.root)
        inside = real == root or real.startswith(root.rstrip(os.sep) + os.sep)
        if not inside:
            return None
        relative = os.path.relpath(real, root).replace(os.sep, "/")
        return "" if relative == "." else relative

    def _add(self, dist: Dist) -> str:
        folder = self._first_party(dist.editable) if dist.editable else None
        if folder is not None:
            own = next((join(folder, m) for m in _MANIFESTS if self.tree.exists(join(folder, m))), None)
            manifest = own or join(folder, "setup.py")
            return self.builder.project("pypi", dist.name, dist.version, manifest=manifest, claims=dist.claims)
        source = dist.source
        vcs = source.url if source.kind is SourceKind.GIT else None
        download = source.url if source.kind is SourceKind.URL else None
        return self.builder.package(
            purls.pypi(dist.name, dist.version, vcs_url=vcs, download_url=download),
            dist.name,
            dist.version,
            source=source,
            claims=dist.claims,
            installed_at=(dist.place,),
        )

    def _environment(self) -> str:
        return self.builder.add(
            Component(
                purl=purls.build("generic", None, "environment", None, subpath=self.path or None),
                name=self.path or "environment",
                version=None,
                ecosystem="pypi",
                kind=ComponentKind.PROJECT,
                found_in=(Location(self.path),),
                manifest=self.path,
            )
        )

    def _problem(self, place: str, message: str) -> None:
        self.builder.problem(message, place, "input-unreadable")


def _edges(dist: Dist, parent: str, keys: dict[str, str]) -> Iterator[Dependency]:
    """What a distribution requires, as far as it is installed.

    An extra's requirements are optional: nothing tells which extras were asked for. A marker is not evaluated for this
    machine, since the environment may be another's: what is installed counts.
    """
    for text in dist.requires:
        requirement = parse_requirement(text)
        child = keys.get(normalize_pypi_name(requirement.name)) if requirement else None
        if requirement is None or child is None or child == parent:
            continue
        optional = requirement.marker is not None and _EXTRA.search(requirement.marker)
        yield Dependency(parent, child, Scope.OPTIONAL if optional else Scope.RUNTIME, requirement.text())


def _tops(keys: list[str], edges: list[Dependency]) -> list[str]:
    """What the environment was asked for, as far as can be told: all that no other distribution needs.

    What is only some extra's is among them, and so is the first of each circle: nothing stays unreached.
    """
    needed = {edge.child for edge in edges if edge.scope is Scope.RUNTIME}
    tops = [key for key in keys if key not in needed]
    reached = set(scopes_from_graph(tops, edges))
    for key in keys:
        if key not in reached:
            tops.append(key)
            reached |= set(scopes_from_graph([key], edges))
    return tops
