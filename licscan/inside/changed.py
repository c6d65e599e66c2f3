"""Installed files that differ from what was published: held against the sizes and hashes of RECORD."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from licscan.packages.record import Recorded

MAX_NAMED = 100
"""Changed files of one package that are named."""
_BLOCK = 1024 * 1024
_ALGORITHMS = frozenset({"sha256", "sha384", "sha512"})
_THREADS = min(os.cpu_count() or 1, 8)


def changed_files(folder: str, recorded: Iterable[Recorded]) -> tuple[str, ...]:
    """The files that are there and are not what RECORD says, sorted; sizes are compared first, then hashes.

    What the installer writes itself, what Python compiles and what is not there is left out.
    """
    wanted = [file for file in recorded if file.algorithm in _ALGORITHMS and not _is_made(file.path)]
    sizes = [(file, _size(os.path.join(folder, file.path))) for file in wanted]
    found = [file.path for file, size in sizes if size is not None and file.size is not None and size != file.size]
    same = [file for file, size in sizes if size is not None and file.size in (None, size)]
    with ThreadPoolExecutor(_THREADS) as pool:
        differ = pool.map(lambda file: _differs(folder, file), same, chunksize=64)
        found += [file.path for file, differs in zip(same, differ, strict=True) if differs]
    return tuple(sorted(found)[:MAX_NAMED])


def _is_made(path: str) -> bool:
    return path.endswith((".pyc", ".pyo")) or ".dist-info/" in path or "/__pycache__/" in path


def _size(path: str) -> int | None:
    """The size of a regular file, without following a link out of the folder: a link is no published file."""
    try:
        return os.lstat(path).st_size if os.path.isfile(path) and not os.path.islink(path) else None
    except (OSError, ValueError):
        return None


def _differs(folder: str, file: Recorded) -> bool:
    digest = hashlib.new(file.algorithm)
    try:
        with open(os.path.join(folder, file.path), "rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    except OSError:
        return False
    return base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode("ascii") != file.digest.rstrip("=")
