"""What the findings are judged by, and what the rules are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from licscan.compare.drift import Earlier
from licscan.judge.policies import NO_POLICY, LicensePolicy
from licscan.model import Component, ComponentKind, Conclusion, Graph, Problem, Scope, Sources
from licscan.model.contents import Insides

if TYPE_CHECKING:
    from licscan.judge.works import JudgedSurface, Outcome

_NOT_SHIPPED = frozenset({Scope.DEV, Scope.BUILD})


@dataclass(frozen=True, slots=True)
class Policy:
    """The product's own license (an SPDX expression, or `proprietary`), how that is known, and the user's rules."""

    outbound: str = "proprietary"
    outbound_reason: str = ""
    licenses: LicensePolicy = NO_POLICY


@dataclass(frozen=True)
class Case:
    """All that a rule may look at."""

    graph: Graph
    conclusions: Mapping[str, Conclusion]
    problems: tuple[Problem, ...]
    policy: Policy
    sources: Sources | None = None
    surfaces: tuple[JudgedSurface, ...] = ()
    insides: Insides = field(default_factory=dict)
    earlier: Mapping[str, Earlier] = field(default_factory=dict)

    @cached_property
    def outcomes(self) -> dict[str, list[Outcome]]:
        """What follows for each component, by PackageURL, on every surface that it is on."""
        found: dict[str, list[Outcome]] = {}
        for judged in self.surfaces:
            for outcome in judged.outcomes:
                found.setdefault(outcome.member.component.purl, []).append(outcome)
        return found


def is_ours(component: Component) -> bool:
    """Whether it is a first-party project."""
    return component.kind is ComponentKind.PROJECT


def is_shipped(component: Component) -> bool:
    """Whether it must be taken as shipped: only what is needed for nothing but development and build is not."""
    return not component.scopes or not _NOT_SHIPPED.issuperset(component.scopes)
