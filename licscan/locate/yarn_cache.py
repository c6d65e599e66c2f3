"""yarn berry's cache: one zip a package, named `<name>-npm-<version>-<hash>-<checksum>.zip`."""

from __future__ import annotations

import os
from pathlib import Path

from licscan.locate.archives import read_zip
from licscan.locate.caches import Caches
from licscan.locate.packed import MANIFEST, npm_files
from licscan.model import Component, PackageFiles


def locate(component: Component, caches: Caches) -> tuple[PackageFiles, ...]:
    """The zip of this name and version; the manifest in it has the last word."""
    if component.version is None:
        return ()
    slug = component.name.replace("/", "-")
    for folder in caches.yarn:
        for path in _listing(caches, folder).get(f"{slug}-npm-{component.version}", ()):
            contents = read_zip(path, MANIFEST.__eq__, prefix=f"node_modules/{component.name}/")
            found = npm_files(component, str(path), contents)
            if found:
                return found
    return ()


def _listing(caches: Caches, folder: Path) -> dict[str, list[Path]]:
    """The zips of a folder by the part of their name before the two hashes."""
    key = str(folder)
    if key not in caches.listings:
        listing = caches.listings[key] = {}
        for name in sorted(os.listdir(folder)):
            parts = name.rsplit("-", 2)
            if name.endswith(".zip") and len(parts) == 3:
                listing.setdefault(parts[0], []).append(folder / name)
    return caches.listings[key]
