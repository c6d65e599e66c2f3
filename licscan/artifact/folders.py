"""Reads a folder on disk as a container."""

from __future__ import annotations

import os
from collections.abc import Iterator

from licscan.artifact.content import Content
from licscan.artifact.members import Member, Say
from licscan.artifact.names import readable
from licscan.base.links import is_folder, is_link, target_of
from licscan.base.messages import _


def members(top: str, say: Say) -> Iterator[Member]:
    """Everything below a folder, by name; `top` is a real path. What is no file, folder or link is said."""
    stack = [""]
    while stack:
        folder = stack.pop()
        try:
            with os.scandir(os.path.join(top, folder)) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            say(readable(folder), _("cannot be read: {reason}").format(reason=error.strerror or error))
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if is_folder(entry):
                stack.append(path)
            member = _member(top, path, entry, say)
            if member is not None:
                yield member


def _member(top: str, path: str, entry: os.DirEntry[str], say: Say) -> Member | None:
    try:
        if is_link(entry):
            return Member(path, target=_target(top, entry.path))
        if is_folder(entry):
            return Member(path)
        if entry.is_file(follow_symlinks=False):
            size = entry.stat(follow_symlinks=False).st_size
            return Member(path, Content(entry.path, 0, size, size))
    except OSError as error:
        say(readable(path), _("cannot be read: {reason}").format(reason=error.strerror or error))
        return None
    say(readable(path), _("is a device or a pipe, not a file"))
    return None


def _target(top: str, path: str) -> str:
    """Where a link leads; an absolute one into the folder itself as a relative one."""
    target = target_of(path)
    if os.path.isabs(target) and os.path.normpath(target).startswith(top.rstrip(os.sep) + os.sep):
        return os.path.relpath(target, os.path.dirname(path))
    return target
