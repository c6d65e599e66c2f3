"""Reads files of content, each once: what an earlier scan read of the same bytes is kept."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from licscan.base.files import is_inside
from licscan.base.messages import _
from licscan.content.cache import FactsCache, Key
from licscan.media import Format, format_of
from licscan.media.blob import OpenFile
from licscan.media.kinds import HEAD
from licscan.media.readers import read_as
from licscan.model import Problem
from licscan.model.media import MediaFacts

BATCH = 2_000
"""So many files are asked of the cache at a time."""
_PIECE = 4 * 1024 * 1024
_SMALL = 64 * 1024
"""Bytes of a file up to which it is read at once, before it is known to be content."""
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | _NO_LINKS


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file of content with what it says of itself; `sha256` in hex, `size` in bytes."""

    path: str
    sha256: str
    size: int
    facts: MediaFacts


@dataclass(slots=True)
class Read:
    """The files of content among those asked for, in their order; what could not be read is a problem."""

    files: list[ReadFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


_State = tuple[int, int, int, int]
"""Device, number, size in bytes and time of the last change (ns): another one is another file."""


@dataclass(frozen=True, slots=True)
class _Met:
    """A file whose format and digest are known."""

    path: str
    key: Key
    size: int
    made: Format
    state: _State


def read_files(
    root: Path, paths: Iterable[str], kept: FactsCache, progress: Callable[[int], None] = lambda done: None
) -> Read:
    """What the files among these say of themselves that are content by their bytes; links are not followed."""
    found, top, inside = Read(), os.path.realpath(root), dict[str, bool]()
    listed = list(paths)
    for start in range(0, len(listed), BATCH):
        met = [one for path in listed[start : start + BATCH] if (one := _meet(top, path, inside, found)) is not None]
        known = kept.get_many({one.key for one in met})
        new: dict[Key, MediaFacts] = {}
        for one in met:
            if one.key not in known:
                facts = _read(top, one)
                if facts is None:
                    found.problems.append(Problem("content", one.path, _("changed while it was read")))
                    continue
                new[one.key] = known[one.key] = facts
        kept.put_many(new)
        found.files += [
            ReadFile(one.path, one.key[0].hex(), one.size, known[one.key]) for one in met if one.key in known
        ]
        found.problems += [
            Problem("content", one.path, _(fault)) for one in met if one.key in known for fault in known[one.key].faults
        ]
        progress(min(start + BATCH, len(listed)))
    return found


def open_below(top: str, path: str, inside: dict[str, bool]) -> int | None:
    """A descriptor of a regular file below the root; None for a link, what leads out, and what is gone."""
    full = os.path.join(top, path)
    folder = path.rpartition("/")[0]
    if folder not in inside:
        inside[folder] = is_inside(os.path.dirname(full), top)
    if not inside[folder]:
        return None
    try:
        # where the system refuses links itself, each file is asked for once
        return None if not _NO_LINKS and os.path.islink(full) else os.open(full, _FLAGS)
    except FileNotFoundError:
        return None
    except OSError:
        if os.path.islink(full):
            return None
        raise


def read_below(top: str, path: str, limit: int, inside: dict[str, bool]) -> bytes | None:
    """The whole file below the root; None where `open_below` gives none, or it has more bytes than the limit."""
    descriptor = open_below(top, path, inside)
    if descriptor is None:
        return None
    with open(descriptor, "rb") as opened:
        data = opened.read(limit + 1)
    return data if len(data) <= limit else None


def _meet(top: str, path: str, inside: dict[str, bool], found: Read) -> _Met | None:
    try:
        descriptor = open_below(top, path, inside)
        if descriptor is None:
            return None
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return None
            size = status.st_size
            head = os.pread(descriptor, max(HEAD, min(size, _SMALL)), 0)
            made = format_of(head[:HEAD], path.rpartition("/")[2])
            if made is None:
                return None
            digest, state = digest_of_open(descriptor, size, head), _state(status)
            if _state(os.fstat(descriptor)) != state:
                found.problems.append(Problem("content", path, _("changed while it was read")))
                return None
            return _Met(path, (digest, made.name), status.st_size, made, state)
        finally:
            os.close(descriptor)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        found.problems.append(Problem("content", path, _("cannot be read: {reason}").format(reason=reason)))
        return None


def _state(status: os.stat_result) -> _State:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def digest_of_open(descriptor: int, size: int, head: bytes = b"") -> bytes:
    """The SHA-256 digest of an open file of so many bytes, whose first ones are read; what is written behind them
    meanwhile has no part in it."""
    digest, offset = hashlib.sha256(head[:size]), len(head)
    while offset < size and (piece := os.pread(descriptor, min(_PIECE, size - offset), offset)):
        digest.update(piece)
        offset += len(piece)
    return digest.digest()


def _read(top: str, one: _Met) -> MediaFacts | None:
    """What the bytes say whose digest is known; None where the file is another one by now."""
    try:
        descriptor = open_below(top, one.path, {})
    except OSError:
        return None
    if descriptor is None:
        return None
    try:
        if _state(os.fstat(descriptor)) != one.state:
            return None
        facts = read_as(OpenFile(descriptor, one.size), one.made)
        return facts if _state(os.fstat(descriptor)) == one.state else None
    except OSError:
        return None
    finally:
        os.close(descriptor)
