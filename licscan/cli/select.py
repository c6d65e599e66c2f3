"""Components by what a user types: a PackageURL, a name, or a name and a version."""

from __future__ import annotations

from licscan.base.alike import remedy_for
from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.model import Component, Graph, Scan
from licscan.packages.purls import as_written, normalize_pypi_name


def find_components(graph: Graph, wanted: str) -> tuple[Component, ...]:
    """Every component that fits; InputError with the nearest names where none does."""
    wanted = as_written(wanted)
    name = wanted
    if wanted.startswith("pkg:"):
        found = tuple(c for c in graph.components if c.purl == wanted or c.purl.partition("?")[0] == wanted)
    else:
        name, _at, version = wanted.rpartition("@")
        if not name:  # no version, or a scope's own @
            name, version = wanted, ""
        found = tuple(c for c in graph.components if _named(c, name) and (not version or c.version == version))
    if found:
        return found
    versions = sorted({one.version for one in graph.components if _named(one, name) and one.version})
    if versions and name != wanted:
        known = _("known here: {names}").format(names=_(", ").join(f"{name}@{version}" for version in versions))
        raise InputError(_("no component has this version"), path=wanted, remedy=known)
    names = sorted({component.name for component in graph.components})
    if wanted.startswith("pkg:"):
        name = wanted.rpartition("/")[2]
    close = remedy_for(name.partition("@")[0] or name, names, _("`licscan deps` lists what it has"))
    if len(name) > 2 and (holding := [one for one in names if name.lower() in one.lower()][:3]):
        close = _("did you mean {names}?").format(names=_(", ").join(holding))
    raise InputError(_("no component has this name"), path=wanted, remedy=close)


def known_surface(scan: Scan, name: str) -> None:
    """InputError where the scan has no such surface, with the name that is meant, else with all names."""
    names = [one.name for one in scan.surfaces]
    if name not in names:
        remedy = remedy_for(name, names, _("known here: {names}").format(names=_(", ").join(names)) if names else None)
        raise InputError(_("is not a surface of this scan"), path=name, remedy=remedy)


def _named(component: Component, name: str) -> bool:
    if component.ecosystem == "pypi":
        return normalize_pypi_name(component.name) == normalize_pypi_name(name)
    return component.name == name
