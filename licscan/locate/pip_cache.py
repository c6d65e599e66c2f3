"""pip's cache: downloaded wheels under the hash of their address (`http-v2`), and those that pip built (`wheels`)."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from licscan.base.damaged import DAMAGED
from licscan.locate.archive_trees import ZipTree
from licscan.locate.caches import Caches
from licscan.locate.packed import python_files
from licscan.model import Component, Origin, PackageFiles
from licscan.packages.purls import normalize_pypi_name

MAX_FILES = 50_000
_TAIL = 64 * 1024
"""Bytes at the end of a wheel in which its list of names ends: the metadata come last (PEP 427)."""
_METADATA = re.compile(rb"(?<![/\w.+!-])([A-Za-z0-9][\w.+!-]{0,200}?)-([0-9][\w.+!-]{0,100})\.dist-info/METADATA")
_ZIP = b"PK\3\4"
_CHUNK = 1024 * 1024


def locate(component: Component, caches: Caches) -> tuple[PackageFiles, ...]:
    """The first wheel of this name and version; where the lock pins hashes, the first that it pins."""
    wanted = f"{normalize_pypi_name(component.name)}-{component.version}"
    pinned = {one.partition(":")[2].lower() for one in component.hashes if one.startswith("sha256:")}
    for folder in caches.pip:
        for path in _listing(caches, folder).get(wanted, ()):
            if component.hashes and _digest(path) not in pinned:
                continue
            return (python_files(component, ZipTree(Origin.CACHE, path.as_posix(), path)),)
    return ()


def _listing(caches: Caches, folder: Path) -> dict[str, list[Path]]:
    """Every wheel below a folder by normalised name and version; listed once, on first use."""
    key = str(folder)
    if key not in caches.listings:
        listing = caches.listings[key] = {}
        for path in _wheels(folder):
            for name, version in _named(path):
                listing.setdefault(f"{normalize_pypi_name(name)}-{version}", []).append(path)
    return caches.listings[key]


def _wheels(folder: Path) -> Iterator[Path]:
    left = MAX_FILES
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            left -= 1
            if left < 0:
                return
            if name.endswith((".body", ".whl")):
                yield Path(where) / name


def _named(path: Path) -> set[tuple[str, str]]:
    """Name and version of a wheel by the metadata folder at its top; nothing for what is no wheel."""
    try:
        with path.open("rb") as file:
            if file.read(4) != _ZIP:
                return set()
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            found = _METADATA.findall(file.read(_TAIL))
        if not found:
            with zipfile.ZipFile(path) as archive:
                names = "\n".join(name for name in archive.namelist() if name.count("/") == 1)
            found = _METADATA.findall(names.encode("utf-8", "replace"))
    except DAMAGED:
        return set()
    return {(name.decode("ascii", "replace"), version.decode("ascii", "replace")) for name, version in found}


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
