"""uv's cache: unpacked wheels, `archive-v0/<id>/<name>-<version>.dist-info`."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from licscan.locate.caches import Caches
from licscan.locate.installed import distribution_files, with_named
from licscan.model import Component, Origin, PackageFiles
from licscan.packages.core_metadata import MAX_HEADERS, claims_of, read_headers, requires_of
from licscan.packages.purls import normalize_pypi_name

MAX_ARCHIVES = 50_000


def locate(component: Component, caches: Caches) -> tuple[PackageFiles, ...]:
    """The first unpacked wheel of this name and version."""
    wanted = f"{normalize_pypi_name(component.name)}-{component.version}"
    for folder in caches.uv:
        for place in _listing(caches, folder).get(wanted, ()):
            metadata = place / "METADATA"
            if not metadata.is_file():
                continue
            files = distribution_files(component.purl, str(place), str(place), Origin.CACHE)
            with metadata.open("rb") as file:
                headers = read_headers(file.read(MAX_HEADERS))
            claims = claims_of(headers, metadata.as_posix(), Origin.CACHE)
            needs = requires_of(headers, built=True)
            files = replace(files, place=place.parent.as_posix(), claims=claims, requires=needs)
            return (with_named(files, component.claims, place.parent.as_posix()),)
    return ()


def _listing(caches: Caches, folder: Path) -> dict[str, list[Path]]:
    """Every dist-info of the cache by normalised name and version; listed on first use."""
    key = str(folder)
    if key not in caches.listings:
        caches.listings[key] = _listed(key, os.stat(folder).st_mtime_ns)
    return caches.listings[key]


@lru_cache(maxsize=4)
def _listed(folder: str, _changed: int) -> dict[str, list[Path]]:
    """The listing of a folder as of its last change: uv adds archives to it, and changes none that is there."""
    listing: dict[str, list[Path]] = {}
    for archive in sorted(os.listdir(folder))[:MAX_ARCHIVES]:
        for name in _names(f"{folder}/{archive}"):
            if name.endswith(".dist-info"):
                base, _dash, version = name.removesuffix(".dist-info").rpartition("-")
                place = Path(f"{folder}/{archive}/{name}")
                listing.setdefault(f"{normalize_pypi_name(base)}-{version}", []).append(place)
    return listing


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
