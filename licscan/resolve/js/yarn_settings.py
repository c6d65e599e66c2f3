"""What .yarnrc.yml adds to the lock beside it: catalogs, and dependencies that packages lack (`packageExtensions`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from licscan.base.errors import InputError
from licscan.base.load import load_yaml
from licscan.base.tree import Tree, folder_of, join
from licscan.resolve.js.pnpm_keys import split_at
from licscan.resolve.js.requests import satisfies


@dataclass(frozen=True, slots=True)
class Extension:
    """Dependencies and peers of the packages of a name whose version is in a range; the lock's entries lack them."""

    wanted: str
    dependencies: dict[str, str]
    peers: dict[str, str]

    def concerns(self, version: str | None) -> bool:
        """Whether a version is in the range."""
        return version is not None and satisfies(version, self.wanted) is True


class Settings:
    """The settings that explain the lock in a folder: yarn reads the file there and in every folder above.

    The nearest counts first. A file that cannot be read says nothing.
    """

    def __init__(self, tree: Tree, folder: str):
        self.catalogs: dict[str, dict[str, str]] = {}
        self._extensions: dict[str, list[Extension]] = {}
        while True:
            settings = _load(tree, join(folder, ".yarnrc.yml"))
            for name, catalog in _catalogs(settings):
                self.catalogs[name] = {**catalog, **self.catalogs.get(name, {})}
            for name, extension in _extended(settings):
                self._extensions.setdefault(name, []).append(extension)
            if not folder:
                break
            folder = folder_of(folder)

    def added(self, name: str, version: str | None) -> Iterator[Extension]:
        """The extensions of one package; what it declares itself counts before them."""
        return (extension for extension in self._extensions.get(name, ()) if extension.concerns(version))


def _load(tree: Tree, path: str) -> dict[Any, Any]:
    try:
        loaded = load_yaml(tree.read_text(path), path) if tree.exists(path) else []
    except InputError:
        return {}
    return loaded[0] if loaded and isinstance(loaded[0], dict) else {}


def _catalogs(settings: dict[Any, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """The catalogs by name; the one without a name is `default`."""
    named = settings.get("catalogs")
    tables = {**(named if isinstance(named, dict) else {}), "default": settings.get("catalog")}
    yield from ((str(name), _texts(table)) for name, table in tables.items() if isinstance(table, dict))


def _extended(settings: dict[Any, Any]) -> Iterator[tuple[str, Extension]]:
    listed = settings.get("packageExtensions")
    for selector, table in listed.items() if isinstance(listed, dict) else ():
        name, wanted = split_at(str(selector))
        if name and isinstance(table, dict):
            found = _texts(table.get("dependencies")), _texts(table.get("peerDependencies"))
            yield name, Extension((wanted or "*").removeprefix("npm:"), *found)


def _texts(table: object) -> dict[str, str]:
    if not isinstance(table, dict):
        return {}
    return {str(key): value for key, value in table.items() if isinstance(value, str)}
