"""The frozen types of a judgement, as they stand in a Scan: surfaces, and what follows for each component on each."""

from __future__ import annotations

from dataclasses import dataclass

NOT_SHIPPED = frozenset({"dev-tool", "test-only", "build-tool"})
"""Relationships of what no artefact carries: `law.vocabulary.RELATIONSHIPS` with the binding `not-shipped`."""


@dataclass(frozen=True, slots=True, order=True)
class Surface:
    """One artefact and how it reaches people.

    `deployment` is a value of `law.vocabulary.Deployment`, `outbound` an SPDX expression or `proprietary`, `effective`
    the outbound that the components leave possible. `roots` are PackageURLs of the roots that go into it. `assumed`
    holds a sentence for everything that nobody has configured.
    """

    name: str
    deployment: str
    outbound: str
    roots: tuple[str, ...] = ()
    effective: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Obligation:
    """What is owed for one component: a name of `law.vocabulary.DutyName`, the license and clause that ask for it."""

    name: str
    license: str
    clause: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Judgement:
    """What follows for one component on one surface.

    `ruling` is a value of `law.vocabulary.Ruling`, `license` the effective license: of every OR the branch chosen.
    `reasons` are sentences with their clause or authority.
    """

    surface: str
    purl: str
    relationship: str
    ruling: str
    license: str
    duties: tuple[Obligation, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def is_shipped(self) -> bool:
        """Whether the artefact carries it, as far as its relationship tells."""
        return self.relationship not in NOT_SHIPPED
