"""The folders of git submodules, from a `.gitmodules` file; git itself is not asked."""

from __future__ import annotations

import re

_PATH = re.compile(r"(?mi)^[ \t]*path[ \t]*=[ \t]*(.*?)[ \t]*$")
MAX_SUBMODULES = 10_000


def submodule_folders(text: str) -> tuple[str, ...]:
    """The folders (relative to that of the file) that it names, each once, in the file's order; none above it."""
    found = (match[1].strip('"').strip("/") for match in _PATH.finditer(text.replace("\r\n", "\n")))
    inside = (folder for folder in found if folder and ".." not in folder.split("/"))
    return tuple(dict.fromkeys(inside))[:MAX_SUBMODULES]
