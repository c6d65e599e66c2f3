"""The place of a fleet's store: a folder, or object storage by fsspec. Files are written whole, and never changed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from licscan.base.errors import StoreError
from licscan.base.messages import _


class Space(Protocol):
    """Named files. Names are relative, with `/`; every method raises StoreError where the place gives no answer."""

    address: str

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None where it is not there."""

    def write(self, name: str, data: bytes, *, new: bool = False) -> bool:
        """Write a file whole. With `new` only where there is none: False where somebody was first."""

    def names(self, prefix: str) -> list[str]:
        """The names of the files below a folder, sorted."""

    def remove(self, name: str) -> None:
        """Take a file away; no matter if it is gone."""

    def has(self, name: str) -> bool:
        """Whether there is such a file."""

    def local(self, name: str) -> Path | None:
        """Where the file lies on this machine, for readers that need a path; None where it is not there."""


class Folder:
    """A folder of a file system that all machines of the fleet see."""

    def __init__(self, root: Path):
        self.root = root
        self.address = str(root)

    def read(self, name: str) -> bytes | None:
        """As in Space."""
        with _told(self.address):
            try:
                return (self.root / name).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None

    def write(self, name: str, data: bytes, *, new: bool = False) -> bool:
        """As in Space: beside its place first, then moved over it; with `new` linked, which fails where one is."""
        path = self.root / name
        with _told(self.address):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                os.chmod(
                    temporary, 0o666 & ~_umask()
                )  # mkstemp makes a private file; others of the fleet read this one
                if new:
                    try:
                        os.link(temporary, path)
                    except FileExistsError:
                        return False
                else:
                    os.replace(temporary, path)
                    return True
            finally:
                Path(temporary).unlink(missing_ok=True)
        return True

    def names(self, prefix: str) -> list[str]:
        """As in Space."""
        top = self.root / prefix
        found = []
        with _told(self.address):
            for place, _folders, files in os.walk(top):
                inside = os.path.relpath(place, self.root).replace(os.sep, "/")
                found += [f"{inside}/{file}" for file in files if not file.startswith(".")]
        return sorted(found)

    def remove(self, name: str) -> None:
        """As in Space."""
        with _told(self.address):
            (self.root / name).unlink(missing_ok=True)

    def has(self, name: str) -> bool:
        """As in Space."""
        return (self.root / name).is_file()

    def local(self, name: str) -> Path | None:
        """As in Space."""
        path = self.root / name
        return path if path.is_file() else None


class Remote:
    """A place that fsspec reaches; what was read of it is kept in the user's cache, for no file ever changes."""

    def __init__(self, address: str, cache: Path):
        import fsspec

        self.address = address.rstrip("/")
        self._cache = cache
        with _told(self.address):
            self._files, self._root = fsspec.core.url_to_fs(self.address)

    def read(self, name: str) -> bytes | None:
        """As in Space."""
        with _told(self.address):
            try:
                data: bytes = self._files.cat_file(f"{self._root}/{name}")
            except FileNotFoundError:
                return None
            return data

    def write(self, name: str, data: bytes, *, new: bool = False) -> bool:
        """As in Space; where a storage cannot tell who was first, the last one stays, and nothing that counts is lost:
        results go from the inbox only when the manifest in force names them.
        """
        path = f"{self._root}/{name}"
        with _told(self.address):
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            if not new:
                self._files.pipe_file(path, data)
                return True
            try:
                if self._files.exists(path):
                    return False
                self._files.pipe_file(path, data, mode="create")
            except FileExistsError:
                return False
        return True

    def names(self, prefix: str) -> list[str]:
        """As in Space."""
        with _told(self.address):
            self._files.invalidate_cache()
            try:
                found: Any = self._files.find(f"{self._root}/{prefix}")
            except FileNotFoundError:
                return []
        root = self._root.strip("/")
        return sorted(str(path).strip("/").removeprefix(root).strip("/") for path in found)

    def remove(self, name: str) -> None:
        """As in Space."""
        with _told(self.address):
            try:
                self._files.rm_file(f"{self._root}/{name}")
            except FileNotFoundError:
                return

    def has(self, name: str) -> bool:
        """As in Space."""
        with _told(self.address):
            return bool(self._files.exists(f"{self._root}/{name}"))

    def local(self, name: str) -> Path | None:
        """As in Space: a copy in the cache, taken once."""
        copies = Folder(self._cache)
        if (path := copies.local(name)) is None:
            data = self.read(name)
            if data is None:
                return None
            copies.write(name, data)
            path = copies.local(name)
        return path


@cache
def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def open_space(address: str) -> Space:
    """The place that a path or an address such as `s3://bucket/fleet` names."""
    if "://" not in address:
        return Folder(Path(os.path.abspath(address)))
    import hashlib

    import platformdirs

    if address.startswith("file://"):
        return Folder(Path(url2pathname(urlsplit(address).path)))
    name = hashlib.sha256(address.encode()).hexdigest()[:24]
    return Remote(address, Path(platformdirs.user_cache_dir("licscan")) / "fleet" / name)


@contextmanager
def _told(address: str) -> Iterator[None]:
    """One line instead of whatever a file system or an object store raises."""
    try:
        yield
    except (StoreError, KeyboardInterrupt):
        raise
    except Exception as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise StoreError(_("the fleet's store cannot be used: {reason}").format(reason=reason), path=address) from error
