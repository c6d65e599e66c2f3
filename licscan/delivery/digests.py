"""Digests of artifacts: SHA-256 of a file, in-toto's dirHash of a folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.files import is_inside, open_regular
from licscan.base.messages import _
from licscan.delivery.statement import Subject

MAX_FILES = 250_000
PIECE = 1024 * 1024


def subject_of(path: Path) -> Subject:
    """The artifact at a path with its digest; InputError where it cannot be read."""
    name = Path(os.path.abspath(path)).name
    return Subject(name, dir_hash(path), is_folder=True) if path.is_dir() else Subject(name, sha256_of(path))


def sha256_of(path: str | Path) -> str:
    """The digest of a file in hex; InputError where it cannot be read."""
    with open_regular(path) as file:
        digest = hashlib.sha256()
        while piece := file.read(PIECE):
            digest.update(piece)
        return digest.hexdigest()


def dir_hash(folder: Path) -> str:
    """`dirHash` of DigestSet 1.1: SHA-256 over the lines of `sha256sum` for all files, in the order of their bytes.

    A link to a file in the folder counts as that file. InputError for a link that leads out, and for what is no file.
    """
    lines = sorted((os.fsencode(path), sha256_of(folder / path)) for path in _files(folder))
    told = b"".join(digest.encode() + b"  " + name + b"\n" for name, digest in lines)
    return hashlib.sha256(told).hexdigest()


def _files(folder: Path) -> Iterator[str]:
    real = os.path.realpath(folder)
    count = 0

    def refuse(error: OSError) -> None:
        reason = error.strerror or str(error)
        raise InputError(_("cannot be read: {reason}").format(reason=reason), path=str(folder)) from error

    for place, _folders, names in os.walk(folder, onerror=refuse):
        for name in names:
            full = os.path.join(place, name)
            path = os.path.relpath(full, folder).replace(os.sep, "/")
            count += 1
            if count > MAX_FILES:
                raise InputError(_("contains more than {limit} files").format(limit=MAX_FILES), path=str(folder))
            if "\n" in path or "\r" in path:
                raise InputError(_("has a line break in its name"), path=one_line(path))
            if os.path.islink(full) and not is_inside(full, real):
                raise InputError(_("is a link that leads outside"), path=one_line(path))
            yield path
