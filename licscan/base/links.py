"""Links of a folder, whatever the system makes them of: Windows has junctions too, which npm and pnpm use."""

from __future__ import annotations

import os
import stat

_WINDOWS = os.name == "nt"
_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT
_LONG, _LONG_SHARE = "\\\\?\\", "\\\\?\\UNC\\"


def is_link(entry: os.DirEntry[str], *, windows: bool = _WINDOWS) -> bool:
    """Whether an entry leads somewhere else: a symbolic link, or a junction, which Python takes for a folder."""
    return entry.is_symlink() or (windows and _is_junction(entry))


def is_folder(entry: os.DirEntry[str], *, windows: bool = _WINDOWS) -> bool:
    """Whether an entry is a folder of its own, no link to one."""
    return entry.is_dir(follow_symlinks=False) and not (windows and _is_junction(entry))


def leads_away(path: str | os.PathLike[str], *, windows: bool = _WINDOWS) -> bool:
    """Whether a path itself is a link or a junction; False for what is not there."""
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return False
    return stat.S_ISLNK(status.st_mode) or (windows and getattr(status, "st_reparse_tag", 0) == _JUNCTION)


def target_of(path: str) -> str:
    """Where a link leads, as it is written in it, without the prefix that Windows puts before long paths."""
    target = os.readlink(path)
    return plain(target) if _WINDOWS else target


def plain(target: str) -> str:
    r"""A path without the prefix `\\?\`."""
    if target.startswith(_LONG_SHARE):
        return "\\\\" + target.removeprefix(_LONG_SHARE)
    return target.removeprefix(_LONG)


def _is_junction(entry: os.DirEntry[str]) -> bool:
    try:
        return getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) == _JUNCTION
    except OSError:
        return False
