"""The decisions that people signed, as the report lists them: each with who, when, why, and how it stands today."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from licscan.base.escape import one_line
from licscan.base.messages import N_, _
from licscan.export.words import title_of_code
from licscan.model import Scan
from licscan.report.bilingual import Both, bilingual, both
from licscan.review.chain import NO_LEDGER, Entry, Ledger, package_of
from licscan.review.decision import Verb
from licscan.review.open import standings

VERBS = {
    Verb.ACCEPT: N_("accepted"),
    Verb.WAIVE: N_("waived until {day}"),
    Verb.ENTITLE: N_("needs an entitlement"),
    Verb.REPLACE: N_("to be replaced"),
    Verb.WITHDRAW: N_("withdrawn"),
}
STATES = {
    "stands": N_("applies"),
    "lapsed": N_("lapsed"),
    "superseded": N_("superseded"),
    "withdrawn": N_("withdrawn"),
    "withdrawal": N_("withdraws an earlier decision"),
    "idle": N_("no finding of the last scan is about it"),
}
"""By `Standing.state`."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the ledger; `day` is ISO 8601."""

    number: int
    verb: Both
    finding: Both
    about: str
    surface: str
    who: str
    day: str
    why: str
    state: str
    standing: Both
    changes: tuple[Both, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """All decisions, the digest of the last, why the chain does not hold (empty: it does), who signed how many."""

    lines: tuple[Line, ...] = ()
    head: str = ""
    broken: Both | None = None
    people: tuple[tuple[str, int], ...] = ()


def signed(scan: Scan, ledger: Ledger | None, today: date) -> Signed:
    """The ledger held against the scan; `people` signed what stands."""
    held = ledger or NO_LEDGER
    told = [
        Line(
            number=one.entry.number,
            verb=both(lambda entry=one.entry: _(VERBS[entry.decision.verb]).format(day=entry.decision.until)),  # type: ignore[misc]
            finding=both(lambda entry=one.entry: title_of_code(entry.decision.code)),  # type: ignore[misc]
            about=one_line(_about(scan, one.entry), 200),
            surface=one_line(one.entry.decision.surface, 80),
            who=one_line(one.entry.decision.who, 120),
            day=one_line(one.entry.decision.when[:10]),
            why=one_line(one.entry.decision.why, 1_000),
            state=one.state,
            standing=both(lambda state=one.state: _(STATES[state])),  # type: ignore[misc]
            changes=tuple(map(bilingual, one.changes)),
        )
        for one in standings(scan, held, today)
    ]
    people = Counter(one.who for one in told if one.state == "stands")
    broken = both(lambda: str(held.broken)) if held.broken else None
    return Signed(
        tuple(told), held.head if told else "", broken, tuple(sorted(people.items(), key=lambda one: (-one[1], one[0])))
    )


def _about(scan: Scan, entry: Entry) -> str:
    """The component by the name that the rest of the report has for it."""
    decision = entry.decision
    version = f"@{decision.version}" if decision.version else ""
    component = scan.graph.by_purl.get(f"{decision.package}{version}")
    return f"{component.name}{version}" if component else package_of(decision)
