"""The shared libraries inside a wheel: which are the package's own modules, and which are others'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from licscan.inside.libraries import key_of, library_of, stem_of
from licscan.packages.natives import MAX_READ, facts_of, is_native
from licscan.packages.tree import HasNatives, NativeFacts, PackageTree

MAX_NATIVES = 2_000
"""Shared libraries of one package that are looked at."""
_FOLDER = re.compile(r"(?:^|/)(?:[^/]+\.libs|\.dylibs|\.libs)/[^/]+$")
_MODULE = re.compile(r"(?i)\.(?:cpython|pypy|graalpy)[^/]*\.so$|\.abi3\.so$|\.pyd$|\.cp\d+[^/]*\.(?:so|pyd)$")


@dataclass(frozen=True, slots=True)
class Native:
    """One library of others: the path of its file, the name by which it goes, its version where the file tells.

    `linked` is whether it stands inside another file (a module of the package's own).
    """

    path: str
    name: str
    version: str = ""
    linked: bool = False


def natives_of(tree: PackageTree, paths: Iterable[str], package: str) -> Iterator[Native]:
    """The libraries of others among a wheel's files, in order of their paths.

    What stands in `NAME.libs` or `.dylibs` was put there by a tool that bundles libraries (auditwheel, delocate,
    delvewheel). Elsewhere a file that Python imports, or that is named as its package, is the package's own.
    """
    for path in sorted(filter(is_native, paths))[:MAX_NATIVES]:
        if _FOLDER.search(path):
            yield Native(path, _name(path, _read(tree, path, marks=False).soname))
            continue
        module = _MODULE.search(path) is not None
        binary = _read(tree, path, marks=True)
        if not (module or binary.is_module or _is_called(path, package)) and _is_foreign(path, binary):
            yield Native(path, _name(path, binary.soname))
        for name, version in binary.linked:
            if not _is_called(name, package):
                yield Native(path, name, version, linked=True)


def _read(tree: PackageTree, path: str, *, marks: bool) -> NativeFacts:
    """What one library says: as it was recorded where the tree keeps that, else from its bytes."""
    if isinstance(tree, HasNatives) and (facts := tree.native(path)) is not None:
        return facts
    return facts_of(tree.head(path, MAX_READ), marks=marks)


def _name(path: str, soname: str) -> str:
    """The name in the file's name; where no library is known by it, but one by its soname, that."""
    stem = stem_of(path)
    if soname and library_of(stem) is None and library_of(stem_of(soname)) is not None:
        return stem_of(soname)
    return stem


def _is_called(path: str, package: str) -> bool:
    """Whether a library has the name of the package (`libc2pa_c.so` in c2pa-python)."""
    own, name = _plain(package), _plain(stem_of(path))
    shorter = re.sub(r"^(?:python|py)|(?:python|py)$", "", own) or own
    return bool(name) and (shorter in name or (len(name) > 3 and name in own))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key_of(name))


def _is_foreign(path: str, binary: NativeFacts) -> bool:
    """Whether a library outside the usual folders is others' work: its name or soname is that of a known library."""
    return any(library_of(name) is not None for name in (stem_of(path), stem_of(binary.soname or path)))
