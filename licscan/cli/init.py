"""`licscan init`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import click

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.base.tables import data_folder
from licscan.config import FILE_NAME

DEPTH = 3
MOST_ROOTS = 12
_EXAMPLE_NAME, _EXAMPLE_ROOTS = 'name = "our-messenger"', 'roots = ["server"]'
_MANIFESTS = frozenset({"package.json", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile"})
_NOT_OURS = frozenset({"node_modules", "site-packages", "venv", "env", "build", "dist", "vendor", "__pycache__"})


def filled(text: str, folder: Path) -> str:
    """The example with the names that a quick look finds: the folder's, and those of folders with a manifest."""
    roots = list(roots_in(folder))[:MOST_ROOTS]
    name = folder.resolve().name
    if name:
        text = text.replace(_EXAMPLE_NAME, f"name = {_quoted(name)}", 1)
    return text.replace(_EXAMPLE_ROOTS, f"roots = [{', '.join(map(_quoted, roots))}]", 1) if roots else text


def _quoted(text: str) -> str:
    """A name of a file as a string of TOML: like one of JSON, without halves of characters."""
    valid = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(valid, ensure_ascii=False).replace("\x7f", "\\u007f")


def roots_in(folder: Path) -> Iterator[str]:
    """The folders with a manifest, a few steps down, sorted by depth and name; `.` is the folder itself."""
    level = [folder]
    for _step in range(DEPTH + 1):
        below = []
        for here in level:
            try:
                entries = sorted(os.scandir(here), key=lambda entry: entry.name)
            except OSError:
                continue
            if any(entry.name in _MANIFESTS for entry in entries):
                yield here.relative_to(folder).as_posix()
            inner = (e for e in entries if e.is_dir(follow_symlinks=False))
            below += [here / e.name for e in inner if e.name not in _NOT_OURS and not e.name.startswith(".")]
        level = below


@click.command("init", help=_("Write a licscan.toml in FOLDER in which every setting is explained."))
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--force", is_flag=True, help=_("Replace a licscan.toml that is there."))
def command(folder: Path, force: bool) -> None:
    """Write the commented example; never over a file of the user's, unless told to."""
    if not folder.is_dir():
        raise InputError(_("is no folder"), path=str(folder))
    target = folder / FILE_NAME
    text = filled((data_folder() / "licscan.example.toml").read_text(encoding="utf-8"), folder)
    try:
        with target.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise InputError(_("is already there"), path=str(target), remedy=_("--force replaces it")) from error
    except OSError as error:
        raise InputError(_("cannot be written: {reason}").format(reason=error.strerror), path=str(target)) from error
    click.echo(_("Wrote {path}. Every setting in it is optional.").format(path=target))
