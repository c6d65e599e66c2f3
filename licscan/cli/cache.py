"""`licscan cache`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from licscan.base.escape import one_line
from licscan.base.messages import _, ngettext
from licscan.cli.output import working


@click.group("cache", help=_("Describe, shrink, export or import the stored evidence from packages."))
def command() -> None:
    """The commands below; the store is made by the first scan that reads archives."""


@command.command("info", help=_("Show where the evidence is stored, how large it is, and how many packages it covers."))
def info() -> int:
    """Describe the store; an empty one too."""
    from licscan.base.columns import filled
    from licscan.evidence.store import user_evidence

    with closing(user_evidence()) as store:
        found = store.info()
    for name, value in (
        (_("location"), one_line(found.path, 2_000)),
        (_("size"), _("{size} MB").format(size=f"{found.size / 1e6:.1f}")),
        (_("npm packages"), f"{found.packages.get('npm', 0):,}"),
        (_("Python packages"), f"{found.packages.get('pypi', 0):,}"),
        (_("texts"), f"{found.blobs:,}"),
        (_("imported"), f"{found.imported:,}"),
        (
            _("least recent use"),
            ngettext("{count} day ago", "{count} days ago", found.oldest).format(count=found.oldest),
        ),
    ):
        click.echo(f"{filled(_('{name}:').format(name=name), 17)} {value}")
    return 0


@command.command(
    "prune",
    help=_("Delete what has not been used for long, then the least recently used until the rest is small enough."),
)
@click.option(
    "--max-age", type=click.IntRange(0, 100_000), default=180, show_default=True, metavar="DAYS",
    help=_("Delete packages that no scan has used for this many days."),
)  # fmt: skip
@click.option(
    "--max-size", type=click.IntRange(0, 1_000_000), metavar="MB", help=_("Keep at most this many megabytes.")
)  # fmt: skip
def prune(max_age: int, max_size: int | None) -> int:
    """Forget packages, and say how many."""
    from licscan.evidence.store import user_evidence

    with closing(user_evidence()) as store:
        gone = store.prune(max_age, None if max_size is None else max_size * 1_000_000)
    click.echo(ngettext("Deleted {count} package.", "Deleted {count} packages.", gone).format(count=gone))
    return 0


@command.command("export", help=_("Write all evidence to one file, for machines without a network."))
@click.argument("file", type=click.Path(path_type=Path))
def export(file: Path) -> int:
    """Write the file, and say of how many packages."""
    from licscan.evidence.exchange import export as write
    from licscan.evidence.store import user_evidence

    with working(_("Writing the evidence")), closing(user_evidence()) as store:
        count = write(store, file)
    said = ngettext("Wrote {count} package to {path}.", "Wrote {count} packages to {path}.", count)
    click.echo(said.format(count=f"{count:,}", path=file))
    return 0


@command.command(
    "import",
    help=_(
        "Import evidence that `licscan cache export` wrote. It is taken on trust: import only "
        "from sources that you trust."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> int:
    """Read the file, and say how many packages are new."""
    from licscan.evidence.exchange import import_ as read
    from licscan.evidence.store import user_evidence

    with working(_("Importing the evidence")), closing(user_evidence()) as store:
        taken = read(store, file)
    new = taken.packages - taken.known
    said = ngettext("Imported {count} package", "Imported {count} packages", new).format(count=new)
    more = _("{known} were already there").format(known=taken.known)
    click.echo(_("{said}; {more}.").format(said=said, more=more))
    return 0
