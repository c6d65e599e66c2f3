"""Components by what a user types: a PackageURL, a name, or a name and a version."""

from __future__ import annotations

from difflib import get_close_matches

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.model import Component, Graph
from licscan.packages.purls import as_written, normalize_pypi_name

SHOWN = 5


def find_components(graph: Graph, wanted: str) -> tuple[Component, ...]:
    """Every component that fits; InputError with the nearest names where none does."""
    wanted = as_written(wanted)
    if wanted.startswith("pkg:"):
        found = tuple(c for c in graph.components if c.purl == wanted or c.purl.partition("?")[0] == wanted)
    else:
        name, _at, version = wanted.rpartition("@")
        if not name:  # no version, or a scope's own @
            name, version = wanted, ""
        found = tuple(c for c in graph.components if _named(c, name) and (not version or c.version == version))
    if found:
        return found
    names = sorted({component.name for component in graph.components})
    close = get_close_matches(wanted.rpartition("@")[0] or wanted, names, n=SHOWN)
    remedy = _("did you mean {names}?").format(names=", ".join(close)) if close else None
    raise InputError(_("no component has this name"), path=wanted, remedy=remedy)


def _named(component: Component, name: str) -> bool:
    if component.ecosystem == "pypi":
        return normalize_pypi_name(component.name) == normalize_pypi_name(name)
    return component.name == name
