"""`licscan diff`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.options import database_of, project_config
from licscan.cli.output import console, write_output
from licscan.compare.differences import Differences
from licscan.model import SEVERITY_RANK, Severity, Verdict

FAIL_ON = ("never", "new", "error", "warning", "note", "relicensed")


@click.command(
    "diff",
    help=_(
        "Say what differs from A to B: packages, versions, licenses, findings. A and B are numbers of stored scans, "
        "latest, previous, a git revision as rev:NAME, or the file of an SBOM. Default: previous and latest."
    ),
)
@click.argument("old", metavar="[A]", default="previous")
@click.argument("new", metavar="[B]", default="latest")
@click.option(
    "--format", "format_", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True
)
@click.option("--output", "-o", type=click.Path(path_type=Path), help=_("Write to this file instead of the terminal."))
@click.option(
    "--fail-on", multiple=True, type=click.Choice(FAIL_ON), default=("never",), show_default=True,
    help=_(
        "What makes the exit status nonzero: new findings that count for the answer, new findings of at least a "
        "severity, or another license; may be repeated."
    ),
)  # fmt: skip
@click.option("--offline", is_flag=True, help=_("Never use the network."))
@click.option(
    "--project", type=click.Path(path_type=Path), default=".", help=_("The scanned folder. Default: this one.")
)
@click.option(
    "--db", type=click.Path(path_type=Path), help=_("The database. Default: .licscan/licscan.db in the project.")
)
def command(
    old: str,
    new: str,
    format_: str,
    output: Path | None,
    fail_on: tuple[str, ...],
    offline: bool,
    project: Path,
    db: Path | None,
) -> int:
    """Make both states, compare, print; the exit status is that of what is new."""
    from licscan.cli.sides import Sides
    from licscan.compare.differences import compare
    from licscan.export import differences

    root, config = project_config((project,))
    sides = Sides(root, database_of(root, config, db), offline or config.offline)
    found = compare(sides.state(old), sides.state(new))
    if format_ == "table" and output is None:
        from licscan.export.page import page_for

        page = page_for(screen := console())
        differences.write(found, page)
        page.show(screen)
    else:
        writers = {"table": differences.to_text, "json": differences.to_json, "markdown": differences.to_markdown}
        if output is None:
            click.echo(writers[format_](found), nl=False)
        else:
            write_output(output, writers[format_](found))
            click.echo(_("Wrote {path}").format(path=output), err=True)
    return status_of(found, fail_on)


def status_of(found: Differences, fail_on: tuple[str, ...]) -> int:
    """0 where nothing fails; 2 where all that fails are open questions, else 1."""
    failing = {
        verdict
        for one in found.new
        for verdict in (one.finding.verdict,)
        if ("new" in fail_on and one.counts)
        or any(SEVERITY_RANK[one.finding.severity] >= SEVERITY_RANK[Severity(asked)] for asked in fail_on if _is(asked))
    }
    if "relicensed" in fail_on and found.relicensed:
        failing.add(Verdict.VIOLATION)
    if not failing:
        return 0
    return 2 if failing == {Verdict.CANNOT_TELL} else 1


def _is(word: str) -> bool:
    return word in tuple(Severity)
