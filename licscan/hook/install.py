"""Writes `licscan hook` into a repository as its pre-commit hook; a hook that is there is left alone."""

from __future__ import annotations

import os
import re
import shlex
import sys
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.vcs.git import Repository, hooks_folder

_OWN = re.compile(r"#!/bin/sh\nexec [^\n]{1,4000} (?:-P )?-m licscan hook\n\Z")
MOST_READ = 8_192


def install_hook(repository: Repository) -> tuple[Path, bool]:
    """Write the hook where git looks for it (`core.hooksPath`, worktrees); its path, and whether it was written now.

    One of licscan's own with another interpreter is brought up to date; InputError where another hook is there.
    """
    folder = hooks_folder(repository)
    path = folder / "pre-commit"
    # -P: git runs it in the work tree, where a module of the project must not pass for one of Python's or licscan's
    text = f"#!/bin/sh\nexec {shlex.quote(Path(sys.executable).as_posix())} -P -m licscan hook\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = _text(path)
        if there == text:
            return path, False
        if there is not None and _OWN.match(there):
            path.unlink()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755)
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        remedy = _("add a line `licscan hook || exit` to it")
        raise InputError(_("there is already a hook; it was left unchanged"), path=str(path), remedy=remedy) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(_("cannot be written: {reason}").format(reason=reason), path=str(path)) from error
    return path, True


def _text(path: Path) -> str | None:
    """What stands in a plain file; None where it is none, or longer than a hook of licscan."""
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        data = file.read(MOST_READ + 1)
    return data.decode("utf-8", "replace") if len(data) <= MOST_READ else None
