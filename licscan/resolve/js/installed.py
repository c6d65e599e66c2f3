"""The folders of an installed JavaScript tree: node_modules, hoisted, nested, or linked into a virtual store.

Everything is done on real paths: a link is one `readlink`, looked up among the package folders already known, so that a
tree of links (pnpm) costs no `realpath` a link and cannot loop.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from licscan.base.links import is_folder, is_link, target_of

STORES = frozenset({".pnpm", ".store", ".bun"})
"""Virtual stores below node_modules: pnpm's, npm's and yarn's linked one, bun's isolated one."""

NODE_MODULES = "node_modules"
MAX_FOLDERS = 300_000


@dataclass(slots=True)
class Modules:
    """One node_modules folder: the packages in it by the name under which node finds them, as real folders.

    `links` are the names that were links; `broken` those that lead nowhere or out of the scanned folder.
    """

    folder: str
    packages: dict[str, str] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)
    broken: list[tuple[str, str]] = field(default_factory=list)


class Disk:
    """Lists node_modules folders below a real root, each once; paths are absolute and real."""

    def __init__(self, root: str):
        self.root = root
        self.below = root.rstrip(os.sep) + os.sep
        self.unreadable: dict[str, str] = {}
        self.full = False
        self._modules: dict[str, Modules] = {}
        self._real: dict[str, str | None] = {}
        self._chains: dict[str, tuple[Modules, ...]] = {}

    def relative(self, path: str) -> str:
        """A path relative to the root, `/` between folders."""
        found = path[len(self.below) :] if path.startswith(self.below) else ""
        return found if os.sep == "/" else found.replace(os.sep, "/")

    def inside(self, path: str) -> bool:
        """Whether a real path is the root or below it."""
        return path == self.root or path.startswith(self.below)

    def modules(self, folder: str) -> Modules:
        """What a node_modules folder holds; empty where it is none."""
        known = self._modules.get(folder)
        if known is None:
            known = self._modules[folder] = Modules(folder)
            if len(self._modules) > MAX_FOLDERS:
                self.full = True
            else:
                self._list(folder, "", known)
        return known

    def _list(self, folder: str, prefix: str, into: Modules) -> None:
        """Fill in one folder; a scope (`@org`) is one more level."""
        try:
            with os.scandir(folder) as entries:
                listed = [(e.name, is_link(e), is_folder(e)) for e in entries]
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            self.unreadable[folder] = error.strerror or str(error)
            return
        for name, linked, is_own in listed:
            if name[0] == "." or not (linked or is_own):
                continue
            path = f"{folder}{os.sep}{name}"
            if name[0] == "@" and not prefix and is_own:
                self._list(path, f"{name}/", into)
            elif is_own:
                into.packages[prefix + name] = path
                self._real[path] = path
            else:
                self._link(folder, path, prefix + name, into)

    def _link(self, folder: str, path: str, name: str, into: Modules) -> None:
        real = self.real_folder(folder, path)
        into.links.add(name)
        if real is None:
            into.broken.append((name, path))
        else:
            into.packages[name] = real

    def real_folder(self, folder: str, path: str) -> str | None:
        """Where a link in a real folder leads, None where that is no folder inside the root."""
        try:
            target = os.path.normpath(os.path.join(folder, target_of(path)))
        except (OSError, ValueError):
            return None
        known = self._real.get(target, "")
        if known == "":
            real = os.path.realpath(target)
            known = real if self.inside(real) and os.path.isdir(real) else None
            self._real[target] = known
        return known

    def stores(self, folder: str) -> Iterator[str]:
        """The node_modules folders and the package folders of the virtual stores in a node_modules folder, sorted."""
        for store in sorted(STORES):
            path = os.path.join(folder, store)
            try:
                with os.scandir(path) as entries:
                    names = sorted(e.name for e in entries if is_folder(e))
            except OSError:
                continue
            for name in names:
                yield os.path.join(path, name) if name == NODE_MODULES else os.path.join(path, name, NODE_MODULES)

    def chain(self, package: str) -> tuple[Modules, ...]:
        """The node_modules folders in which node looks for what a package needs, nearest first."""
        own = self.modules(os.path.join(package, NODE_MODULES))
        above = self._above(os.path.dirname(package))
        return (own, *above) if own.packages else above

    def _above(self, folder: str) -> tuple[Modules, ...]:
        """The same from a folder upwards to the root, kept for each folder passed."""
        passed = []
        while folder not in self._chains and self.inside(folder):
            passed.append(folder)
            folder = os.path.dirname(folder)
        found = self._chains.get(folder, ())
        for step in reversed(passed):
            is_modules = os.path.basename(step) == NODE_MODULES
            modules = self.modules(step if is_modules else os.path.join(step, NODE_MODULES))
            # `a/node_modules` itself and its parent `a` ask for the same folder
            if modules.packages and (not found or found[0] is not modules):
                found = (modules, *found)
            self._chains[step] = found
        return found
