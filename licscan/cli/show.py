"""`licscan show`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, scan_of_project
from licscan.cli.output import console
from licscan.cli.params import JSON, PACKAGE, format_option, output_option, placed, put, scan_option
from licscan.cli.select import find_components
from licscan.model import Component, Scan


@click.command(
    "show", help=_("Show everything that the last scan knows about PACKAGE: a name, name@version or PackageURL.")
)
@click.argument("package", type=PACKAGE)
@format_option()
@output_option
@placed
@choosing
@scan_option
@click.option(
    "--digest", is_flag=True, help=_("Print only the digest of its evidence, for a clarification or a waiver.")
)
def command(
    package: str,
    format_: str,
    output: Path | None,
    project: Path,
    digest: bool,
    choice: Choice,
) -> int:
    """Load the stored scan and print what it holds of one component (of each that the name fits)."""
    from licscan.export.show import render_component, to_text

    scan = scan_of_project(project, choice)
    found = find_components(scan.graph, package)
    if digest:
        put("".join(f"{_digest(scan, component)}\n" for component in found), output)
    elif format_ == JSON:
        from licscan.export.facts import components_json

        put(components_json(scan, found), output)
    elif output is not None:
        put("\n".join(to_text(scan, component.purl) for component in found), output)
    else:
        for component in found:
            render_component(scan, component.purl, console())
    return 0


def _digest(scan: Scan, component: Component) -> str:
    from licscan.base.escape import one_line
    from licscan.compare.digest import evidence_digest

    conclusion = scan.by_purl.get(component.purl)
    told = evidence_digest(conclusion) if conclusion else _("nothing was concluded")
    return f"{one_line(component.purl, 500)}  {told}"
