"""How much of what is shipped was judged on its texts, on metadata alone, on nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from licscan.model.contents import PRESENT
from licscan.model.evidence import Conclusion
from licscan.model.graph import Component
from licscan.model.surface import Judgement
from licscan.model.terms import ComponentKind, Coverage


@dataclass(frozen=True, slots=True)
class CoverageCount:
    """Shipped packages of others by what they were judged on; `sbom` are those of `metadata` that an SBOM tells of.

    `parts` are no packages of their own: shipped parts inside of packages of which no text was read.
    """

    texts: int = 0
    metadata: int = 0
    nothing: int = 0
    sbom: int = 0
    parts: int = 0

    @property
    def shipped(self) -> int:
        """All of them."""
        return self.texts + self.metadata + self.nothing

    @property
    def is_whole(self) -> bool:
        """Whether texts were looked for in every one."""
        return self.texts == self.shipped


def coverage_of(conclusion: Conclusion | None) -> Coverage:
    """What one component was judged on; nothing where nobody concluded anything."""
    return conclusion.coverage if conclusion else Coverage.NOTHING


def counts_as_package(component: Component) -> bool:
    """Whether it is a package of its own by others; what stands inside one is covered with the one that holds it."""
    return component.kind is ComponentKind.PACKAGE and not component.embedded


def shipped_packages(components: Iterable[Component], judgements: Iterable[Judgement]) -> tuple[Component, ...]:
    """The packages of others that go to people on some surface; by their scopes where no surface tells of them."""
    told: dict[str, bool] = {}
    for judgement in judgements:
        told[judgement.purl] = told.get(judgement.purl, False) or judgement.is_shipped
    return tuple(one for one in components if counts_as_package(one) and told.get(one.purl, one.is_shipped))


def parts_without_text(components: Iterable[Component], conclusions: Mapping[str, Conclusion]) -> int:
    """How many parts that are there inside of packages are known from lists or file names alone."""
    return sum(
        one.embedded == PRESENT and one.is_shipped and coverage_of(conclusions.get(one.purl)) is not Coverage.TEXTS
        for one in components
    )


def count_coverage(packages: Iterable[Component], conclusions: Mapping[str, Conclusion]) -> CoverageCount:
    """How many of the packages were judged on what."""
    counts = dict.fromkeys(Coverage, 0)
    told = 0
    for package in packages:
        conclusion = conclusions.get(package.purl)
        counts[coverage_of(conclusion)] += 1
        told += conclusion is not None and conclusion.is_told_by_sbom
    return CoverageCount(counts[Coverage.TEXTS], counts[Coverage.METADATA], counts[Coverage.NOTHING], told)
