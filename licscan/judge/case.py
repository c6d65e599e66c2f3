"""What the rules are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from licscan.compare.drift import Earlier
from licscan.judge.policy import Policy
from licscan.judge.works import JudgedSurface, Outcome
from licscan.model import NOT_ASKED, Conclusion, Graph, Problem, Sources
from licscan.model.content import Content
from licscan.model.contents import ContentsByPurl


@dataclass(frozen=True)
class Case:
    """All that a rule may look at."""

    graph: Graph
    conclusions: Mapping[str, Conclusion]
    problems: tuple[Problem, ...]
    policy: Policy
    sources: Sources | None = None
    surfaces: tuple[JudgedSurface, ...] = ()
    insides: ContentsByPurl = field(default_factory=dict)
    earlier: Mapping[str, Earlier] = field(default_factory=dict)
    content: Content | None = None

    @cached_property
    def refused(self) -> dict[str, str]:
        """Why no registry was asked about a package, by PackageURL."""
        return {one.subject: one.message for one in self.problems if one.code == NOT_ASKED}

    @cached_property
    def outcomes(self) -> dict[str, list[Outcome]]:
        """What follows for each component, by PackageURL, on every surface that it is on."""
        found: dict[str, list[Outcome]] = {}
        for judged in self.surfaces:
            for outcome in judged.outcomes:
                found.setdefault(outcome.member.component.purl, []).append(outcome)
        return found
