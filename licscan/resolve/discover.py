"""Finds what there is to read below a folder: manifests, lockfiles, installed trees, and what licscan cannot read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePosixPath

from licscan.base.errors import InputError
from licscan.base.links import is_folder
from licscan.base.listing import listed
from licscan.base.messages import N_, _
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Problem
from licscan.resolve.formats import FORMATS, Format, Role, format_of
from licscan.resolve.submodules import NAME, absent_submodules

SKIPPED_FOLDERS = frozenset(
    {
        ".git", ".hg", ".svn", ".licscan", ".tox", ".nox", ".venv", "venv", "__pycache__", ".mypy_cache",
        ".pytest_cache", ".ruff_cache", ".yarn", ".pnpm-store", "node_modules", "bower_components", "site-packages",
        "dist-packages",
    }
)  # fmt: skip
"""Folders that hold no manifests of the project itself; installed trees among them are read in their own way."""

UNREAD = {
    "Cargo.toml": "Rust", "go.mod": "Go", "pom.xml": "Maven", "build.gradle": "Gradle", "build.gradle.kts": "Gradle",
    "Gemfile": "RubyGems", "composer.json": "Composer", "Podfile": "CocoaPods", "Package.swift": "Swift",
    "pubspec.yaml": "Dart", "mix.exs": "Hex", "CMakeLists.txt": "C and C++", "conanfile.txt": "Conan",
    "conanfile.py": "Conan", "vcpkg.json": "vcpkg", "Dockerfile": N_("container images"),
    "bun.lockb": N_("bun's binary lockfile"),
}  # fmt: skip
"""Manifests of ecosystems that licscan does not resolve: their gap is said, never passed over."""

MAX_FOLDERS = 200_000


@dataclass(frozen=True, slots=True)
class Discovered:
    """What stands below the root, by relative path, sorted."""

    files: tuple[tuple[str, Format], ...]
    node_modules: tuple[str, ...]
    environments: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def holds_packages(self) -> bool:
        """Whether there is anything that names packages."""
        return bool(self.files or self.node_modules or self.environments)


def discover(tree: Tree, starts: Iterable[str] = ("",), exclude: Iterable[str] = ()) -> Discovered:
    """Walk the folders from `starts` (folders or files, relative), leaving out what matches a glob of `exclude`."""
    walk = _Walk(tree, tuple(exclude))
    starts = sorted(set(starts))
    for start in starts:
        walk.from_start(start)
    walk.look_for_submodules(starts)
    gaps = [
        Problem("resolve", paths[0], _unread_message(ecosystem, paths), "ecosystem-not-read")
        for ecosystem, paths in sorted(walk.unread.items())
    ]
    return Discovered(
        files=tuple(sorted(walk.files.items(), key=lambda item: (item[0].count("/"), item[0]))),
        node_modules=tuple(sorted(walk.node_modules)),
        environments=tuple(sorted(walk.environments)),
        problems=(*walk.problems, *gaps),
    )


def _unread_message(ecosystem: str, paths: list[str]) -> str:
    return _("licscan does not resolve dependencies of {ecosystem} ({paths}): they are not in this report").format(
        ecosystem=_(ecosystem), paths=listed(paths, 1)
    )


class _Walk:
    """The walk's collected results; folders are visited with a stack, names sorted, links to folders not followed."""

    def __init__(self, tree: Tree, exclude: tuple[str, ...]):
        self.tree = tree
        self.exclude = exclude
        self.files: dict[str, Format] = {}
        self.node_modules: list[str] = []
        self.environments: list[str] = []
        self.unread: dict[str, list[str]] = {}
        self.problems: list[Problem] = []
        self.gitmodules = [NAME]

    def from_start(self, start: str) -> None:
        path = self.tree.path(start)
        if path.is_dir():
            self._folders(start)
            return
        if not path.exists():
            raise InputError(_("does not exist"), path=str(path))
        known = format_of(path.name)
        if known is None:
            readable = _(", ").join(sorted(name for name, entry in FORMATS.items() if entry.role is not Role.TREE))
            raise InputError(_("is not a manifest or lockfile that licscan reads"), path=start, remedy=readable)
        self.files[start] = known

    def look_for_submodules(self, starts: Iterable[str]) -> None:
        """Tell of submodules that are not checked out below a start, unless they are left out on purpose."""
        for folder, problem in absent_submodules(self.tree, self.gitmodules):
            parts = folder.split("/")
            above = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
            below = any(not start or start in above for start in starts)
            if below and not any(map(self._excluded, above)):
                self.problems.append(problem)

    def _folders(self, start: str) -> None:
        stack = [start]
        visited = 0
        while stack:
            folder = stack.pop()
            visited += 1
            if visited > MAX_FOLDERS:
                message = _("has more than {limit} folders; the rest was not searched for manifests")
                self._problem(start, message.format(limit=MAX_FOLDERS))
                return
            stack.extend(reversed(list(self._one_folder(folder))))

    def _one_folder(self, folder: str) -> Iterator[str]:
        try:
            with os.scandir(self.tree.path(folder)) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            reason = error.strerror or str(error)
            self._problem(folder or ".", _("cannot be listed: {reason}").format(reason=reason))
            return
        for entry in listed:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if self._excluded(path):
                continue
            if is_folder(entry):
                if format_of(entry.name):
                    self._problem(path, _("is a folder, not a file"))
                if self._descend(path, entry.name):
                    yield path
            elif entry.name == NAME:
                self.gitmodules.append(path)
            elif entry.name in UNREAD:
                self.unread.setdefault(UNREAD[entry.name], []).append(path)
            elif known := format_of(entry.name) or _in_requirements_folder(folder, entry.name):
                self.files[path] = known

    def _descend(self, path: str, name: str) -> bool:
        if self.tree.exists(join(path, "pyvenv.cfg")):
            self.environments.append(path)
            return False
        if name in ("site-packages", "dist-packages") or (name in ("venv", ".venv") and self._has_python(path)):
            self.environments.append(path)
            return False
        if name == "conda-meta" and not self._has_python(folder_of(path)):
            self.environments.append(path)
            return False
        if name == "node_modules":
            self.node_modules.append(path)
        return name not in SKIPPED_FOLDERS and not name.endswith((".dist-info", ".egg-info"))

    def _has_python(self, path: str) -> bool:
        """Whether a folder is a prefix with site-packages (old virtual environments have no pyvenv.cfg)."""
        from licscan.resolve.python.environment import find_site_packages

        return bool(find_site_packages(self.tree.path(path)))

    def _excluded(self, path: str) -> bool:
        return any(fnmatch(path, glob) or PurePosixPath(path).match(glob) for glob in self.exclude)

    def _problem(self, subject: str, message: str) -> None:
        self.problems.append(Problem("resolve", subject, message, "input-unreadable"))


def _in_requirements_folder(folder: str, name: str) -> Format | None:
    """`requirements/base.txt` is a requirements file by its folder's name."""
    named = folder.rpartition("/")[2].lower().endswith(("requirements", "reqs"))
    return FORMATS["requirements.txt"] if named and name.endswith((".txt", ".in", ".lock")) else None
