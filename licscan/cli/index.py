"""`licscan index`."""

from __future__ import annotations

import time
from pathlib import Path

import click

from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.cli.index_code import command as code_command
from licscan.cli.output import progress_bar


@click.group("index", help=_("Build or describe the license text index for detection and the index for copied code."))
def command() -> None:
    """The commands below; without an index, the first detection builds it."""


@command.command("build", help=_("Build the index now, so that the first detection does not have to."))
@click.option(
    "--from", "source", type=click.Path(path_type=Path), help=_("A LicenseDB folder with licenses/ and rules/.")
)
@click.option("--force", is_flag=True, help=_("Build it even if it exists."))
def build(source: Path | None, force: bool) -> int:
    """Build it where it is missing or old, and describe the result."""
    from licscan.detect import build_index, index_info

    if source is not None and not source.is_dir():
        raise InputError(_("is not a folder"), path=str(source))
    if force or index_info(source) is None:
        with progress_bar() as progress:
            build_index(source, lambda share: progress(_("Building the index"), round(share * 100), 100), force)
    return _describe(source)


@command.command("info", help=_("Show where the index is, how large it is, and which data it is built from."))
@click.option("--from", "source", type=click.Path(path_type=Path), help=_("A LicenseDB folder, as for build."))
def info(source: Path | None) -> int:
    """Describe the index; InputError where there is none."""
    if source is not None and not source.is_dir():
        raise InputError(_("is not a folder"), path=str(source))
    return _describe(source)


def _describe(source: Path | None) -> int:
    from licscan.base.columns import filled
    from licscan.detect import index_info

    start = time.perf_counter()
    found = index_info(source)
    seconds = time.perf_counter() - start
    if found is None:
        raise InputError(_("there is no index yet"), remedy=_("run `licscan index build`"))
    for name, value in (
        (_("location"), one_line(found.path, 2_000)),
        (_("size"), _("{size} MB").format(size=f"{found.size / 1e6:.1f}")),
        (_("data"), one_line(found.data_version)),
        (_("licenses"), f"{found.licenses:,}"),
        (_("rules"), f"{found.rules:,}"),
        (_("load time"), _("{seconds} s").format(seconds=f"{seconds:.2f}")),
    ):
        click.echo(f"{filled(_('{name}:').format(name=name), 11)} {value}")
    return 0


command.add_command(code_command)
