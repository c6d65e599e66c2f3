"""How complete the dependencies of each component are, told from what its scan has read."""

from __future__ import annotations

from licscan.model import ComponentKind, Scan
from licscan.sbom.model import Bom, Completeness, Extent

_SHALLOW = frozenset(
    {"requirements.txt", "Pipfile", "Pipfile.lock", "package.json", "pyproject.toml", "setup.cfg", "setup.py",
     "environment.yml"}
)  # fmt: skip
"""Inputs that name packages and not what these need."""

_GAPS = frozenset({"dependency-unresolved", "input-unreadable", "lock-out-of-date", "lock-missing"})
"""Problems after which a project may need more than the scan has seen."""


_OPEN = "bundled-unknown"
_SETTLED = "not-shipped"
"""The reason of a waiver that says that all that a bundler took in is named."""


def doubtful_roots(scan: Scan, surface: str = "") -> frozenset[str]:
    """The roots of which nobody knows what their bundler took in; of one surface where it is named."""
    return frozenset(
        one.purl
        for one in scan.findings
        if one.code == _OPEN and one.purl and not one.waiver.startswith(_SETTLED) and surface in ("", one.surface)
    )


def perhaps_shipped(scan: Scan) -> frozenset[str]:
    """All that the doubtful roots need for development, however far down: whether it is shipped is not known."""
    roots = doubtful_roots(scan)
    found, open_ = set(roots), list(roots)
    while open_:
        fresh = {edge.child for edge in scan.graph.children.get(open_.pop(), ())} - found
        found |= fresh
        open_ += fresh
    return frozenset(found - roots)


def extents_of(scan: Scan, bom: Bom, surface: str = "") -> tuple[Extent, ...]:
    """Every component under what is known of its list of dependencies.

    A list from which the surface leaves something out is not complete, nor is that of a root whose bundler may have
    taken in more.
    """
    listed = {one.ref for one in bom.components}
    doubtful = doubtful_roots(scan, surface) if surface else frozenset()
    deep = tuple(one.path for one in scan.inputs if one.format not in _SHALLOW and not one.is_sbom)
    sboms = {one.path for one in scan.inputs if one.is_sbom}
    gap = any(problem.code in _GAPS for problem in scan.problems)
    parents = {edge.parent for edge in bom.dependencies}
    groups: dict[Completeness, list[str]] = {}
    by_purl = scan.graph.by_purl
    for component in bom.components:
        known = by_purl.get(component.ref)
        if known is not None and sboms.issuperset(place.path for place in known.found_in) and known.found_in:
            told = Completeness.UNKNOWN  # what its SBOM said of that is not kept
        elif component.ref in doubtful or (known is None and doubtful) or _is_cut(scan, component.ref, listed):
            told = Completeness.INCOMPLETE
        elif known is None or known.kind is ComponentKind.PROJECT:
            told = Completeness.INCOMPLETE if gap else Completeness.COMPLETE
        elif known.resolved and (component.ref in parents or _is_deep(known.found_in, deep) or known.installed_at):
            told = Completeness.COMPLETE
        else:
            told = Completeness.UNKNOWN
        groups.setdefault(told, []).append(component.ref)
    return tuple(Extent(told, tuple(sorted(groups[told]))) for told in Completeness if told in groups)


def _is_cut(scan: Scan, ref: str, listed: set[str]) -> bool:
    """Whether something that it needs is left out of the document."""
    return any(edge.child not in listed for edge in scan.graph.children.get(ref, ()))


def _is_deep(places: tuple[object, ...], deep: tuple[str, ...]) -> bool:
    paths = [getattr(place, "path", "") for place in places]
    return any(path == input_ or path.startswith(f"{input_}/") for path in paths for input_ in deep)
