"""Writes `licscan hook` into a repository as its pre-commit hook; a hook that is there is left alone."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.vcs.git import Repository, hooks_folder


def install_hook(repository: Repository) -> Path:
    """Write the hook where git looks for it (`core.hooksPath`, worktrees); InputError where one is there already."""
    folder = hooks_folder(repository)
    path = folder / "pre-commit"
    text = f"#!/bin/sh\nexec {shlex.quote(sys.executable)} -m licscan hook\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        remedy = _("add a line `licscan hook || exit` to it")
        raise InputError(_("there is a hook already; it was left alone"), path=str(path), remedy=remedy) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(_("cannot be written: {reason}").format(reason=reason), path=str(path)) from error
    return path
