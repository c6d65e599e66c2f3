"""What Python environments bring to a resolution, apart from who reads them: most projects have none at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from licscan.model import Component, Problem
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.builder import Parsed
from licscan.resolve.reading import Read

ECOSYSTEMS = frozenset({"pypi", "conda"})
"""Whose requests environments answer."""
INSTALLERS = frozenset({"pip", "setuptools", "wheel", "distribute"})
"""What makes an environment rather than is asked for in it: pip and pip-compile leave these out of their lists."""


@dataclass(frozen=True, slots=True)
class Installed:
    """The packages of one site-packages folder.

    `owner` is the folder whose manifests it answers for, None for all. `known` are values of PEP 508 variables there.
    `given` is whether the user named it; `whole` whether everything in it is shipped with the file system it stands in.
    """

    path: str
    parsed: Parsed
    owner: str | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    given: bool = False
    whole: bool = False


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


def key_of(component: Component) -> str:
    """The name under which requests find a package of an environment."""
    if component.ecosystem == "conda":
        return f"conda:{component.name.lower()}"
    return normalize_pypi_name(component.name)
