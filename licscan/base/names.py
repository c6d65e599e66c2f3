"""Names of files that other people chose, as names that this system can write without leaving the folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

_WINDOWS = os.name == "nt"
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=$|[ .])")
_REFUSED = re.compile(r'[\x00-\x1f<>:"|?*\\]|[ .]$')


def below(folder: Path, path: str, *, windows: bool = _WINDOWS) -> Path:
    """Where a relative path, `/` between its parts, lies below a folder; each part as this system can write it."""
    return folder.joinpath(*(writable(part, windows=windows) for part in path.split("/")))


def writable(name: str, *, windows: bool = _WINDOWS) -> str:
    """A name of one file or folder; on Windows with `%` and two digits for what would mean something else there.

    A drive (`C:`), a stream (`a:b`), a backslash or the name of a device would lead out of the folder, or to no file;
    a dot or a space at the end would be lost.
    """
    if not windows:
        return name
    if device := _DEVICE.match(name):
        name = f"%{ord(name[0]):02X}{device[0][1:]}{name[device.end() :]}"
    return _REFUSED.sub(lambda found: f"%{ord(found[0]):02X}", name)
