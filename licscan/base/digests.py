"""Digests of folders by what their files hold: neither place nor time of a file has a part in them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

LENGTH = 24
"""Hexadecimal digits of a key: 96 bits, far more than chance can meet."""


def digest_of(parts: Iterable[bytes]) -> str:
    """One key for these parts in this order; each is hashed by itself, so that no two lists run into one another."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()[:LENGTH]


def parts_of_folder(folder: Path, suffixes: Collection[str]) -> Iterator[bytes]:
    """The names below a folder and the bytes of the files with these suffixes, in order of their names.

    Links to folders are not followed. A file that cannot be read has its name and no bytes: whoever needs them says so.
    """
    names: list[str] = []
    for place, _folders, files in os.walk(folder):
        inside = os.path.relpath(place, folder)
        names += (os.path.join(inside, name) for name in files if os.path.splitext(name)[1] in suffixes)
    for name, path in sorted((name.replace(os.sep, "/"), os.path.join(folder, name)) for name in names):
        yield os.fsencode(name)
        try:
            with open(path, "rb") as file:
                yield file.read()
        except OSError:
            yield b""
