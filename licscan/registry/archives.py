"""Core metadata out of wheels and sdists, hostile ones too: bounded, and nothing is unpacked to disk."""

from __future__ import annotations

import io
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from licscan.base.damaged import DAMAGED
from licscan.base.errors import RegistryError
from licscan.base.messages import _
from licscan.registry.client import Client, host_of
from licscan.registry.ranges import NoRangesError, RangeFile

MAX_ENTRY = 5 * 1024 * 1024
MAX_DIRECTORY = 20 * 1024 * 1024
"""Of a wheel's list of names: 100,000 of them have some 10 MB."""
MAX_WHOLE_WHEEL = 5 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
_TAIL = 32 * 1024


@dataclass(frozen=True, slots=True)
class Metadata:
    """The bytes of METADATA or PKG-INFO, and the names in the archive where its list was read."""

    content: bytes
    names: tuple[str, ...] | None


def read_remote_wheel(name: str, url: str, client: Client) -> Metadata:
    """The metadata of a wheel by range requests; a small one whole where the server has no ranges."""
    try:
        with zipfile.ZipFile(cast(BinaryIO, RangeFile(client, name, url, limit=MAX_DIRECTORY))) as archive:
            return _metadata_of(name, archive)
    except NoRangesError as error:
        error.answer.close()
        content = client.get(name, url, limit=MAX_WHOLE_WHEEL).content
        return _whole_wheel(name, io.BytesIO(content))
    except DAMAGED as error:
        raise _damaged(name, host_of(url)) from error


def read_local_wheel(name: str, path: Path) -> Metadata:
    """The metadata of a wheel on disk."""
    with path.open("rb") as file:
        return _whole_wheel(name, file)


def read_sdist(name: str, file_name: str, content: bytes) -> Metadata:
    """The outermost PKG-INFO of a source distribution (`.tar.gz`, `.zip`, ...)."""
    try:
        if file_name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return _metadata_of(name, archive, "PKG-INFO")
        return _tar_metadata(name, content)
    except DAMAGED as error:
        raise _damaged(name, file_name) from error


def _whole_wheel(name: str, file: Any) -> Metadata:
    try:
        with zipfile.ZipFile(file) as archive:
            return _metadata_of(name, archive)
    except DAMAGED as error:
        raise _damaged(name, "") from error


def _metadata_of(name: str, archive: zipfile.ZipFile, leaf: str = "METADATA") -> Metadata:
    names = tuple(archive.namelist())
    suffix = f".dist-info/{leaf}" if leaf == "METADATA" else f"/{leaf}"
    found = sorted((entry for entry in names if entry.endswith(suffix) and entry.count("/") == 1), key=len)
    if not found or archive.getinfo(found[0]).file_size > MAX_ENTRY:
        raise _damaged(name, "")
    with archive.open(found[0]) as entry:
        return Metadata(entry.read(MAX_ENTRY), names)


def _tar_metadata(name: str, content: bytes) -> Metadata:
    """A bounded walk: a bomb of zeros ends at MAX_UNPACKED."""
    names: list[str] = []
    found: bytes | None = None
    size = 0
    with tarfile.open(fileobj=io.BytesIO(content), mode="r|*") as archive:
        for member in archive:
            size += member.size
            if size > MAX_UNPACKED:
                break
            if not member.isfile():
                continue
            names.append(member.name)
            if member.name.count("/") == 1 and member.name.endswith("/PKG-INFO") and member.size <= MAX_ENTRY:
                reader = archive.extractfile(member)
                found = reader.read(MAX_ENTRY) if reader else found
    if found is None:
        raise _damaged(name, "")
    return Metadata(found, tuple(names))


def _damaged(name: str, where: str) -> RegistryError:
    said = _("{host}: its archive is damaged or has no metadata").format(host=where) if where else None
    return RegistryError(said or _("its archive is damaged or has no metadata"), path=name)
