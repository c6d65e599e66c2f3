"""`licscan licenses`."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, scan_of_project
from licscan.cli.output import console
from licscan.cli.params import JSON, TEXT, format_option, output_option, placed, put, scan_option


@click.command("licenses", help=_("List the licenses of the last scan with the number of packages under each."))
@click.option("--packages", is_flag=True, help=_("One line per package, with its license."))
@click.option("--production", is_flag=True, help=_("Only what ships with the product."))
@click.option(
    "--license",
    "licenses",
    multiple=True,
    help=_("Only packages whose license includes this one, such as MIT, GPL-2.0 or 'AGPL-*'. Repeatable."),
)
@format_option(TEXT, JSON, "csv")
@output_option
@placed
@choosing
@scan_option
def command(
    packages: bool,
    production: bool,
    licenses: tuple[str, ...],
    format_: str,
    output: Path | None,
    project: Path,
    choice: Choice,
) -> int:
    """Take the scan, count, print."""
    from licscan.export import licenses as export

    if not project.exists() and is_license(str(project)):
        remedy = _("`licscan licenses --license {name}` lists its packages").format(name=quote(str(project)))
        raise InputError(_("is not a folder"), path=str(project), remedy=remedy)
    scan = scan_of_project(project, choice)
    lines = export.lines_of(scan, shipped_only=production, licenses=licenses)
    by_package = packages or bool(licenses)
    if format_ == "text" and output is None:
        export.render(lines, console(), packages=by_package)
        return 0
    made = {"text": export.to_text, "json": export.to_json, "csv": export.to_csv}[format_](lines, packages=by_package)
    put(made, output)
    return 0


def is_license(word: str) -> bool:
    """Whether a word in the place of the folder is the name of a license."""
    from licscan.licenses.statements import read_license
    from licscan.model import NOASSERTION

    return read_license(word).expression not in (None, NOASSERTION)
