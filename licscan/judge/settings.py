"""What the user has told of the artefacts and their parts, as the judgement takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from licscan.config.settings import ComponentSetting, SurfaceSetting
from licscan.law.decide import no_preference
from licscan.law.facts import Facts
from licscan.model import Component


def no_more(component: Component, facts: Facts) -> Facts:
    """Nothing is known of the component beyond what is told of the product."""
    return facts


def all_branches(expression: str, component: Component, surface: str) -> str:
    """Every branch of an OR may be chosen."""
    return expression


COMMERCIAL = Facts(commercial=True)
"""What is taken of a company about which nothing is told."""


@dataclass(frozen=True, slots=True)
class PartRoot:
    """A root that the SBOM of a part brings: the surfaces into which it goes, all where none is named.

    `ours` is whether it is a root of the project itself too, which goes where that goes as well.
    """

    surfaces: tuple[str, ...] = ()
    ours: bool = False

    def goes_into(self, surface: str) -> bool:
        """Whether the part goes into this surface."""
        return not self.surfaces or surface in self.surfaces


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is told; without `surfaces` they are assumed.

    `facts` are the product's, `more` adds what is recorded of one component (entitlements, grants), `prefer` ranks
    licenses, lower first, `permit` takes out of an expression the branches of an OR that may not be chosen for a
    component on a surface. `parts` are the roots that SBOMs of parts bring.
    """

    surfaces: tuple[SurfaceSetting, ...] = ()
    components: tuple[ComponentSetting, ...] = ()
    facts: Facts = COMMERCIAL
    more: Callable[[Component, Facts], Facts] = no_more
    prefer: Callable[[str], int] = no_preference
    permit: Callable[[str, Component, str], str] = all_branches
    parts: Mapping[str, PartRoot] = field(default_factory=dict)


NO_SETTINGS = Settings()
