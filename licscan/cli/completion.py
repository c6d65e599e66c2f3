"""`licscan completion`."""

from __future__ import annotations

import click

from licscan.base.messages import _
from licscan.cli.params import Names

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_LICSCAN_COMPLETE"


@click.command(
    "completion",
    help=_(
        "Print the script that completes commands, options, formats, codes and names of packages in "
        "SHELL. docs/commands.md says where to put it."
    ),
)
@click.argument("shell", type=Names(SHELLS))
def command(shell: str) -> int:
    """Print click's own script; what it completes, the parameters say."""
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    from licscan.cli import cli

    # not `source`: that of bash runs bash to ask for its version
    made = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}[shell](cli, {}, "licscan", VARIABLE)
    click.echo(made.source_template % made.source_vars())
    return 0
