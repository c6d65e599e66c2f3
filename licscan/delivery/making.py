"""Puts a delivery together: files with their digests, the statement over them, the envelope around it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.delivery.envelope import Envelope, write_envelope
from licscan.delivery.opening import ENVELOPE
from licscan.delivery.packing import packed
from licscan.delivery.statement import Reference, Statement, Subject, write_statement

MEDIA_TYPES = (
    (".cdx.json", "application/vnd.cyclonedx+json"),
    (".cdx.xml", "application/vnd.cyclonedx+xml"),
    (".spdx3.json", "application/spdx+json"),
    (".spdx.json", "application/spdx+json"),
    (".spdx", "text/spdx"),
    (".json", "application/json"),
    (".html", "text/html"),
    (".txt", "text/plain"),
)
ARCHIVE = ".tar.gz"

Sign = Callable[[Envelope], Envelope]


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """A document as JSON, the same for the same content."""
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace")


def envelope_of(files: Mapping[str, bytes], subjects: Sequence[Subject], sign: Sign | None) -> bytes:
    """The envelope over all files and artifacts, signed where there is somebody who signs."""
    references = tuple(
        Reference(path, hashlib.sha256(data).hexdigest(), _media_type(path)) for path, data in sorted(files.items())
    )
    envelope = Envelope(write_statement(Statement(tuple(sorted(subjects)), references)))
    return write_envelope(sign(envelope) if sign else envelope)


def _media_type(path: str) -> str:
    return next((kind for ending, kind in MEDIA_TYPES if path.endswith(ending)), "application/octet-stream")


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """An empty folder beside the one that is to be written; what is still in it at the end is gone.

    InputError where the place is taken, or cannot be written.
    """
    for place in (folder, archive_of(folder)):
        if os.path.lexists(place):
            raise InputError(_("already exists"), path=str(place), remedy=_("name another folder, or remove it"))
    try:
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def archive_of(folder: Path) -> Path:
    """Where the archive of a delivery's folder lies."""
    return folder.with_name(folder.name + ARCHIVE)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder; InputError where that fails."""
    try:
        for path, data in sorted(files.items()):
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
    except OSError as error:
        raise _unwritable(folder, error) from error


def publish(made: Path, folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the archive, then move both to their places: the folder last, since it is what others wait for."""
    archive = archive_of(folder)
    temporary = made / archive.name
    whole = made / "whole"
    try:
        temporary.write_bytes(packed((f"{folder.name}/{path}", data) for path, data in files.items()))
        whole.mkdir()
        write_files(whole, files)
        umask = os.umask(0)
        os.umask(umask)
        whole.chmod(0o777 & ~umask)
        temporary.replace(archive)
        try:
            whole.rename(folder)
        except OSError:
            archive.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> InputError:
    reason = error.strerror or str(error)
    return InputError(_("cannot be written: {reason}").format(reason=reason), path=str(folder))


__all__ = ["ARCHIVE", "ENVELOPE", "archive_of", "beside", "envelope_of", "json_bytes", "publish", "write_files"]
