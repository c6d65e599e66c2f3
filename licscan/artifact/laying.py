"""Lays files of an archive down in a folder of our own: regular ones alone, each inside it, the first of a name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from licscan.artifact.entry import Entry
from licscan.base.errors import InputError
from licscan.base.names import below

TOOLS = frozenset({".git", ".licscan", ".hg", ".svn"})
"""Folders of tools: what they hold is not scanned."""
MAX_PARTS = 100
MAX_PART = 250


def lay_down(entries: Iterable[Entry], folder: Path, top: str = "") -> Iterator[InputError]:
    """Write an artifact's files below a folder, under a path `top` in it; says which were damaged and are not there."""
    for entry in entries:
        place = place_in(folder, top + entry.path)
        if place is not None and not place.is_dir():
            try:
                write_new(place, entry.chunks())
            except InputError as error:
                place.unlink(missing_ok=True)
                yield error


def place_in(folder: Path, name: str) -> Path | None:
    """Where a name lies below a folder; None for one that points out of it, is a tool's, or is no name."""
    # what stands in an inner archive lies below `name!`, beside the archive itself
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or ".." in parts or "\0" in name or parts[0] in TOOLS:
        return None
    if any(len(os.fsencode(part)) > MAX_PART for part in parts) or len(parts) > MAX_PARTS:
        return None
    return below(folder, "/".join(parts))


def write_new(path: Path, chunks: Iterator[bytes]) -> None:
    """Write a file that is not there yet; of two of one name the first one stays."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "xb") as file:
            for chunk in chunks:
                file.write(chunk)
    except (FileExistsError, NotADirectoryError):
        return
