"""`licscan licenses`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, scan_of_project
from licscan.cli.output import console, write_output


@click.command("licenses", help=_("List the licenses of the last scan with how many packages are under each."))
@click.option("--packages", is_flag=True, help=_("A line for each package, with its license."))
@click.option("--production", is_flag=True, help=_("Only what ships with the product."))
@click.option("--license", "licenses", multiple=True, help=_("Only packages under this expression; may be repeated."))
@click.option("--format", "format_", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
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
    packages: bool,
    production: bool,
    licenses: tuple[str, ...],
    format_: str,
    output: Path | None,
    project: Path,
    db: Path | None,
    fresh: bool,
    stored: bool,
    scan_id: int | None,
) -> int:
    """Take the scan, count, print."""
    from licscan.export import licenses as export

    scan = scan_of_project(project, Choice(fresh, stored, db=db, scan_id=scan_id))
    lines = export.lines_of(scan, shipped_only=production, licenses=licenses)
    by_package = packages or bool(licenses)
    if format_ == "text" and output is None:
        export.render(lines, console(), packages=by_package)
        return 0
    made = {"text": export.to_text, "json": export.to_json, "csv": export.to_csv}[format_](lines, packages=by_package)
    if output is None:
        click.echo(made, nl=False)
    else:
        write_output(output, made)
        click.echo(_("Wrote {path}").format(path=output), err=True)
    return 0
