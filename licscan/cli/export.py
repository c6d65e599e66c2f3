"""`licscan export`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.formats import FormatType, OutputRequest, deliver, output_requests
from licscan.cli.options import database_of, project_config


@click.command("export", help=_("Write a stored scan in another format, without scanning again."))
@click.option(
    "--format", "formats", multiple=True, required=True, type=FormatType(),
    help=_("The format, with =FILE for where it goes; may be repeated."),
)  # fmt: skip
@click.option("--output", "-o", type=click.Path(path_type=Path), help=_("Write to this file instead of the terminal."))
@click.option(
    "--project", type=click.Path(path_type=Path), default=".", help=_("The scanned folder. Default: this one.")
)
@click.option(
    "--db", type=click.Path(path_type=Path), help=_("The database. Default: .licscan/licscan.db in the project.")
)
@click.option("--scan", "scan_id", type=int, help=_("The number of a stored scan. Default: the last one."))
def command(
    formats: tuple[OutputRequest, ...], output: Path | None, project: Path, db: Path | None, scan_id: int | None
) -> int:
    """Load the stored scan and write it."""
    from licscan.store import load

    placed = output_requests(formats, output)
    root, config = project_config((project,))
    deliver(load(database_of(root, config, db), scan_id), placed)
    return 0
