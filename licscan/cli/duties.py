"""`licscan duties`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, scan_of_project
from licscan.cli.output import console
from licscan.cli.params import (
    JSON,
    MARKDOWN,
    TEXT,
    format_option,
    output_option,
    placed,
    put,
    scan_option,
    surface_option,
)  # fmt: skip
from licscan.cli.select import known_surface


@click.command("duties", help=_("Print the duties on each surface: each once, with its clause and what to do."))
@surface_option(_("Only this surface. Repeatable."), multiple=True)
@format_option(TEXT, JSON, MARKDOWN)
@output_option
@placed
@choosing
@scan_option
def command(
    surface: tuple[str, ...],
    format_: str,
    output: Path | None,
    project: Path,
    choice: Choice,
) -> int:
    """Load the stored scan and print its checklist."""
    from licscan.export import duties

    scan = scan_of_project(project, choice)
    for name in surface:
        known_surface(scan, name)
    chosen = duties.chosen(scan, surface)
    if format_ == TEXT and output is None:
        duties.render(scan, chosen, console())
        return 0
    write = {TEXT: duties.to_text, JSON: duties.to_json, MARKDOWN: duties.to_markdown}[format_]
    put(write(scan, chosen), output)
    return 0
