"""`licscan findings`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.alike import remedy_for
from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, scan_of_project
from licscan.cli.output import console
from licscan.cli.params import JSON, TEXT, Explained, Names, db_option, format_option, output_option, put, scan_option
from licscan.model import SEVERITY_RANK, Severity


@click.command(
    "findings",
    help=_(
        "List the findings of the last scan with all their packages, paths and remedies; only "
        "those with CODES, if given."
    ),
)
@click.argument("codes", nargs=-1, type=Explained())
@click.option("--severity", type=Names([one.value for one in Severity]), help=_("Lowest severity to list."))
@click.option("--not-shipped", "unshipped_", is_flag=True, help=_("Only notes on packages that are not shipped."))
@format_option(TEXT, JSON, "csv")
@output_option
@click.option(
    "--project", type=click.Path(path_type=Path), default=".", help=_("The scanned folder. Default: this one.")
)
@db_option
@choosing
@scan_option
def command(
    codes: tuple[str, ...],
    severity: str | None,
    unshipped_: bool,
    format_: str,
    output: Path | None,
    project: Path,
    choice: Choice,
) -> int:
    """Take the scan, choose, print. The list is no gate: it ends with 0 whatever it holds."""
    from dataclasses import replace

    from licscan.base.tables import load_toml
    from licscan.export import table
    from licscan.export.csv_format import render_findings

    scan = scan_of_project(project, choice)
    found = {finding.code for finding in scan.findings}
    for code in codes:
        if code not in found and code not in load_toml("findings.toml"):
            raise InputError(
                _("is not a finding code"),
                path=code,
                remedy=remedy_for(code, load_toml("findings.toml"), _(", ").join(sorted(found)) or None),
            )
    least = SEVERITY_RANK[Severity(severity)] if severity else -1
    chosen = tuple(
        finding
        for finding in scan.findings
        if (not codes or finding.code in codes) and SEVERITY_RANK[finding.severity] >= least
    )
    if unshipped_:
        from licscan.export.surfaces import unshipped

        chosen = tuple(unshipped(scan, chosen))
    if format_ == "csv":
        made = render_findings(replace(scan, findings=chosen))
    elif format_ == JSON:
        from licscan.export.facts import findings_json

        made = findings_json(scan, chosen)
    elif output is None:
        table.render_findings(scan, chosen, console())
        return 0
    else:
        made = table.findings_to_text(scan, chosen)
    put(made, output)
    return 0
