"""`licscan deps`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.cli.options import options_of, project_config
from licscan.cli.output import console, progress_bar
from licscan.cli.params import JSON, format_option, output_option, put
from licscan.cli.select import find_components
from licscan.model import Scan


@click.command("deps", help=_("Show the dependency tree of the projects at PATHS (default: this folder)."))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--why",
    metavar="PACKAGE",
    help=_("Show the shortest paths to this package in its scope (a name, name@version or PackageURL)."),
)
@click.option("--root", "only", metavar="PACKAGE", help=_("Only the tree of this root or workspace member."))
@click.option("--depth", type=click.IntRange(min=0), help=_("Show at most this many levels."))
@click.option(
    "--python", multiple=True, type=click.Path(path_type=Path), help=_("A Python environment of the project.")
)
@click.option("--exclude", multiple=True, help=_("Leave out paths that match this glob."))
@format_option()
@output_option
def command(
    paths: tuple[Path, ...],
    why: str | None,
    only: str | None,
    depth: int | None,
    python: tuple[Path, ...],
    exclude: tuple[str, ...],
    format_: str,
    output: Path | None,
) -> int:
    """Resolve afresh, without the network and without storing anything, and print the trees."""
    from licscan.compose import scan as pipeline

    paths = paths or (Path(),)
    root, config = project_config(paths)
    options = options_of(paths, root, config, python=python, exclude=exclude, offline=True, content=False)
    with progress_bar() as progress:
        scan = pipeline.scan(options, progress)
    found = find_components(scan.graph, why) if why else ()
    roots = () if found else _roots(scan, only)
    if format_ == JSON:
        from licscan.export import facts

        put(facts.paths_json(scan, found) if found else facts.graph_json(scan, roots, depth), output)
        return 0
    from licscan.export.page import Page, page_for
    from licscan.export.tree import labels_of, write_tree, write_why

    page = Page(100) if output is not None else page_for(console())
    for component in found:
        write_why(scan.graph, component.purl, page)
    labels = labels_of(scan)
    for purl in roots:
        write_tree(scan.graph, purl, page, labels, depth)
    if output is not None:
        put(page.plain, output)
    else:
        page.show(console())
    return 0


def _roots(scan: Scan, only: str | None) -> tuple[str, ...]:
    roots = scan.graph.roots
    if only:
        roots = tuple(component.purl for component in find_components(scan.graph, only) if component.purl in roots)
        if not roots:
            raise InputError(_("is not a root of this project"), path=only, remedy=_(", ").join(scan.graph.roots))
    return roots
