"""The program text of one package to a segment, while its archive passes through file by file."""

from __future__ import annotations

from collections.abc import Iterable

from licscan.copies import thresholds
from licscan.copies.prints import language_of
from licscan.copies.segments import MAX_FILE, Segment, digest_of, make_segment, rank_of
from licscan.packages.marks import is_test

MAX_HELD = 12 * 1024 * 1024
"""Bytes that are held until the last file is known: more than is fingerprinted of one package."""


class Collector:
    """Holds the files that come first in a segment, and of the others their digests."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}
        self._digests: dict[str, int] = {}
        self._size = 0

    def wants(self, path: str, size: int) -> bool:
        """Whether a file is program text of the package's own that says something."""
        own = language_of(path) is not None and "node_modules/" not in path and not is_test(path)
        return own and thresholds.LEAST_EXACT <= size <= MAX_FILE

    def see(self, path: str, data: bytes) -> None:
        """One file, whole."""
        self._size += len(data)
        self._held[path] = data
        if self._size <= MAX_HELD:
            return
        # down to three quarters at once: to look for the last one each time would be quadratic
        for last, held in sorted(self._held.items(), key=rank_of, reverse=True):
            if self._size <= MAX_HELD * 3 // 4 or len(self._held) == 1:
                break
            del self._held[last]
            self._size -= len(held)
            if len(self._digests) < thresholds.PACKAGE_DIGESTS:
                self._digests[last] = digest_of(held)

    def forget(self, path: str) -> None:
        """A path comes again, perhaps as something else."""
        self._size -= len(self._held.pop(path, b""))
        self._digests.pop(path, None)

    def segment(self, package: str, name: str, version: str, license_: str, holders: Iterable[str] = ()) -> Segment:
        """What was seen as a segment, the same whatever came first, as long as all of it could be held."""
        return make_segment(package, name, version, license_, self._held.items(), self._digests.items(), holders)
