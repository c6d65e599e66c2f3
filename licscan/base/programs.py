"""Programs of the user, found on PATH alone: a project that is scanned must never put its own before them."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping

_WINDOWS = os.name == "nt"
_ENDINGS = ".COM;.EXE;.BAT;.CMD"


def find_program(name: str, environment: Mapping[str, str] | None = None, *, windows: bool = _WINDOWS) -> str | None:
    """The full path of a program; None where no folder of PATH has it.

    Windows looks into the current folder before PATH, and a PATH may hold `.` or an empty entry: neither counts here.
    On Windows a program has one of the endings that PATHEXT lists.
    """
    told = os.environ if environment is None else environment
    endings = (told.get("PATHEXT") or _ENDINGS).split(";") if windows else [""]
    for folder in told.get("PATH", os.defpath).split(";" if windows else ":"):
        folder = folder.strip('"') if windows else folder
        if not os.path.isabs(folder):
            continue
        for ending in endings:
            full = os.path.join(folder, name + ending.lower())
            if os.path.isfile(full) and (windows or os.access(full, os.X_OK)):
                return full
    return None


def program(name: str, environment: Mapping[str, str] | None = None) -> str:
    """The full path of a program. FileNotFoundError where no folder of PATH has it, as if it had been run."""
    found = find_program(name, environment)
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    return found
