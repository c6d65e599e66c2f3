"""SQLite files in the user's cache: private, and no reason to fail where they cannot be had."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path


def open_cache(path: Path | None, schema: str, *, shared: bool = False) -> sqlite3.Connection | None:
    """The cache in a file that only its owner may read; None without a path, or where the file is no use.

    A `shared` one may be used by all threads, one at a time.
    """
    if path is None:
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
        connection = sqlite3.connect(path, timeout=10, check_same_thread=not shared)
        connection.executescript(schema)
    except (OSError, sqlite3.Error):
        return None
    return connection
