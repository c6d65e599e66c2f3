"""Where an installer puts the files of a wheel (binary distribution format, PEP 427)."""

from __future__ import annotations

import re

_DATA = re.compile(r"[^/]+\.data/([^/]+)/(.+)", re.DOTALL)


def installed_path(name: str) -> str | None:
    """The path of a wheel's member below the folder of installed packages; None for what goes elsewhere.

    `X.data/purelib/` and `platlib/` go where all the rest goes; scripts, headers and data do not.
    """
    match = _DATA.fullmatch(name)
    if match is None:
        return name
    return match[2] if match[1] in ("purelib", "platlib") else None
