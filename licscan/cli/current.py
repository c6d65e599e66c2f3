"""The scan that a command works on: the stored one while it is of the files as they are, else a new one."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.options import database_of, options_of
from licscan.cli.output import progress_bar
from licscan.cli.parts import parts_again
from licscan.compose.options import Part
from licscan.config import FILE_NAME, Config
from licscan.model import Scan


def current_scan(
    paths: tuple[Path, ...],
    root: Path,
    config: Config,
    *,
    fresh: bool = False,
    offline: bool = False,
    db: Path | None = None,
    scan_id: int | None = None,
) -> Scan:
    """The stored scan; without one, or where it is of other files than are there now, a new one, which is stored."""
    from licscan.store import load, save
    from licscan.store.decisions import ledger

    database = database_of(root, config, db)
    parts: tuple[Part, ...] = ()
    if scan_id is not None or (database.exists() and not fresh):
        stored = load(database, scan_id, folder=root)
        if scan_id is not None or is_current(stored, root, database):
            return stored
        click.echo(_("licscan: the project has changed since it was scanned; scanning again"), err=True)
        parts = tuple(parts_again(stored, root, config))
    from licscan.compose import scan as pipeline

    with progress_bar() as progress:
        options = options_of(paths, root, config, offline=offline, parts=parts)
        result = pipeline.scan(replace(options, decisions=ledger(database)), progress)
    save(result, database)
    return result


def is_current(scan: Scan, root: Path, database: Path) -> bool:
    """Whether the files that the scan read are as they were, and the settings no younger than it."""
    settings = root / FILE_NAME
    if settings.exists() and settings.stat().st_mtime > database.stat().st_mtime:
        return False
    if not all(_same(root / one.path, one.sha256) for one in scan.inputs if one.sha256):
        return False
    return all(_same(root / one.path, one.sha256) for one in (scan.content.files if scan.content else ()))


def _same(path: Path, digest: str | None) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False
