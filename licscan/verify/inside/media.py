"""Fonts, media, models and WebAssembly by their digests: the component, or the source, that holds the same bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from licscan.base.errors import InputError
from licscan.base.files import read_file
from licscan.verify.inside.kinds import MATCHED, UNATTRIBUTED
from licscan.verify.records import File, Kind, Sighting

LEAST = 256
"""Bytes below which a file says nothing of where it is from: empty pictures are alike everywhere."""
MAX_MEDIA = 256 * 1024 * 1024
MAX_WALKED = 2_000_000
Folders = Sequence[tuple[str, str, str, str]]
"""Ecosystem, name, version and installed folder of components."""


Known = Mapping[str, frozenset[str]]
"""The PackageURLs of components of content that hold a file, by its SHA-256 digest; none for what is one's own."""


@dataclass(frozen=True, slots=True)
class MediaMatches:
    """The media of an artifact: whose installed files they are, which of the source tree's, and what nothing explains.

    `content` are pairs of PackageURL and path. `unattributed` are those paths without an explanation whose owner has to
    be said; `unexplained` all files without one.
    """

    seen: tuple[Sighting, ...] = ()
    content: tuple[tuple[str, str], ...] = ()
    unattributed: tuple[str, ...] = ()
    unexplained: tuple[File, ...] = ()


def is_media(file: File) -> bool:
    """Whether its bytes may tell where it is from."""
    return file.path.lower().endswith(MATCHED) and file.size >= LEAST


def media_matches(files: Iterable[File], folders: Folders, content: Known = MappingProxyType({})) -> MediaMatches:
    """The components that hold the same files, and those that none holds."""
    wanted: dict[int, list[File]] = {}
    for file in files:
        if is_media(file):
            wanted.setdefault(file.size, []).append(file)
    if not wanted:
        return MediaMatches()
    known = _digests(folders, {size: held for size, held in wanted.items() if size <= MAX_MEDIA})
    seen: list[Sighting] = []
    held, left = [], []
    for file in (file for same_size in wanted.values() for file in same_size):
        digest = _digest(file) if file.size <= MAX_MEDIA or content else ""
        owners = known.get(digest, ())
        seen += [Sighting(kind, name, version, Kind.DIGEST, file.path) for kind, name, version in owners]
        held += [(purl, file.path) for purl in content.get(digest, ())]
        if not owners and digest not in content:
            left.append(file)
    left.sort(key=lambda file: file.path)
    return MediaMatches(
        tuple(sorted(set(seen))),
        tuple(sorted(set(held))),
        tuple(file.path for file in left if file.path.lower().endswith(UNATTRIBUTED)),
        tuple(left),
    )


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
            if name.lower().endswith(MATCHED):
                yield str(Path(top) / name)
