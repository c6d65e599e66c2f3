"""uv's cache: unpacked wheels, `archive-v0/<id>/<name>-<version>.dist-info`."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from licscan.locate.caches import Caches
from licscan.locate.installed import distribution_files, with_named
from licscan.locate.packed import python_claims
from licscan.model import Component, Origin, PackageFiles
from licscan.packages.core_metadata import MAX_HEADERS
from licscan.packages.purls import normalize_pypi_name

MAX_ARCHIVES = 50_000


def locate(component: Component, caches: Caches) -> tuple[PackageFiles, ...]:
    """The first unpacked wheel of this name and version."""
    wanted = f"{normalize_pypi_name(component.name)}-{component.version}"
    for folder in caches.uv:
        for path in _listing(caches, folder).get(wanted, ()):
            files = distribution_files(component.purl, str(path), str(path), Origin.CACHE)
            with (path / "METADATA").open("rb") as file:
                claims = python_claims(file.read(MAX_HEADERS), (path / "METADATA").as_posix())
            files = replace(files, place=path.parent.as_posix(), claims=claims)
            return (with_named(files, component.claims, path.parent.as_posix()),)
    return ()


def _listing(caches: Caches, folder: Path) -> dict[str, list[Path]]:
    """Every dist-info of the cache by normalised name and version; listed once, on first use."""
    key = str(folder)
    if key not in caches.listings:
        listing = caches.listings[key] = {}
        for archive in sorted(os.listdir(folder))[:MAX_ARCHIVES]:
            for name in _names(folder / archive):
                if name.endswith(".dist-info") and (folder / archive / name / "METADATA").is_file():
                    base, _dash, version = name.removesuffix(".dist-info").rpartition("-")
                    listing.setdefault(f"{normalize_pypi_name(base)}-{version}", []).append(folder / archive / name)
    return caches.listings[key]


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
