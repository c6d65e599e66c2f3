"""Finds the index of the installed data, builds it where it is missing or damaged, adds the user's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from licscan.detect import cache
from licscan.detect.cache import IndexInfo
from licscan.detect.data import Source, name_rules, read_licensedb, read_own, read_user
from licscan.detect.index import Index
from licscan.detect.library import Library
from licscan.detect.version import licensedb_folder

Progress = Callable[[float], None]


def open_library(progress: Progress | None, data: Path | None, licenses: Path | None) -> Library:
    """The LicenseDB's index, and the user's behind it."""
    folder = _folder_of(data)
    first = cache.load(folder) or _build(data, folder, progress)
    if licenses is None:
        return Library([first])
    own = cache.index_folder() / cache.key_of_folder(licenses, folder.name)
    second = cache.load(own) or _compile(read_user(licenses), own, "", None, first)
    return Library([first, second] if len(second) else [first])


def build(data: Path | None, progress: Progress | None) -> IndexInfo:
    """Build the index anew, in place of the one that is there."""
    folder = _folder_of(data)
    shutil.rmtree(folder, ignore_errors=True)
    return _told(folder, _build(data, folder, progress))


def info(data: Path | None) -> IndexInfo | None:
    """What the index is; None where there is none that can be read."""
    folder = _folder_of(data)
    index = cache.load(folder, check=True)
    return None if index is None else _told(folder, index)


def _folder_of(data: Path | None) -> Path:
    """The place of the index; InputError where no LicenseDB is installed and none is named."""
    key = cache.key_of_installed() if data is None else cache.key_of_folder(data)
    return cache.index_folder() / key


def is_kept() -> bool:
    """Whether the index of the installed LicenseDB lies in the user's cache."""
    return (_folder_of(None) / cache.MANIFEST).is_file()


def _build(data: Path | None, folder: Path, progress: Progress | None) -> Index:
    given = read_licensedb(data or licensedb_folder())
    own = read_own()
    # of two rules with the same words the first one counts: ours, which say only what their words say
    source = Source(given.licenses + own.licenses, own.rules + given.rules + tuple(name_rules()))
    return _compile(source, folder, cache.data_version() if data is None else str(data), progress, None)


def _compile(source: Source, folder: Path, version: str, progress: Progress | None, known: Index | None) -> Index:
    from licscan.detect.build import compile_index

    index = compile_index(source, known, progress)
    index.version = version
    try:
        cache.save(index, folder, version)
    except OSError:  # a cache that cannot be written only costs the time to build again
        return index
    return cache.load(folder) or index


def _told(folder: Path, index: Index) -> IndexInfo:
    size = sum(path.stat().st_size for path in folder.iterdir()) if folder.is_dir() else 0
    return IndexInfo(str(folder), index.version, len(index.licenses), len(index), len(index.words), size)
