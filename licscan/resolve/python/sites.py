"""What Python environments bring to a resolution, apart from who reads them: most projects have none at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from licscan.model import Problem
from licscan.resolve.builder import Parsed
from licscan.resolve.reading import Read

if TYPE_CHECKING:
    from licscan.resolve.python.joining import Installed

ECOSYSTEMS = frozenset({"pypi", "conda"})
"""Whose requests environments answer."""


@dataclass(frozen=True, slots=True)
class Environments:
    """The site-packages folders that were read: as inputs, as answers, and the sentences that say what was assumed."""

    reads: tuple[Read, ...] = ()
    installed: tuple[Installed, ...] = ()
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """The lots with what the environments add, and what that left to be said.

    `absent` are extras and groups of which no environment holds anything, by project and name.
    """

    lots: tuple[Parsed, ...]
    problems: tuple[Problem, ...] = ()
    assumptions: tuple[str, ...] = ()
    absent: frozenset[tuple[str, str]] = frozenset()
