"""Which of a package's places is looked into, and what RECORD says of it where it is installed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from licscan.base.errors import InputError
from licscan.model import Component, Origin, PackageFiles
from licscan.packages.record import Recorded, read_record
from licscan.packages.tree import PackageTree, TreeSource

_RECORD = re.compile(r"[^/]+\.dist-info/(?:RECORD|METADATA)")


@dataclass(frozen=True, slots=True)
class Held:
    """A package's files at one place, and what was located there."""

    tree: PackageTree
    files: PackageFiles

    @property
    def is_wheel(self) -> bool:
        """Whether the files are those of a wheel, as it is installed."""
        return any(_RECORD.fullmatch(entry.path) for entry in self.tree.entries)


def held(component: Component, places: Iterable[PackageFiles], source: TreeSource) -> Held | None:
    """The first place, in order of trust and name, whose files are at hand; None where there is none."""
    for files in sorted(places, key=lambda one: (one.origin is not Origin.INSTALLED, one.place)):
        if files.origin is Origin.PROJECT:
            continue
        try:
            tree = source.tree(component, files)
            if tree is not None and tree.entries:
                return Held(tree, files)
        except InputError:
            # whoever located it has said so
            continue
    return None


def installed_record(component: Component, root: str) -> tuple[str, tuple[Recorded, ...]] | None:
    """The folder of an installed wheel and the rows of its RECORD; None where it is not installed as one."""
    for place in sorted(component.installed_at):
        if place.endswith(".dist-info"):
            full = os.path.join(root, place)
            recorded = read_record(os.path.join(full, "RECORD"))
            if recorded is not None:
                return os.path.dirname(full), recorded
    return None
