"""`licscan diff`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.base.messages import _
from licscan.cli.options import database_of, project_config
from licscan.cli.output import console
from licscan.cli.params import (
    JSON,
    MARKDOWN,
    TEXT,
    Names,
    format_option,
    offline_option,
    output_option,
    placed,
    put,
)  # fmt: skip
from licscan.compare.differences import Differences
from licscan.model import SEVERITY_RANK, Severity, Verdict

PREVIOUS, LATEST = "previous", "latest"
FAIL_ON = ("never", "new", "error", "warning", "note", "relicensed")


@click.command(
    "diff",
    help=_(
        "Show the differences between A and B: packages, versions, licenses, findings. A and B are "
        "numbers of stored scans, latest, previous, a git revision as rev:NAME, or an SBOM file. "
        "Default: previous and latest."
    ),
)
@click.argument("old", metavar="[A]", default=PREVIOUS)
@click.argument("new", metavar="[B]", default=LATEST)
@format_option(TEXT, JSON, MARKDOWN)
@output_option
@click.option(
    "--fail-on", multiple=True, type=Names(FAIL_ON), default=("never",), show_default=True,
    help=_(
        "What makes the exit status nonzero: new findings that affect the verdict, new findings at "
        "or above a severity, or a changed license. Repeatable."
    ),
)  # fmt: skip
@offline_option
@placed
def command(
    old: str,
    new: str,
    format_: str,
    output: Path | None,
    fail_on: tuple[str, ...],
    offline: bool,
    project: Path,
    db: Path | None,
) -> int:
    """Make both states, compare, print; the exit status is that of what is new."""
    from licscan.cli.sides import Sides
    from licscan.compare.differences import compare
    from licscan.export import differences

    old, new, project = _placed_at(old, new, project)
    root, config = project_config((project,))
    sides = Sides(root, database_of(root, config, db), offline or config.offline)
    found = compare(sides.state(old), sides.state(new))
    if format_ == TEXT and output is None:
        from licscan.export.page import page_for

        page = page_for(screen := console())
        differences.write(found, page)
        page.show(screen)
    else:
        writers = {TEXT: differences.to_text, JSON: differences.to_json, MARKDOWN: differences.to_markdown}
        put(writers[format_](found), output)
    return status_of(found, fail_on)


def _placed_at(old: str, new: str, project: Path) -> tuple[str, str, Path]:
    """A and B and the folder; a folder in their place is the project, where no word of theirs is meant."""
    if project == Path():
        for word in (new, old):
            if word not in (PREVIOUS, LATEST) and not word.isdigit() and Path(word).is_dir():
                return (PREVIOUS if word == old else old), LATEST, Path(word)
    return old, new, project


def status_of(found: Differences, fail_on: tuple[str, ...]) -> int:
    """0 where nothing fails; 2 where all that fails are open questions, else 1."""
    failing = {
        verdict
        for one in found.new
        for verdict in (one.finding.verdict,)
        if ("new" in fail_on and one.counts)
        or any(SEVERITY_RANK[one.finding.severity] >= SEVERITY_RANK[Severity(asked)] for asked in fail_on if _is(asked))
    }
    if "relicensed" in fail_on and found.relicensed:
        failing.add(Verdict.VIOLATION)
    if not failing:
        return 0
    return 2 if failing == {Verdict.CANNOT_TELL} else 1


def _is(word: str) -> bool:
    return word in tuple(Severity)
