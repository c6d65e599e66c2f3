"""`licscan review`: what people decided about findings, signed into a chain."""

from __future__ import annotations

import getpass
import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from licscan.base import clock
from licscan.base.errors import InputError, StoreError
from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.base.programs import program
from licscan.cli.current import Choice, choosing, scan_of_project
from licscan.cli.options import database_of, project_config
from licscan.cli.params import JSON, db_option, format_option, output_option, placed, put

if TYPE_CHECKING:
    from licscan.model import Scan
    from licscan.review.chain import Entry, Ledger
    from licscan.review.decision import Decision
    from licscan.review.open import Standing


MOST_NAMED = 20
"""So many decisions that are signed at once are named one by one."""


class ReviewGroup(click.Group):
    """A folder in the place of a command is the project."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click's own, with `PATH` as `--project PATH`."""
        if args and args[0] not in self.commands and not args[0].startswith("-") and Path(args[0]).is_dir():
            args = ["--project", args[0], *args[1:]]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """As click's own, with PATH."""
        return ["[OPTIONS]", _("[PATH | COMMAND [ARGS]...]")]


@click.group(
    "review",
    cls=ReviewGroup,
    invoke_without_command=True,
    help=_("Decide on the findings of the last scan, one by one or from a file; decisions are signed."),
)
@click.option("--project", type=click.Path(path_type=Path), default=".", help=_("The same as PATH."))
@db_option
@click.option("--from", "source", type=click.Path(path_type=Path), help=_("A list of decisions: JSON, TOML or CSV."))
@click.option("--by", help=_("Who decides. Default: the git user, else the system user."))
@click.option("--all", "every", is_flag=True, help=_("Include notes."))
@choosing
@click.pass_context
def command(
    context: click.Context,
    project: Path,
    source: Path | None,
    by: str | None,
    every: bool,
    choice: Choice,
) -> int:
    """Ask about every open finding, or sign what the file says, all or nothing."""
    if context.invoked_subcommand is not None:
        return 0
    from licscan.review.open import questions

    root, database = _place(project, choice.db)
    # a broken ledger is told before anything is scanned; what was decided since is known here without a new scan
    ledger, (who, source_of) = _ledger(database), _who(by, root)
    scan = scan_of_project(project, choice, decisions=False)
    if source is not None:
        return _from_file(source, scan, database, who)
    waiting = questions(scan, ledger, clock.today(), every=every)
    click.echo(_scanned(database, root))
    if not waiting:
        click.echo(_("No finding of the last scan needs a decision."))
        return 0
    from licscan.cli.prompts import Session, tally

    click.echo(_("Signing as {who} ({source}). Another name: --by.").format(who=who, source=source_of))
    session = Session(scan, root, who, _now, clock.today(), lambda made: _told(_sign(database, lambda _old: made)))
    try:
        session.ask_all(waiting)
    finally:  # also at Ctrl-C: what was signed stays, and is counted
        click.echo()
        click.echo(tally(len(session.signed), len(waiting)))
        if session.signed:
            click.echo(_("They count from the next `licscan scan` on; `licscan review list` shows them."))
    return 0


def _scanned(database: Path, root: Path) -> str:
    """Of which scan the findings are: its number, time and commit."""
    from licscan.store import last_row

    row = last_row(database, root)
    if row is None:
        return ""
    told = _("Findings of scan {number} of {project}, {when}").format(
        number=row.id, project=one_line(row.project, 80), when=row.started_at
    )
    return told + (_(", commit {commit}").format(commit=row.revision[:12]) if row.revision else "")


def _from_file(source: Path, scan: Scan, database: Path, who: str) -> int:
    from licscan.review.exchange import decide_all, read_wishes
    from licscan.review.open import decidable, subjects_of

    subjects = subjects_of(scan)
    known = [subject for finding in decidable(scan) if (subject := subjects.of(finding))]
    made = decide_all(read_wishes(_text(source), str(source)), known, str(source), who, _now())
    _told(_sign(database, lambda _old: made))
    return 0


@command.command("list", help=_("List the decisions, and whether each still applies to the last scan."))
@placed
@click.option("--lapsed", is_flag=True, help=_("Only those that have lapsed, with what changed."))
@format_option()
def list_(project: Path, db: Path | None, lapsed: bool, format_: str) -> int:
    """Read, hold against the last scan, print."""
    from licscan.review.chain import NO_LEDGER
    from licscan.review.open import standings

    root, database = _place(project, db)
    ledger = _ledger(database) or NO_LEDGER
    last = _last(database, root)
    listed = [one for one in standings(last, ledger, clock.today()) if not lapsed or one.state == "lapsed"]
    if format_ == JSON:
        click.echo(json.dumps([_as_json(one) for one in listed], ensure_ascii=False, indent=1))
        return 0
    for one in listed:
        _line(one)
    if not listed:
        click.echo(_("No decisions."))
    return 0


def _as_json(one: Standing) -> dict[str, Any]:
    from licscan.review.decision import canonical

    told = {"number": one.entry.number, "state": one.state, "changes": list(one.changes), "digest": one.entry.digest}
    return told | {"decision": json.loads(canonical(one.entry.decision))}


def _line(one: Standing) -> None:
    from licscan.review.chain import name_of

    states = {
        "stands": _("applies"),
        "lapsed": _("lapsed"),
        "superseded": _("superseded"),
        "withdrawn": _("withdrawn"),
        "withdrawal": _("withdraws an earlier decision"),
        "idle": _("no finding of the last scan is about it"),
    }
    decision = one.entry.decision
    click.echo(
        _("{subject}: {message}").format(subject=f"{one.entry.number}  {name_of(decision)}", message=states[one.state])
    )
    surface = _(", surface {surface}").format(surface=decision.surface) if decision.surface else ""
    until = _(", until {day}").format(day=decision.until) if decision.until else ""
    click.echo("   " + one_line(decision.why, 500) + one_line(surface + until, 200))
    for change in one.changes:
        click.echo("   - " + one_line(change, 500))


@command.command("withdraw", help=_("Withdraw decision NUMBER of `licscan review list`; it stays in the ledger."))
@click.argument("number", type=click.IntRange(min=1))
@placed
@click.option("--why", "why", help=_("Why it is withdrawn. Default: licscan asks."))
@click.option("--by", help=_("Who withdraws it. Default: the git user, else the system user."))
@click.option("--yes", is_flag=True, help=_("Sign without asking again."))
def withdraw(number: int, project: Path, db: Path | None, why: str | None, by: str | None, yes: bool) -> int:
    """Sign an entry that takes the place of the decision, after its preview."""
    from licscan.cli.prompts import preview, reason
    from licscan.review.chain import NO_LEDGER
    from licscan.review.decision import Verb

    root, database = _place(project, db)
    who, source_of = _who(by, root)
    _to_withdraw(_ledger(database), number, database)
    click.echo(_("Signing as {who} ({source}). Another name: --by.").format(who=who, source=source_of))
    said = reason(why) if why is not None else click.prompt(_("Why"), value_proc=reason)

    def make(ledger: Ledger) -> list[Decision]:
        taken = _to_withdraw(ledger, number, database)
        return [replace(taken, verb=Verb.WITHDRAW, who=who, when=_now(), why=said, until="", origin="", carried_by="")]

    if not yes:
        preview(make(_ledger(database) or NO_LEDGER)[0])
        if not click.confirm("  " + _("Sign it?"), default=False):
            click.echo(_("Not signed."))
            return 0
    _told(_sign(database, make))
    return 0


def _to_withdraw(ledger: Ledger | None, number: int, database: Path) -> Decision:
    """The decision of that number. InputError where there is none, or it does not count any more."""
    from licscan.review.covering import in_force, superseded

    entries = ledger.entries if ledger else ()
    found = next((one for one in in_force(entries) if one.number == number), None)
    if found is None or number in superseded(entries):
        there = any(one.number == number for one in entries)
        problem = _("decision {number} no longer counts") if there else _("there is no decision {number}")
        raise InputError(
            problem.format(number=number), path=str(database), remedy=_("`licscan review list` shows them")
        )
    return found.decision


@command.command("verify", help=_("Prove that no decision was changed, removed, inserted or moved, or name the first."))
@placed
@click.option("--head", metavar="DIGEST", help=_("A digest that was noted when something was signed."))
def verify(project: Path, db: Path | None, head: str | None) -> int:
    """Follow the chain; 1 where it is broken."""
    from licscan.store.decisions import ledger

    _root, database = _place(project, db)
    if not database.is_file():
        raise StoreError(_("there is no database yet"), path=str(database), remedy=_("run `licscan scan` first"))
    found = ledger(database, head)
    if found is None:
        click.echo(_("The ledger contains no decisions."))
        return 0
    if found.broken:
        click.echo(_("Broken: {broken}.").format(broken=found.broken))
        return 1
    click.echo(
        _("The chain is intact: {count} decisions, head {head}").format(
            count=f"{len(found.entries):,}", head=found.head
        )
    )
    return 0


@command.command("export", help=_("Write the decisions as JSON, for other projects and as a backup."))
@placed
@output_option
def export(project: Path, db: Path | None, output: Path | None) -> int:
    """Write the whole chain."""
    from licscan.review.chain import NO_LEDGER
    from licscan.review.exchange import export_ledger

    _root, database = _place(project, db)
    text = export_ledger(_ledger(database) or NO_LEDGER)
    put(text, output)
    return 0


@command.command("import", help=_("Import the decisions of an export that match findings here in text and evidence."))
@click.argument("file", type=click.Path(path_type=Path))
@placed
@click.option("--by", help=_("Who imports them. Default: the git user, else the system user."))
def import_(file: Path, project: Path, db: Path | None, by: str | None) -> int:
    """Prove the chain of the export, and sign those that hold here."""
    from licscan.review.exchange import carried, read_export
    from licscan.review.open import decidable, subjects_of
    from licscan.store import load

    root, database = _place(project, db)
    given, scan = read_export(_text(file), str(file)), load(database, folder=root)
    who = _("{who} on {day}").format(who=_who(by, root)[0], day=_now()[:10])
    findings, subjects, today = decidable(scan), subjects_of(scan), clock.today()
    signed = _sign(database, lambda own: carried(given, own, findings, subjects, who, today))
    _told(signed)
    click.echo(_("Imported: {count} of {total}; the others match no finding here, or were already "
                 "there.").format(
        count=len(signed), total=len(given)))  # fmt: skip
    return 0


def _place(project: Path, db: Path | None) -> tuple[Path, Path]:
    root, config = project_config((project,))
    return root, database_of(root, config, db)


def _ledger(database: Path) -> Ledger | None:
    """The ledger; StoreError where it is broken."""
    from licscan.store.decisions import ledger

    found = ledger(database)
    if found is not None and found.broken:
        raise StoreError(
            _("the decision chain is broken: {broken}").format(broken=found.broken),
            path=str(database),
            remedy=_("see `licscan review verify`; restore the file from a backup"),
        )
    return found


def _last(database: Path, root: Path) -> Scan:
    from licscan.review.open import NO_SCAN
    from licscan.store import load, scans

    return load(database, folder=root) if database.exists() and scans(database) else NO_SCAN


def _sign(database: Path, make: Callable[[Ledger], Sequence[Decision]]) -> list[Entry]:
    from licscan.store.decisions import sign

    return sign(database, make)


def _told(entries: list[Entry]) -> None:
    """What was signed, and the digest to write down."""
    from licscan.review.chain import name_of

    if len(entries) > MOST_NAMED:
        told = _("Signed: {count} decisions, numbers {first} to {last}")
        click.echo(told.format(count=f"{len(entries):,}", first=entries[0].number, last=entries[-1].number))
    for entry in entries if len(entries) <= MOST_NAMED else ():
        click.echo(_("Signed: {number} {named}").format(number=entry.number, named=name_of(entry.decision)))
    if entries:
        click.echo(_("Head: {digest}").format(digest=entries[-1].digest))


def _now() -> str:
    """The moment of the signature, in UTC; InputError for a SOURCE_DATE_EPOCH that is no time."""
    clock.today()
    return clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def _who(given: str | None, root: Path) -> tuple[str, str]:
    """Who decides, and whence that is known: as told, else the user of git, else of the system."""
    who = given if given is not None else _git_user(root)
    source = _("from --by") if given is not None else _("from git")
    if not who.strip():
        try:
            who = getpass.getuser() if given is None else ""
            source = _("the system user")
        except (OSError, KeyError, ImportError):
            who = ""
    if not who.strip():
        raise InputError(_("who decides is unknown"), remedy=_("say it with --by"))
    return one_line(who.strip(), 200), source


def _git_user(root: Path) -> str:
    told = []
    for key in ("user.name", "user.email"):
        try:
            done = subprocess.run(
                [program("git"), "config", key],
                cwd=root, capture_output=True, encoding="utf-8", errors="replace", timeout=10, check=False,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return ""
        told.append(done.stdout.strip())
    name, mail = told
    return f"{name} <{mail}>" if name and mail else name or mail


def _text(path: Path) -> str:
    from licscan.review.exchange import MAX_FILE

    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise InputError(_("cannot be read: {reason}").format(reason=error.strerror), path=str(path)) from error
    if len(data) > MAX_FILE:
        raise InputError(_("is too large"), path=str(path))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(_("is not UTF-8"), path=str(path)) from error
