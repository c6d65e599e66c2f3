"""`licscan fleet pull`, `decide`, `export` and `report`: what leaves the fleet's store, and what comes into it."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.messages import _, ngettext
from licscan.cli.fleet_options import NOT_WHOLE, WHOLE, selected, space_of, store_option
from licscan.cli.output import write_output
from licscan.cli.params import Names


@click.command("pull", help=_("Write the database of a target's last scan to a file, to review it there."))
@click.argument("name", metavar="TARGET")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help=_("The file. Default: the target's name with .db.")
)
@store_option
def pull(name: str, output: Path | None, store: str) -> int:
    """The project's own database, with the decisions of the fleet in its ledger."""
    from licscan.fleet.decisions import fleet_ledger
    from licscan.fleet.outcome import get_scan
    from licscan.fleet.views import opened
    from licscan.store.decisions import sign

    space = space_of(store)
    entries = selected(space, (name,), {})
    if len(entries) != 1:
        raise InputError(_("names {count} targets").format(count=len(entries)), path=name, remedy=_("use its id"))
    target = entries[0].target
    with opened(space, {target.id: entries[0]}) as fleet:
        known = fleet.known().get(target.id)
    database = get_scan(space, known.scan) if known else None
    if database is None:
        raise InputError(_("has no result yet"), path=target.label, remedy=_("run `licscan fleet scan` first"))
    path = output or Path("".join(c if c.isalnum() or c in "-._" else "-" for c in target.label) + ".db")
    if path.exists():
        raise InputError(_("already exists"), path=str(path), remedy=_("name another file with --output"))
    write_output(path, database)
    ledger = fleet_ledger(space)
    if ledger and ledger.entries:
        decisions = [one.decision for one in ledger.entries]
        sign(path, lambda _before: decisions)
    told = _(
        "Wrote {path}. Review it with `licscan review --db {path}`; `licscan fleet decide {path}` "
        "brings the decisions back."
    )
    click.echo(told.format(path=path))
    return 0


@click.command(
    "decide",
    help=_("Apply the decisions signed in DATABASE (a pulled one) to all targets that share the evidence."),
)
@click.argument("database", type=click.Path(path_type=Path), required=False)
@click.option("--list", "listed", is_flag=True, help=_("List the decisions of the fleet instead."))
@store_option
def decide(database: Path | None, listed: bool, store: str) -> int:
    """Add them to the fleet's chain, and have the targets that they speak of judged again."""
    from licscan.fleet import catalogue
    from licscan.fleet.decisions import decide as add
    from licscan.fleet.decisions import fleet_ledger
    from licscan.fleet.questions import ids_affected
    from licscan.fleet.views import opened
    from licscan.store.decisions import ledger as ledger_of

    space = space_of(store)
    if listed:
        ledger = fleet_ledger(space)
        for entry in ledger.entries if ledger else ():
            one = entry.decision
            said = f"{entry.number}  {entry.digest[7:19]}  {one.when}  {one.verb.value}  {one.code}  {one.package}"
            click.echo(one_line(f"{said}@{one.versions or one.version}  {one.who}: {one.why}", 400))
        if ledger and ledger.broken:
            raise InputError(str(ledger.broken), path=space.address)
        return 0
    if database is None:
        raise InputError(_("is missing"), path="DATABASE", remedy=_("pull one first: licscan fleet pull TARGET"))
    if not database.is_file():
        raise InputError(_("does not exist"), path=str(database))
    own = ledger_of(database)
    if own is None or own.broken:
        reason = _("contains no decisions") if own is None else str(own.broken)
        raise InputError(reason, path=str(database), remedy=_("sign some with `licscan review --db`"))
    added = add(space, [one.decision for one in own.entries])
    entries = catalogue.entries(space)
    with opened(space, entries) as fleet:
        ids = ids_affected(fleet, added)
    catalogue.again(space, ids, "decide")
    told = ngettext("{count} decision was added", "{count} decisions were added", len(added)).format(count=len(added))
    more = ngettext("{count} target shares its evidence", "{count} targets share their evidence", len(ids))
    click.echo(
        _("{decisions}; {targets}. The next `licscan fleet scan` judges again.").format(
            decisions=told, targets=more.format(count=len(ids))
        )
    )
    return 0


@click.command("export", help=_("Write a table from the store as Parquet, CSV or JSON, for other tools."))
@click.argument(
    "table", type=Names(("targets", "state", "packages", "packages_now", "findings", "findings_now", "outcomes"))
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), required=True, help=_("The file: .parquet, .csv or .json.")
)
@store_option
def export(table: str, output: Path, store: str) -> int:
    """One table to one file; what kind its ending says."""
    from licscan.fleet import catalogue, seal
    from licscan.fleet.portfolio import export_table
    from licscan.fleet.views import opened

    space = space_of(store)
    seal.seal(space)
    with opened(space, catalogue.entries(space)) as fleet:
        count = export_table(fleet, table, output)
        coverage = fleet.coverage()
    click.echo(
        _("Wrote {path}: {count} rows, from {coverage}.").format(path=output, count=f"{count:,}", coverage=coverage)
    )
    return WHOLE if coverage.is_whole else NOT_WHOLE


@click.command(
    "report", help=_("Write one HTML page on the whole portfolio: verdicts by product, what to decide, the trend.")
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), default="fleet.html", show_default=True, help=_("The file.")
)
@store_option
def report(output: Path, store: str) -> int:
    """The page, and for how many targets it speaks."""
    from licscan.fleet import catalogue, seal
    from licscan.fleet.portfolio import portfolio, render
    from licscan.fleet.views import opened

    space = space_of(store)
    seal.seal(space)
    with opened(space, catalogue.entries(space)) as fleet:
        found = portfolio(fleet)
    write_output(output, render(found))
    click.echo(_("Wrote {path}; from {coverage}.").format(path=output, coverage=found.coverage), err=True)
    return WHOLE if found.coverage.is_whole else NOT_WHOLE
