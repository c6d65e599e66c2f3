"""What a target holds: as a folder that can be scanned, and as one digest that tells whether it has changed."""

from __future__ import annotations

import hashlib
import os
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from licscan.artifact.laying import TOOLS, lay_down, place_in, write_new
from licscan.artifact.opening import open_artifact
from licscan.base.errors import InputError
from licscan.base.files import open_regular
from licscan.base.links import is_folder
from licscan.base.messages import _
from licscan.fleet.model import Kind, Target
from licscan.vcs.fetch import GitSource, commit_at, fetched

PROTOCOLS = ("https", "ssh", "http", "file")
"""How repositories are reached: a person named each of them."""
MAX_BYTES = 4 * 1024**3
MAX_FILES = 1_000_000
_CHUNK = 1024 * 1024


def inputs_of(target: Target) -> str:
    """A digest of what there is to scan: the commit of a repository, else all bytes. InputError where it is not there.

    A repository is asked for its commit alone; a folder is read whole, for no time of a file tells what it holds.
    """
    if target.kind is Kind.GIT:
        return commit_at(target.location, target.reference, protocols=PROTOCOLS)
    path = Path(target.location)
    if not path.exists():
        raise InputError(_("does not exist"), path=target.location)
    return digest_of_folder(path) if path.is_dir() else _digest_of_file(path)


def parts_of(target: Target) -> tuple[tuple[str, str, str], ...]:
    """The SBOMs of a target's other parts: path, surface and digest. InputError for one that is not there."""
    return tuple((path, surface, _digest_of_file(Path(path))) for path, surface in target.part_files)


@contextmanager
def contents_of(target: Target, inputs: str) -> Iterator[Path]:
    """The folder to scan, or the file of an SBOM. What is fetched or unpacked for it is gone afterwards."""
    path = Path(target.location)
    if target.kind in (Kind.FOLDER, Kind.SBOM):
        if not path.exists():
            raise InputError(_("does not exist"), path=target.location)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="licscan-fleet-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch) / _folder_name(target)
        folder.mkdir()
        if target.kind is Kind.GIT:
            _fetch(target, inputs, folder)
        else:
            _unpack(path, folder)
        try:
            yield folder
        except InputError as error:
            if error.path and error.path.startswith(str(folder)):  # nobody knows the place that it was laid down at
                error.path = target.label + error.path.removeprefix(str(folder))
            raise


def _folder_name(target: Target) -> str:
    place = urlsplit(target.location).path if target.kind is Kind.GIT else target.location
    name = Path(place.rstrip("/")).name.removesuffix(".git")
    return name if name and name not in (".", "..") else "project"


def _fetch(target: Target, commit: str, folder: Path) -> None:
    """Lay the files of a commit down: regular ones alone, each inside the folder, as many bytes as are sound."""
    source = GitSource(target.location, target.reference or "HEAD")
    with fetched(source, prefix="", protocols=PROTOCOLS) as (got, stream):
        if got != commit:
            raise InputError(_("its repository moved on while it was read"), remedy=_("scan it again"))
        left, count = MAX_BYTES, 0
        with tarfile.open(mode="r|", fileobj=stream) as archive:
            for member in archive:
                if not member.isreg() or (inside := place_in(folder, member.name)) is None:
                    continue
                left, count = left - member.size, count + 1
                if left < 0 or count > MAX_FILES:
                    raise InputError(_("contains more than is read for one target"))
                content = archive.extractfile(member)
                if content is not None:
                    with content:
                        write_new(inside, iter(lambda read=content.read: read(_CHUNK), b""))  # type: ignore[misc]


def _unpack(path: Path, folder: Path) -> None:
    """Lay an artifact's files down; it was opened within the bounds of `licscan.artifact`."""
    with open_artifact(path) as artifact:
        # a wheel is what an installer puts into a folder of that name
        top = "lib/python3/site-packages/" if artifact.kind == "wheel" else ""
        for _error in lay_down(artifact.entries(), folder, top):
            pass  # damaged: it is not there, as in the artifact


# --- digests ----------------------------------------------------------------------------------------------------------


def digest_of_folder(folder: Path) -> str:
    """One digest over the paths and bytes of all files below a folder, those of version control left out."""
    whole = hashlib.sha256()
    for name, path in _files(folder):
        whole.update(os.fsencode(name) + b"\0")
        whole.update(_bytes_digest(path))
    return whole.hexdigest()[:40]


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file, by its path relative to the folder, sorted within each folder; links are not followed."""
    stack = [("", str(folder))]
    while stack:
        inside, place = stack.pop()
        try:
            with os.scandir(place) as entries:
                listed = sorted(entries, key=lambda one: one.name, reverse=True)
        except OSError:
            continue
        for entry in listed:
            if entry.name in TOOLS:
                continue  # the `.git` of a work tree is a file that says where its repository lies
            if is_folder(entry):
                stack.append((f"{inside}{entry.name}/", entry.path))
            else:
                yield inside + entry.name, entry.path


def _bytes_digest(path: str) -> bytes:
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return hashlib.sha256(b"link\0" + os.fsencode(os.readlink(path))).digest()
        if not stat.S_ISREG(mode):
            return b"special"
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        return b"unreadable %d" % (error.errno or 0)


def _digest_of_file(path: Path) -> str:
    with open_regular(path) as file:
        whole = hashlib.sha256()
        while data := file.read(_CHUNK):
            whole.update(data)
        return whole.hexdigest()[:40]
