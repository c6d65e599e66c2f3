"""Reads the texts that were located, wherever they lie: a folder, an archive in a cache, pnpm's store."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.files import is_inside, read_file
from licscan.base.messages import _
from licscan.locate import pnpm_store
from licscan.locate.archives import Contents, read_tgz, read_zip
from licscan.locate.caches import Caches
from licscan.model import Component, Origin, PackageFiles, Problem

MAX_TEXT = 1024 * 1024
"""Bytes of one text; license texts of a hundred bundled packages have 0.4 MB."""


def read_texts(
    component: Component, files: PackageFiles, paths: Sequence[str], caches: Caches
) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """The bytes of the texts at one place by their paths, and what could not be read; a registry's are not at hand."""
    place = os.path.join(caches.root, files.place)
    if not paths or "://" in files.place or files.origin is Origin.REGISTRY:
        return {}, ()
    if os.path.isdir(place):
        return _of_folder(component, files.place, place, paths)
    try:
        found = _of_archive(component, place, frozenset(paths), caches)
    except InputError as error:
        return {}, (Problem("read", component.purl, str(error)),)
    missing = [path for path in paths if len(found.get(path, b"")) > MAX_TEXT]
    problems = [_problem(component, files.place, path, _too_large()) for path in missing]
    return {path: data for path, data in found.items() if len(data) <= MAX_TEXT}, tuple(problems)


class CachedContents:
    """The texts of located packages; what the user's caches hold is found through them."""

    def __init__(self, caches: Caches):
        self._caches = caches

    def read(
        self, component: Component, files: PackageFiles, paths: Sequence[str]
    ) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
        """The texts by their paths, and what could not be read; see `read_texts`."""
        return read_texts(component, files, paths, self._caches)

    def is_fixed(self, files: PackageFiles) -> bool:
        """Whether what lies at a place never changes under its name: an archive in a cache, named by its hash."""
        return files.origin is Origin.CACHE and os.path.isfile(os.path.join(self._caches.root, files.place))


def _of_folder(
    component: Component, shown: str, folder: str, paths: Iterable[str]
) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    real = os.path.realpath(folder)
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in paths:
        full = os.path.join(folder, path)
        if not is_inside(full, real):
            said = _("is a link that points outside the package's folder")
            problems.append(_problem(component, shown, path, said))
            continue
        try:
            found[path] = read_file(full, MAX_TEXT)
        except InputError as error:
            problems.append(_problem(component, shown, path, error.message))
    return found, tuple(problems)


def _of_archive(component: Component, place: str, wanted: frozenset[str], caches: Caches) -> dict[str, bytes]:
    name = os.path.basename(place)
    if name.endswith(".json") or name == "index.db":
        return pnpm_store.read(component, caches, place, wanted)
    if name.endswith((".zip", ".whl")):
        prefix = f"node_modules/{component.name}/" if component.ecosystem == "npm" else ""
        contents: Contents = read_zip(Path(place), wanted.__contains__, prefix=prefix)
    else:
        contents = read_tgz(Path(place), wanted.__contains__)
    return contents.read


def _problem(component: Component, place: str, path: str, said: str) -> Problem:
    return Problem("read", component.purl, f"{place}/{path}: {said}")


def _too_large() -> str:
    return _("is larger than {size} and was not read").format(size=f"{MAX_TEXT // 1024 // 1024} MB")
