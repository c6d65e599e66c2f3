"""npm's cache: every tarball under the hash of its bytes, which is the lock's `integrity`."""

from __future__ import annotations

import os
from pathlib import Path

from licscan.locate.archives import read_tgz
from licscan.locate.caches import Caches
from licscan.locate.packed import MANIFEST, npm_files
from licscan.model import Component, PackageFiles

_ALGORITHMS = ("sha512", "sha384", "sha256", "sha1")


def locate(component: Component, caches: Caches) -> tuple[PackageFiles, ...]:
    """The tarball whose hash the lock names."""
    hashes = dict(entry.split(":", 1) for entry in component.hashes if ":" in entry)
    for folder in caches.npm:
        for algorithm in _ALGORITHMS:
            digest = hashes.get(algorithm, "")
            if len(digest) < 8 or not digest.isalnum():
                continue
            path = f"{folder}/{algorithm}/{digest[:2]}/{digest[2:4]}/{digest[4:]}"
            if os.path.isfile(path):
                return npm_files(component, path, read_tgz(Path(path), MANIFEST.__eq__))
    return ()
