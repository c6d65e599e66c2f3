"""`licscan duties`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, scan_of_project
from licscan.cli.output import console, write_output


@click.command("duties", help=_("Print what is owed on each surface: each duty once, with its clause and what to do."))
@click.option("--surface", multiple=True, help=_("Only this surface; may be repeated."))
@click.option(
    "--format", "format_", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True
)
@click.option("--output", "-o", type=click.Path(path_type=Path), help=_("Write to this file instead of the terminal."))
@click.option(
    "--project", type=click.Path(path_type=Path), default=".", help=_("The scanned folder. Default: this one.")
)
@click.option(
    "--db", type=click.Path(path_type=Path), help=_("The database. Default: .licscan/licscan.db in the project.")
)
@choosing
@click.option("--scan", "scan_id", type=int, help=_("The number of a stored scan. Default: the last one."))
def command(
    surface: tuple[str, ...],
    format_: str,
    output: Path | None,
    project: Path,
    db: Path | None,
    scan_id: int | None,
    fresh: bool,
    stored: bool,
) -> int:
    """Load the stored scan and print its checklist."""
    from licscan.export import duties

    scan = scan_of_project(project, Choice(fresh, stored, db=db, scan_id=scan_id))
    names = [one.name for one in scan.surfaces]
    for name in surface:
        if name not in names:
            raise InputError(_("is no surface of this scan"), path=name, remedy=", ".join(names) or None)
    chosen = duties.chosen(scan, surface)
    if format_ == "table" and output is None:
        duties.render(scan, chosen, console())
        return 0
    write = {"table": duties.to_text, "json": duties.to_json, "markdown": duties.to_markdown}[format_]
    if output is not None:
        write_output(output, write(scan, chosen))
        click.echo(_("Wrote {path}").format(path=output), err=True)
    else:
        click.echo(write(scan, chosen), nl=False)
    return 0
