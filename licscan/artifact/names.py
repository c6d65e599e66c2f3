"""Names of members as safe relative paths: nothing that leads out, up, to a drive or to a device."""

from __future__ import annotations

import re

from licscan.base.messages import _

MAX_NAME = 4_096
_DRIVE = re.compile(r"[A-Za-z]:([\\/]|$)")
_SEPARATORS = re.compile(r"[\\/]")


class UnsafeNameError(Exception):
    """A name that leads somewhere else; the message is a fragment for a user."""


def parts_of(name: str, *, rooted: bool = False, windows: bool = False) -> tuple[str, ...]:
    """The folders of a name and its last part; empty for the top itself.

    `rooted`: a leading `/` means the top, as in the layers of an image; `windows`: `\\` parts folders, as some packers
    of zip write. UnsafeNameError where it leads out of the archive.
    """
    if len(name) > MAX_NAME:
        raise UnsafeNameError(_("has a name longer than {limit} characters").format(limit=MAX_NAME))
    if "\0" in name:
        raise UnsafeNameError(_("has a NUL byte in its name"))
    if windows:
        name = name.replace("\\", "/")
    if name.startswith("/") and not rooted:
        raise UnsafeNameError(_("has an absolute path"))
    if _DRIVE.match(name):
        raise UnsafeNameError(_("has a path with a drive letter"))
    if ".." in name and ".." in _SEPARATORS.split(name):
        raise UnsafeNameError(_("has a path that leads outside the archive"))
    return tuple([part for part in name.split("/") if part not in ("", ".")])


def readable(name: str) -> str:
    """A name without the lone surrogates that stand for bytes of no encoding: they are shown as `\\xff`."""
    if name.isascii():
        return name
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape" if _escaped(name) else "replace").decode(
            "utf-8", "backslashreplace"
        )
    return name


def _escaped(name: str) -> bool:
    return all(not "\ud800" <= char <= "\udfff" or "\udc80" <= char <= "\udcff" for char in name)
