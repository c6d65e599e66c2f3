"""A statement that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass

from licscan.model.graph import Location
from licscan.model.terms import Severity, Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement that a person can act on; `purl` is None when it is about the scan as a whole.

    `surface` is the artefact that it is about, empty for all. `waiver` says who answers for it, why and until when;
    empty where nobody does. `decision` says what somebody decided about it without answering for it.
    """

    code: str
    severity: Severity
    verdict: Verdict
    purl: str | None
    message: str
    why: str = ""
    paths: tuple[tuple[str, ...], ...] = ()
    remedies: tuple[str, ...] = ()
    locations: tuple[Location, ...] = ()
    surface: str = ""
    waiver: str = ""
    decision: str = ""
