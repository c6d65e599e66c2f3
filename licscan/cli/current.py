"""The scan that a command works on, by one rule: the stored one while all is as it was, else a new one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from licscan.base.escape import one_line
from licscan.base.messages import _, current_language
from licscan.cli.options import database_of, project_config
from licscan.cli.output import progress_bar, working
from licscan.config import Config
from licscan.model import ProjectKind, Scan

if TYPE_CHECKING:
    from licscan.review.chain import Ledger


@dataclass(frozen=True, slots=True)
class Choice:
    """Which scan the command line asks for: a number, a new one (`fresh`), the stored one as it is (`stored`)."""

    fresh: bool = False
    stored: bool = False
    offline: bool = False
    db: Path | None = None
    scan_id: int | None = None


def choosing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --fresh and --stored; what they, --offline, --db and --scan say reaches the function as `choice`."""
    names = [one.name for one in fields(Choice)]

    @wraps(function)
    def called(**named: Any) -> Any:
        choice = Choice(**{name: named.pop(name) for name in names if name in named})
        return function(choice=choice, **named)

    fresh = click.option("--fresh", is_flag=True, help=_("Scan now, even where the stored scan is up to date."))
    stored = click.option("--stored", is_flag=True, help=_("Use the stored scan, even where it is out of date."))
    return fresh(stored(called))


def current_scan(
    paths: tuple[Path, ...],
    root: Path,
    config: Config,
    choice: Choice,
    *,
    elsewhere: bool = False,
    must_exist: bool = False,
    decisions: bool = True,
) -> Scan:
    """The stored scan; where it is out of date, or where there is none, a new one, which is stored.

    `elsewhere`: a database without a scan of this folder gives its last one, of whatever folder that is.
    `must_exist`: without any database the project is not scanned; StoreError says so. `decisions`: what people signed
    since makes a scan out of date.
    """
    from licscan.store import has_scan_of, load
    from licscan.store.decisions import ledger

    _check(choice)
    database = database_of(root, config, choice.db)
    if choice.scan_id is not None:
        return _told(load(database, choice.scan_id, folder=root))
    here = choice.db is None or (database.exists() and has_scan_of(database, root))
    if not (here and database.exists()) and (choice.fresh or not (must_exist or (elsewhere and database.exists()))):
        return _scanned(paths, root, config, database, choice)
    with working(_("Reading the stored scan")):
        found = load(database, folder=root, only_there=not (here or elsewhere))
    if choice.fresh:
        return _scanned(paths, root, config, database, choice, found)
    if not here or found.project.kind is not ProjectKind.OWN:
        return _told(found)
    with working(_("Checking for changes since the scan")):
        changed = _changed(found, root, config, ledger(database), decisions)
    if not changed:
        return _told(found)
    when = found.record.started_at if found.record else ""
    if choice.stored:
        told = _("licscan: changed since the scan of {when}: {what}; using that scan anyway (--stored)")
        click.echo(one_line(told.format(when=when, what=changed), 500), err=True)
        return _told(found)
    told = _("licscan: changed since the scan of {when}: {what}; scanning again")
    click.echo(one_line(told.format(when=when, what=changed), 500), err=True)
    return _scanned(paths, root, config, database, choice, found)


def _told(scan: Scan) -> Scan:
    """A stored scan in the language that is spoken now, whatever language it was made in."""
    from licscan.report.told import told_in

    return told_in(scan, current_language())


def scan_of_project(project: Path, choice: Choice, *, decisions: bool = True) -> Scan:
    """The scan of the commands with `--project`: of a database that was named without one, whatever it holds."""
    root, config = project_config((project,))
    elsewhere = choice.db is None or project == Path()
    return current_scan((project,), root, config, choice, elsewhere=elsewhere, must_exist=True, decisions=decisions)


def _check(choice: Choice) -> None:
    if choice.fresh and choice.stored:
        raise click.UsageError(_("--fresh and --stored exclude each other."))
    if choice.fresh and choice.scan_id is not None:
        raise click.UsageError(_("--fresh and --scan exclude each other."))


def _changed(scan: Scan, root: Path, config: Config, signed: Ledger | None, decisions: bool) -> str:
    from licscan.compose.current import what_changed

    return what_changed(scan, root, config, signed, decisions=decisions)


def _scanned(
    paths: tuple[Path, ...], root: Path, config: Config, database: Path, choice: Choice, before: Scan | None = None
) -> Scan:
    """A new scan, asked for as the one before was."""
    from licscan.cli.parts import parts_again
    from licscan.compose.current import options_again, scan_and_store, words_of

    kept = before.record if before is not None else None
    words = kept.asked if kept else words_of(paths, root, (), {})
    if choice.offline:
        words = tuple(sorted({*words, ("offline", "")}))
    parts = tuple(parts_again(before, root, config)) if before is not None else ()
    with progress_bar() as progress:
        return scan_and_store(options_again(words, root, config, parts), root, database, words, progress)
