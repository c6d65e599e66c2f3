"""`licscan show`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.options import stored_scan
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
@click.option("--scan", "scan_id", type=int, help=_("The number of a stored scan. Default: the last one."))
@click.option(
    "--digest", is_flag=True, help=_("Print only the digest of its evidence, for a clarification or a waiver.")
)
def command(package: str, project: Path, db: Path | None, scan_id: int | None, digest: bool) -> int:
    """Load the stored scan and print what it holds of one component (of each that the name fits)."""
    from licscan.base.escape import one_line
    from licscan.compare.digest import evidence_digest
    from licscan.export.show import render_component

    stored = stored_scan(project, db, scan_id)
    for component in find_components(stored.graph, package):
        if digest:
            conclusion = stored.by_purl.get(component.purl)
            told = evidence_digest(conclusion) if conclusion else _("nothing was concluded")
            click.echo(f"{one_line(component.purl, 500)}  {told}")
            continue
        render_component(stored, component.purl, console())
    return 0
