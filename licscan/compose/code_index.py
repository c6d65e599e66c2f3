"""Fills the user's index of code: from what a project has installed and the clients have cached, from the registries,
and from the user's own trees. Nothing of what is read is run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from licscan.base.errors import InputError, RegistryError
from licscan.base.files import read_file
from licscan.base.messages import _
from licscan.base.tree import Tree
from licscan.compose.options import Progress
from licscan.conclude.conclusion import conclude
from licscan.copies.build import version_key
from licscan.copies.prints import language_of
from licscan.copies.segments import MAX_FILE, Segment, make_segment
from licscan.copies.shelf import Shelf
from licscan.locate import CachedLocator, Caches, Trees, locate_installed
from licscan.locate.archive_trees import TgzTree, ZipTree
from licscan.locate.code_feed import holders_of, without_version
from licscan.model import Component, ComponentKind, Origin, PackageFiles
from licscan.packages import purls
from licscan.packages.tree import PackageTree, prepare
from licscan.registry import Registry
from licscan.registry.answers import user_answers
from licscan.resolve.project import resolve_project

MOST_OWN = 50_000
_NEVER = frozenset({".git", "node_modules", "site-packages", "__pycache__", ".venv", "venv", ".tox", "dist", "build"})


def index_project(root: Path, shelf: Shelf, progress: Progress) -> tuple[int, list[str]]:
    """Index what a project's locks name, as far as it is installed or cached; how many, and what could not be read."""
    graph = resolve_project(Tree(root)).graph
    known = shelf.known()
    wanted = [
        one
        for one in graph.components
        if one.kind is ComponentKind.PACKAGE and one.resolved and (without_version(one), one.version or "") not in known
    ]
    caches = Caches(root)
    trees = Trees(caches)
    cached = CachedLocator(caches, user_answers(), [one for one in wanted if not one.installed_at])
    problems: list[str] = []
    count = 0
    batch: list[Segment] = []
    for done, component in enumerate(wanted):
        progress(_("Reading code"), done, len(wanted))
        places = locate_installed(component, root) if component.installed_at else cached.locate(component)
        try:
            segment = _located(component, places, trees)
        except InputError as error:
            problems.append(f"{component.purl}: {error.message}")
            continue
        if segment is not None:
            batch.append(segment)
            count += 1
        if len(batch) == 100:
            shelf.put(batch)
            batch = []
    shelf.put(batch)
    return count, problems


def _located(component: Component, places: Sequence[PackageFiles], trees: Trees) -> Segment | None:
    for place in places:
        tree = trees.tree(component, place)
        if tree is not None:
            return _segment(component, tree, conclude(component, places).declared)
    return None


def _segment(component: Component, tree: PackageTree, license_: str) -> Segment:
    version = component.version or ""
    files = _code_of(tree)
    return make_segment(without_version(component), component.name, version, license_, files, holders=holders_of(tree))


def _code_of(tree: PackageTree) -> Iterator[tuple[str, bytes]]:
    """The program text of a package, without what it bundles of others in their own folders."""
    chosen = [
        one.path
        for one in tree.entries
        if language_of(one.path) is not None and one.size <= MAX_FILE and "node_modules/" not in one.path
    ]
    prepare(tree, chosen)
    for path in chosen:
        try:
            yield path, tree.read(path, MAX_FILE)
        except InputError:
            continue


def index_named(
    names: Sequence[str], versions: int, shelf: Shelf, registry: Registry, progress: Progress
) -> tuple[int, list[str]]:
    """Fetch the newest versions of named packages from the user's registries and index them.

    A name is npm's, or PyPI's behind `pypi:`. How many versions were indexed, and what could not be.
    """
    known = shelf.known()
    problems: list[str] = []
    count = 0
    for done, written in enumerate(names):
        progress(_("Fetching packages"), done, len(names))
        ecosystem, name = (
            ("pypi", written[5:]) if written.startswith("pypi:") else ("npm", written.removeprefix("npm:"))
        )
        make = purls.npm if ecosystem == "npm" else purls.pypi
        try:
            newest = sorted(registry.versions(ecosystem, name), key=version_key)[-versions:]
        except RegistryError as error:
            problems.append(f"{written}: {error.message}")
            continue
        for version in newest:
            component = Component(make(name, version), name, version, ecosystem)
            if (without_version(component), version) in known:
                continue
            try:
                shelf.put([_fetched(component, registry)])
                count += 1
            except (RegistryError, InputError) as error:
                problems.append(f"{written} {version}: {error.message}")
    return count, problems


def _fetched(component: Component, registry: Registry) -> Segment:
    """One archive, read whole into a file of its own that is gone afterwards."""
    with registry.archive(component) as archive, tempfile.TemporaryDirectory(prefix="licscan-") as folder:
        path = Path(folder) / ("package.whl" if archive.kind == "wheel" else "package.tgz")
        with path.open("wb") as file:
            shutil.copyfileobj(cast(BinaryIO, archive.file or archive.stream), file)
        archive.verify()
        make = ZipTree if archive.kind == "wheel" else TgzTree
        tree = make(Origin.REGISTRY, archive.url, path)
        told = registry.files(component)
        return _segment(component, tree, conclude(replace(component, claims=told.claims)).declared)


def index_own(folder: Path, name: str, shelf: Shelf) -> int:
    """Index a tree of the user's own under a name, in place of what was indexed under it; of how many files."""
    package = purls.build("generic", None, name, None)
    segment = make_segment(package, name, "", "", _own_files(folder))
    shelf.forget(package)
    shelf.put([segment])
    return len(segment.units)


def _own_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    left = MOST_OWN
    for place, below, names in os.walk(folder):
        below[:] = sorted(one for one in below if one not in _NEVER and not os.path.islink(os.path.join(place, one)))
        for one in sorted(names):
            full = os.path.join(place, one)
            if language_of(one) is None or os.path.islink(full):
                continue
            left -= 1
            if left < 0:
                return
            try:
                yield os.path.relpath(full, folder).replace(os.sep, "/"), read_file(full, MAX_FILE)
            except InputError:
                continue
