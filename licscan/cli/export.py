"""`licscan export`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.formats import FormatType, OutputRequest, deliver, output_requests
from licscan.cli.options import stored_scan


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

    placed = output_requests(formats, output)
    deliver(stored_scan(project, db, scan_id), placed)
    return 0
