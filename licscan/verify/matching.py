"""What was seen -> the components of the scan that it can be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from licscan.base.messages import _
from licscan.model import Component, ComponentKind, Graph
from licscan.packages.purls import normalize_pypi_name
from licscan.verify.records import Kind, Sighting, Sure, Unknown


@dataclass(frozen=True)
class Matched:
    """The signs of each component by PackageURL; `one_of` names the other versions where the name alone is known."""

    signs: dict[str, list[Sighting]] = field(default_factory=dict)
    one_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)


def match(seen: Iterable[Sighting], graph: Graph, explained: frozenset[str] = frozenset()) -> Matched:
    """Every sign with its component; what the scan does not know is said, but for names in files that are explained."""
    index = _Index(graph)
    found = Matched()
    loose: dict[tuple[str, str], list[tuple[Sighting, list[Component]]]] = {}
    for sign in seen:
        components = index.of(sign)
        if not components:
            # a banner without a version may name anything; in a file that a tool explains it stands in a package's code
            named = sign.sure is Sure.CERTAIN or sign.kind is not Kind.BANNER or sign.version
            if named and (sign.sure is Sure.CERTAIN or sign.file not in explained):
                found.unknown.append(_stranger(sign, index))
        elif len(components) == 1:
            found.signs.setdefault(components[0].purl, []).append(sign)
        else:
            loose.setdefault((sign.ecosystem, sign.name), []).append((sign, components))
    for group in loose.values():
        _settle(found, group)
    for purl in [purl for purl in found.signs if graph.by_purl[purl].kind is ComponentKind.PROJECT]:
        del found.signs[purl]
    return found


def _settle(found: Matched, group: list[tuple[Sighting, list[Component]]]) -> None:
    """A name without a version: of the versions that other signs prove, else of all."""
    for sign, components in group:
        proven = [c for c in components if c.purl in found.signs and c.purl not in found.one_of]
        for component in proven or components:
            found.signs.setdefault(component.purl, []).append(sign)
            if not proven:
                others = tuple(c.version or "" for c in components if c.purl != component.purl)
                found.one_of[component.purl] = others


def _stranger(sign: Sighting, index: _Index) -> Unknown:
    known = _(", ").join(sorted(c.version or "?" for c in index.named(sign)))
    label = f"{sign.name} {sign.version}".rstrip()
    if known:
        said = _("contains {name}, which the scan knows only in other versions ({known}): its duties are unknown")
        return Unknown(sign.file, said.format(name=label, known=known), stranger=True)
    said = _("contains {name}, which the scan does not know: its duties are unknown")
    return Unknown(sign.file, said.format(name=label), stranger=True)


def names_of(graph: Graph) -> dict[tuple[str, str], list[str]]:
    """The PackageURLs by name and version, in lower case."""
    found: dict[tuple[str, str], list[str]] = {}
    for component in graph.components:
        found.setdefault((component.name.lower(), (component.version or "").lower()), []).append(component.purl)
    return found


class _Index:
    def __init__(self, graph: Graph):
        self._named: dict[tuple[str, str], list[Component]] = {}
        self._placed: dict[str, list[Component]] = {}
        for component in graph.components:
            self._named.setdefault((component.ecosystem, _key(component.ecosystem, component.name)), []).append(
                component
            )
            for place in component.installed_at:
                at = place.replace("\\", "/").find("node_modules/")
                if at >= 0:
                    self._placed.setdefault(place[at:], []).append(component)

    def named(self, sign: Sighting) -> list[Component]:
        """All components of the name; a banner's name may be written otherwise."""
        if sign.ecosystem:
            return self._named.get((sign.ecosystem, _key(sign.ecosystem, sign.name)), [])
        name = sign.name.lower()
        for form in (name, name.removesuffix(".js"), f"{name}.js", name.replace(" ", "-")):
            for ecosystem in ("npm", "pypi"):
                if (ecosystem, form) in self._named:
                    return self._named[ecosystem, form]
        return []

    def of(self, sign: Sighting) -> list[Component]:
        """The component of the version, else that of the place, else all of the name."""
        named = self.named(sign)
        if sign.version:
            exact = [component for component in named if component.version == sign.version]
            if exact or sign.sure is Sure.CERTAIN:
                return exact[:1]
            return named if sign.ecosystem else []
        placed = [c for c in self._placed.get(sign.place, ()) if c in named]
        return placed if len(placed) == 1 else named


def _key(ecosystem: str, name: str) -> str:
    return normalize_pypi_name(name) if ecosystem == "pypi" else name.lower()
