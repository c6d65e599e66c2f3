"""`licscan explain`."""

from __future__ import annotations

import click

from licscan.base.messages import _
from licscan.cli.output import console


@click.command(
    "explain",
    help=_(
        "Explain WHAT: the code of a finding (what it means, why, what to do, how to waive it), "
        "or a license (what it asks for in each deployment). Without WHAT, list all codes."
    ),
)
@click.argument("what", required=False)
def command(what: str | None) -> int:
    """Print the explanation; an unknown word names the nearest ones."""
    from licscan.export.explain import render

    render(what, console())
    return 0
