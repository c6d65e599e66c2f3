"""Scans and holdings made by hand, for what needs no project on disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from licscan.attribution.gather import gather, shipped_components
from licscan.attribution.records import Attributions, Holdings, Metadata, Role
from licscan.model import Component, Conclusion, Graph, Project, Scan
from licscan.model.surface import Judgement, Obligation, Surface

MIT_TERMS = "Permission is hereby granted, free of charge.\n\nThe above copyright notice shall be included."
MIT_DUTIES = (Obligation("copyright-notice", "MIT", "notice"), Obligation("license-text", "MIT", "notice"))
WEB = Surface("web", "browser", "proprietary")


def package(name: str, version: str = "1.0.0", **changed: object) -> Component:
    """A package of npm's."""
    values = {"purl": f"pkg:npm/{name}@{version}", "name": name, "version": version, "ecosystem": "npm"}
    return Component(**{**values, **changed})  # type: ignore[arg-type]


def judged(
    component: Component, license_id: str = "MIT", duties: Iterable[Obligation] = MIT_DUTIES, **changed: str
) -> Judgement:
    """What follows for a component on the surface `web`."""
    values = {"surface": "web", "relationship": "bundled-js", "ruling": "ok", **changed}
    return Judgement(purl=component.purl, license=license_id, duties=tuple(duties), **values)  # type: ignore[arg-type]


def scan_of(
    components: Iterable[Component],
    judgements: Iterable[Judgement],
    conclusions: Iterable[Conclusion] = (),
    surfaces: tuple[Surface, ...] = (WEB,),
) -> Scan:
    """A scan of nothing else."""
    return Scan(
        "0",
        Project("messenger", "/project", "proprietary"),
        Graph((), tuple(sorted(components, key=lambda one: one.purl))),
        conclusions=tuple(conclusions),
        surfaces=surfaces,
        judgements=tuple(judgements),
    )


def attributed(scan: Scan, held: Mapping[str, Holdings], contact: str = "") -> Attributions:
    """The attributions of a scan."""
    return gather(scan, shipped_components(scan), held, contact)


def license_file(text: str, *, authors: tuple[str, ...] = (), role: Role = Role.LICENSE) -> Holdings:
    """A package with one text."""
    return Holdings(((role, "LICENSE", text.encode("utf-8", "surrogatepass")),), metadata=Metadata(authors))
