"""`licscan show`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, scan_of_project
from licscan.cli.output import console
from licscan.cli.select import find_components


@click.command(
    "show", help=_("Show everything that the last scan knows of PACKAGE: a name, name@version or PackageURL.")
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
@click.option(
    "--digest", is_flag=True, help=_("Print only the digest of its evidence, for a clarification or a waiver.")
)
def command(
    package: str, project: Path, db: Path | None, scan_id: int | None, digest: bool, fresh: bool, stored: bool
) -> int:
    """Load the stored scan and print what it holds of one component (of each that the name fits)."""
    from licscan.base.escape import one_line
    from licscan.compare.digest import evidence_digest
    from licscan.export.show import render_component

    scan = scan_of_project(project, Choice(fresh, stored, db=db, scan_id=scan_id))
    for component in find_components(scan.graph, package):
        if digest:
            conclusion = scan.by_purl.get(component.purl)
            told = evidence_digest(conclusion) if conclusion else _("nothing was concluded")
            click.echo(f"{one_line(component.purl, 500)}  {told}")
            continue
        render_component(scan, component.purl, console())
    return 0
