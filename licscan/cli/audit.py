"""`licscan audit`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.cli.options import database_of, options_of, project_config
from licscan.cli.output import progress_bar
from licscan.cli.params import FORMER, JSON, TEXT, Names, output_option, own_db_option, put, surface_option
from licscan.cli.scan import EXIT_OF
from licscan.config import FAIL_ON
from licscan.model import VERDICT_RANK, Verdict

if TYPE_CHECKING:
    from licscan.compose.audit import Audit
    from licscan.compose.options import Options


@click.command(
    "audit",
    help=_("Judge what suppliers deliver, SBOMs or sources, like a scan: its findings, and what has changed."),
)
@click.argument("deliveries", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--compare", is_flag=True, help=_("One table comparing all of them, instead of one report each."))
@click.option(
    "--profile",
    type=Names(["ntia", "cisa", "bsi", "telco"]),
    help=_("List field by field what is missing for this profile."),
)
@surface_option(_("The artifact in licscan.toml that includes it. Default: all of them."))
@own_db_option
@click.option(
    "--format", "format_", type=Names((TEXT, JSON, "html", "xlsx"), FORMER), default=TEXT, show_default=True,
    help=_("html and xlsx: with --compare."),
)  # fmt: skip
@output_option
@click.option("--outbound", help=_("The license of your product: an SPDX expression, or proprietary."))
@click.option("--fail-on", type=Names(FAIL_ON), help=_("Lowest severity that makes the exit status nonzero."))
def command(
    deliveries: tuple[Path, ...],
    compare: bool,
    profile: str | None,
    surface: str | None,
    db: Path | None,
    format_: str,
    output: Path | None,
    outbound: str | None,
    fail_on: str | None,
) -> int:
    """Read, judge, store, print; a file that cannot be used is one line on standard error, and the others stand."""
    if (compare or profile) and any(path.is_dir() for path in deliveries):
        raise click.UsageError(_("--compare and --profile apply to SBOMs only."))
    if format_ in ("html", "xlsx") and not compare:
        raise InputError(_("is a format for comparisons only"), path=f"--format {format_}", remedy=_("add --compare"))
    if format_ == "xlsx" and output is None:
        raise InputError(_("cannot be printed to a terminal"), path="xlsx", remedy=_("name a file with --output"))
    root, config = project_config((Path(),))
    options = options_of((Path(),), root, config, outbound=outbound, fail_on=fail_on)
    audits, failed = _audit(deliveries, root, options, surface, database_of(root, config, db))
    for line in failed:
        click.echo("licscan: " + one_line(line, limit=2_000), err=True)
    if (compare or profile) and any(one.bom is None for one in audits):
        raise click.UsageError(_("--compare and --profile apply to SBOMs only."))
    if audits:
        _print(audits, compare, profile, format_, output)
    worst = max((one.scan.gate for one in audits), key=VERDICT_RANK.__getitem__, default=Verdict.OK)
    return EXIT_OF[worst] or (2 if failed else int(any(one.scan.is_stopped for one in audits)))


def _audit(
    deliveries: tuple[Path, ...], root: Path, options: Options, surface: str | None, database: Path
) -> tuple[list[Audit], list[str]]:
    from licscan.compose.audit import audit, surfaces_of
    from licscan.store.decisions import ledger

    surfaces_of(options.config, surface)
    options = replace(options, decisions=ledger(database))
    audits, failed = [], []
    with progress_bar() as progress:
        for done, path in enumerate(deliveries):
            progress(_("Auditing {name}").format(name=one_line(path.name, 60)), done, len(deliveries))
            try:
                audits.append(audit(path, root, options, surface, database))
            except InputError as error:
                failed.append(str(error))
    return audits, failed


def _print(audits: list[Audit], compare: bool, profile: str | None, format_: str, output: Path | None) -> None:
    from licscan.export import audit as export
    from licscan.export import comparison

    text: str | bytes
    if format_ == "xlsx":
        text = comparison.to_xlsx(audits)
    elif format_ == "html":
        text = comparison.to_html(audits)
    elif format_ == JSON:
        text = export.to_json(audits, compare)
    elif output is None:
        from licscan.cli.output import console

        return export.render(audits, compare, profile, console())
    else:
        text = export.to_text(audits, compare, profile)
    put(text, output)
    return None
