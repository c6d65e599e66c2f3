"""`licscan export`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, scan_of_project
from licscan.cli.formats import FormatType, OutputRequest, deliver, output_requests
from licscan.cli.params import output_option, placed, scan_option


@click.command("export", help=_("Write a stored scan in another format, without scanning again."))
@click.option(
    "--format", "formats", multiple=True, required=True, type=FormatType(),
    help=_("The format, with =FILE to write it to a file. Repeatable."),
)  # fmt: skip
@output_option
@placed
@choosing
@scan_option
def command(
    formats: tuple[OutputRequest, ...],
    output: Path | None,
    project: Path,
    choice: Choice,
) -> int:
    """Load the stored scan and write it."""

    placed = output_requests(formats, output)
    deliver(scan_of_project(project, choice), placed)
    return 0
