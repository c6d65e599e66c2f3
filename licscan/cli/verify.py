"""`licscan verify`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, current_scan
from licscan.cli.options import project_config
from licscan.cli.output import console, write_output
from licscan.cli.scan import EXIT_OF


@click.command(
    "verify", help=_("Verify that all notices that are owed for what is inside ARTIFACT can be reached in it.")
)
@click.argument("artifact", type=click.Path(path_type=Path))
@click.option(
    "--project", type=click.Path(path_type=Path), default=".", help=_("The scanned folder. Default: this one.")
)
@click.option("--surface", default="", help=_("The surface that the artifact is. Default: guessed, and said."))
@click.option(
    "--notices",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("A file of notices that goes with the artifact; may be repeated."),
)
@click.option(
    "--stats",
    "--metafile",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("What the bundler says of its output: esbuild's metafile, webpack's stats, ...; may be repeated."),
)
@click.option("--own", multiple=True, help=_("Files that match this glob are your own; may be repeated."))
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--output", "-o", type=click.Path(path_type=Path), help=_("Write to this file instead of the terminal."))
@choosing
@click.option("--offline", is_flag=True, help=_("Never use the network."))
@click.option(
    "--db", type=click.Path(path_type=Path), help=_("The database. Default: .licscan/licscan.db in the project.")
)
@click.option("--scan", "scan_id", type=int, help=_("The number of a stored scan. Default: the last one."))
def command(
    artifact: Path,
    project: Path,
    surface: str,
    notices: tuple[Path, ...],
    stats: tuple[Path, ...],
    own: tuple[str, ...],
    format_: str,
    output: Path | None,
    fresh: bool,
    stored: bool,
    offline: bool,
    db: Path | None,
    scan_id: int | None,
) -> int:
    """Open the artifact, hold it against the stored scan (or a new one), print what is missing."""
    from licscan.compose.verify import Question, verify
    from licscan.export import verify as export

    if not artifact.exists():
        raise InputError(_("is not there"), path=str(artifact))
    root, config = project_config((project,))
    scan = current_scan((project,), root, config, Choice(fresh, stored, offline, db, scan_id))
    told = verify(Question(artifact, stats, notices, own, surface), scan, root)
    if output is not None:
        write_output(output, export.to_json(told) if format_ == "json" else export.to_text(told))
        click.echo(_("Wrote {path}").format(path=output), err=True)
    elif format_ == "json":
        click.echo(export.to_json(told), nl=False)
    else:
        export.render(told, console())
    return EXIT_OF[told.verdict]
