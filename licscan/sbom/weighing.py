"""What a buyer weighs when he chooses between suppliers: what blocks, what is unknown, what he takes over, how old it
is. Counted from an SBOM and its judgement, nothing guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from licscan.model import NOASSERTION, NONE, ComponentKind, Scan, Verdict
from licscan.sbom.model import Bom, BomComponent, LicenseRole

_SAID = frozenset({LicenseRole.DECLARED, LicenseRole.CONCLUDED, LicenseRole.UNSTATED})


@dataclass(frozen=True, slots=True, order=True)
class Blocker:
    """A license that a surface cannot carry, and the packages that are under it, as name and version."""

    surface: str
    license: str
    packages: tuple[str, ...]


@dataclass(frozen=True)
class Weighed:
    """One supplier. `unsettled` counts packages of which it cannot be told whether they may be used; `evidence` counts
    components by what the SBOM has of them; `duties` has their names by surface, notices first; `days` is the age of
    the document, None where it does not say when it was made."""

    blockers: tuple[Blocker, ...]
    unsettled: int
    components: int
    evidence: Mapping[str, int]
    duties: Mapping[str, tuple[str, ...]]
    days: int | None


EVIDENCE: Mapping[str, Callable[[BomComponent], bool]] = {
    "concluded": lambda one: _is_told(one.license_of(LicenseRole.CONCLUDED)),
    "license": lambda one: any(_is_told(said.expression or said.name) for said in one.licenses if said.role in _SAID),
    "files": lambda one: bool(one.evidence) or any(said.role is LicenseRole.FOUND for said in one.licenses),
    "copyright": lambda one: bool(one.copyrights) or _is_told(one.copyright_text),
    "supplier": lambda one: bool(one.supplier or one.manufacturer),
    "digest": lambda one: bool(one.hashes) or any(reference.hashes for reference in one.references),
    "identity": lambda one: bool(one.purl and one.version),
}
"""What an SBOM can have of a component that makes it checkable, by its key in JSON."""


def weigh(bom: Bom, scan: Scan, today: date) -> Weighed:
    """What counts in one supplier's SBOM; `today` is the day from which its age is told."""
    others = list(bom.others())
    return Weighed(
        blockers=tuple(sorted(_blockers(scan))),
        unsettled=len({one.purl for one in scan.findings if one.purl and _is_open(one)}),
        components=len(others),
        evidence={name: sum(map(holds, others)) for name, holds in EVIDENCE.items()},
        duties={surface.name: tuple(_duties(scan, surface.name)) for surface in scan.surfaces},
        days=_days(bom.created, today),
    )


def _is_told(text: str) -> bool:
    return text not in ("", NOASSERTION, NONE)


def _is_open(finding: object) -> bool:
    return getattr(finding, "verdict", None) is Verdict.CANNOT_TELL and not getattr(finding, "waiver", "")


def _blockers(scan: Scan) -> Iterable[Blocker]:
    found: dict[tuple[str, str], set[str]] = {}
    known = {one.purl: one for one in scan.graph.components if one.kind is ComponentKind.PACKAGE}
    for finding in scan.counted():
        package = known.get(finding.purl or "")
        if finding.verdict is Verdict.VIOLATION and package is not None:
            told = scan.by_purl.get(package.purl)
            license_ = told.concluded if told else NOASSERTION
            found.setdefault((finding.surface, license_), set()).add(f"{package.name} {package.version or ''}".strip())
    return (Blocker(surface, license_, tuple(sorted(names))) for (surface, license_), names in found.items())


def _duties(scan: Scan, surface: str) -> list[str]:
    """Kinds of duties, without those of what may not be used: nothing that could be given makes that right."""
    usable = (one for one in scan.judgements if one.surface == surface and one.ruling != "conflict")
    return sorted({duty.name for one in usable for duty in one.duties})


def _days(created: str, today: date) -> int | None:
    """Whole days since a document was made; a day that has not come yet is no age."""
    try:
        made = datetime.fromisoformat(created.replace("Z", "+00:00")).date()
    except ValueError:
        return None
    return (today - made).days if made <= today else None
