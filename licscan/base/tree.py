"""Reads files of the scanned project, which is hostile: bounded sizes, no way out of its root."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path, PurePosixPath

from licscan.base.errors import InputError
from licscan.base.messages import _

MAX_BYTES = 64 * 1024 * 1024
"""No lockfile is longer: a real one of 100,000 packages has 40 MB."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Tree:
    """The files below one root folder, by paths relative to it (`/` between folders).

    Every method raises InputError with the relative path for what is missing, too large, not a regular file,
    unreadable or outside the root (also through a link).
    """

    def __init__(self, root: Path, max_bytes: int = MAX_BYTES):
        self.root = Path(os.path.abspath(root))
        self._real = os.path.realpath(root)
        self.max_bytes = max_bytes

    def path(self, relative: str) -> Path:
        """The absolute path of a file inside the root."""
        full = os.path.normpath(os.path.join(self.root, relative))
        if full != str(self.root) and not full.startswith(str(self.root).rstrip(os.sep) + os.sep):
            raise InputError(_("points outside the scanned folder"), path=relative)
        return Path(full)

    def exists(self, relative: str) -> bool:
        """Whether there is a regular file that may be read."""
        try:
            path = self.path(relative)
            return path.is_file() and self._inside(path)
        except (InputError, OSError, ValueError):
            # also a name that is too long for the file system
            return False

    def folder_exists(self, relative: str) -> bool:
        """Whether there is a folder inside the root."""
        try:
            path = self.path(relative)
            return path.is_dir() and self._inside(path)
        except (InputError, OSError, ValueError):
            return False

    def names(self, relative: str) -> list[str]:
        """The sorted names in a folder; empty where it cannot be listed."""
        try:
            path = self.path(relative)
            return sorted(os.listdir(path)) if self._inside(path) else []
        except (OSError, InputError):
            return []

    def read_bytes(self, relative: str) -> bytes:
        """The whole file."""
        path = self.path(relative)
        if not self._inside(path):
            raise InputError(_("is a link that points outside the scanned folder"), path=relative)
        try:
            # opened without blocking: a named pipe must not hang the scan
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            with open(descriptor, "rb") as file:
                status = os.fstat(descriptor)
                if not stat.S_ISREG(status.st_mode):
                    raise InputError(_("is not a regular file"), path=relative)
                data = file.read(self.max_bytes + 1)
        except OSError as error:
            raise InputError(
                _("cannot be read: {reason}").format(reason=error.strerror or str(error)), path=relative
            ) from error
        if len(data) > self.max_bytes:
            raise InputError(
                _("is larger than {limit} MB and was not read").format(limit=self.max_bytes // 1024 // 1024),
                path=relative,
            )
        return data

    def read_text(self, relative: str) -> str:
        """The whole file as text (see `decode`)."""
        return decode(self.read_bytes(relative), relative)

    def _inside(self, path: Path) -> bool:
        real = os.path.realpath(path)
        return real == self._real or real.startswith(self._real.rstrip(os.sep) + os.sep)


def decode(data: bytes, path: str = "") -> str:
    """Bytes to text: by BOM, else UTF-8, else Latin-1; a file with NUL bytes and no BOM is binary: InputError."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise InputError(_("is not valid {encoding}").format(encoding=encoding), path=path) from error
    if b"\0" in data:
        raise InputError(_("is a binary file"), path=path)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def shown_from(path: str | Path, folder: str | Path) -> str:
    """A path as it is seen from a folder, `/` between folders; whole where it lies on another drive."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return Path(os.path.abspath(path)).as_posix()


def join(folder: str, relative: str) -> str:
    """A path relative to the root from one relative to a folder of it; `..` is folded, a way out stays `../`."""
    joined = os.path.normpath(PurePosixPath(folder or ".") / relative).replace(os.sep, "/")
    return "" if joined == "." else joined


def folder_of(path: str) -> str:
    """The folder of a file, `` for the root."""
    return path.rpartition("/")[0]
