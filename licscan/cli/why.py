"""`licscan why`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, scan_of_project
from licscan.cli.output import console
from licscan.cli.select import find_components


@click.command(
    "why",
    help=_(
        "Say why PACKAGE is there, what its license rests on, what follows on each surface, and what can be done. "
        "From the last scan; PACKAGE is a name, name@version or PackageURL."
    ),
)
@click.argument("package")
@click.option(
    "--project", type=click.Path(path_type=Path), default=".", help=_("The scanned folder. Default: this one.")
)
@click.option(
    "--db", type=click.Path(path_type=Path), help=_("The database. Default: .licscan/licscan.db in the project.")
)
@choosing
@click.option("--scan", "scan_id", type=int, help=_("The number of a stored scan. Default: the last one."))
def command(package: str, project: Path, db: Path | None, scan_id: int | None, fresh: bool, stored: bool) -> int:
    """Load the stored scan and print the answer for each component that the name fits."""
    from licscan.export.why import render_why

    scan = scan_of_project(project, Choice(fresh, stored, db=db, scan_id=scan_id))
    for component in find_components(scan.graph, package):
        render_why(scan, component, console())
    return 0
