"""Reads the texts that were located, wherever they lie: a folder, an archive in a cache, pnpm's store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from licscan.base.errors import InputError
from licscan.model import Component, PackageFiles, Problem
from licscan.packages.tree import PackageTree, TreeSource, prepare

MAX_TEXT = 1024 * 1024
"""Bytes of one text; license texts of a hundred bundled packages have 0.4 MB."""


def read_texts(
    component: Component, files: PackageFiles, paths: Sequence[str], tree: PackageTree
) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """The bytes of the texts of a package by their paths, and what could not be read; `files` name its place."""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    try:
        prepare(tree, paths)
    except InputError as error:
        return {}, (Problem("read", component.purl, str(error)),)
    for path in paths:
        try:
            found[path] = tree.read(path, MAX_TEXT)
        except InputError as error:
            problems.append(Problem("read", component.purl, f"{files.place}/{path}: {error.message}"))
    return found, tuple(problems)


class Packages(TreeSource, Protocol):
    """Whoever holds packages, and knows which places never change."""

    def fixed(self, files: PackageFiles) -> str:
        """What names the contents of a place for good, beside the place itself; empty where they may change."""


class CachedContents:
    """The texts of located packages."""

    def __init__(self, packages: Packages):
        self.packages = packages

    def read(
        self, component: Component, files: PackageFiles, paths: Sequence[str]
    ) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
        """The texts by their paths, and what could not be read; a registry's are not at hand."""
        try:
            tree = self.packages.tree(component, files) if paths else None
        except InputError as error:
            return {}, (Problem("read", component.purl, str(error)),)
        return ({}, ()) if tree is None else read_texts(component, files, paths, tree)

    def fixed(self, files: PackageFiles) -> str:
        """See `Packages`."""
        return self.packages.fixed(files)
