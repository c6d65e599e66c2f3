"""Finds and reads files that nobody vouches for: bounded, and no link leads out of the folder that was named."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.messages import _

MAX_FILES = 1_000_000
SKIPPED = frozenset({".git", ".hg", ".svn", "__pycache__", ".licscan"})


def read_file(path: str | Path, limit: int) -> bytes:
    """The whole file; InputError for what is longer than `limit` bytes, no regular file, or cannot be read."""
    try:
        # opened without blocking: a named pipe must not hang the scan
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise InputError(_("is not a regular file"), path=str(path))
            data = file.read(limit + 1) if status.st_size <= limit else b""
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(_("cannot be read: {reason}").format(reason=reason), path=str(path)) from error
    if len(data) > limit or (not data and status.st_size > limit):
        size = f"{limit // 1024 // 1024} MB" if limit >= 1024 * 1024 else f"{limit} B"
        raise InputError(_("is larger than {size} and was not read").format(size=size), path=str(path))
    return data


def is_inside(path: str, folder: str) -> bool:
    """Whether a path leads, through all its links, to something in the folder; `folder` is a real path."""
    real = os.path.realpath(path)
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)


def files_below(paths: Iterable[str]) -> Iterator[str]:
    """Every file that the paths name, each folder's in order of their names; links in folders are not followed out.

    InputError where a folder holds more than MAX_FILES, or a path is not there.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise InputError(_("is not there"), path=path)
        if os.path.isdir(path):
            yield from _walk(path)
        else:
            yield path


def _walk(top: str) -> Iterator[str]:
    real = os.path.realpath(top)
    stack, left = [top], MAX_FILES
    while stack:
        path = stack.pop()
        if path != top and not os.path.isdir(path):
            yield path
            continue
        try:
            with os.scandir(path) as entries:
                names = sorted((entry.name for entry in entries if _enters(entry, real)), reverse=True)
        except OSError:
            # said by whoever reads it: what cannot be listed cannot be read either
            yield path
            continue
        left -= len(names)
        if left < 0:
            raise InputError(_("holds more than {limit} files").format(limit=MAX_FILES), path=top)
        stack += [os.path.join(path, name) for name in names]


def _enters(entry: os.DirEntry[str], real: str) -> bool:
    """Whether an entry is a folder to look into, or a file; a link to a folder is neither."""
    if entry.is_symlink():
        return os.path.isfile(entry.path) and is_inside(entry.path, real)
    return entry.name not in SKIPPED if entry.is_dir(follow_symlinks=False) else True
