"""The index of code: sorted fingerprints with what holds them, in one file that is read by memory map."""

from __future__ import annotations

import json
import os
import re
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FORMAT = 3
_MAGIC = b"licscan code 1\n\0"
_ALIGNMENT = 64
_HEAD = 32
VENDORED = re.compile(r"(?i)(?:^|/)(?:_?vendor(?:ed)?|_vendored_packages|third[-_]?party|node_modules|externals?)/")
"""Folders in which a package carries others' work."""
AnyArray = npt.NDArray[Any]
ARRAYS: Mapping[str, str] = {
    # of each kind: sorted fingerprints, and which posting each belongs to
    "anchor_keys": "<u4", "anchor_posts": "<u4", "token_keys": "<u4", "token_posts": "<u4",
    # digests of files, sorted
    "digests": "<u8", "digest_posts": "<u4",
    # a posting: a file, a set of its package's versions (a bit each), how many fingerprints of each kind it has
    "post_file": "<u4", "post_versions": "<u8", "post_anchors": "<u2", "post_tokens": "<u2",
    # a file: its package, the limits of what is kept of it, its first posting, its license comment in every version
    "file_package": "<u4", "anchor_limits": "<u4", "token_limits": "<u4", "file_posts": "<u4", "remarks": "<u4",
    "derived": "<u1", "paths": "<u1", "path_starts": "<u4",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Package:
    """A package of the index: its versions in order, the license of each, and whom its newest license text names."""

    package: str
    name: str
    versions: tuple[str, ...]
    licenses: tuple[str, ...]
    holders: tuple[str, ...] = ()

    def named(self, bits: int) -> tuple[str, ...]:
        """The versions of a set."""
        return tuple(version for at, version in enumerate(self.versions) if bits >> at & 1)

    def license_of(self, bits: int) -> str:
        """The license of a set of versions; of several the newest one's."""
        return next((self.licenses[at] for at in reversed(range(len(self.licenses))) if bits >> at & 1), "")


@dataclass(frozen=True)
class CodeIndex:
    """All arrays by name, and the packages."""

    arrays: Mapping[str, AnyArray]
    packages: tuple[Package, ...]
    size: int = 0

    def __len__(self) -> int:
        return len(self.packages)

    def path(self, file: int) -> str:
        """The path of a file in its package."""
        starts = self.arrays["path_starts"]
        return bytes(self.arrays["paths"][starts[file] : starts[file + 1]]).decode("utf-8", "replace")

    def package_of(self, file: int) -> Package:
        """The package of a file."""
        return self.packages[int(self.arrays["file_package"][file])]

    @cached_property
    def kept(self) -> tuple[AnyArray, AnyArray]:
        """How many anchors and tokens each file has in all its versions together."""
        starts = self.arrays["file_posts"][:-1]
        both = [self.arrays[f"post_{kind}s"] for kind in ("anchor", "token")]
        return tuple(np.add.reduceat(one, starts, dtype=np.int64) if len(one) else one for one in both)  # type: ignore[return-value]

    @cached_property
    def keys(self) -> dict[str, tuple[AnyArray, AnyArray]]:
        """Of each kind every fingerprint once, sorted, and where the entries of each begin, with their end."""
        found = {}
        for kind in ("anchor", "token"):
            every = self.arrays[f"{kind}_keys"]
            starts = np.flatnonzero(np.concatenate((np.ones(min(1, len(every)), bool), every[1:] != every[:-1])))
            found[kind] = every[starts], np.append(starts, len(every))
        return found

    @cached_property
    def by_name(self) -> dict[str, int]:
        """The numbers of the packages by PackageURL."""
        return {one.package: at for at, one in enumerate(self.packages)}


def distinct(values: AnyArray) -> AnyArray:
    """Every value once, sorted; for some thousands faster than `numpy.unique`, which hashes them first."""
    ordered: AnyArray = np.sort(values)
    kept: AnyArray = ordered[np.concatenate((np.ones(min(1, len(ordered)), bool), ordered[1:] != ordered[:-1]))]
    return kept


def save(arrays: Mapping[str, AnyArray], packages: tuple[Package, ...], path: Path) -> None:
    """Write an index, all or nothing, for its owner alone."""
    body, places = bytearray(), {}
    for name, kind in ARRAYS.items():
        body += b"\0" * (-len(body) % _ALIGNMENT)
        data = np.ascontiguousarray(arrays[name], np.dtype(kind)).tobytes()
        places[name] = [len(body), len(arrays[name])]
        body += data
    rows = [[one.package, one.name, one.versions, one.licenses, one.holders] for one in packages]
    head = zlib.compress(json.dumps([FORMAT, places, rows], ensure_ascii=False).encode("utf-8", "surrogatepass"), 6)
    start = _HEAD + len(head)
    padding = b"\0" * (-start % _ALIGNMENT)
    sums = [len(head), len(body), zlib.crc32(head), zlib.crc32(body)]
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, work = tempfile.mkstemp(prefix=".code-", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(_MAGIC + b"".join(number.to_bytes(4, "little") for number in sums) + head + padding + body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(work, path)
    finally:
        Path(work).unlink(missing_ok=True)


def load(path: Path) -> CodeIndex | None:
    """The index of a file by memory map; None where there is none or it is damaged."""
    try:
        flat = np.memmap(path, np.uint8, mode="r").view(np.ndarray)
        if bytes(flat[: len(_MAGIC)]) != _MAGIC:
            return None
        numbers = [int(one) for one in np.frombuffer(flat, "<u4", count=4, offset=len(_MAGIC))]
        head = bytes(flat[_HEAD : _HEAD + numbers[0]])
        start = _HEAD + numbers[0]
        start += -start % _ALIGNMENT
        body = flat[start:]
        if len(body) != numbers[1] or zlib.crc32(head) != numbers[2] or zlib.crc32(body.data) != numbers[3]:
            return None
        format_, places, rows = json.loads(zlib.decompress(head))
        if format_ != FORMAT:
            return None
        arrays = {
            name: np.frombuffer(body, kind, count=places[name][1], offset=places[name][0])
            for name, kind in ARRAYS.items()
        }
        packages = tuple(Package(row[0], row[1], tuple(row[2]), tuple(row[3]), tuple(row[4])) for row in rows)
        return CodeIndex(arrays, packages, len(flat))
    except (OSError, ValueError, KeyError, TypeError, IndexError, zlib.error):
        return None
