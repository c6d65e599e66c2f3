"""Which files of a project are its sources: those that git tracks, else those of a walk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path, PurePosixPath

from licscan.base.links import is_link
from licscan.base.messages import _
from licscan.model import Problem
from licscan.vcs import index as gitindex

MAX_FILES = 200_000
MAX_MODULES = 200
"""Submodules of submodules that are followed."""
_SKIPPED = frozenset(
    {
        ".git", ".hg", ".svn", ".licscan", ".tox", ".nox", ".venv", "venv", "__pycache__", ".mypy_cache",
        ".pytest_cache", ".ruff_cache", ".yarn", ".pnpm-store", "node_modules", "bower_components", "site-packages",
        "dist-packages", ".idea", ".vscode", ".eggs", ".cache", ".gradle", ".next", ".nuxt", ".turbo", "coverage",
        "htmlcov",
    }
)  # fmt: skip
_PARTS = frozenset({"node_modules", "site-packages", "dist-packages", "__pycache__"})
"""Folders of installed packages: read as components even where git tracks them."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look: folders below the root, without what matches a glob of `exclude`."""

    root: Path
    starts: tuple[str, ...] = ("",)
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Paths relative to the root, sorted; `by_git` tells whether git's index or a walk named them."""

    paths: tuple[str, ...]
    by_git: bool
    problems: tuple[Problem, ...] = ()


def list_sources(root: Path, starts: Iterable[str] = ("",), exclude: Iterable[str] = ()) -> Listing:
    """The files below the starts (folders, relative to the root) that are the project's own to answer for."""
    globs = tuple(exclude)
    folders = sorted({start if (root / start).is_dir() else os.path.dirname(start) for start in starts})
    by_git = True
    found: set[str] = set()
    for folder in folders:
        tracked = _of_git(root / folder)
        by_git = by_git and tracked is not None
        prefix = f"{folder}/" if folder else ""
        listed = islice(_walk(root / folder) if tracked is None else tracked, MAX_FILES + 1)
        found.update(prefix + path for path in listed)
    kept = sorted(path for path in found if not _excluded(path, globs))
    if len(kept) <= MAX_FILES:
        return Listing(tuple(kept), by_git)
    message = _("has more than {limit} source files; the rest was not read").format(limit=f"{MAX_FILES:,}")
    return Listing(tuple(kept[:MAX_FILES]), by_git, (Problem("source", ".", message),))


def _excluded(path: str, globs: tuple[str, ...]) -> bool:
    """A glob that matches a folder leaves out all below it."""
    if not _PARTS.isdisjoint(path.split("/")):
        return True
    if not globs:
        return False
    parts = path.split("/")
    above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return any(fnmatch(one, glob) or PurePosixPath(one).match(glob) for one in above for glob in globs)


def _of_git(folder: Path) -> list[str] | None:
    """The tracked files below a folder; None where git does not know it: no work tree, or one that ignores it."""
    top = gitindex.work_tree_of(folder)
    if top is None:
        return None
    found: list[str] = []
    prefix = "" if top == folder else folder.relative_to(top).as_posix() + "/"
    left, stack = MAX_MODULES, [("", top)]
    while stack:
        place, work_tree = stack.pop()
        known = gitindex.tracked(work_tree)
        if known is None:
            if not place:
                return None
            continue
        found += [place + path for path in known.files]
        for module in known.modules:
            # a submodule that is not checked out has no files
            if left > 0 and os.path.lexists(work_tree / module / ".git") and not (work_tree / module).is_symlink():
                left -= 1
                stack.append((f"{place}{module}/", work_tree / module))
    inside = [path[len(prefix) :] for path in found if path.startswith(prefix)]
    return sorted(inside) or None


def _walk(top: Path) -> Iterator[str]:
    """Every file below a folder in order of their names; links are not followed."""
    stack = [""]
    while stack:
        folder = stack.pop()
        try:
            with os.scandir(top / folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name, reverse=True)
        except OSError:
            continue
        for entry in listed:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if is_link(entry):
                continue
            if not entry.is_dir():
                yield path
            elif _enters(top / path, entry.name):
                stack.append(path)


def _enters(path: Path, name: str) -> bool:
    if name in _SKIPPED or name.endswith((".dist-info", ".egg-info")):
        return False
    return not os.path.lexists(path / "pyvenv.cfg")
