"""The compiled index on disk: one folder a key, written beside and renamed, read by memory map, rebuilt when
damaged."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import unidata_version

import numpy as np
import platformdirs

from licscan.base import tables
from licscan.base.digests import digest_of, parts_of_folder
from licscan.detect.index import Index
from licscan.detect.version import RULES, license_index
from licscan.licenses import shipped

FORMAT = "7"
"""Raised with every change of what the arrays mean: it is written into the index too."""

KEPT = 6
DAY = 86_400

ARRAYS = "arrays.bin"
MANIFEST = "manifest.json"
CHECKED = "checked"
_OWN_DATA = ("own_families.toml", "own_licenses.toml", "own_rules.toml", "spdx_names.toml", "distinctive_words.txt")
MAKERS = (
    "arrays",
    "build",
    "data",
    "families",
    "index",
    "lookup",
    "named",
    "thresholds",
    "tokenizer",
    "types",
    "words",
)
"""The modules of detection that decide what an index holds: that which builds it, and all of detection it imports."""
_ALIGNMENT = 64


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index is: where it lies, what it was built from, how much it holds."""

    path: str
    data_version: str
    licenses: int
    rules: int
    words: int
    size: int


def index_folder() -> Path:
    """The folder that holds the indexes of all keys."""
    return Path(platformdirs.user_cache_dir("licscan")) / "index"


def key_of_shipped() -> str:
    """The key of the shipped LicenseDB's index. Raises InputError where none is shipped."""
    return key_of(shipped.manifest().digest.encode())


def key_of_folder(folder: Path, *more: str) -> str:
    """A key from the names and the bytes of a folder's licenses and rules."""
    return key_of(*(part.encode() for part in more), *parts_of_folder(folder, RULES))


def key_of(*parts: bytes) -> str:
    """The key of the index that these data and this code make, wherever the code is installed."""
    own = own_parts(tables.data_folder(), Path(__file__).parent)
    return digest_of([unidata_version.encode(), *own, *license_index(), *parts])


def own_parts(data: Path, code: Path) -> Iterator[bytes]:
    """What of licscan itself decides what an index holds."""
    yield FORMAT.encode()
    for path in (*(data / name for name in _OWN_DATA), *(code / f"{name}.py" for name in MAKERS)):
        yield path.read_bytes() if path.is_file() else b""


def save(index: Index, folder: Path, version: str) -> None:
    """Write an index under its folder, all or nothing; whoever comes second finds it there and leaves it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
    try:
        _write(index, work, version)
        try:
            os.rename(work, folder)
        except OSError:
            if load(folder) is not None:
                return
            shutil.rmtree(folder, ignore_errors=True)
            os.rename(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _forget_old(folder)


def _forget_old(folder: Path) -> None:
    """Keep the indexes that were used last; older data and code leave theirs behind, 33 MB each."""
    try:
        others = sorted((path for path in folder.parent.iterdir() if path != folder), key=_last_used, reverse=True)
    except OSError:
        return
    for at, path in enumerate(others):
        # a folder of today may be another process's, half built or just about to be read
        if at >= KEPT - 1 and _last_used(path) < time.time() - DAY:
            shutil.rmtree(path, ignore_errors=True)


def _last_used(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


def _mark_used(folder: Path) -> None:
    """Remember the day on which an index was read last, in the folder's own time."""
    try:
        if _last_used(folder) < time.time() - DAY:
            os.utime(folder)
    except OSError:
        return


def _write(index: Index, folder: Path, version: str) -> None:
    places: dict[str, Any] = {}
    checksum = 0
    with (folder / ARRAYS).open("wb") as file:
        for name, array in sorted(index.arrays.items()):
            padding = b"\0" * (-file.tell() % _ALIGNMENT)
            data = np.ascontiguousarray(array).tobytes()
            places[name] = [file.tell() + len(padding), array.dtype.str, list(array.shape)]
            file.write(padding + data)
            checksum = zlib.crc32(padding + data, checksum)
        size = file.tell()
        file.flush()
        os.fsync(file.fileno())  # what is checked below may only be in memory
    manifest = {"format": FORMAT, "version": version, "high": index.high, "size": size, "crc32": checksum}
    text = json.dumps(manifest | {"arrays": places}, sort_keys=True)
    whole = json.dumps({"crc32": zlib.crc32(text.encode()), "manifest": text})
    (folder / MANIFEST).write_text(whole, encoding="utf-8", newline="\n")


_opened: dict[str, Index] = {}
"""The index that was opened last, by what changes with its files: a process that scans many targets decodes it once."""


def load(folder: Path, check: bool = False) -> Index | None:
    """The index of a folder by memory map; None where there is none or it is damaged.

    The checksum of the whole is taken once a day, when the file's time or size has changed, and when asked for.
    """
    try:
        outer = json.loads((folder / MANIFEST).read_bytes())
        if zlib.crc32(outer["manifest"].encode()) != outer["crc32"]:
            return None
        manifest = json.loads(outer["manifest"])
        flat = np.memmap(folder / ARRAYS, dtype=np.uint8, mode="r").view(np.ndarray)
        if manifest["format"] != FORMAT or len(flat) != manifest["size"]:
            return None
        if (check or not _was_checked(folder)) and not _check(folder, flat, manifest["crc32"]):
            return None
        _mark_used(folder)
        stamp = f"{_stamp(folder)} {outer['crc32']}"
        if stamp not in _opened:
            arrays = {name: _view(flat, *place) for name, place in manifest["arrays"].items()}
            _opened.clear()
            _opened[stamp] = Index(arrays, manifest["high"], manifest["version"])
        return _opened[stamp]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _stamp(folder: Path) -> str:
    """What changes whenever somebody writes to the arrays."""
    stat = (folder / ARRAYS).stat()
    return f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ino}"


def _was_checked(folder: Path) -> bool:
    """Whether the arrays were found whole within a day, and not written to since."""
    path = folder / CHECKED
    try:
        age = time.time() - path.stat().st_mtime
        return 0 <= age < DAY and path.read_text(encoding="utf-8") == _stamp(folder)
    except (OSError, ValueError):
        return False


def _check(folder: Path, flat: Any, checksum: int) -> bool:
    """Whether the arrays are whole; if so, that is remembered."""
    stamp = _stamp(folder)
    if zlib.crc32(flat.data) != checksum:
        return False
    with suppress(OSError):  # a cache of somebody else's is checked every time
        (folder / CHECKED).write_text(stamp, encoding="utf-8", newline="\n")
    return True


def _view(flat: Any, start: int, kind: str, shape: list[int]) -> Any:
    dtype = np.dtype(kind)
    count = int(np.prod(shape))
    return np.frombuffer(flat, dtype=dtype, count=count, offset=start).reshape(shape)
