"""What several rules ask of a case, a component or a conclusion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from licscan.base.listing import listed
from licscan.base.messages import _
from licscan.judge.case import Case
from licscan.model import OF_PARTS, Component, Conclusion, Evidence, Location


def components_with_conclusions(case: Case) -> Iterator[tuple[Component, Conclusion]]:
    """Every component with its conclusion."""
    for component in case.graph.components:
        conclusion = case.conclusions.get(component.purl)
        if conclusion is not None:
            yield component, conclusion


def display_name(component: Component) -> str:
    """Name and version, as people say it."""
    return f"{component.name} {component.version}" if component.version else component.name


def speaks_of_whole(evidence: Evidence) -> bool:
    """Whether it says something of the component as a whole."""
    return evidence.method != "none" and evidence.kind not in OF_PARTS


def locations_of(conclusion: Conclusion, methods: frozenset[str] | None = None) -> tuple[Location, ...]:
    """Where it is said, or where it is said by these methods."""
    said = (e for e in conclusion.evidence if speaks_of_whole(e) and (methods is None or e.method in methods))
    return tuple(dict.fromkeys(evidence.location for evidence in said))


def is_harmless(case: Case, component: Component) -> bool:
    """Whether it does not matter on any surface which of several readings is right."""
    found = case.outcomes.get(component.purl, ())
    return bool(found) and all(len(one.readings) > 1 and one.is_harmless for one in found)


def product_name(case: Case) -> str:
    """The product by its license, for sentences."""
    if case.policy.outbound == "proprietary":
        return _("a proprietary product")
    return _("a product under {license}").format(license=case.policy.outbound)


MOST_READINGS = 4


def listed_readings(readings: Sequence[str], between: str = "; ") -> str:
    """The first readings and the count of the rest; all of them stand in `license-ambiguous`."""
    return listed(readings, MOST_READINGS, between)
