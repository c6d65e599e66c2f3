"""The files that git tracks, from its index; git itself is not run, so no hook or filter of the project is either.

Format: git's own `Documentation/gitformat-index`, versions 2 to 4, with SHA-1 or SHA-256 object names.
"""

from __future__ import annotations

import os
import re
import struct
from dataclasses import dataclass
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.files import read_file

MAX_INDEX = 256 * 1024 * 1024
MAX_ENTRIES = 2_000_000
_STAT = 40
"""Bytes of an entry before its object name."""
_MODE = 24
_NAME_LENGTH = 0xFFF
_EXTENDED = 0x4000
_REGULAR, _MODULE = 0o100000, 0o160000
_MODE_OF, _FLAGS_OF = struct.Struct(">I"), struct.Struct(">H")
_STRANGE = re.compile(rb"(?:^|/)(?:\.\.?|\.git)?(?:/|\Z)")
"""What no path below a work tree has: a part that is empty, `.`, `..` or `.git`."""
_GITDIR = re.compile(r"gitdir: ?([^\r\n]{1,4000})")


@dataclass(frozen=True, slots=True)
class Tracked:
    """Paths relative to the work tree, sorted: regular files, and folders that are submodules."""

    files: tuple[str, ...]
    modules: tuple[str, ...]


def work_tree_of(folder: Path) -> Path | None:
    """The nearest folder, from this one upwards, that is a git work tree."""
    return next((one for one in (folder, *folder.parents) if os.path.lexists(one / ".git")), None)


def tracked(work_tree: Path) -> Tracked | None:
    """What git tracks in a work tree; None where the index is missing, damaged, or split over several files."""
    folder = work_tree / ".git"
    try:
        if folder.is_file():
            match = _GITDIR.match(read_file(folder, 8_192).decode("utf-8", "replace"))
            if match is None:
                return None
            folder = work_tree / match[1].strip()
        data = read_file(folder / "index", MAX_INDEX)
    except (InputError, OSError, ValueError):
        return None
    return parse(data)


def parse(data: bytes) -> Tracked | None:
    """The entries of an index file; None where it is damaged."""
    if len(data) < 12 or data[:4] != b"DIRC":
        return None
    version, count = struct.unpack_from(">II", data, 4)
    if version not in (2, 3, 4) or count > MAX_ENTRIES:
        return None
    for size in (20, 32):
        try:
            return _entries(data, version, count, size)
        except (ValueError, IndexError, struct.error):
            continue
    return None


def _entries(data: bytes, version: int, count: int, hash_size: int) -> Tracked:
    files: dict[str, None] = {}
    modules: dict[str, None] = {}
    at, name = 12, b""
    for _number in range(count):
        (mode,) = _MODE_OF.unpack_from(data, at + _MODE)
        flags_at = at + _STAT + hash_size
        (flags,) = _FLAGS_OF.unpack_from(data, flags_at)
        start = flags_at + (4 if flags & _EXTENDED and version >= 3 else 2)
        if version == 4:
            cut, start = _varint(data, start)
            end = data.index(b"\0", start)
            name = name[: len(name) - cut] + data[start:end] if cut <= len(name) else _bad()
            at = end + 1
        else:
            end = data.index(b"\0", start)
            name = data[start:end]
            if len(name) != flags & _NAME_LENGTH and len(name) < _NAME_LENGTH:
                _bad()
            at += (end - at) // 8 * 8 + 8
        kind = mode & 0o170000
        if kind == _REGULAR:
            files[_checked(name)] = None
        elif kind == _MODULE:
            modules[_checked(name)] = None
    if data[at : at + 4] == b"link":
        _bad()
    return Tracked(tuple(sorted(files)), tuple(sorted(modules)))


def _checked(name: bytes) -> str:
    """A path below the work tree; git writes no other, but whoever made the file may."""
    if _STRANGE.search(name):
        _bad()
    return os.fsdecode(name)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Git's offset encoding: seven bits a byte, each continued byte counts one more."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = ((value + 1) << 7) | (data[at] & 0x7F)
        if value > MAX_INDEX:
            _bad()
    return value, at + 1


def _bad() -> bytes:
    raise ValueError
