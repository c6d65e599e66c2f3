"""Fonts, media and WebAssembly by their digests: the component whose installed files hold the same bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.files import read_file
from licscan.verify.inside.kinds import MEDIA, UNATTRIBUTED
from licscan.verify.records import File, Kind, Sighting

LEAST = 256
"""Bytes below which a file says nothing of where it is from: empty pictures are alike everywhere."""
MAX_MEDIA = 256 * 1024 * 1024
MAX_WALKED = 2_000_000
Folders = Sequence[tuple[str, str, str, str]]
"""Ecosystem, name, version and installed folder of components."""


def is_media(file: File) -> bool:
    """Whether its bytes may tell where it is from."""
    return file.path.lower().endswith(MEDIA) and LEAST <= file.size <= MAX_MEDIA


def media_matches(files: Iterable[File], folders: Folders) -> tuple[list[Sighting], list[str]]:
    """The components that hold the same files, and the fonts and WebAssembly that none holds."""
    wanted: dict[int, list[File]] = {}
    for file in files:
        if is_media(file):
            wanted.setdefault(file.size, []).append(file)
    if not wanted:
        return [], []
    known = _digests(folders, wanted)
    seen, left = [], []
    for same_size in wanted.values():
        for file in same_size:
            owners = known.get(_digest(file), ())
            seen += [Sighting(kind, name, version, Kind.DIGEST, file.path) for kind, name, version in owners]
            if not owners and file.path.lower().endswith(UNATTRIBUTED):
                left.append(file.path)
    return sorted(set(seen)), sorted(left)


def _digest(file: File) -> str:
    try:
        return file.sha256
    except InputError:
        return ""


def _digests(folders: Folders, sizes: Mapping[int, object]) -> dict[str, list[tuple[str, str, str]]]:
    """The components by the digests of those of their files that have one of the sizes."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for ecosystem, name, version, folder in folders:
        for path in _files(folder):
            try:
                size = os.lstat(path).st_size
                digest = hashlib.sha256(read_file(path, MAX_MEDIA)).hexdigest() if size in sizes else None
            except (OSError, InputError):
                continue
            owners = found.setdefault(digest, []) if digest else []
            if (ecosystem, name, version) not in owners:
                owners.append((ecosystem, name, version))
    return found


def _files(folder: str) -> Iterator[str]:
    """The media of one package, not those of the packages inside it."""
    left = MAX_WALKED
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in ("node_modules", ".git"))
        for name in sorted(names):
            left -= 1
            if left < 0:
                return
            if name.lower().endswith(MEDIA):
                yield str(Path(top) / name)
