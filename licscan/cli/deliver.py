"""`licscan deliver`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licscan.base.errors import InputError
from licscan.base.messages import _, ngettext
from licscan.cli.current import Choice, choosing, current_scan
from licscan.cli.options import database_of, project_config
from licscan.cli.output import working
from licscan.cli.params import Names, db_option
from licscan.cli.sbom import creator_of
from licscan.cli.scan import EXIT_OF
from licscan.model import Verdict
from licscan.sbom.write import FORMATS

if TYPE_CHECKING:
    from licscan.compose.deliver import Made

DEFAULT = ("cyclonedx-1.7", "spdx-2.3")


@click.command(
    "deliver",
    help=_(
        "Assemble the annexes of a contract for each ARTIFACT of a surface: SBOMs, notices, source "
        "offers, duties, decisions and open points, in one signed folder and archive."
    ),
)
@click.argument("artifacts", metavar="ARTIFACT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--surface", required=True, help=_("The surface that the artifacts belong to."))
@click.option(
    "--output", "-o", required=True, type=click.Path(path_type=Path),
    help=_("The folder to write; the archive is written next to it, with .tar.gz added to the name."),
)  # fmt: skip
@click.option(
    "--format", "formats", multiple=True, type=Names(FORMATS),
    help=_("A format of the SBOM. Repeatable. Default: {names}.").format(names=_(", ").join(DEFAULT)),
)  # fmt: skip
@click.option(
    "--key", type=click.Path(path_type=Path),
    help=_("Sign with this private key (PEM: Ed25519, ECDSA, RSA). Its password: LICSCAN_KEY_PASSWORD."),
)  # fmt: skip
@click.option("--anyway", is_flag=True, help=_("Write it even if its buyer would refuse it, and state why."))
@click.option(
    "--project", type=click.Path(path_type=Path), default=".", help=_("The scanned folder. Default: this one.")
)
@click.option(
    "--stats", multiple=True, type=click.Path(path_type=Path),
    help=_("The bundler's report on its output: esbuild's metafile, webpack's stats or another. "
           "Repeatable."),
)  # fmt: skip
@click.option("--own", multiple=True, help=_("Files that match this glob are your own. Repeatable."))
@click.option("--name", default="", help=_("The name of the product. Default: that of the project."))
@click.option("--product-version", default="", help=_("The version of the product. Default: that of its root."))
@click.option("--creator", default="", help=_("The organization responsible for the SBOM."))
@click.option("--contact", default="", help=_("Its e-mail address or web page."))
@choosing
@click.option("--offline", is_flag=True, help=_("Never use the network."))
@db_option
@click.option("--scan", "scan_id", type=int, help=_("The number of a stored scan. Default: the last one."))
def command(
    artifacts: tuple[Path, ...],
    surface: str,
    output: Path,
    formats: tuple[str, ...],
    key: Path | None,
    anyway: bool,
    project: Path,
    stats: tuple[Path, ...],
    own: tuple[str, ...],
    name: str,
    product_version: str,
    creator: str,
    contact: str,
    choice: Choice,
) -> int:
    """Take the scan, make the documents, check them as the buyer will, sign, write."""
    from licscan.base import clock
    from licscan.compose.current import what_changed
    from licscan.compose.deliver import Order, deliver
    from licscan.delivery.signature import sign, signing_key
    from licscan.sbom.from_scan import SbomOptions
    from licscan.store.decisions import ledger

    for path in artifacts:
        if not path.exists():
            raise InputError(_("does not exist"), path=str(path))
    signer = partial(sign, key=signing_key(key)) if key else None
    root, config = project_config((project,))
    database = database_of(root, config, choice.db)
    scan = current_scan((project,), root, config, choice)
    names = [one.name for one in scan.surfaces]
    if surface not in names:
        raise InputError(_("is not a surface of this scan"), path=surface, remedy=_(", ").join(names) or None)
    signed = ledger(database)
    answering = creator_of(creator or config.supplier or "", contact or config.contact or "")
    clock.today()  # complains of a SOURCE_DATE_EPOCH that is no time
    wanted = SbomOptions(clock.moment(), surface, name, product_version, answering)
    order = Order(
        artifacts=artifacts,
        output=output,
        formats=tuple(dict.fromkeys(formats or DEFAULT)),
        sbom=wanted,
        sign=signer,
        contact=config.notices.contact or contact,
        stats=stats,
        own=own,
        is_current=not what_changed(scan, root, config, signed),
        anyway=anyway,
    )
    with working(_("Assembling the delivery")):
        made = deliver(order, scan, root, signed)
    _report(made)
    return EXIT_OF[made.verdict]


def _report(made: Made) -> None:
    """What was written, and what stands open in it."""
    click.echo(_("Wrote {path}").format(path=made.folder), err=True)
    click.echo(_("Wrote {path}").format(path=made.archive), err=True)
    if not made.is_signed:
        click.echo(_("licscan: it is not signed, so it does not prove who made it; sign it with --key"), err=True)
    if made.points:
        told = ngettext(
            "licscan: {count} open point is stated in it ({path})",
            "licscan: {count} open points are stated in it ({path})",
            len(made.points),
        )
        click.echo(told.format(count=f"{len(made.points):,}", path=made.folder / "open-points.json"), err=True)
        broken = sum(one.verdict == Verdict.VIOLATION.value for one in made.points)
        if broken:
            said = ngettext(
                "licscan: {count} of them is a violation, so its buyer will not accept it as it is",
                "licscan: {count} of them are violations, so its buyer will not accept it as it is",
                broken,
            )
            click.echo(said.format(count=broken), err=True)
