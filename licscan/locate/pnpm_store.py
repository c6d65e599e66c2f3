"""pnpm's store: an index file a package, by the integrity of its tarball; the files by their own hashes.

Store v3 (pnpm 5 to 9) has `files/<2>/<126>-index.json`, store v10 `index/<2>/<62>-<name>@<version>.json`.
"""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path
from typing import Any

from licscan.locate.archives import MAX_TEXT, Contents, safe
from licscan.locate.caches import Caches
from licscan.locate.packed import MANIFEST, json_object, npm_files
from licscan.model import Component, PackageFiles

MAX_INDEX = 32 * 1024 * 1024


def locate(component: Component, caches: Caches) -> tuple[PackageFiles, ...]:
    """The files that the store's index names for the lock's sha512."""
    digest = next((entry[7:] for entry in component.hashes if entry.startswith("sha512:")), "")
    if len(digest) != 128 or not digest.isalnum():
        return ()
    for store in caches.pnpm:
        for index in _indexes(component, store, digest):
            table = json_object(_read(index, MAX_INDEX))
            files = (table or {}).get("files")
            if isinstance(files, dict):
                contents = Contents([name for name in files if safe(name)])
                contents.read[MANIFEST] = _file(store, files.get(MANIFEST))
                return npm_files(component, str(index), contents)
    return ()


def _indexes(component: Component, store: Path, digest: str) -> list[Path]:
    name = f"{component.name}@{component.version}".replace("/", "+")
    places = [
        store / "index" / digest[:2] / f"{digest[2:64]}-{name}.json",
        store / "files" / digest[:2] / f"{digest[2:]}-index.json",
    ]
    return [place for place in places if place.is_file()]


def _file(store: Path, entry: Any) -> bytes:
    """The bytes of one file by the integrity in its entry; empty where they are not there."""
    integrity = entry.get("integrity") if isinstance(entry, dict) else None
    if not isinstance(integrity, str) or not integrity.startswith("sha512-"):
        return b""
    try:
        digest = base64.b64decode(integrity[7:], validate=True).hex()
    except (binascii.Error, ValueError):
        return b""
    path = store / "files" / digest[:2] / digest[2:]
    executable = path.with_name(path.name + "-exec")
    return _read(path if os.path.exists(path) else executable, MAX_TEXT)


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except OSError:
        return b""
