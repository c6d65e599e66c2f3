"""`licscan findings`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, scan_of_project
from licscan.cli.output import console, write_output
from licscan.model import SEVERITY_RANK, Severity


@click.command(
    "findings",
    help=_("List the findings of the last scan with all their packages, paths and remedies; of CODES alone, if named."),
)
@click.argument("codes", nargs=-1)
@click.option(
    "--severity", type=click.Choice([one.value for one in Severity]), help=_("Least severity that is listed.")
)
@click.option("--format", "format_", type=click.Choice(["table", "csv"]), default="table", show_default=True)
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
    codes: tuple[str, ...],
    severity: str | None,
    format_: str,
    output: Path | None,
    project: Path,
    db: Path | None,
    fresh: bool,
    stored: bool,
    scan_id: int | None,
) -> int:
    """Take the scan, choose, print. The list is no gate: it ends with 0 whatever it holds."""
    from dataclasses import replace

    from licscan.base.tables import load_toml
    from licscan.export import table
    from licscan.export.csv_format import render_findings

    scan = scan_of_project(project, Choice(fresh, stored, db=db, scan_id=scan_id))
    found = {finding.code for finding in scan.findings}
    for code in codes:
        if code not in found and code not in load_toml("findings.toml"):
            raise InputError(_("is not the code of a finding"), path=code, remedy=", ".join(sorted(found)) or None)
    least = SEVERITY_RANK[Severity(severity)] if severity else -1
    chosen = tuple(
        finding
        for finding in scan.findings
        if (not codes or finding.code in codes) and SEVERITY_RANK[finding.severity] >= least
    )
    if format_ == "csv":
        made = render_findings(replace(scan, findings=chosen))
    elif output is None:
        table.render_findings(scan, chosen, console())
        return 0
    else:
        made = table.findings_to_text(scan, chosen)
    if output is None:
        click.echo(made, nl=False)
    else:
        write_output(output, made)
        click.echo(_("Wrote {path}").format(path=output), err=True)
    return 0
