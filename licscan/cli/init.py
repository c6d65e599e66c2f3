"""`licscan init`."""

from __future__ import annotations

from pathlib import Path

import click

from licscan.config import FILE_NAME
from licscan.errors import InputError
from licscan.messages import _
from licscan.tables import data_folder


@click.command("init", help=_("Write a licscan.toml in FOLDER in which every setting is explained."))
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--force", is_flag=True, help=_("Replace a licscan.toml that is there."))
def command(folder: Path, force: bool) -> None:
    """Copy the commented example; never over a file of the user's, unless told to."""
    if not folder.is_dir():
        raise InputError(_("is no folder"), path=str(folder))
    target = folder / FILE_NAME
    text = (data_folder() / "licscan.example.toml").read_text(encoding="utf-8")
    try:
        with target.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise InputError(_("is already there"), path=str(target), remedy=_("--force replaces it")) from error
    except OSError as error:
        raise InputError(_("cannot be written: {reason}").format(reason=error.strerror), path=str(target)) from error
    click.echo(_("Wrote {path}. Every setting in it is optional.").format(path=target))
