"""`licscan fleet ask` and `licscan fleet sql`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.fleet_options import answer, output_options, space_of, store_option


@click.group("ask", help=_("Query all targets at once; each answer states how many of them it covers."))
def ask() -> None:
    """The questions below."""


@ask.command("uses", help=_("Which targets have a package: a PackageURL, with or without a version, or a name."))
@click.argument("package", metavar="PURL")
@output_options
@store_option
def uses(package: str, format_: str, output: Path | None, store: str) -> int:
    """Who uses it."""
    from licscan.fleet import questions

    return answer(space_of(store), lambda fleet: questions.uses(fleet, package), format_, output)


@ask.command("license", help=_("Which packages are under a license, and how many targets have them."))
@click.argument("expression", metavar="EXPR")
@output_options
@store_option
def license_(expression: str, format_: str, output: Path | None, store: str) -> int:
    """Packages under it."""
    from licscan.fleet import questions

    return answer(space_of(store), lambda fleet: questions.with_license(fleet, expression), format_, output)


@ask.command("drift", help=_("Which packages changed their license between versions, and which targets have which."))
@click.argument("package", metavar="[PURL]", default="")
@output_options
@store_option
def drift(package: str, format_: str, output: Path | None, store: str) -> int:
    """Licenses that moved."""
    from licscan.fleet import questions

    return answer(space_of(store), lambda fleet: questions.drift(fleet, package), format_, output)


@ask.command("affected-by", help=_("Which findings a decision of the fleet covers, by its digest or number."))
@click.argument("decision")
@output_options
@store_option
def affected_by(decision: str, format_: str, output: Path | None, store: str) -> int:
    """Where it counts."""
    from licscan.fleet import questions

    space = space_of(store)
    return answer(space, lambda fleet: questions.affected_by(fleet, space, decision), format_, output)


@ask.command("changed", help=_("What was added and removed since a given day, and which verdicts changed."))
@click.option("--since", required=True, metavar="YYYY-MM-DD", help=_("The first day to include."))
@output_options
@store_option
def changed(since: str, format_: str, output: Path | None, store: str) -> int:
    """What is different."""
    from licscan.fleet import questions

    return answer(space_of(store), lambda fleet: questions.changed(fleet, since), format_, output)


@ask.command("open", help=_("What is still undecided: one line for each decision needed, most targets first."))
@click.option("--notes", is_flag=True, help=_("Include notes."))
@output_options
@store_option
def open_(notes: bool, format_: str, output: Path | None, store: str) -> int:
    """What is to be decided."""
    from licscan.fleet import questions

    return answer(space_of(store), lambda fleet: questions.open_findings(fleet, notes), format_, output)


@ask.command("history", help=_("When a package was seen in which target, under which license."))
@click.argument("package", metavar="PURL")
@output_options
@store_option
def history(package: str, format_: str, output: Path | None, store: str) -> int:
    """Its history."""
    from licscan.fleet import questions

    return answer(space_of(store), lambda fleet: questions.history(fleet, package), format_, output)


@ask.command("duplicates", help=_("Which targets contain the same files as others."))
@output_options
@store_option
def duplicates(format_: str, output: Path | None, store: str) -> int:
    """Targets that are alike."""
    from licscan.fleet import questions

    return answer(space_of(store), questions.duplicates, format_, output)


@click.command("sql", help=_("Run any SQL query (DuckDB); nothing is written, and no other file is read."))
@click.argument("query")
@output_options
@store_option
def sql(query: str, format_: str, output: Path | None, store: str) -> int:
    """One SELECT over the tables and views."""
    from licscan.fleet import questions

    return answer(space_of(store), lambda fleet: questions.sql(fleet, query), format_, output)
