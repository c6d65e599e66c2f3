"""The compiled index as it is shipped: made when licscan is built, unpacked into the user's cache when it is needed.

One file: LZMA of a line of JSON and the arrays, all in little-endian order, whatever machine made it. It serves every
platform and Python: no word of the LicenseDB holds a character that a Python from 3.11 on knows otherwise than another.
"""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np

from licscan.base.digests import digest_of
from licscan.base.tables import data_folder
from licscan.detect.cache import own_parts
from licscan.detect.index import Index
from licscan.detect.version import licensedb_digest

FILE = "index.xz"
PRESET = 2
"""Half a minute of more work saves a tenth."""


def place() -> Path:
    """Where the packed index lies, if it was made."""
    return Path(__file__).with_name(FILE)


def makers() -> str:
    """A digest of what an index is made from and by: the shipped LicenseDB, our own rules, the code of detection."""
    return digest_of([licensedb_digest().encode(), *own_parts(data_folder(), Path(__file__).parent)])


def pack(index: Index, path: Path) -> None:
    """Write an index of the shipped LicenseDB."""
    places: dict[str, Any] = {}
    parts: list[bytes] = []
    size = 0
    for name, array in sorted(index.arrays.items()):
        kind = array.dtype.newbyteorder("<")
        parts.append(np.ascontiguousarray(array, kind).tobytes())
        places[name] = [size, kind.str, list(array.shape)]
        size += len(parts[-1])
    head = {"makers": makers(), "version": index.version, "high": index.high, "size": size, "arrays": places}
    line = json.dumps(head, sort_keys=True).encode() + b"\n"
    path.write_bytes(lzma.compress(b"".join([line, *parts]), preset=PRESET))


def fits(path: Path) -> bool:
    """Whether a packed index is there and made of what is here now: only its first bytes are read."""
    try:
        with lzma.open(path) as file:
            return bool(json.loads(file.readline())["makers"] == makers())
    except (OSError, EOFError, ValueError, KeyError, TypeError, lzma.LZMAError):
        return False


def unpack(path: Path) -> Index | None:
    """The shipped index; None where there is none, or one of other rules or other code, or it is damaged."""
    if not fits(path):
        return None
    try:
        whole = lzma.decompress(path.read_bytes())
    except (OSError, EOFError, lzma.LZMAError):  # LZMA has a checksum of its own
        return None
    start = whole.index(b"\n") + 1
    head = json.loads(whole[:start])
    if len(whole) - start != head["size"]:
        return None
    arrays = {name: _array(whole, start + offset, *rest) for name, (offset, *rest) in head["arrays"].items()}
    return Index(arrays, head["high"], head["version"])


def _array(whole: bytes, start: int, kind: str, shape: list[int]) -> Any:
    """An array in this machine's own order, which the native extension takes for granted; copied, so that it is
    aligned."""
    dtype = np.dtype(kind)
    count = int(np.prod(shape))
    return np.frombuffer(whole, dtype, count, start).reshape(shape).astype(dtype.newbyteorder("="))
