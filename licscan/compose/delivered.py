"""What a scan says, as the documents of a delivery: facts, duties with their state, offers, decisions, open points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from licscan import __version__
from licscan.attribution.gather import shipped_components
from licscan.attribution.records import Attributions, GapKind
from licscan.base.messages import NOT_ADVICE, _, ngettext
from licscan.delivery.statement import Subject
from licscan.law.vocabulary import NOTICE_DUTIES, SOURCE_DUTIES, DutyName
from licscan.law.words import title_of, what_to_do
from licscan.model import ComponentKind, Scan, Severity, Verdict
from licscan.model.surface import Surface
from licscan.review.chain import Ledger
from licscan.review.open import standings
from licscan.sbom.model import Bom, Party
from licscan.verify.records import Verified

SCHEMA_VERSION = "1.0"
NOT_SEEN = "not-seen"
"""What a package's own list of parts names, and nothing in the package shows; the SBOM has it, and nothing is owed."""
_BY_NOTICES = frozenset(
    {*(one.value for one in NOTICE_DUTIES), DutyName.ACKNOWLEDGMENT.value, DutyName.ATTRIBUTION.value}
)
_BY_OFFERS = frozenset(one.value for one in SOURCE_DUTIES)


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """One open point: the part of licscan that states it, a code, what it is about, a sentence, what can be done."""

    source: str
    code: str
    verdict: str
    component: str
    sentence: str
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """What the delivery is of, and who answers for it."""

    name: str
    version: str
    supplier: Party | None
    created: str


def about(scan: Scan, surface: Surface, product: Product, told: Attributions, subjects: Sequence[Subject]) -> Any:
    """`delivery.json`: what this is, from which scan, what is the supplier's own, what asks for nothing."""
    entries = {one.purl for one in told.entries}
    silent = {one.purl for one in shipped_components(scan, [surface.name])} - entries
    supplier = product.supplier
    return {
        "schema_version": SCHEMA_VERSION,
        "product": {"name": product.name, "version": product.version or None},
        "project": told.project,
        "supplier": {"name": supplier.name, "email": supplier.email or None, "url": supplier.url or None}
        if supplier
        else None,
        "surface": {
            "name": surface.name,
            "deployment": surface.deployment,
            "outbound": surface.effective or surface.outbound,
        },
        "created": product.created,
        "tool": {"name": "licscan", "version": __version__},
        "artifacts": [
            {"name": one.name, "digest": {"dirHash" if one.is_folder else "sha256": one.digest}}
            for one in sorted(subjects)
        ],
        "scan": {
            "tool_version": scan.tool_version,
            "verdict": scan.gate.value,
            "inputs": [{"path": one.path, "sha256": one.sha256 or None} for one in scan.inputs],
            "assumptions": list(surface.assumed),
        },
        "own": sorted(plain(one.purl) for one in scan.graph.components if one.kind is ComponentKind.PROJECT),
        "silent": sorted(map(plain, silent)),
        "not_seen": sorted(plain(one.purl) for one in scan.graph.components if one.embedded == NOT_SEEN),
        "disclaimer": _(NOT_ADVICE),
    }


def plain(purl: str) -> str:
    """A PackageURL without what tools add as they like."""
    return purl.partition("?")[0]


def duties(scan: Scan, surface: Surface, told: Attributions) -> list[dict[str, Any]]:
    """Each duty once for all components under a license, with its state: `met` by the notices or offers of the
    delivery, `open` where something lacks, `person` where only a person can see to it."""
    gaps = {gap.purl for gap in told.gaps}
    everywhere = "" in gaps
    found: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    for judgement in scan.judgements:
        if judgement.surface == surface.name and judgement.ruling != "conflict":
            for duty in judgement.duties:
                clauses, purls = found.setdefault((duty.name, duty.license), (set(), set()))
                clauses.add(duty.clause)
                purls.add(judgement.purl)
    entries = {one.purl: one for one in told.entries}
    rows = []
    for (name, license_), (clauses, purls) in sorted(found.items()):
        if name in _BY_NOTICES:
            lacking = sorted(purl for purl in purls if purl in gaps or purl not in entries)
            state, where = ("open" if lacking else "met"), "NOTICES.txt"
        elif name in _BY_OFFERS:
            lacking = sorted(purl for purl in purls if everywhere or not _offers(entries, purl, name))
            state, where = ("open" if lacking else "met"), "source-offers.json"
        else:
            state, where, lacking = "person", "", []
        counted = ngettext("{count} component", "{count} components", len(purls)).format(count=f"{len(purls):,}")
        rows.append(
            {
                "name": name,
                "title": title_of(name),
                "license": license_,
                "clauses": sorted(filter(None, clauses)),
                "what": what_to_do(name, counted, license_),
                "state": state,
                "where": where or None,
                "lacking": lacking,
                "components": sorted(purls),
            }
        )
    return rows


def _offers(entries: dict[str, Any], purl: str, name: str) -> bool:
    return purl in entries and any(offer.duty == name for offer in entries[purl].offers)


def offers(told: Attributions) -> dict[str, Any]:
    """`source-offers.json`: the source code that is owed, where it is, and whom to ask."""
    return {
        "contact": told.contact or None,
        "offers": [
            {"purl": entry.purl, "name": entry.name, "version": entry.version or None, **asdict(offer)}
            for entry in told.entries
            for offer in entry.offers
        ],
    }


def decisions(scan: Scan, surface: Surface, ledger: Ledger | None, today: date) -> dict[str, Any]:
    """`decisions.json`: the head of the ledger, and the decisions that cover findings of this surface."""
    standing = standings(scan, ledger, today) if ledger else []
    return {
        "head": ledger.head if ledger else None,
        "entries": len(ledger.entries) if ledger else 0,
        "broken": str(ledger.broken) if ledger and ledger.broken else None,
        "decisions": [
            {"number": one.entry.number, "digest": one.entry.digest, **asdict(one.entry.decision)}
            for one in standing
            if one.state == "stands" and one.entry.decision.surface in ("", surface.name)
        ],
    }


def of_findings(scan: Scan, surface: Surface, bom: Bom) -> Iterator[Point]:
    """The findings that nobody answers for, about the surface or what it ships."""
    shipped = {plain(one.purl) for one in bom.components}
    for one in scan.findings:
        if one.waiver or one.verdict is Verdict.OK or one.severity is Severity.NOTE:
            continue
        elsewhere = one.surface not in ("", surface.name) or (one.purl and plain(one.purl) not in shipped)
        if not elsewhere:
            told = one.message if not one.decision else f"{one.message} ({one.decision})"
            yield Point("scan", one.code, one.verdict.value, one.purl or "", told, one.remedies)


def of_notices(told: Attributions, findings: Iterable[Point]) -> Iterator[Point]:
    """What the notices lack; a license that allows nothing, or is not known, is a finding already."""
    known = {one.component for one in findings}
    for gap in told.gaps:
        if gap.kind is not GapKind.CONFLICT and not (gap.kind is GapKind.NO_LICENSE and gap.purl in known):
            yield Point("notices", f"notices-{gap.kind.value}", Verdict.CANNOT_TELL.value, gap.purl, gap.sentence)


def of_artifact(told: Verified) -> Iterator[Point]:
    """What the artifact lacks of what is owed for what is inside, and what of it cannot be told."""
    for one in told.components:
        if one.missing:
            what = _(", ").join(dict.fromkeys(demand.shown for demand in one.missing))[:400]
            sentence = _("{artifact} contains it, and the notices lack: {what}").format(
                artifact=told.artifact, what=what
            )
            yield Point("artifact", "artifact-lacks", Verdict.VIOLATION.value, one.purl, sentence)
        for sentence in one.open_:
            yield Point("artifact", "artifact-open", Verdict.CANNOT_TELL.value, one.purl, sentence)
    for unknown in told.unknown:
        said = f"{told.artifact}: {unknown.file}: {unknown.reason}"
        yield Point("artifact", "artifact-unclear", Verdict.CANNOT_TELL.value, "", said)
    for finding in told.findings:
        yield Point("artifact", finding.code, finding.verdict.value, "", f"{finding.file}: {finding.message}")
    for problem in told.problems:
        said = f"{problem.subject}: {problem.message}"
        yield Point("artifact", "input-unreadable", Verdict.CANNOT_TELL.value, "", said)


def points_document(points: Iterable[Point]) -> dict[str, Any]:
    """`open-points.json`."""
    rows = [{**asdict(one), "remedies": list(one.remedies)} for one in sorted(set(points))]
    return {"schema_version": SCHEMA_VERSION, "points": rows}
