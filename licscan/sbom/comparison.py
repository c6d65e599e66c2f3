"""Suppliers side by side: what would follow from each one's SBOM, and how much each says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from licscan.law.terms import terms_of
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, NONE, ComponentKind, Scan, Verdict
from licscan.sbom.model import Bom
from licscan.sbom.profiles import Gap

_VERSIONS = {
    "cyclonedx": ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"),
    "spdx": ("2.0", "2.1", "2.2", "2.3", "3.0.0", "3.0.1"),
}
"""The versions of each format, oldest first."""

_FORMATS = {"cyclonedx": "CycloneDX", "spdx": "SPDX"}

COPYLEFT = frozenset({"weak-file", "weak-module", "weak-library", "strong", "network"})


@dataclass(frozen=True, slots=True)
class OnSurface:
    """What counts on one surface: findings by verdict, and kinds of duties."""

    violations: int
    cannot_tell: int
    duties: int


@dataclass(frozen=True)
class Column:
    """One supplier: shares are counts of its components, `common` of those that each other one has too.

    `behind` is how many versions its format is behind the newest, None for one that nobody knows. `gaps` counts for
    each profile the required fields that are missing.
    """

    path: str
    product: str
    verdict: str
    surfaces: Mapping[str, OnSurface]
    components: int
    without_license: int
    copyleft: int
    differing: int
    common: int
    gaps: Mapping[str, int]
    format: str
    behind: int | None
    created: str


def compared(audits: Sequence[tuple[str, Bom, Scan, Mapping[str, tuple[Gap, ...]]]]) -> tuple[Column, ...]:
    """A column for each SBOM, in their order."""
    licenses = [_licenses(scan) for _path, _bom, scan, _gaps in audits]
    return tuple(_column(audit, licenses[n], licenses[:n] + licenses[n + 1 :]) for n, audit in enumerate(audits))


def _column(
    audit: tuple[str, Bom, Scan, Mapping[str, tuple[Gap, ...]]],
    own: Mapping[str, str],
    others: Sequence[Mapping[str, str]],
) -> Column:
    path, bom, scan, gaps = audit
    common = [purl for purl in own if others and all(purl in other for other in others)]
    return Column(
        path=path,
        product=scan.project.name,
        verdict=scan.gate.value,
        surfaces={surface.name: _on(scan, surface.name) for surface in scan.surfaces},
        components=len(own),
        without_license=sum(license_ in (NOASSERTION, NONE) for license_ in own.values()),
        copyleft=sum(is_copyleft(license_) for license_ in own.values()),
        differing=sum(any(other[purl] != own[purl] for other in others) for purl in common),
        common=len(common),
        gaps={name: sum(gap.required for gap in every) for name, every in gaps.items()},
        format=f"{_FORMATS.get(bom.format, bom.format)} {bom.spec_version.removeprefix('SPDX-')}",
        behind=_behind(bom),
        created=bom.created,
    )


def _licenses(scan: Scan) -> dict[str, str]:
    """What is concluded of every package; qualifiers, which tools add as they like, are no part of its name."""
    return {
        one.purl.partition("?")[0]: scan.by_purl[one.purl].concluded if one.purl in scan.by_purl else NOASSERTION
        for one in scan.graph.components
        if one.kind is ComponentKind.PACKAGE
    }


def _on(scan: Scan, surface: str) -> OnSurface:
    found = [one for one in scan.counted() if one.surface in ("", surface)]
    duties = {duty.name for one in scan.judgements if one.surface == surface for duty in one.duties}
    return OnSurface(_count(found, Verdict.VIOLATION), _count(found, Verdict.CANNOT_TELL), len(duties))


def _count(found: Iterable[object], verdict: Verdict) -> int:
    return sum(getattr(one, "verdict", None) is verdict for one in found)


def is_copyleft(expression: str) -> bool:
    """Whether any license of the expression is one that spreads."""
    if expression in (NOASSERTION, NONE):
        return False
    return any(terms_of(name).class_ in COPYLEFT for name in licenses_of(expression))


def _behind(bom: Bom) -> int | None:
    known = _VERSIONS.get(bom.format, ())
    version = bom.spec_version.removeprefix("SPDX-")
    return len(known) - 1 - known.index(version) if version in known else None
