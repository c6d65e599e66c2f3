"""The files of an installed package: those of its RECORD, or those below its folder; bounded, no link is followed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from licscan.model import Component
from licscan.packages.record import Recorded, read_record

MAX_FILES = 20_000
MAX_DEPTH = 12
_SKIPPED = frozenset({".git", "__pycache__", ".venv", "site-packages"})


@dataclass(frozen=True, slots=True)
class Installed:
    """An installed package: its folder as reports name it and in full, its files below it, its metadata's path."""

    place: str
    folder: str
    files: tuple[Recorded, ...]
    metadata: str
    is_wheel: bool = False

    @property
    def paths(self) -> list[str]:
        """The paths of its files."""
        return [file.path for file in self.files]


def installed_files(component: Component, root: str) -> Installed | None:
    """The files of the first place at which a package is installed; None where they cannot be told."""
    for place in sorted(component.installed_at):
        full = os.path.join(root, place)
        if place.endswith(".dist-info"):
            recorded = read_record(os.path.join(full, "RECORD"))
            # a RECORD that was emptied or left out, as distributions of Linux do it: the metadata's files are there
            name = place.rpartition("/")[2]
            recorded = recorded or tuple(Recorded(f"{name}/{path}") for path in sorted(_below(full)))
            if recorded:
                shown = place.rpartition("/")[0]
                metadata = f"{name}/METADATA"
                return Installed(shown, os.path.dirname(full), recorded, metadata, is_wheel=True)
        elif component.ecosystem == "npm" and os.path.isdir(full):
            return Installed(place, full, tuple(map(Recorded, _below(full))), "package.json")
    return None


def _below(top: str) -> Iterator[str]:
    """The files below a folder, without those of other packages in its node_modules."""
    stack = [(top, "", 1)]
    left = MAX_FILES
    while stack:
        folder, shown, depth = stack.pop()
        try:
            entries = os.scandir(folder)
        except OSError:
            continue
        with entries:
            for entry in entries:
                left -= 1
                if left < 0:
                    return
                if entry.is_dir(follow_symlinks=False):
                    if depth < MAX_DEPTH and entry.name not in _SKIPPED and entry.name != "node_modules":
                        stack.append((f"{folder}{os.sep}{entry.name}", f"{shown}{entry.name}/", depth + 1))
                elif not entry.is_symlink():
                    yield f"{shown}{entry.name}"
