"""`licscan init`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licscan.base.errors import InputError, LicscanError
from licscan.base.messages import _, ngettext
from licscan.base.tables import data_folder
from licscan.config import FILE_NAME

if TYPE_CHECKING:
    from licscan.model import Scan
    from licscan.model.surface import Surface

MOST_ROOTS = 12
MOST_SURFACES = 6


@click.command(
    "init",
    help=_(
        "Write a licscan.toml in PATH, with the name, license and artifacts that are found there. "
        "--full writes every setting, each explained."
    ),
)
@click.argument("folder", metavar="[PATH]", type=click.Path(path_type=Path), default=".")
@click.option("--force", is_flag=True, help=_("Replace an existing licscan.toml."))
@click.option("--full", is_flag=True, help=_("Write every setting with an explanation, and leave all of them unset."))
def command(folder: Path, force: bool, full: bool) -> None:
    """Write the settings; never over a file of the user's, unless told to."""
    if not folder.is_dir():
        raise InputError(_("is not a folder"), path=str(folder))
    target = folder / FILE_NAME
    if target.exists() and not force:
        raise InputError(_("already exists"), path=str(target), remedy=_("--force replaces it"))
    scan = None if full else _looked(folder)
    text = _every() if full else "\n".join(lines(scan, folder)) + "\n"
    try:
        with target.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise InputError(_("already exists"), path=str(target), remedy=_("--force replaces it")) from error
    except OSError as error:
        raise InputError(_("cannot be written: {reason}").format(reason=error.strerror), path=str(target)) from error
    click.echo(_("Wrote {path}. Every setting in it is optional.").format(path=target))
    if scan is not None:
        count = len(scan.surfaces)
        told = ngettext("Found {count} artifact: {names}.", "Found {count} artifacts: {names}.", count)
        click.echo(told.format(count=f"{count:,}", names=_(", ").join(one.name for one in scan.surfaces)))
    where = "" if folder == Path() else f" {folder}"
    click.echo(_("Next: check what it says about your product, then run `licscan scan{where}`.").format(where=where))


def _every() -> str:
    return (data_folder() / "licscan.example.toml").read_text(encoding="utf-8")


def _looked(folder: Path) -> Scan | None:
    """What manifests, locks and license texts tell, without the network; None where there is none that can be read."""
    from licscan.cli.options import options_of
    from licscan.cli.output import progress_bar
    from licscan.compose import scan as pipeline
    from licscan.config import NO_CONFIG

    root = folder.resolve()
    options = options_of((folder,), root, NO_CONFIG, offline=True, content=False)
    try:
        with progress_bar() as progress:
            return pipeline.scan(options, progress)
    except LicscanError:
        return None


def lines(scan: Scan | None, folder: Path) -> Iterator[str]:
    """The settings, each with what it is and how its value is known; what is not known is commented out."""
    yield _comment(_("Settings of licscan for this project; all are optional. `licscan init --full` lists every one."))
    yield ""
    yield "[project]"
    yield from _project(scan, folder)
    yield ""
    yield "[scan]"
    yield _comment(_("Paths to leave out, as globs, and the lowest severity that fails a scan."))
    yield '# exclude = ["examples/**"]'
    yield '# fail-on = "error"'
    yield ""
    yield from _surfaces(scan)
    yield "[policy]"
    yield _comment(
        _("A ready-made policy: proprietary-on-premise, saas, permissive-only, asf or copyleft-project; then yours.")
    )
    yield '# profile = "proprietary-on-premise"'
    yield '# deny = ["AGPL-*", "SSPL-1.0"]'
    yield ""
    yield _comment(_("To accept one finding for a while: `licscan explain CODE` says what it means."))
    yield from (
        "# [[waiver]]", '# finding = "license-conflict"', '# packages = ["pkg:npm/left@1.2.3"]',
        '# reason = "accepted-risk"', '# owner = "Jane Doe"', "# expires = 2027-01-31",
    )  # fmt: skip


def _project(scan: Scan | None, folder: Path) -> Iterator[str]:
    component = scan.graph.by_purl.get(scan.project.root) if scan else None
    name = scan.project.name if scan else folder.resolve().name
    source = component.manifest if component and component.manifest else ""
    yield _comment(_("The name in reports, notices and SBOMs.") + (f" ({source})" if source else ""))
    yield f"name = {_quoted(name)}" if name else '# name = "our-messenger"'
    if scan and scan.project.assumptions and _is_declared(scan):
        yield _comment(_("The license you ship it under. {how}").format(how=scan.project.assumptions[0]))
        yield f"outbound = {_quoted(scan.project.outbound)}"
    else:
        yield _comment(
            _("The license you ship it under: an SPDX expression, or proprietary, the default where none is declared.")
        )
        yield '# outbound = "proprietary"'


def _is_declared(scan: Scan) -> bool:
    """Whether the project's own manifests, else its license texts, name one license, which is then the outbound."""
    from licscan.licenses.statements import category
    from licscan.model import NOASSERTION, NONE

    own = [scan.by_purl[purl] for purl in scan.graph.roots if purl in scan.by_purl]
    told = {one.declared for one in own} - {NOASSERTION, NONE} or {one.concluded for one in own} - {NOASSERTION, NONE}
    return len(told) == 1 and (scan.project.outbound in told or category(next(iter(told))) == "Commercial")


def _surfaces(scan: Scan | None) -> Iterator[str]:
    """One table for each artefact; commented out where a folder holds roots of several, which folders cannot part."""
    yield _comment(
        _("What you ship. deployment: internal, saas, on-premise, desktop-app, mobile-app, browser or embedded.")
    )
    surfaces = scan.surfaces[:MOST_SURFACES] if scan else ()
    roots = [_folders(scan, one) for one in surfaces] if scan else []
    every = [folder for folders in roots for folder in folders]
    mark = "" if surfaces and len(set(every)) == len(every) and all(len(one) <= MOST_ROOTS for one in roots) else "# "
    for surface, folders in zip(surfaces, roots, strict=True):
        yield from (_comment(sentence) for sentence in surface.assumed[:1])
        yield f"{mark}[[surface]]"
        yield f"{mark}name = {_quoted(surface.name)}"
        yield f"{mark}deployment = {_quoted(surface.deployment)}"
        yield f"{mark}roots = [{', '.join(map(_quoted, folders[:MOST_ROOTS]))}]"
        yield ""
    if not surfaces:
        yield from ("# [[surface]]", '# name = "server"', '# deployment = "on-premise"', '# roots = ["."]', "")


def _folders(scan: Scan, surface: Surface) -> list[str]:
    """The folders of the manifests of a surface's roots, `.` for the top."""
    found = (scan.graph.by_purl[purl] for purl in surface.roots if purl in scan.graph.by_purl)
    return sorted({(one.manifest or "").rpartition("/")[0] or "." for one in found})


def _comment(text: str) -> str:
    """One line that TOML does not read, whatever stands in it."""
    from licscan.base.escape import one_line

    return "# " + one_line(text, 300)


def _quoted(text: str) -> str:
    """A name of a file as a string of TOML: like one of JSON, without halves of characters."""
    valid = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(valid, ensure_ascii=False).replace("\x7f", "\\u007f")
