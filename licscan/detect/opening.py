"""Finds the index of the data: unpacks the shipped one, builds what is missing or damaged, adds the user's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from licscan.detect import cache, packed
from licscan.detect.cache import IndexInfo
from licscan.detect.data import Source, read_licensedb, read_own, read_shipped, read_user
from licscan.detect.index import Index
from licscan.detect.library import Library
from licscan.detect.named import name_rules
from licscan.detect.version import licensedb_version

Progress = Callable[[float], None]


def open_library(progress: Progress | None, data: Path | None, licenses: Path | None) -> Library:
    """The LicenseDB's index, and the user's behind it."""
    folder = _folder_of(data)
    first = cache.load(folder) or _unpacked(data, folder) or _build(data, folder, progress)
    if licenses is None:
        return _alone(first)
    own = cache.index_folder() / cache.key_of_folder(licenses, folder.name)
    second = cache.load(own) or _compile(read_user(licenses), own, "", None, first)
    return Library([first, second]) if len(second) else _alone(first)


@lru_cache(maxsize=1)
def _alone(index: Index) -> Library:
    """One index as a library, with all that was decoded of it while the process scanned other targets."""
    return Library([index])


def build(data: Path | None, progress: Progress | None, anew: bool) -> IndexInfo:
    """Put an index in place of the one that is there: the one that was shipped, or one built from the texts."""
    folder = _folder_of(data)
    shutil.rmtree(folder, ignore_errors=True)
    return _told(folder, (None if anew else _unpacked(data, folder)) or _build(data, folder, progress))


def info(data: Path | None) -> IndexInfo | None:
    """What the index is; None where there is none that can be read."""
    folder = _folder_of(data)
    index = cache.load(folder, check=True)
    return None if index is None else _told(folder, index)


def _folder_of(data: Path | None) -> Path:
    """The place of the index; InputError where no LicenseDB is shipped and none is named."""
    key = cache.key_of_shipped() if data is None else cache.key_of_folder(data)
    return cache.index_folder() / key


def is_kept() -> bool:
    """Whether the index of the shipped LicenseDB lies in the user's cache."""
    return (_folder_of(None) / cache.MANIFEST).is_file()


def source_of(data: Path | None) -> Source:
    """What the index of a LicenseDB folder, or of the shipped one, is built from: with our own rules."""
    given = read_shipped() if data is None else read_licensedb(data)
    own = read_own()
    # of two rules with the same words the first one counts: ours, which say only what their words say
    return Source(given.licenses + own.licenses, own.rules + given.rules + tuple(name_rules()))


def _unpacked(data: Path | None, folder: Path) -> Index | None:
    """The shipped index, now in its place; None where it is not of these data."""
    index = packed.unpack(packed.place()) if data is None else None
    return None if index is None else _keep(index, folder)


def _build(data: Path | None, folder: Path, progress: Progress | None) -> Index:
    return _compile(source_of(data), folder, licensedb_version() if data is None else str(data), progress, None)


def _compile(source: Source, folder: Path, version: str, progress: Progress | None, known: Index | None) -> Index:
    from licscan.detect.build import compile_index

    index = compile_index(source, known, progress)
    index.version = version
    return _keep(index, folder)


def _keep(index: Index, folder: Path) -> Index:
    """The same index, from the user's cache if that can be written."""
    try:
        cache.save(index, folder, index.version)
    except OSError:  # a cache that cannot be written only costs the time to build again
        return index
    return cache.load(folder) or index


def _told(folder: Path, index: Index) -> IndexInfo:
    size = sum(path.stat().st_size for path in folder.iterdir()) if folder.is_dir() else 0
    return IndexInfo(str(folder), index.version, len(index.licenses), len(index), len(index.words), size)
