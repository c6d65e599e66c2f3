"""Which LicenseDB is installed, and a digest of all that decides what detection finds; without numpy, to start fast."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from licscan.base.digests import digest_of, parts_of_folder
from licscan.base.errors import InputError
from licscan.base.messages import _

ALGORITHM = "1"
"""Raised when the native extension alone comes to find something else, which no Python source tells."""

CODE = (".py",)
TABLES = (".toml", ".txt", ".json", ".csv")
RULES = (".LICENSE", ".RULE", ".txt", ".toml")
"""The suffixes of files that say what a license reads like."""
_DATA = b"licensedcode/data/"


@cache
def licensedb_folder() -> Path:
    """The folder of the installed LicenseDB; InputError where it is not installed."""
    from importlib.resources import files

    try:
        folder = Path(str(files("licensedcode") / "data"))
    except ModuleNotFoundError:
        folder = None
    if folder is None or not (folder / "licenses").is_dir() or not (folder / "rules").is_dir():
        raise InputError(
            _("The license texts to compare with are not installed."),
            remedy=_("install the package {name}").format(name="licensedcode-data"),
        )
    return folder


@cache
def licensedb_digest() -> str:
    """A digest of the installed LicenseDB; empty where none is installed.

    Its installer's RECORD holds the hash of every file (PyPA: Recording installed projects), so 4 MB stand for 37,000
    files. Only the lines of the data count: the others tell which installer it was. Without a RECORD all is read.
    """
    try:
        folder = licensedb_folder()
    except InputError:
        return ""
    for path in sorted(folder.parent.parent.glob("licensedcode_data-*.dist-info/RECORD")):
        try:
            record = path.read_bytes().replace(b"\r\n", b"\n")
        except OSError:
            continue
        if lines := _data_lines(record):
            return digest_of([b"record", lines])
    return digest_of(parts_of_folder(folder, RULES))


def _data_lines(record: bytes) -> bytes:
    """The lines of the data, which every installer writes in order of their names, one after the other."""
    start = 0 if record.startswith(_DATA) else record.find(b"\n" + _DATA) + 1
    last = record.rfind(b"\n" + _DATA) + 1
    if not record.startswith(_DATA, start):
        return b""
    end = record.find(b"\n", max(start, last))
    return record[start : end if end >= 0 else len(record)]


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
