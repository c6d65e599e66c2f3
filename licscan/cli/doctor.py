"""`licscan doctor`."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.options import options_of, project_config
from licscan.cli.output import console
from licscan.cli.params import JSON, TEXT, format_option, output_option, put
from licscan.config import Config
from licscan.model import Scan

PROPRIETARY = "proprietary"
EXIT_SILENT = 1


@click.command(
    "doctor",
    help=_("Run packages that fool license gates through the policy of PATH, and show that none passes silently."),
)
@click.argument("folder", metavar="[PATH]", type=click.Path(path_type=Path), default=".")
@click.option("--verbose", "-v", is_flag=True, help=_("Show every finding of every package."))
@format_option()
@output_option
def command(folder: Path, verbose: bool, format_: str, output: Path | None) -> int:
    """Scan all of them under the user's licscan.toml; exit status 1 when one is silent."""
    from licscan.compose.doctor import canaries
    from licscan.export.doctor import render, to_json, to_text, undetected

    root, config = project_config((folder,))
    chosen = canaries()
    scan = scanned(root, config)
    if format_ == TEXT and output is None:
        render(scan, chosen, console(), every=verbose)
    else:
        put(to_json(scan, chosen) if format_ == JSON else to_text(scan, chosen, every=verbose), output)
    return EXIT_SILENT if undetected(scan, chosen) else 0


def scanned(root: Path, config: Config) -> Scan:
    """The scan of a project that needs every one of them, on each of the user's surfaces and by the user's policy.

    The product is taken as proprietary where licscan.toml does not say otherwise.
    """
    from licscan.compose import scan as pipeline
    from licscan.compose.doctor import build, canaries

    surfaces = tuple(replace(surface, roots=(), include=()) for surface in config.surfaces)
    asked = replace(config, exclude=(), python=(), surfaces=surfaces, outbound=config.outbound or PROPRIETARY)
    with tempfile.TemporaryDirectory(prefix="licscan-") as place:
        project = build(canaries(), Path(place))
        options = options_of((project,), root, asked, offline=True)
        return pipeline.scan(replace(options, jobs=1))
