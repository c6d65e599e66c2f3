"""Puts a finding together: the texts of its code, how loud it is, where the component comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from licscan.base.messages import _
from licscan.base.tables import load_toml
from licscan.base.terms import needed_for
from licscan.judge.case import Case
from licscan.model import SEVERITY_RANK, Component, Finding, Location, Severity, Verdict
from licscan.model.surface import Surface

MAX_PATHS = 5


def texts_of(code: str) -> dict[str, Any]:
    """The texts of a finding's code."""
    texts: dict[str, Any] = load_toml("findings.toml")[code]
    return texts


def about_component(
    case: Case,
    component: Component,
    code: str,
    message: str,
    verdict: Verdict,
    *,
    variant: str = "",
    loudness: str = "",
    locations: Iterable[Location] = (),
    surface: Surface | None = None,
    why: str = "",
    remedies: Iterable[str] = (),
) -> Finding:
    """A finding about a component, on one surface or on all.

    `variant` picks texts (`why`, `remedies`) and `loudness` a severity other than the usual ones of the code; `why` and
    `remedies` that are given count before those. A component that is not shipped gives a note, whatever it is under,
    and the message says so.
    """
    texts = texts_of(code)
    severity = Severity(texts.get(f"severity_{loudness}", texts["severity"]))
    if surface is None and not component.is_first_party and not _is_anywhere(case, component):
        severity = Severity.NOTE
        scopes = needed_for(component.scopes)
        message = _("{message} It is needed only for {scopes} and taken as not shipped.").format(
            message=message, scopes=scopes
        )
    own = "project" if component.is_first_party else ""
    chosen = texts.get(variant) if isinstance(texts.get(variant), dict) else {}
    usual = (chosen or {}).get("remedies") or texts.get(f"remedies_{variant or own}") or texts["remedies"]
    return Finding(
        code=code,
        severity=severity,
        verdict=verdict,
        purl=component.purl,
        message=message,
        why=why or _((chosen or {}).get("why", texts["why"])),
        paths=case.graph.paths_to(component.purl, surface.roots if surface else None)[:MAX_PATHS],
        remedies=tuple(remedies) or tuple(_(remedy) for remedy in usual),
        locations=tuple(dict.fromkeys(locations)),
        surface=surface.name if surface else "",
    )


def _is_anywhere(case: Case, component: Component) -> bool:
    """Whether it is shipped by its scopes, or on some surface by what is told of it or of what it is."""
    return component.is_shipped or any(one.member.shipped for one in case.outcomes.get(component.purl, ()))


def about_surface(code: str, surface: Surface, message: str, verdict: Verdict, why: str = "") -> Finding:
    """A finding about a surface as a whole."""
    texts = texts_of(code)
    return Finding(
        code=code,
        severity=Severity(texts["severity"]),
        verdict=verdict,
        purl=None,
        message=message,
        why=why or _(texts["why"]),
        remedies=tuple(_(remedy) for remedy in texts["remedies"]),
        surface=surface.name,
    )


def about_input(case: Case, code: str, subject: str, message: str, variant: str = "") -> Finding:
    """A finding about a file, or about the component that the problem names; `variant` picks `why` and `remedies`."""
    component = case.graph.by_purl.get(subject)
    if component is not None:
        return about_component(
            case, component, code, message, Verdict.CANNOT_TELL, variant=variant, locations=component.found_in
        )
    texts = texts_of(code)
    chosen = texts.get(variant) or texts
    return Finding(
        code=code,
        severity=Severity(texts["severity"]),
        verdict=Verdict.CANNOT_TELL,
        purl=subject if subject.startswith("pkg:") else None,
        message=_("{subject}: {message}").format(subject=subject, message=message),
        why=_(chosen["why"]),
        remedies=tuple(_(remedy) for remedy in chosen["remedies"]),
        locations=() if subject.startswith("pkg:") else (Location(subject),),
    )


def order(finding: Finding) -> tuple[Any, ...]:
    """Loudest first, then by code, component and text."""
    places = tuple((place.path, place.start_line or 0) for place in finding.locations)
    return (
        -SEVERITY_RANK[finding.severity],
        finding.code,
        finding.purl or "",
        finding.message,
        finding.surface,
        places,
    )
