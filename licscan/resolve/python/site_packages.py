"""Reads an installed Python environment: the distributions in one site-packages folder, and what they require."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.base.tree import Tree, join
from licscan.model import Dependency, SourceKind
from licscan.packages import purls
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.builder import Builder, Parsed, Wanted
from licscan.resolve.python.conda_meta import add_conda_meta, find_conda_meta
from licscan.resolve.python.dist_info import Dist, read_bounded, read_dist
from licscan.resolve.python.pep508 import parse_requirement
from licscan.resolve.scopes import scopes_from_graph

_EXTRA = re.compile(r"""\bextra\s*==\s*["']([^"']+)["']|["']([^"']+)["']\s*==\s*extra\b""")
_MANIFESTS = ("pyproject.toml", "setup.cfg", "setup.py")


def parse(tree: Tree, path: str) -> Parsed:
    """The distributions of one site-packages (or dist-packages) folder.

    Its roots are the distributions that no other one requires, and one of each circle: what stands above them, the
    manifests say (see `environments`).
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
        """Add every distribution, and link them by what they ask of each other; the tops have no one above them."""
        keys: dict[str, str] = {}
        dists = []
        for dist in self._dists():
            key = self._add(dist)
            keys.setdefault(normalize_pypi_name(dist.name), key)
            dists.append((dist, key))
        wanted = [want for dist, key in dists for want in _wanted(dist, key, keys)]
        members = {key for _dist, key in dists}
        if conda_meta := find_conda_meta(self.tree, self.path):
            names, needs = add_conda_meta(self.builder, self.tree, conda_meta)
            members.update(names.values())
            wanted += [Wanted(need.parent, need.child, need.requirement) for need in needs]
            # what conda installed as a distribution is wanted by whoever wants that
            twins = [(keys.get(normalize_pypi_name(name)), key) for name, key in sorted(names.items())]
            wanted += [Wanted(parent, child) for parent, child in twins if parent]
        edges = asked_for(wanted)
        for edge in edges:
            self.builder.edge(edge.parent, edge.child, edge.scope, edge.requirement)
        parsed = self.builder.build()
        return replace(parsed, roots=tuple(tops(sorted(members), edges)), wanted=tuple(wanted))

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
            self._problem(place, _("contains no metadata with a distribution name"))
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
            return self.builder.project(
                "pypi", dist.name, dist.version, manifest=manifest, root=False, claims=dist.claims
            )
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

    def _problem(self, place: str, message: str) -> None:
        self.builder.problem(message, place, "input-unreadable")


def _wanted(dist: Dist, parent: str, keys: dict[str, str]) -> Iterator[Wanted]:
    """What a distribution requires, as far as it is installed, once for each of its extras that asks for it."""
    for text in dist.requires:
        requirement = parse_requirement(text)
        child = keys.get(normalize_pypi_name(requirement.name)) if requirement else None
        if requirement is None or child is None:
            continue
        extras = tuple(sorted(normalize_pypi_name(extra) for extra in requirement.extras))
        if child == parent and not extras:
            continue
        marker = requirement.marker
        named = sorted({normalize_pypi_name(a or b) for a, b in _EXTRA.findall(marker or "")})
        for extra in named or [""]:
            yield Wanted(parent, child, requirement.text(), extra, extras, None if named else marker)


def asked_for(wanted: Iterable[Wanted]) -> list[Dependency]:
    """The edges of what is asked for: those of no extra, and of the extras that a package of the tree asks for.

    A marker is not evaluated for this machine, since the environment may be another's: what is installed counts.
    """
    by_extra: dict[tuple[str, str], list[Wanted]] = {}
    for want in wanted:
        by_extra.setdefault((want.parent, want.extra), []).append(want)
    queue = [key for key in by_extra if not key[1]]
    known = set(queue)
    edges = []
    while queue:
        for want in by_extra.get(queue.pop(), ()):
            if want.child != want.parent:
                edges.append(Dependency(want.parent, want.child, requirement=want.text))
            more = [key for extra in want.extras if (key := (want.child, extra)) not in known]
            known.update(more)
            queue += more
    return sorted(edges, key=lambda edge: (edge.parent, edge.child, edge.requirement or ""))


def tops(keys: list[str], edges: list[Dependency]) -> list[str]:
    """What the environment was asked for, as far as can be told: all that no other distribution needs.

    The first of each circle is among them: nothing stays unreached.
    """
    needed = {edge.child for edge in edges}
    found = [key for key in keys if key not in needed]
    reached = set(scopes_from_graph(found, edges))
    for key in keys:
        if key not in reached:
            found.append(key)
            reached |= set(scopes_from_graph([key], edges))
    return found
