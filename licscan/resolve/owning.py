"""Which lock owns which installed tree: a lock above a folder does not answer for a project of its own in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from licscan.base.errors import LicscanError
from licscan.base.load import load_json
from licscan.base.tree import Tree, folder_of, join
from licscan.model import ComponentKind
from licscan.resolve.reading import Read

_ASKING = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "workspaces")


def answers_for(read: Read, tree: Read) -> bool:
    """Whether a lock's folder is the folder of an installed tree, or above it, in the same ecosystem."""
    if read.format.role != "lock" or read.format.ecosystem != tree.format.ecosystem:
        return False
    inside = not read.folder or tree.path == read.folder or tree.path.startswith(read.folder + "/")
    return inside or tree.format.name == "site-packages"


def separate_trees(tree: Tree, locks: Collection[Read], modules: Iterable[Read]) -> list[Read]:
    """The installed JavaScript trees that no lock owns: each is the answer for the projects that it was installed for.

    Between a lock and the tree there stands a manifest that the lock does not cover.
    """
    return [read for read in modules if not any(_owns(tree, lock, read) for lock in locks)]


def _owns(tree: Tree, lock: Read, modules: Read) -> bool:
    if not answers_for(lock, modules):
        return False
    for folder in _upwards(folder_of(modules.path), lock.folder):
        manifest = join(folder, "package.json")
        if manifest in lock.parsed.covers:
            return True
        if is_project(tree, manifest):
            return False
    return True


def _upwards(folder: str, top: str) -> Iterator[str]:
    """The folder and those above it, below the top."""
    while folder != top and folder:
        yield folder
        folder = folder_of(folder)


def is_project(tree: Tree, manifest: str) -> bool:
    """Whether a package.json describes a project: `{"type": "module"}` alone marks a folder, and no more."""
    if not tree.exists(manifest):
        return False
    try:
        table = load_json(tree.read_text(manifest), manifest)
    except LicscanError:
        return True
    return isinstance(table, dict) and bool(table.get("name") or any(table.get(key) for key in _ASKING))


def covered_by_trees(separate: Iterable[Read]) -> set[str]:
    """The manifests that installed trees answer for; a tree without packages (a cache of some tool) answers nothing."""
    filled = (r.parsed for r in separate if any(c.kind is ComponentKind.PACKAGE for c in r.parsed.components))
    return {manifest for parsed in filled for manifest in parsed.covers}
