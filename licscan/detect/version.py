"""Which LicenseDB is shipped, and a digest of all that decides what detection finds; without numpy, to start fast."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from licscan.base.digests import LENGTH, digest_of, parts_of_folder
from licscan.base.installed import installed_version
from licscan.base.tables import data_folder, load_toml
from licscan.licenses import shipped

ALGORITHM = "1"
"""Raised when the native extension alone comes to find something else, which no Python source tells."""

CODE = (".py",)
TABLES = (".toml", ".txt", ".json", ".csv")
RULES = (".LICENSE", ".RULE", ".txt", ".toml")
"""The suffixes of files that say what a license reads like."""


@cache
def licensedb_digest() -> str:
    """A digest of the LicenseDB that is shipped; empty where none is."""
    found = shipped.read_manifest(shipped.place())
    return found.digest if found else ""


def licensedb_version() -> str:
    """The version of the LicenseDB that is shipped. Raises InputError where none is."""
    return shipped.manifest().version


def table_versions() -> dict[str, str]:
    """Which data an answer rests on, by name: for reports, so that one can be reproduced.

    `licensedb` is the version of the LicenseDB and `licensedb-digest` a digest of its texts and rules.
    `spdx-list` is the version of the SPDX license list whose names and identifiers are known.
    `license-expression` is the version of the package whose list of SPDX identifiers is used.
    `licscan-tables` is a digest of licscan's own tables.
    Raises InputError where no LicenseDB is shipped.
    """
    found = shipped.manifest()
    return {
        "licensedb": found.version,
        "licensedb-digest": found.digest[:LENGTH],
        "spdx-list": str(load_toml("spdx_names.toml")["version"]),
        "license-expression": installed_version("license_expression") or "",
        "licscan-tables": digest_of(parts_of_folder(data_folder(), TABLES)),
    }


def detection_parts(package: Path, tables: Path) -> Iterator[bytes]:
    """All that decides what is found in a text, but for the LicenseDB, in a copy of licscan and its tables.

    The native extension is left out: it finds what the Python sources find, whoever compiled it and whether it is there
    or not, and its own sources are not installed with it. `ALGORITHM` stands for it.
    """
    yield ALGORITHM.encode()
    yield unicodedata.unidata_version.encode()
    for room in ("detect", "licenses", "read"):
        yield from parts_of_folder(package / room, CODE)
    yield from parts_of_folder(tables, TABLES)


def license_index() -> Iterator[bytes]:
    """The table of license-expression by which keys of the LicenseDB become SPDX."""
    from importlib.util import find_spec

    spec = find_spec("license_expression")
    for place in spec.submodule_search_locations or () if spec else ():
        yield from parts_of_folder(Path(place) / "data", (".json",))
