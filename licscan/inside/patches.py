"""The patches that patch-package applies to installed packages: `patches/NAME+VERSION.patch` beside a manifest."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from licscan.model import Component, Graph
from licscan.packages import purls

MAX_PATCHES = 2_000
_FILE = re.compile(
    r"(?:.*\+\+)?(?P<name>(?:@[^+]+\+)?[^+@]+)\+(?P<version>\d[^+]*?)(?:\+\d{3}(?:\+[^+]+)?)?(?:\.dev)?\.patch"
)


def patches_of(graph: Graph, root: str) -> dict[str, tuple[str, ...]]:
    """The patches by the PackageURL of the package that they change, beside each manifest of the project's own."""
    found: dict[str, list[str]] = {}
    folders = {c.manifest.rpartition("/")[0] for c in graph.components if c.manifest and c.ecosystem == "npm"}
    for folder in sorted(folders):
        for name in _names(os.path.join(root, folder, "patches")):
            match = _FILE.fullmatch(name)
            if match:
                purl = purls.npm(match["name"].replace("+", "/"), match["version"])
                if purl in graph.by_purl:
                    found.setdefault(purl, []).append(f"{folder}/patches/{name}".lstrip("/"))
    return {purl: tuple(paths) for purl, paths in found.items()}


def _names(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.name.endswith(".patch"))
    except OSError:
        return
    yield from names[:MAX_PATCHES]


def with_patches(component: Component, more: tuple[str, ...]) -> tuple[str, ...]:
    """The patches that are known of a component, with more."""
    return tuple(sorted({*component.patches, *more}))
