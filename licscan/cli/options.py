"""What commands share: the joining of their options with licscan.toml, and the scan that is stored."""

from __future__ import annotations

from pathlib import Path

from licscan.compose.configured import database_of, options_of, own_licenses, project_config, threshold_of
from licscan.model import Scan

__all__ = ["database_of", "options_of", "own_licenses", "project_config", "stored_scan", "threshold_of"]


def stored_scan(project: Path, db: Path | None, scan_id: int | None) -> Scan:
    """The scan of that number, else the last one of the project; of another one only where none was named.

    A database of the project's own may have been moved with it; one that was named holds several projects.
    """
    from licscan.store import load

    root, config = project_config((project,))
    named = db is not None and project != Path()
    return load(database_of(root, config, db), scan_id, folder=root, only_there=named)
