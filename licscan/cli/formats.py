"""`--format NAME[=FILE]`, several at once: which formats, and where each goes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.cli.output import console, must_be_writable, working, write_output
from licscan.cli.params import FORMER, Names
from licscan.export import EXPORTERS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from licscan.model import Scan, Severity


_SHOWN = [FORMER.get(name, name) for name in EXPORTERS]
_OWN = dict(zip(_SHOWN, EXPORTERS, strict=True))
"""What the exporters are called by the words of the command line."""


@dataclass(frozen=True, slots=True)
class OutputRequest:
    """One format; `path` is None for standard output."""

    name: str
    path: Path | None = None


class FormatType(click.ParamType[OutputRequest]):
    """The name of an exporter, and the file behind `=`."""

    name = "format"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """All names, as a choice shows them."""
        return f"[{'|'.join(_SHOWN)}][=FILE]"

    def convert(
        self, value: str | OutputRequest, param: click.Parameter | None, ctx: click.Context | None
    ) -> OutputRequest:
        """Split at the first `=`; a usage error for a name that is no format."""
        if isinstance(value, OutputRequest):
            return value
        name, equals, file = value.partition("=")
        name = _OWN[Names(_SHOWN, FORMER).convert(name, param, ctx)]
        if equals and not file:
            self.fail(_("names no file: {value}").format(value=value), param, ctx)
        return OutputRequest(name, Path(file) if file else None)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The names, and behind `=` nothing: the shell itself knows its files."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in _SHOWN if name.startswith(incomplete)]


def output_requests(formats: Sequence[OutputRequest], output: Path | None) -> tuple[OutputRequest, ...]:
    """Where each format goes: `--output` is for the one that names no file. InputError where two want one place,
    and where a file cannot be written: before the work for it, and before others are written."""
    nowhere = [one for one in formats if one.path is None]
    if len(nowhere) > 1:
        names = _(", ").join(one.name for one in nowhere)
        raise InputError(
            _("only one format can go to one destination"),
            path=f"--format {names}",
            remedy=_("write --format NAME=FILE"),
        )
    if output is not None and not nowhere:
        raise InputError(
            _("every format already names its file"), path=f"--output {output}", remedy=_("leave out --output")
        )
    placed = tuple(OutputRequest(one.name, one.path or output) for one in formats)
    files = [one.path.absolute() for one in placed if one.path]
    if len(set(files)) < len(files):
        raise InputError(_("two formats name the same file"), path=str(max(files, key=files.count)))
    for file in files:
        must_be_writable(file)
    return placed


@dataclass(frozen=True, slots=True)
class View:
    """How much of the table is printed: one screen, its head alone (`summary`), or `whole`; `project` as in `Page`."""

    summary: bool = False
    whole: bool = False
    least: Severity | None = None
    named: bool = False
    project: str = ""


def deliver(scan: Scan, formats: Sequence[OutputRequest], quiet: bool = False, view: View | None = None) -> None:
    """Write every file, then print what goes to standard output; the verdict goes to standard error, unless the table
    says it. What cannot be made stops all before the first file is written."""
    with working(_("Writing the files"), shown=not quiet):
        made = {one: EXPORTERS[one.name](scan) for one in formats if one.path is not None}
    for one, text in made.items():
        if one.path is not None:
            write_output(one.path, text)
            if not quiet:
                click.echo(_("Wrote {path}").format(path=one.path), err=True)
    printed = [one.name for one in formats if one.path is None]
    for name in printed if not quiet else ():
        _print(scan, name, view or View())
    if not quiet and printed != ["table"]:
        from licscan.export.table import headline

        click.echo(headline(scan), err=True)


def _print(scan: Scan, name: str, view: View) -> None:
    if name == "table":
        from licscan.export import screen, table

        if view.whole:
            table.render(scan, console())
        else:
            screen.render(
                scan, console(), summary=view.summary, least=view.least, named=view.named, project=view.project
            )
        return
    made = EXPORTERS[name](scan)
    if isinstance(made, bytes) and sys.stdout.isatty():
        raise InputError(_("cannot be printed to a terminal"), path=name, remedy=_("name a file with --output"))
    click.echo(made, nl=False)
