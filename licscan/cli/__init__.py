"""The command line: parse, call, print, exit. One module a command, imported only when it is called.

Exit statuses: 0 nothing at or above the threshold; 1 a violation; 2 cannot tell, or input that cannot be used;
3 an internal error; 130 interrupted.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from licscan import __version__
from licscan.base import interrupts
from licscan.base.errors import LicscanError
from licscan.base.escape import one_line
from licscan.base.interrupts import EXIT_INTERRUPTED
from licscan.base.messages import LANGUAGES, N_, VARIABLE, _, use_language
from licscan.base.streams import set_up_streams

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "scan": N_("Scan a project: components, licenses, findings."),
    "hook": N_("Judge what a commit adds or changes, as a git or pre-commit hook."),
    "findings": N_("List the findings of the last scan: all, or only those with certain codes or severities."),
    "licenses": N_("List the licenses of the last scan, by license or by package."),
    "deps": N_("Show the dependency tree, or why a package is in it."),
    "show": N_("Show everything known about one component, with its evidence."),
    "why": N_("Explain why a package is there, what follows from its license, and what can be done."),
    "duties": N_("Print the duties on each surface."),
    "notices": N_("Write the notices that go with what is shipped."),
    "sbom": N_("Write an SBOM, or report what one lacks."),
    "audit": N_("Judge the SBOMs of suppliers: findings, quality, what changed; or compare them."),
    "diff": N_("Show the differences between two scans, revisions or SBOMs."),
    "history": N_("List the scans over time, with what changed."),
    "browse": N_("Browse the database in a web browser, with prepared queries (Datasette)."),
    "report": N_("Write the report for counsel: one HTML file, or a workbook."),
    "export": N_("Write a stored scan in another format: SARIF, JUnit, CSV, XLSX, Markdown, ..."),
    "verify": N_("Verify that an artifact contains the notices that it requires."),
    "deliver": N_("Assemble and sign the annexes of a contract: SBOMs, notices, duties, open points."),
    "accept": N_("Check a supplier's delivery: signature, digests, contents, your policy, what changed."),
    "review": N_("Decide on findings, and prove who decided what, when and why."),
    "explain": N_("Explain a finding code, or what a license requires."),
    "identify": N_("Find the licenses and copyright statements in files."),
    "judge": N_("Answer cases of license, use and facts: is it allowed, and with which duties?"),
    "fleet": N_("Scan many projects, and query all of them at once."),
    "doctor": N_("Show that no package that fools license gates passes your policy silently."),
    "init": N_("Write a licscan.toml based on what is found in the project."),
    "completion": N_("Print the completion script for your shell."),
    "cache": N_("Describe, shrink, export or import the stored evidence from packages."),
    "index": N_("Build or describe the indexes of license texts and of code."),
}
"""Every command with its line in the help, so that the help imports none of them."""

EXIT_INPUT, EXIT_INTERNAL = 2, 3
NO_HOME = "/nonexistent"
"""The home of who has none, as in passwd."""


class LateOption(click.Option):
    """An option whose help is translated when it is printed: those of the group stand before the language is known."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help in the user's language."""
        record = super().get_help_record(ctx)
        return record and (record[0], _(record[1]))


class LazyGroup(click.Group):
    """Commands by name, each in `licscan.cli.<name>` as `command`, imported on use."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Find the language first: it decides how all else is said, the complaints of the parser included."""
        args = _language_first(args)
        asked = args[0].partition("=")[2] if args and args[0].startswith("--lang=") else None
        if use_language(asked if asked in LANGUAGES else None) != "en":
            from licscan.cli.words import speak

            speak()
        if asked in LANGUAGES:
            os.environ[VARIABLE] = asked  # the processes that licscan starts speak it too
        return super().parse_args(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help of the group, which is made before the language is known."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_(self.help) if self.help else "")

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table: the main job first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"licscan.cli.{cmd_name}").command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands by the table, without importing them; options as click does it."""
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [CompletionItem(name, help=_(line)) for name, line in COMMANDS.items() if name.startswith(incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's own, which knows only imported commands when it looks for one that is meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table's lines, without importing the commands."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(line)) for name, line in COMMANDS.items()])


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=N_("Find licenses and other third-party rights in a codebase, and report what they require."),
)
@click.option(
    "--lang", cls=LateOption, type=click.Choice(list(LANGUAGES)), expose_value=False,
    help=N_("The language of the output. Default: LICSCAN_LANG, else that of the locale."),
)  # fmt: skip
@click.version_option(__version__, prog_name="licscan", cls=LateOption)
def cli() -> None:
    """The group of all commands; its help text is above, where it can be translated."""


def _language_first(arguments: list[str]) -> list[str]:
    """The arguments with `--lang NAME`, wherever it stands, as `--lang=NAME` before all others."""
    ours = arguments[: arguments.index("--")] if "--" in arguments else arguments
    for at, argument in enumerate(ours):
        if argument == "--lang" and at + 1 < len(ours):
            return [f"--lang={ours[at + 1]}", *arguments[:at], *arguments[at + 2 :]]
        if argument.startswith("--lang="):
            return [argument, *arguments[:at], *arguments[at + 1 :]]
    return arguments


def main() -> None:
    """The entry point: one boundary that turns every exception into one line and an exit status."""
    # a graph is one large live structure; with the default the collector walks it over and over, for half of the time
    gc.set_threshold(200_000, 20, 100)
    set_up_streams()
    if os.path.expanduser("~") == "~":
        # a user of a container without an entry in passwd: no caches and no settings, but no failure either
        os.environ["HOME"] = NO_HOME
    try:
        interrupts.raise_again()
        status = run(sys.argv[1:])
    except KeyboardInterrupt:  # just before or behind the boundary of `run`, or a second one while it ends
        status = EXIT_INTERRUPTED
    interrupts.leave_at_once()
    try:
        sys.stdout.flush()
    except OSError as error:
        if not _is_reader_gone(error):
            raise
        # the reader (head, less) went away: point stdout elsewhere so that the interpreter's own flush is silent
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Run one command line; its exit status."""
    try:
        result = cli.main(arguments, prog_name="licscan", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return EXIT_INPUT
    except (click.Abort, KeyboardInterrupt):
        click.echo(_("licscan: interrupted"), err=True)
        return EXIT_INTERRUPTED
    except LicscanError as error:
        click.echo("licscan: " + one_line(str(error), limit=2_000), err=True)
        return EXIT_INPUT
    except Exception as error:
        if _is_reader_gone(error):
            return 0
        full = _full(error)
        return _internal(error) if full is None else _say_full(full)


def _is_reader_gone(error: Exception) -> bool:
    """Whether nobody reads what is written any more; Windows calls that an invalid argument."""
    return isinstance(error, BrokenPipeError) or (
        os.name == "nt" and isinstance(error, OSError) and error.errno == errno.EINVAL and error.filename is None
    )


def _full(error: BaseException | None) -> OSError | None:
    """The disk without room that is behind an error; what was being written was written beside its place."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return error
        error = error.__cause__ or error.__context__
    return None


def _say_full(error: OSError) -> int:
    said = LicscanError(
        _("no space left on the disk"), path=str(error.filename) if error.filename else None,
        remedy=_("free some space, or set TMPDIR and XDG_CACHE_HOME to folders on another disk"),
    )  # fmt: skip
    click.echo("licscan: " + one_line(str(said), limit=2_000), err=True)
    return EXIT_INPUT


def _internal(error: Exception) -> int:
    if os.environ.get("LICSCAN_DEBUG"):
        raise error
    said = one_line(f"{type(error).__name__}: {error}")
    message = _("licscan: internal error: {error} (run again with LICSCAN_DEBUG=1 for the details)")
    click.echo(message.format(error=said), err=True)
    return EXIT_INTERNAL
