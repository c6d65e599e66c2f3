"""What the findings are judged by, and what the rules are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from licscan.model import Component, ComponentKind, Conclusion, Graph, Problem, Scope, Sources

_NOT_SHIPPED = frozenset({Scope.DEV, Scope.BUILD})


@dataclass(frozen=True, slots=True)
class Policy:
    """The product's own license (an SPDX expression, or `proprietary`), and how that is known."""

    outbound: str = "proprietary"
    outbound_reason: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """All that a rule may look at."""

    graph: Graph
    conclusions: Mapping[str, Conclusion]
    problems: tuple[Problem, ...]
    policy: Policy
    sources: Sources | None = None


def is_ours(component: Component) -> bool:
    """Whether it is a first-party project."""
    return component.kind is ComponentKind.PROJECT


def is_shipped(component: Component) -> bool:
    """Whether it must be taken as shipped: only what is needed for nothing but development and build is not."""
    return not component.scopes or not _NOT_SHIPPED.issuperset(component.scopes)
