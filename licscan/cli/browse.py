"""`licscan browse`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.options import database_of, project_config
from licscan.cli.params import placed


@click.command(
    "browse",
    help=_("Open the database in Datasette, with prepared queries: read-only, on this machine only. Ctrl-C stops it."),
)
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help=_("The port. Default: a free one."))
@click.option("--open", "open_", is_flag=True, help=_("Open it in the web browser."))
@placed
def command(port: int, open_: bool, project: Path, db: Path | None) -> int:
    """Say the address on standard output, then serve until interrupted."""
    from licscan.store.datasette import HOST, datasette_of, listening, serve

    root, config = project_config((project,))
    path = database_of(root, config, db)
    datasette = datasette_of(path)
    with listening(port) as server:
        address = f"http://{HOST}:{server.getsockname()[1]}/{path.stem}"
        click.echo(address)
        click.echo(_("Press Ctrl-C to stop."), err=True)
        if open_:
            click.launch(address)
        serve(datasette, server)
    return 0
