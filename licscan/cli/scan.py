"""`licscan scan`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licscan.base.messages import _
from licscan.cli.formats import FormatType, OutputRequest, View, deliver, output_requests
from licscan.cli.options import database_of, options_of, project_config
from licscan.cli.output import progress_bar
from licscan.cli.params import Names, db_option
from licscan.cli.parts import PartType
from licscan.compose.options import Part
from licscan.config import FAIL_ON
from licscan.model import Scan, Severity, Verdict

if TYPE_CHECKING:
    from licscan.hook.answer import Answer

EXIT_OF = {Verdict.OK: 0, Verdict.VIOLATION: 1, Verdict.CANNOT_TELL: 2}


def exit_of(judged: Scan | Answer) -> int:
    """The exit status of a scan, or of what is said of a commit: that of its verdict, and 1 where anything counts."""
    return EXIT_OF[judged.gate] or int(judged.is_stopped)


@click.command("scan", help=_("Scan the projects at PATHS (default: this folder) and store the result."))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format", "formats", multiple=True, type=FormatType(),
    help=_("The format, with =FILE to write it to a file. Repeatable. Default: text."),
)  # fmt: skip
@click.option("--output", "-o", type=click.Path(path_type=Path), help=_("Write to this file instead of the terminal."))
@db_option
@click.option("--offline", is_flag=True, help=_("Never use the network."))
@click.option("--resolve", is_flag=True, help=_("Let uv and npm resolve manifests that have no lockfile."))
@click.option(
    "--python", multiple=True, type=click.Path(path_type=Path), help=_("A Python environment of the project.")
)
@click.option("--outbound", help=_("The license of the product: an SPDX expression, or proprietary."))
@click.option("--exclude", multiple=True, help=_("Leave out paths that match this glob."))
@click.option("--fail-on", type=Names(FAIL_ON), help=_("Lowest severity that makes the exit status nonzero."))
@click.option("--no-texts", is_flag=True, help=_("Do not read license texts: rely on metadata alone."))
@click.option(
    "--metadata-only",
    is_flag=True,
    help=_("Fetch no archives: for packages not available locally, read only the metadata."),
)
@click.option("--platform", help=_("The platform whose wheels are read, such as linux-aarch64, macos-arm64."))
@click.option(
    "--fetch-git", is_flag=True, help=_("Let git fetch what lockfiles name by a git address; nothing is run.")
)
@click.option(
    "--fetch-git-submodule",
    "git_submodules",
    multiple=True,
    metavar=_("NAME"),
    help=_("Like --fetch-git, with the submodule of this name or path in .gitmodules. Repeatable."),
)
@click.option(
    "--fetch-urls",
    is_flag=True,
    help=_("Read archives that lockfiles name by an https address outside your registries."),
)
@click.option("--source", is_flag=True, help=_("Read the project's own source files too: headers, vendored code."))
@click.option(
    "--index-code",
    is_flag=True,
    help=_("Add the archives that are read to the code index."),
)
@click.option("--no-content", is_flag=True, help=_("Do not examine the project's fonts, pictures, sounds and models."))
@click.option(
    "--sbom",
    "parts",
    multiple=True,
    type=PartType(),
    metavar=_("FILE[=SURFACE]"),
    help=_("The SBOM of a part of the product, judged with it, and the surface that contains it. Repeatable."),
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), help=_("Parallel connections to a registry, or parallel processes.")
)
@click.option("--summary", is_flag=True, help=_("Print only the verdict, what was read, and counts."))
@click.option("--all", "whole", is_flag=True, help=_("Print everything instead of one screen."))
@click.option(
    "--severity",
    type=Names([one.value for one in Severity]),
    help=_("Lowest severity to list; lower ones are only counted."),
)
@click.option("--quiet", "-q", is_flag=True, help=_("Print only errors; the exit status is the answer."))
@click.option(
    "--verbose", "-v", is_flag=True, help=_("Show commit, versions and tables, and what was known from earlier scans.")
)
def command(
    paths: tuple[Path, ...],
    formats: tuple[OutputRequest, ...],
    output: Path | None,
    db: Path | None,
    offline: bool,
    resolve: bool,
    python: tuple[Path, ...],
    outbound: str | None,
    exclude: tuple[str, ...],
    fail_on: str | None,
    no_texts: bool,
    metadata_only: bool,
    platform: str | None,
    fetch_git: bool,
    git_submodules: tuple[str, ...],
    fetch_urls: bool,
    source: bool,
    index_code: bool,
    no_content: bool,
    parts: tuple[Part, ...],
    jobs: int | None,
    summary: bool,
    whole: bool,
    severity: Severity | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Scan, store, print; the exit status is the gate's answer."""
    from licscan.compose.current import scan_and_store, words_of
    from licscan.compose.gather import cache_summary

    paths, placed = paths or (Path(),), output_requests(formats or (OutputRequest("table"),), output)
    root, config = project_config(paths)
    options = options_of(
        paths, root, config,
        outbound=outbound, python=python, exclude=exclude, offline=offline, resolve=resolve, jobs=jobs, fail_on=fail_on,
        texts=not no_texts, metadata_only=metadata_only, platform=platform, fetch_git=fetch_git,
        git_submodules=git_submodules, fetch_urls=fetch_urls, source=source, index_code=index_code,
        content=not no_content, parts=parts,
    )  # fmt: skip
    database = database_of(root, config, db)
    given = {
        "outbound": outbound, "exclude": exclude, "offline": offline, "resolve": resolve, "fail_on": fail_on,
        "no_texts": no_texts, "metadata_only": metadata_only, "platform": platform, "fetch_git": fetch_git,
        "git_submodules": git_submodules, "fetch_urls": fetch_urls, "source": source, "no_content": no_content,
    }  # fmt: skip
    with progress_bar(shown=not quiet) as progress:
        result = scan_and_store(options, root, database, words_of(paths, root, python, given), progress)
    if verbose and not quiet:
        click.echo(cache_summary(options), err=True)
    view = View(summary, whole, severity and Severity(severity), verbose, project_named(paths, root))
    deliver(result, placed, quiet, view)
    return exit_of(result)


def project_named(paths: Sequence[Path], root: Path) -> str:
    """The project as other commands have to be told of it from here; empty where it is the current folder."""
    if root.resolve() == Path.cwd():
        return ""
    return str(paths[0] if len(paths) == 1 and paths[0].is_dir() else root)
