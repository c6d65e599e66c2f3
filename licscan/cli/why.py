"""`licscan why`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.options import stored_scan
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
@click.option("--scan", "scan_id", type=int, help=_("The number of a stored scan. Default: the last one."))
def command(package: str, project: Path, db: Path | None, scan_id: int | None) -> int:
    """Load the stored scan and print the answer for each component that the name fits."""
    from licscan.export.why import render_why

    stored = stored_scan(project, db, scan_id)
    for component in find_components(stored.graph, package):
        render_why(stored, component, console())
    return 0
