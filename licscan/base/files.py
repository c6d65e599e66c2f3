"""Finds and reads files that nobody vouches for: bounded, and no link leads out of the folder that was named."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from licscan.base.errors import InputError
from licscan.base.links import is_folder, is_link
from licscan.base.messages import _

MAX_FILES = 1_000_000
SKIPPED = frozenset({".git", ".hg", ".svn", "__pycache__", ".licscan"})


@contextmanager
def open_regular(path: str | Path) -> Iterator[BinaryIO]:
    """A regular file, open for reading; InputError for what cannot be opened or read, or is none."""
    try:
        # opened without blocking: a named pipe must not hang the scan
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise _unreadable(error, path) from error
    try:
        with open(descriptor, "rb", closefd=False) as file:  # says of a folder that it is one
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise InputError(_("is not a regular file"), path=str(path))
            yield file
    except OSError as error:
        raise _unreadable(error, path) from error
    finally:
        os.close(descriptor)


def _unreadable(error: Exception, path: str | Path) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    return InputError(_("cannot be read: {reason}").format(reason=reason), path=str(path))


def read_file(path: str | Path, limit: int) -> bytes:
    """The whole file; InputError for what is longer than `limit` bytes, no regular file, or cannot be read."""
    with open_regular(path) as file:
        length = os.fstat(file.fileno()).st_size
        data = file.read(limit + 1) if length <= limit else b""
    if len(data) > limit or (not data and length > limit):
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
            raise InputError(_("does not exist"), path=path)
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
            raise InputError(_("contains more than {limit} files").format(limit=MAX_FILES), path=top)
        stack += [os.path.join(path, name) for name in names]


def _enters(entry: os.DirEntry[str], real: str) -> bool:
    """Whether an entry is a folder to look into, or a file; a link to a folder is neither."""
    if is_link(entry):
        return os.path.isfile(entry.path) and is_inside(entry.path, real)
    return entry.name not in SKIPPED if is_folder(entry) else True
