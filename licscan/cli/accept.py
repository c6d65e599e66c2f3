"""`licscan accept`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from licscan.base.errors import InputError
from licscan.base.messages import LANGUAGES, _, current_language
from licscan.cli.options import database_of, options_of, project_config
from licscan.cli.output import working, write_output
from licscan.cli.params import Names, own_db_option
from licscan.cli.scan import EXIT_OF
from licscan.config import FAIL_ON


@click.command(
    "accept",
    help=_(
        "Check a supplier's delivery: its signature and digests, whether SBOM, notices and artifacts "
        "match, your own policy, and what changed since the last one."
    ),
)
@click.argument("delivery", type=click.Path(path_type=Path))
@click.option(
    "--artifact", "artifacts", multiple=True, type=click.Path(path_type=Path),
    help=_("An artifact that came with it. Repeatable."),
)  # fmt: skip
@click.option("--key", type=click.Path(path_type=Path), help=_("The supplier's public key or certificate (PEM)."))
@click.option("--surface", help=_("The artifact in licscan.toml that includes it. Default: all of them."))
@own_db_option
@click.option("--format", "format_", type=Names(["text", "html", "json"]), default="text", show_default=True)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path),
    help=_("Write to this file instead of the terminal, in English and Chinese."),
)  # fmt: skip
@click.option("--outbound", help=_("The license of your product: an SPDX expression, or proprietary."))
@click.option("--fail-on", type=Names(FAIL_ON), help=_("Lowest severity that makes the exit status nonzero."))
def command(
    delivery: Path,
    artifacts: tuple[Path, ...],
    key: Path | None,
    surface: str | None,
    db: Path | None,
    format_: str,
    output: Path | None,
    outbound: str | None,
    fail_on: str | None,
) -> int:
    """Open, check, judge, store, print."""
    from licscan.compose.accept import Buyer, accept
    from licscan.compose.audit import surfaces_of
    from licscan.delivery.examine import Inquiry
    from licscan.delivery.page import written
    from licscan.report.retell import retold
    from licscan.store.decisions import ledger

    for path in (delivery, *artifacts):
        if not path.exists():
            raise InputError(_("does not exist"), path=str(path))
    root, config = project_config((Path(),))
    options = options_of((Path(),), root, config, outbound=outbound, fail_on=fail_on)
    surfaces_of(options.config, surface)
    database = database_of(root, config, db)
    buyer = Buyer(root, replace(options, decisions=ledger(database)), surface, database)
    with working(_("Checking the delivery")):
        told = accept(Inquiry(delivery, artifacts, key), buyer)
    if output is None:
        spoken = (current_language(),) if format_ == "text" else tuple(LANGUAGES)
        click.echo(written(told, format_, spoken, retold), nl=False)
    else:
        write_output(output, written(told, format_, tuple(LANGUAGES), retold))
        click.echo(_("Wrote {path}").format(path=output), err=True)
    return EXIT_OF[told.verdict]
