"""`licscan verify`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, current_scan
from licscan.cli.options import project_config
from licscan.cli.output import console, working
from licscan.cli.params import (
    JSON,
    TEXT,
    format_option,
    offline_option,
    output_option,
    placed,
    put,
    scan_option,
    surface_option,
)  # fmt: skip
from licscan.cli.scan import EXIT_OF


@click.command("verify", help=_("Verify that all notices required for the contents of ARTIFACT can be reached in it."))
@click.argument("artifact", type=click.Path(path_type=Path))
@placed
@surface_option(_("The surface that the artifact belongs to. Default: guessed, and stated."), default="")
@click.option(
    "--notices",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("A file of notices that goes with the artifact. Repeatable."),
)
@click.option(
    "--stats",
    "--metafile",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("The bundler's report on its output: esbuild's metafile, webpack's stats or another. Repeatable."),
)
@click.option("--own", multiple=True, help=_("Files that match this glob are your own. Repeatable."))
@format_option()
@output_option
@choosing
@offline_option
@scan_option
def command(
    artifact: Path,
    project: Path,
    surface: str,
    notices: tuple[Path, ...],
    stats: tuple[Path, ...],
    own: tuple[str, ...],
    format_: str,
    output: Path | None,
    choice: Choice,
) -> int:
    """Open the artifact, hold it against the stored scan (or a new one), print what is missing."""
    from licscan.compose.verify import Question, verify
    from licscan.export import verify as export

    if not artifact.exists():
        raise InputError(_("does not exist"), path=str(artifact))
    root, config = project_config((project,))
    scan = current_scan((project,), root, config, choice)
    with working(_("Examining what is shipped")):
        told = verify(Question(artifact, stats, notices, own, surface), scan, root)
    if format_ == TEXT and output is None:
        export.render(told, console())
    else:
        put(export.to_json(told) if format_ == JSON else export.to_text(told), output)
    return EXIT_OF[told.verdict]
