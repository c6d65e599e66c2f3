"""`licscan hook`: what a commit brings. Imports little before it is known that the commit touches something."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licscan.base.messages import _
from licscan.base.tree import shown_from
from licscan.cli.params import JSON, Names, db_option, format_option

if TYPE_CHECKING:
    from licscan.compose.hook import HookOptions
    from licscan.model import Scan
    from licscan.vcs.git import Repository

FAIL_ON = ("error", "warning", "note", "never")


@click.command(
    "hook", help=_("Judge what the staged changes add or change; FILES narrow it down. For git and pre-commit.")
)
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--install", is_flag=True, help=_("Write .git/hooks/pre-commit, unless it exists."))
@click.option("--from", "old", metavar="COMMIT", help=_("Compare this commit with that of --to."))
@click.option(
    "--to", "new", metavar="COMMIT", help=_("The other commit. Default: the staged changes, compared with HEAD.")
)
@click.option("--online", is_flag=True, help=_("Ask the registries about what is neither installed nor cached."))
@click.option("--unknown", type=Names(["block", "pass"]), help=_("What to do about what cannot be known offline."))
@click.option("--fail-on", type=Names(FAIL_ON), help=_("Lowest severity that makes the exit status nonzero."))
@click.option("--no-texts", is_flag=True, help=_("Do not read license texts: rely on metadata alone."))
@click.option("--all-files", is_flag=True, help=_("Judge the whole tree too, not only what is staged."))
@db_option
@format_option()
def command(
    files: tuple[str, ...],
    install: bool,
    old: str | None,
    new: str | None,
    online: bool,
    unknown: str | None,
    fail_on: str | None,
    no_texts: bool,
    all_files: bool,
    db: Path | None,
    format_: str,
) -> int:
    """Compare, judge, print; the exit status is the gate's answer."""
    from licscan.vcs.git import open_repository

    repository = open_repository(Path())
    if install:
        from licscan.hook.install import install_hook

        path, written = install_hook(repository)
        click.echo((_("Wrote {path}") if written else _("{path}: already installed")).format(path=path), err=True)
        return 0
    from licscan.compose.hook import HookOptions, answer

    old, new = _commits(old, new)
    paths = tuple(_relative(name, repository.top) for name in files)
    asked = HookOptions(old, new, paths, db and db.absolute(), fail_on, unknown, online, not no_texts)
    told = answer(repository, asked)
    status = 0
    if told is not None:
        from licscan.base import clock
        from licscan.cli.scan import exit_of
        from licscan.hook.answer import lines

        for line in lines(told, clock.today()) if format_ != JSON else ():
            click.echo(line)
        status = exit_of(told)
    tree = None
    if all_files or _is_about_the_tree(bool(old or paths), repository):
        tree = None if status else _whole_tree(repository.top, asked, is_staged=bool(repository.changes()))
    if format_ == JSON:
        from licscan.hook.as_json import to_json

        click.echo(to_json(told, tree), nl=False)
    elif tree is not None:
        from licscan.cli.output import console
        from licscan.export import screen

        screen.render(tree, console())
    return status or (0 if tree is None else _status_of(tree, repository.top, unknown))


def _status_of(tree: Scan, top: Path, unknown: str | None) -> int:
    """The exit status of the tree's verdict; what is unknown passes where that is asked for, and is said."""
    from licscan.cli.options import project_config
    from licscan.cli.scan import exit_of
    from licscan.model import Verdict

    if tree.gate is Verdict.CANNOT_TELL and (unknown or project_config((top,))[1].hook.unknown) == "pass":
        click.echo(_("licscan: what cannot be determined is allowed to pass, as configured"), err=True)
        return 0
    return exit_of(tree)


def _is_about_the_tree(is_narrowed: bool, repository: Repository) -> bool:
    """Whether no commit is made, so that the tree is asked for: nothing is staged, or pre-commit is run by hand.

    Git names its index to its hooks; pre-commit tells its hooks neither that it was run by hand nor `--all-files`.
    """
    if is_narrowed or "GIT_INDEX_FILE" in os.environ:
        return False
    return "PRE_COMMIT" in os.environ or not repository.changes()


def _whole_tree(top: Path, asked: HookOptions, *, is_staged: bool) -> Scan | None:
    """What is asked for is the tree, as by `pre-commit run --all-files`; None where it holds nothing to judge.

    It is scanned as `licscan scan` does, offline unless `--online` is given.
    """
    from licscan.base.tree import Tree
    from licscan.cli.options import database_of, options_of, project_config
    from licscan.cli.output import progress_bar
    from licscan.compose.current import scan_and_store, words_of
    from licscan.resolve.discover import discover

    root, config = project_config((top,))
    if not discover(Tree(root), ("",), config.exclude).holds_packages:
        told = _("licscan: there is no manifest or lockfile here: nothing to judge in the whole tree")
        click.echo(
            told
            if is_staged
            else _("licscan: nothing is staged, and there is no manifest or lockfile here: nothing to judge"),
            err=True,
        )
        return None
    told = _("licscan: judging the whole tree, not only what is staged")
    click.echo(told if is_staged else _("licscan: nothing is staged; judging the whole tree"), err=True)
    given = {"offline": not asked.online, "fail_on": asked.fail_on, "no_texts": not asked.texts}
    options = options_of((root,), root, config, offline=not asked.online, fail_on=asked.fail_on, texts=asked.texts)
    with progress_bar() as progress:
        return scan_and_store(
            options, root, database_of(root, config, asked.database), words_of((), root, (), given), progress
        )


def _commits(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """The two commits that are compared; pre-commit names them in the environment when it is run on a range."""
    if old is None and new is None:
        old, new = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    if (old is None) != (new is None):
        raise click.UsageError(_("Give --from and --to together."))
    if old and new and (old.startswith("-") or new.startswith("-") or ":" in old + new):
        raise click.UsageError(_("--from and --to name commits."))
    return old or None, new or None


def _relative(name: str, top: Path) -> str:
    """A path of the command line relative to the work tree."""
    full = os.path.normpath(os.path.join(os.path.realpath(os.getcwd()), name))
    return shown_from(full, os.path.realpath(top))
