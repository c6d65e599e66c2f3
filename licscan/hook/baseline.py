"""What the last stored scan knew of the packages that were there before; read with sqlite3 alone, and never written.

A stored scan of other locks than those before the commit is not asked which packages there were, only what each
PackageURL was under: that does not depend on the lock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from licscan.model import NOASSERTION, NONE

_LICENSES = """SELECT p.purl, c.concluded FROM packages p JOIN conclusions c ON c.package_id = p.id
WHERE p.purl = ? AND c.concluded NOT IN (?, ?) ORDER BY c.id DESC LIMIT 1"""


def stored_licenses(database: Path, purls: Iterable[str]) -> dict[str, str]:
    """The license of each PackageURL in the latest scan that could tell it; nothing where the file is no use."""
    if database.is_symlink() or not database.is_file():
        return {}
    found: dict[str, str] = {}
    try:
        connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True, timeout=1.0)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            for purl in purls:
                row = connection.execute(_LICENSES, (purl, NOASSERTION, NONE)).fetchone()
                if row and isinstance(row[1], str):
                    found[purl] = row[1]
        finally:
            connection.close()
    except sqlite3.Error:
        return {}
    return found
