"""What the commands of `licscan fleet` share: the store, labels, formats, and the exit status of an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.cli.output import console, write_output
from licscan.cli.params import FORMER, JSON, TEXT, Names
from licscan.fleet.model import LABELS

if TYPE_CHECKING:
    from licscan.fleet.catalogue import Entry
    from licscan.fleet.questions import Table
    from licscan.fleet.space import Space
    from licscan.fleet.views import Fleet

VARIABLE = "LICSCAN_FLEET"
DEFAULT = ".licscan/fleet"
FORMATS = (TEXT, JSON, "csv")
WHOLE, VIOLATION, NOT_WHOLE = 0, 1, 2
_WIDE = 100_000
"""Columns of a page that goes to a file or a pipe: nothing is cut there."""

Function = Callable[..., Any]

store_option = click.option(
    "--store", envvar=VARIABLE, default=DEFAULT, show_default=True, metavar=_("PLACE"),
    help=_("The fleet's store: a folder, or object storage such as s3://bucket/fleet. Also LICSCAN_FLEET."),
)  # fmt: skip


def labelled(function: Function) -> Function:
    """Adds an option for each label."""
    told = {
        "group": _("The group of targets."), "product": _("The product that they belong to."),
        "customer": _("The customer for whom they are."), "branch": _("The branch of the product, by its common name."),
    }  # fmt: skip
    for name in reversed(LABELS):
        function = click.option(f"--{name}", default="", help=told[name])(function)
    return function


def output_options(function: Function) -> Function:
    """Adds the options for what an answer looks like, and where it goes."""
    to = click.option(
        "--output", "-o", type=click.Path(path_type=Path), help=_("Write to this file instead of the terminal.")
    )
    return click.option("--format", "format_", type=Names(FORMATS, FORMER), default=TEXT, show_default=True)(
        to(function)
    )


def labels_from(given: Mapping[str, Any]) -> dict[str, str]:
    """The labels among options."""
    return {name: given[name] for name in LABELS if given.get(name)}


def space_of(store: str, *, new: bool = False) -> Space:
    """The store; InputError where there is none yet, unless one may be made."""
    from licscan.fleet.catalogue import FOLDER
    from licscan.fleet.engine import require_extra
    from licscan.fleet.space import open_space

    require_extra()
    space = open_space(store)
    if not new and not space.names(FOLDER):
        raise InputError(
            _("contains no fleet"),
            path=store,
            remedy=_("add targets first: licscan fleet add; or name another --store"),
        )
    return space


def selected(space: Space, names: tuple[str, ...], labels: dict[str, str]) -> list[Entry]:
    """The entries that names and labels pick."""
    from licscan.fleet import catalogue

    return catalogue.select(catalogue.entries(space).values(), names, labels)


def answer(
    space: Space,
    question: Callable[[Fleet], Table],
    format_: str,
    output: Path | None,
    entries: Iterable[Entry] | None = None,
) -> int:
    """Ask, print; 2 where the answer does not speak for every target."""
    from licscan.fleet import catalogue, seal
    from licscan.fleet.views import opened

    seal.seal(space)
    every = catalogue.entries(space) if entries is None else {one.target.id: one for one in entries}
    with opened(space, every) as fleet:
        table = question(fleet)
    show(table, format_, output)
    return WHOLE if table.coverage.is_whole else NOT_WHOLE


def show(table: Table, format_: str, output: Path | None) -> None:
    """Print an answer, or write it."""
    from licscan.export.page import Page, page_for
    from licscan.fleet import answers

    if format_ == TEXT and output is None:
        screen = console()
        page = page_for(screen) if screen.is_terminal else Page(_WIDE)
        answers.write(table, page)
        if screen.is_terminal:
            page.show(screen)
        else:
            click.echo(page.plain, nl=False)
        return
    if format_ == TEXT:
        page = Page(_WIDE)
        answers.write(table, page)
        made = page.plain
    else:
        made = answers.to_json(table) if format_ == "json" else answers.to_csv(table)
    if output is None:
        click.echo(made, nl=False)
        if format_ == "csv":
            click.echo(_("From {coverage}.").format(coverage=table.coverage), err=True)
    else:
        write_output(output, made)
        click.echo(_("Wrote {path}; from {coverage}.").format(path=output, coverage=table.coverage), err=True)


def finish(space: Space, entries: Iterable[Entry], quiet: bool) -> int:
    """Say for how many targets there is an answer, and what it is; the exit status of a run."""
    from licscan.fleet.views import opened

    with opened(space, {one.target.id: one for one in entries}) as fleet:
        coverage, gates = fleet.coverage(), fleet.gates()
    if not quiet:
        told = _("May ship: {ok}. May not ship: {violation}. Cannot tell: {cannot}. From {coverage}.")
        counts = {
            "ok": gates.get("ok", 0),
            "violation": gates.get("violation", 0),
            "cannot": gates.get("cannot-tell", 0),
        }
        click.echo(told.format(**counts, coverage=coverage))
    if gates.get("violation"):
        return VIOLATION
    return WHOLE if coverage.is_whole and not gates.get("cannot-tell") else NOT_WHOLE
