"""`licscan index code`: fingerprints of program text, so that copies of it are recognised."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.messages import _, ngettext
from licscan.cli.output import progress_bar

MOST_SHOWN = 20
INFO = "info"


@click.command(
    "code",
    help=_(
        "Index program text, so that copies of it are recognized: packages that the lockfiles of "
        "PATH name and that are installed or cached, named packages from your registries, your own "
        "source trees. `licscan index code info` shows what is indexed."
    ),
)
@click.argument("path", required=False)
@click.option(
    "--with", "names", metavar="NAMES",
    help=_("Fetch these packages from your registries: names on npm, or on PyPI with the prefix "
           "`pypi:`, separated by commas."),
)  # fmt: skip
@click.option(
    "--versions", type=click.IntRange(1, 64), default=5, show_default=True, metavar="N",
    help=_("How many of the newest versions of each to fetch."),
)  # fmt: skip
@click.option("--own", type=click.Path(path_type=Path), metavar="DIR", help=_("Index one of your own source trees."))
@click.option("--name", metavar="NAME", help=_("The name of your own tree in results."))
@click.option(
    "--export", "exported", type=click.Path(path_type=Path), metavar="FILE",
    help=_("Write the whole index to a file."),
)  # fmt: skip
@click.option(
    "--import", "imported", type=click.Path(path_type=Path), metavar="FILE",
    help=_("Import what `--export` wrote. It is taken on trust: import only from sources that you "
           "trust."),
)  # fmt: skip
def command(
    path: str | None,
    names: str | None,
    versions: int,
    own: Path | None,
    name: str | None,
    exported: Path | None,
    imported: Path | None,
) -> int:
    """Do what is asked for, in the order of the options, and describe the result."""
    from licscan.copies.shelf import user_shelf

    shelf = user_shelf()
    if path == INFO and not os.path.isdir(INFO):
        return _describe()
    if own is not None and not (name and name.strip()):
        raise InputError(_("--own needs a --name"))
    if shelf.mend():
        click.echo(_("The index is damaged and was set aside: index the code again, or import it."), err=True)
    problems = _gather(path, names, versions, (own, name or ""), imported, wants_project=not (names or own or exported))
    shelf.rebuild()
    if exported is not None:
        count = shelf.export(exported)
        said = ngettext("Wrote {count} version to {path}.", "Wrote {count} versions to {path}.", count)
        click.echo(said.format(count=f"{count:,}", path=one_line(str(exported), 2_000)))
    most = MOST_SHOWN if sys.stderr.isatty() else len(problems)
    for problem in problems[:most]:
        click.echo(one_line(problem, 400), err=True)
    if len(problems) > most:
        said = _("and {count} more; `2> FILE` writes all of them to a file")
        click.echo(said.format(count=f"{len(problems) - most:,}"), err=True)
    _describe()
    return 1 if problems else 0


def _gather(
    path: str | None,
    names: str | None,
    versions: int,
    own: tuple[Path | None, str],
    imported: Path | None,
    *,
    wants_project: bool,
) -> list[str]:
    """Index what is asked for; what could not be."""
    from licscan.compose.code_index import index_named, index_own, index_project
    from licscan.copies.shelf import user_shelf
    from licscan.registry import Registry

    shelf = user_shelf()
    problems: list[str] = []
    if imported is not None:
        _said(shelf.import_(imported))
    with progress_bar() as progress:
        if path is not None or (wants_project and imported is None):
            root = Path(path or ".")
            if not root.is_dir():
                raise InputError(_("is not a folder"), path=str(root))
            count, found = index_project(root.resolve(), shelf, progress)
            _said(count)
            problems += found
        if names:
            registry = Registry.of_user(Path.cwd())
            wanted = [one.strip() for one in names.split(",") if one.strip()]
            count, found = index_named(wanted, versions, shelf, registry, progress)
            _said(count)
            problems += found
    folder, name = own
    if folder is not None:
        if not folder.is_dir():
            raise InputError(_("is not a folder"), path=str(folder))
        count = index_own(folder, name.strip(), shelf)
        click.echo(ngettext("Indexed {count} file.", "Indexed {count} files.", count).format(count=f"{count:,}"))
    return problems


def _said(count: int) -> None:
    said = ngettext("Indexed {count} version of a package.", "Indexed {count} versions of packages.", count)
    click.echo(said.format(count=f"{count:,}"))


def _describe() -> int:
    from licscan.base.columns import filled
    from licscan.copies.shelf import user_shelf

    found = user_shelf().info()
    if found is None:
        raise InputError(_("no code is indexed yet"), remedy=_("run `licscan index code` in a project"))
    for name, value in (
        (_("location"), one_line(found.path, 2_000)),
        (_("size"), _("{size} MB").format(size=f"{found.index_size / 1e6:.1f}")),
        (_("on disk"), _("{size} MB").format(size=f"{found.size / 1e6:.1f}")),
        (_("packages"), f"{found.packages:,}"),
        (_("versions"), f"{found.versions:,}"),
        (_("files"), f"{found.files:,}"),
        (_("fingerprints"), f"{found.fingerprints:,}"),
    ):
        click.echo(f"{filled(_('{name}:').format(name=name), 14)} {value}")
    return 0
