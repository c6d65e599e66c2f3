"""`licscan explain`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.output import console
from licscan.cli.params import JSON, Explained, format_option, output_option, put


@click.command(
    "explain",
    help=_(
        "Explain WHAT: a finding code (what it means, why it matters, what to do, how to waive it), "
        "or a license (what it requires in each deployment). Without WHAT, list all codes."
    ),
)
@click.argument("what", required=False, type=Explained())
@format_option()
@output_option
def command(what: str | None, format_: str, output: Path | None) -> int:
    """Print the explanation; an unknown word names the nearest ones."""
    if format_ == JSON:
        from licscan.export.explain_json import to_json

        put(to_json(what), output)
        return 0
    from licscan.export.explain import render, to_text

    if output is not None:
        put(to_text(what), output)
    else:
        render(what, console())
    return 0
