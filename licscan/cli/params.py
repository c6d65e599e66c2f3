"""The options that commands share, each written once: one name, one help, one way to complete it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from licscan.base.alike import meant
from licscan.base.messages import _

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Function = Callable[..., Any]

TEXT, JSON, MARKDOWN = "text", "json", "markdown"
FORMER = {"table": TEXT}
"""Former names of formats, which are still taken."""


class Names(click.Choice[str]):
    """One of a few names; `also` are other words for some of them. A wrong one is told what it may mean."""

    def __init__(self, names: Iterable[str], also: Mapping[str, str] | None = None):
        super().__init__(tuple(names))
        self.also = dict(also or {})

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name itself, whichever word was given for it."""
        return super().convert(self.also.get(value, value), param, ctx)

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """As click's own, and the name that is meant."""
        said = super().get_invalid_choice_message(value, ctx)
        close = meant(str(value), (*map(str, self.choices), *self.also))
        return f"{said} {_('Did you mean {name}?').format(name=repr(close[0]))}" if close else said


class Stored(click.ParamType[str]):
    """A word of the stored scan: what its names are is looked up only where a shell asks."""

    name = "text"

    def __init__(self, query: str):
        self.query = query

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Any text: the command itself knows whether it is one."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The names in the last scan of the folder that the line names; nothing where there is none."""
        from click.shell_completion import CompletionItem

        found: list[str] = []
        with suppress(Exception):  # a shell that completes is not the place for a complaint
            found = self._names(ctx)
        return [CompletionItem(name) for name in found if name.startswith(incomplete)]

    def _names(self, ctx: click.Context) -> list[str]:
        import sqlite3

        from licscan.cli.options import database_of, project_config

        given = ctx.params
        root, config = project_config((Path(given.get("project") or given.get("path") or "."),))
        database = database_of(root, config, given.get("db"))
        where = f"{database.resolve().as_uri()}?mode=ro"
        db = sqlite3.connect(where, uri=True, timeout=0.5)
        try:
            last = "(SELECT id FROM scans WHERE kind = 'own' ORDER BY path IS ?1 DESC, id DESC LIMIT 1)"
            rows = db.execute(self.query.format(last=last), (str(root),))
            return sorted({str(name) for (name,) in rows})
        finally:
            db.close()


DATABASE_VARIABLE = "LICSCAN_DB"
"""Names the database where --db does not: for images and runners, where the project may not be written to."""

PACKAGE = Stored("SELECT name FROM components WHERE scan_id = {last}")
SURFACE = Stored("SELECT name FROM surfaces WHERE scan_id = {last}")


class Explained(click.ParamType[str]):
    """The code of a finding, or a license."""

    name = "text"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """All codes, and the current ids of SPDX once a letter is there."""
        from click.shell_completion import CompletionItem

        from licscan.base.tables import load_toml
        from licscan.licenses.known import license_ids

        small = incomplete.lower()
        names = [*load_toml("findings.toml"), *(license_ids() if incomplete else ())]
        return [CompletionItem(name) for name in names if name.lower().startswith(small)]


def placed(function: Function) -> Function:
    """Adds PATH, --project and --db; the function gets `project` and `db`."""

    @wraps(function)
    def called(*, path: Path | None, project: Path | None, **named: Any) -> Any:
        if path is not None and project is not None:
            raise click.UsageError(_("PATH and --project are the same: give one of them."))
        return function(project=path or project or Path(), **named)

    argument = click.argument("path", required=False, type=click.Path(path_type=Path))
    option = click.option("--project", type=click.Path(path_type=Path), help=_("The same as PATH."))
    return argument(option(db_option(called)))


def db_option(function: Function) -> Function:
    """Adds --db."""
    return _db_option(_("The database. Also LICSCAN_DB. Default: .licscan/licscan.db in the project."))(function)


def own_db_option(function: Function) -> Function:
    """Adds --db for what stands outside of any project: a supplier's delivery is held against the last one here."""
    return _db_option(_("The database. Also LICSCAN_DB. Default: .licscan/licscan.db in this folder."))(function)


def _db_option(said: str) -> Callable[[Function], Function]:
    return click.option("--db", type=click.Path(path_type=Path), envvar=DATABASE_VARIABLE, help=said)


def scan_option(function: Function) -> Function:
    """Adds --scan, as `scan_id`."""
    said = _("The number of a stored scan. Default: the last one.")
    return click.option("--scan", "scan_id", type=int, help=said)(function)


def offline_option(function: Function) -> Function:
    """Adds --offline."""
    return click.option("--offline", is_flag=True, help=_("Never use the network."))(function)


def output_option(function: Function) -> Function:
    """Adds --output, -o."""
    said = _("Write to this file instead of the terminal.")
    return click.option("--output", "-o", type=click.Path(path_type=Path), help=said)(function)


def format_option(*names: str, also: Mapping[str, str] = FORMER, default: str = "") -> Callable[[Function], Function]:
    """Adds --format as `format_`, with the first name as the default where no other is given."""
    kind = Names(names or (TEXT, JSON), also)
    return click.option("--format", "format_", type=kind, default=default or kind.choices[0], show_default=True)


def surface_option(said: str, *, multiple: bool = False, default: str | None = None) -> Callable[[Function], Function]:
    """Adds --surface, completed from the stored scan."""
    return click.option("--surface", type=SURFACE, multiple=multiple, default=() if multiple else default, help=said)


def put(made: str | bytes, output: Path | None) -> None:
    """What was made, to a file, which is named on standard error, or to standard output."""
    if output is None:
        click.echo(made, nl=False)
        return
    from licscan.cli.output import write_output

    write_output(output, made)
    click.echo(_("Wrote {path}").format(path=output), err=True)
