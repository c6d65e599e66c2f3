"""Many files of which the same is said, as one line; and globs that name just them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

LEAST = 3
"""From so many files on they are one line."""
MOST_GLOBS = 4
_DIGITS = re.compile(r"[0-9]+")
_HASH = re.compile(r"(?<![0-9A-Za-z])(?=[0-9a-zA-Z]{6,}(?![0-9A-Za-z]))(?=[a-zA-Z]*[0-9])[0-9a-zA-Z]{6,64}")
_TOKEN = re.compile(r"[A-Za-z0-9]{3,}[._-]")
_SPECIAL = re.compile(r"([*?\[])")


def globs(files: Iterable[str], others: Iterable[str]) -> list[str]:
    """Globs that match all of the files and none of the others; empty where that takes more than a few.

    Numbers and hashes in names stand for any; names that begin alike up to their first sign are one glob.
    """
    every, rest = sorted(set(files)), sorted(set(others))
    found: list[str] = []
    left = every
    for name_of in (_shape, _beginning):
        groups: dict[str, list[str]] = {}
        for path in left:
            groups.setdefault(name_of(path), []).append(path)
        left = []
        for glob, paths in groups.items():
            if len(paths) > 1 and glob and not any(fnmatchcase(other, glob) for other in rest):
                found.append(glob)
            else:
                left += paths
    found += [_literal(path) for path in left]
    return sorted(found) if len(found) <= MOST_GLOBS else []


def _literal(text: str) -> str:
    return _SPECIAL.sub(r"[\1]", text)


def _shape(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    marked = _DIGITS.sub("\x01", _HASH.sub("\x00", name))
    if marked == name:
        return ""
    glob = _literal(marked).replace("\x00", "*").replace("\x01", "[0-9]*")
    return f"{_literal(folder)}{slash}{glob}"


def _beginning(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    start = _TOKEN.match(name)
    dot = name.rfind(".")
    if start is None or dot < start.end() - 1:
        return ""
    return f"{_literal(folder)}{slash}{start.group()}*{_literal(name[max(dot, start.end()) :])}"
