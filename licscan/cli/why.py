"""`licscan why`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, scan_of_project
from licscan.cli.output import console
from licscan.cli.params import JSON, PACKAGE, format_option, output_option, placed, put, scan_option
from licscan.cli.select import find_components


@click.command(
    "why",
    help=_(
        "Explain why PACKAGE is there, what its license is based on, what follows on each surface, "
        "and what can be done. From the last scan; PACKAGE is a name, name@version or PackageURL."
    ),
)
@click.argument("package", type=PACKAGE)
@format_option()
@output_option
@placed
@choosing
@scan_option
def command(
    package: str,
    format_: str,
    output: Path | None,
    project: Path,
    choice: Choice,
) -> int:
    """Take the scan and print the answer for each component that the name fits."""
    scan = scan_of_project(project, choice)
    found = find_components(scan.graph, package)
    if format_ == JSON:
        from licscan.export.facts import components_json

        put(components_json(scan, found), output)
        return 0
    from licscan.export.why import render_why, to_text

    if output is not None:
        put("\n".join(to_text(scan, component) for component in found), output)
        return 0
    for component in found:
        render_why(scan, component, console())
    return 0
