"""`licscan report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from licscan.base import clock
from licscan.base.messages import _, current_language
from licscan.cli.current import Choice, choosing, current_scan
from licscan.cli.options import database_of, project_config
from licscan.cli.output import working, write_output
from licscan.cli.params import format_option, offline_option, placed, scan_option
from licscan.model import Scan

if TYPE_CHECKING:
    from licscan.report.charts import Past
    from licscan.report.signed import Signed

FILE = "licscan-report"
MOST_PAST = 30


@click.command(
    "report",
    help=_(
        "Write the report for counsel: may we ship, what blocks it, what are our duties, what "
        "needs a decision, and why."
    ),
)
@placed
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, allow_dash=True),
    help=_("The file; - for standard output. Default: licscan-report.html, or .xlsx, in this folder."),
)  # fmt: skip
@format_option("html", "xlsx", also={})
@click.option("--no-previews", is_flag=True, help=_("Leave out the small pictures of the project's own files."))
@choosing
@offline_option
@scan_option
def command(
    project: Path,
    output: Path | None,
    format_: str,
    no_previews: bool,
    choice: Choice,
) -> int:
    """Take the stored scan, or scan; write the document. The report is no gate: it ends with 0 whatever it says."""
    paths = (project,)
    root, config = project_config(paths)
    scan = current_scan(paths, root, config, choice)
    with working(_("Writing the report")):
        database = database_of(root, config, choice.db)
        made = _made(scan, root, format_, database, choice.scan_id, no_previews)
    if output == Path("-"):
        click.echo(made, nl=False)
        return 0
    target = output or Path(f"{FILE}.{format_}")
    write_output(target, made)
    click.echo(_("Wrote {path}").format(path=target), err=True)
    return 0


def _made(scan: Scan, root: Path, format_: str, database: Path, scan_id: int | None, no_previews: bool) -> str | bytes:
    if format_ == "xlsx":
        from licscan.export import EXPORTERS

        return EXPORTERS["xlsx"](scan)
    from licscan.report import render
    from licscan.report.content import to_preview
    from licscan.report.previews import previews

    shown = {} if no_previews else previews(root, to_preview(scan.content))
    return render(scan, _past(database, scan, scan_id), current_language(), shown, _signed(database, scan))


def _signed(database: Path, scan: Scan) -> Signed:
    """What people decided, held against the scan today."""
    from licscan.report.signed import signed
    from licscan.store.decisions import ledger

    return signed(scan, ledger(database), clock.today())


def _past(database: Path, scan: Scan, scan_id: int | None) -> list[Past]:
    """The last scans of the same project, up to the one that is shown, oldest first."""
    from licscan.report.charts import Past
    from licscan.store import scans

    rows = [
        row for row in scans(database)
        if row.project == scan.project.name and row.kind is scan.project.kind and (scan_id is None or row.id <= scan_id)
    ]  # fmt: skip
    return [
        Past(
            row.started_at[:10], row.errors, row.warnings, row.components,
            f"{row.started_at[:10]} {row.started_at[11:16]} UTC", row.id, row.revision,
        )
        for row in rows[-MOST_PAST:]
    ]  # fmt: skip
