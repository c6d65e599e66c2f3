"""The LicenseDB that is shipped with licscan: every license and rule as the LicenseDB writes it, in one archive.

`build_backend/` makes the archive when licscan is built or installed (`data/licensedb.toml` says from what). It is a
ZIP of LZMA: `manifest.json`, and blocks of files in order of their names, each a JSON list of names and texts.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.messages import _

ARCHIVE = "licensedb.zip"
LICENSES = "licenses"
RULES = "rules"
BLOCK = {LICENSES: 1 << 18, RULES: 1 << 21}
"""Characters of a block: one license is read by opening one block, rules are only ever read all."""

Files = Sequence[tuple[str, str]]
"""Names and texts, in order of the names."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds: `digest` is of all names and texts, `recipe` of what it was made from and how.

    `first` are the names that the blocks of each folder begin with.
    """

    version: str
    digest: str
    recipe: str
    first: dict[str, list[str]]


def place() -> Path:
    """Where the archive lies, if it was made."""
    return Path(__file__).with_name(ARCHIVE)


def pack(path: Path, folders: dict[str, Files], version: str, recipe: str) -> None:
    """Write an archive; the same files give the same digest wherever they are packed."""
    blocks = {folder: list(_blocks(files, BLOCK[folder])) for folder, files in folders.items()}
    said = hashlib.sha256()
    for folder, files in sorted(folders.items()):
        for name, text in files:
            said.update(f"{folder}/{name}\0{text}\0".encode())
    first = {folder: [block[0][0] for block in parts] for folder, parts in blocks.items()}
    manifest = {"version": version, "digest": said.hexdigest(), "recipe": recipe, "first": first}
    with zipfile.ZipFile(path, "w") as archive:
        _add(archive, "manifest.json", manifest)
        for folder, parts in blocks.items():
            for number, block in enumerate(parts):
                _add(archive, _member(folder, number), block)


def _add(archive: zipfile.ZipFile, name: str, value: object) -> None:
    info = zipfile.ZipInfo(name)  # of 1980: no time of today
    info.compress_type = zipfile.ZIP_LZMA
    archive.writestr(info, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def _blocks(files: Files, limit: int) -> Iterator[list[tuple[str, str]]]:
    block: list[tuple[str, str]] = []
    size = 0
    for name, text in files:
        block.append((name, text))
        size += len(text)
        if size >= limit:
            yield block
            block, size = [], 0
    if block:
        yield block


def _member(folder: str, number: int) -> str:
    return f"{folder}/{number:03}.json"


def read_manifest(path: Path) -> Manifest | None:
    """The manifest of an archive; None where there is none, or no archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            said = json.loads(archive.read("manifest.json"))
        return Manifest(said["version"], said["digest"], said["recipe"], said["first"])
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


@cache
def manifest() -> Manifest:
    """The manifest of the archive that is shipped; InputError where none is."""
    found = read_manifest(place())
    if found is None:
        raise InputError(
            _("The license texts to compare with are not installed."),
            path=str(place()),
            remedy=_("reinstall licscan; in a checkout run `python build_backend/backend.py`"),
        )
    return found


def files(folder: str) -> Iterable[tuple[str, str]]:
    """Every file of `licenses` or `rules` as name and text, in order of the names. Raises InputError as `manifest`."""
    for number in range(len(manifest().first[folder])):
        yield from _block(folder, number)


def license_file(key: str) -> str | None:
    """The file of one license, front matter and text; None for a key that the LicenseDB lacks.

    Raises InputError as `manifest`.
    """
    name = f"{key}.LICENSE"
    number = bisect_right(manifest().first[LICENSES], name) - 1
    return _kept(number).get(name) if number >= 0 else None


@lru_cache(maxsize=8)
def _kept(number: int) -> dict[str, str]:
    return dict(_block(LICENSES, number))


def _block(folder: str, number: int) -> list[tuple[str, str]]:
    with zipfile.ZipFile(place()) as archive:
        return [(name, text) for name, text in json.loads(archive.read(_member(folder, number)))]
