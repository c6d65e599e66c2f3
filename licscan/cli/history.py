"""`licscan history`."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import click

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.cli.options import database_of, project_config
from licscan.cli.output import console
from licscan.cli.params import JSON, MARKDOWN, TEXT, format_option, output_option, placed, put


@click.command("history", help=_("List the stored scans: when, of which commit, the answer, and what changed."))
@click.option(
    "--limit", type=click.IntRange(1, 1_000), default=20, show_default=True, help=_("Show at most this many scans.")
)
@click.option("--name", help=_("The project, if the database contains several. Default: that of the last scan."))
@format_option(TEXT, JSON, MARKDOWN)
@output_option
@placed
def command(limit: int, name: str | None, format_: str, output: Path | None, project: Path, db: Path | None) -> int:
    """Read the scans of one project, compare each with the one before, print the last first."""
    from licscan.cli.sides import own_scans
    from licscan.compare.differences import compare, state_of
    from licscan.export import history
    from licscan.store.light import light_scans

    root, config = project_config((project,))
    database = database_of(root, config, db)
    rows = own_scans(database)
    wanted = name or (rows[-1].project if rows else "")
    rows = [row for row in rows if row.project == wanted]
    if not rows:
        raise InputError(_("has no such scan"), path=str(database), remedy=_("run `licscan scan` first"))
    shown = rows[-limit - 1 :]
    loaded = light_scans(database, [row.id for row in shown])
    states = [state_of(loaded[row.id], str(row.id)) for row in shown]
    steps = [None, *(compare(old, new) for old, new in pairwise(states))]
    entries = [history.Entry(row, step) for row, step in zip(shown, steps, strict=True)][-limit:][::-1]
    if format_ == TEXT and output is None:
        from licscan.export.page import page_for

        page = page_for(screen := console())
        history.write(entries, page)
        page.show(screen)
        return 0
    made = {TEXT: history.to_text, JSON: history.to_json, MARKDOWN: history.to_markdown}[format_](entries)
    put(made, output)
    return 0
