"""What the readers of containers give: members, as they are named there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from licscan.artifact.content import Content

Say = Callable[[str, str], None]
"""Takes a member's name and a fragment that says why it is not shown."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file (with content), a folder (with neither), or a link (with `target`); `hard` links name it from the top."""

    name: str
    content: Content | None = None
    target: str | None = None
    hard: bool = False
