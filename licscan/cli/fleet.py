"""`licscan fleet`: many projects, their scans on one machine or a cluster, and one store that answers for all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.messages import _, ngettext
from licscan.cli.fleet_ask import ask, sql
from licscan.cli.fleet_options import finish, labelled, labels_from, output_options, selected, space_of, store_option
from licscan.cli.fleet_pull import decide, export, pull, report
from licscan.cli.output import progress_bar
from licscan.cli.params import Names
from licscan.config import FAIL_ON

if TYPE_CHECKING:
    from licscan.fleet.catalogue import Entry
    from licscan.fleet.model import Answer
    from licscan.fleet.run import Tally

DEFAULT_SECONDS, DEFAULT_MEMORY = 1_800, 4_096
MOST_FAILURES_SHOWN = 20


@click.group("fleet", help=_("Scan many projects, and query all of them at once."))
def command() -> None:
    """The commands below, and those of the modules beside this one."""


for one in (ask, sql, pull, decide, export, report):
    command.add_command(one)


@command.command(
    "add", help=_("Add TARGETS: folders, git addresses (with @branch), artifacts, SBOMs, or lists of them.")
)
@click.argument("targets", nargs=-1, required=True)
@labelled
@click.option("--ref", default="", metavar=_("NAME"), help=_("The branch, tag or commit of a git address."))
@click.option("--name", default="", help=_("The name of the target; only for a single target."))
@click.option("--outbound", default="", help=_("The license of the product: an SPDX expression, or proprietary."))
@click.option("--surface", default="", help=_("The surface in licscan.toml that a supplier's SBOM goes into."))
@click.option(
    "--sbom",
    "sboms",
    multiple=True,
    metavar=_("FILE[=SURFACE]"),
    help=_("The SBOM of a part of the product, judged with it, and the surface that contains it. Repeatable."),
)
@store_option
def add(targets: tuple[str, ...], ref: str, name: str, sboms: tuple[str, ...], store: str, **rest: str) -> int:
    """Read all of them before any is added."""
    from licscan.fleet import catalogue
    from licscan.fleet.listing import parts_from, targets_of

    more = {"outbound": rest["outbound"], "surface": rest["surface"], "parts": parts_from(sboms)}
    told = {**labels_from(rest), **{key: value for key, value in more.items() if value}}
    found = [one for word in targets for one in targets_of(word, told, ref)]
    if name and len(found) != 1:
        raise InputError(_("names one target, and there are {count}").format(count=len(found)), path="--name")
    if name:
        from dataclasses import replace

        found = [replace(found[0], name=name)]
    new, changed = catalogue.add(space_of(store, new=True), found)
    same = len(set(found)) - new - changed
    click.echo(_("{new} added, {changed} changed, {same} already known.").format(new=new, changed=changed, same=same))
    return 0


@command.command("scan", help=_("Scan the targets that have changed (without NAMES: all), and store the results."))
@click.argument("names", nargs=-1)
@labelled
@store_option
@click.option("--jobs", type=click.IntRange(1, 512), help=_("Processes on this machine. Default: one per processor."))
@click.option(
    "--scheduler", default="", metavar="tls://HOST:PORT", help=_("The scheduler of an existing dask cluster.")
)
@click.option(
    "--tls-ca", type=click.Path(path_type=Path), help=_("The authority that signed the cluster's certificates.")
)
@click.option("--tls-cert", type=click.Path(path_type=Path), help=_("Our certificate for the cluster."))
@click.option("--tls-key", type=click.Path(path_type=Path), help=_("The key of our certificate."))
@click.option(
    "--timeout",
    type=click.IntRange(1),
    default=DEFAULT_SECONDS,
    show_default=True,
    help=_("Time limit per target, in seconds."),
)
@click.option(
    "--memory",
    type=click.IntRange(128),
    default=DEFAULT_MEMORY,
    show_default=True,
    help=_("Memory limit per target, in megabytes."),
)
@click.option("--changed", "all_", flag_value=False, default=False, help=_("Scan only what has changed; the default."))
@click.option("--all", "all_", flag_value=True, help=_("Scan also what has not changed."))
@click.option("--offline", is_flag=True, help=_("Never use the network, except for git addresses."))
@click.option("--resolve", is_flag=True, help=_("Let uv and npm resolve manifests that have no lockfile."))
@click.option(
    "--metadata-only",
    is_flag=True,
    help=_("Fetch no archives: for packages not available locally, read only the metadata."),
)
@click.option("--no-texts", is_flag=True, help=_("Do not read license texts: rely on metadata alone."))
@click.option("--source", is_flag=True, help=_("Read the projects' own source files too: headers, vendored code."))
@click.option("--no-content", is_flag=True, help=_("Do not examine the projects' fonts, pictures, sounds and models."))
@click.option("--platform", help=_("The platform whose wheels are read, such as linux-aarch64, macos-arm64."))
@click.option("--outbound", help=_("The license of the product: an SPDX expression, or proprietary."))
@click.option("--fail-on", type=Names(FAIL_ON), help=_("Lowest severity that makes the exit status nonzero."))
@click.option("--quiet", "-q", is_flag=True, help=_("Print only errors; the exit status is the answer."))
def scan(names: tuple[str, ...], store: str, all_: bool, quiet: bool, **rest: Any) -> int:
    """Scan, tell what failed and why; 1 where a target may not ship, 2 where one cannot be told or failed."""
    from licscan.fleet import catalogue
    from licscan.fleet.engine import Cluster
    from licscan.fleet.model import Asked, Limits
    from licscan.fleet.run import scan_fleet

    space = space_of(store)
    entries = selected(space, names, labels_from(rest))
    if not entries:
        raise InputError(_("has no targets yet"), path=space.address, remedy=_("add some: licscan fleet add"))
    asked = Asked(
        offline=rest["offline"], resolve=rest["resolve"], texts=not rest["no_texts"],
        archives=not (rest["metadata_only"] or rest["no_texts"]), source=rest["source"], content=not rest["no_content"],
        platform=rest["platform"], outbound=rest["outbound"], fail_on=rest["fail_on"],
    )  # fmt: skip
    cluster = Cluster(
        rest["jobs"] or os.cpu_count() or 1, rest["scheduler"], rest["tls_ca"], rest["tls_cert"], rest["tls_key"]
    )
    if all_:
        catalogue.again(space, [one.target.id for one in entries], "scan --all")
        entries = selected(space, names, labels_from(rest))
    with progress_bar(shown=not quiet) as progress:
        tally, damaged = scan_fleet(
            space,
            entries,
            asked,
            cluster,
            Limits(rest["timeout"], rest["memory"] * 1024 * 1024),
            _teller(progress, quiet),
        )
    if not quiet:
        _tell(tally, damaged)
    return finish(space, entries, quiet)


def _teller(progress: Callable[[str, int, int], None], quiet: bool) -> Callable[[Tally, Entry, Answer], None]:
    """Says each failure when it happens, and how far the run is; where nobody watches, each tenth part of it."""
    told = [0]

    def tell(tally: Tally, entry: Entry, answer: Answer) -> None:
        said = _("{name} ({rate} per second)").format(name=one_line(entry.target.label, 60), rate=f"{tally.rate:.1f}")
        progress(said, tally.ended, tally.total)
        if quiet:
            return
        if answer.status and answer.status.value != "done" and len(tally.failed) <= MOST_FAILURES_SHOWN:
            line = _("{name}: {status}: {reason}")
            name = one_line(entry.target.label, 200)
            click.echo(
                line.format(name=name, status=answer.status.value, reason=one_line(answer.reason, 400)), err=True
            )
        if tally.total >= 100 and tally.ended * 10 // tally.total > told[0]:
            told[0] = tally.ended * 10 // tally.total
            line = _("{ended} of {total} targets, {rate} per second")
            click.echo(line.format(ended=tally.ended, total=tally.total, rate=f"{tally.rate:.1f}"), err=True)

    return tell


def _tell(tally: Tally, damaged: tuple[str, ...]) -> None:
    told = _("{done} scanned, {same} unchanged, {failed} failed, {rate} per second.")
    rate = f"{tally.rate:.1f}"
    click.echo(told.format(done=tally.done, same=tally.unchanged, failed=len(tally.failed), rate=rate))
    for name in damaged:
        click.echo(_("{name}: is damaged and was left where it is").format(name=one_line(name)), err=True)


@command.command(
    "status", help=_("Show the state of each target: its verdict, when it was checked, what failed and why.")
)
@click.argument("names", nargs=-1)
@labelled
@click.option("--failed", is_flag=True, help=_("Only those that are not current."))
@output_options
@store_option
def status(names: tuple[str, ...], failed: bool, format_: str, output: Path | None, store: str, **labels: str) -> int:
    """The table of targets, the worst first."""
    from licscan.cli.fleet_options import answer
    from licscan.fleet.questions import standing
    from licscan.fleet.runs import beats

    space = space_of(store)
    entries = selected(space, names, labels_from(labels))
    for one in beats(space):
        told = _("A run on {host} is at {ended} of {total} targets, {rate} per second, {failed} failed.")
        if not one.is_going:
            told = _(
                "A run on {host} stopped without notice at {ended} of {total} targets; the next one continues there."
            )
        shown = {"host": one_line(one.host, 80), "rate": f"{one.rate:.1f}", "failed": f"{one.failed:,}"}
        click.echo(told.format(ended=f"{one.ended:,}", total=f"{one.total:,}", **shown), err=True)
    return answer(space, lambda fleet: standing(fleet, failed), format_, output, entries)


@command.command(
    "retry",
    help=_("Scan targets again at the next run, whatever is known about them (without NAMES: all that failed)."),
)
@click.argument("names", nargs=-1)
@labelled
@store_option
def retry(names: tuple[str, ...], store: str, **labels: str) -> int:
    """Note the wish; the next `fleet scan` follows it."""
    from licscan.fleet import catalogue
    from licscan.fleet.questions import failed_ids
    from licscan.fleet.views import opened

    space = space_of(store)
    entries = selected(space, names, labels_from(labels))
    ids = {one.target.id for one in entries}
    if not names:
        with opened(space, {one.target.id: one for one in entries}) as fleet:
            ids = failed_ids(fleet)
    catalogue.again(space, ids, "retry")
    told = ngettext("{count} target will be scanned again.", "{count} targets will be scanned again.", len(ids))
    click.echo(told.format(count=len(ids)))
    return 0


@command.command("drop", help=_("Remove targets from the fleet; what was found in them stays in its history."))
@click.argument("names", nargs=-1, required=True)
@store_option
def drop(names: tuple[str, ...], store: str) -> int:
    """Drop them, all or none."""
    from licscan.fleet import catalogue

    space = space_of(store)
    entries = selected(space, names, {})
    catalogue.drop(space, [one.target for one in entries])
    told = ngettext("{count} target was dropped.", "{count} targets were dropped.", len(entries))
    click.echo(told.format(count=len(entries)))
    return 0
