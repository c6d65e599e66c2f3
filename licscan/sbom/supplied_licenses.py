"""What a supplier's SBOM says of licenses, as claims, evidence and conclusions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from licscan.attribution.texts import body_of
from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.conclude.conclusion import conclude
from licscan.licenses.names import PROPRIETARY
from licscan.licenses.spdx import same
from licscan.licenses.statements import Reading, read_license
from licscan.model import (
    NOASSERTION,
    NONE,
    Claim,
    Component,
    Conclusion,
    Copyright,
    Evidence,
    EvidenceKind,
    Graph,
    Location,
    Origin,
    PackageFiles,
)
from licscan.sbom.model import Bom, BomComponent, LicenseRole, LicenseStatement
from licscan.sbom.references import MAX_TEXT
from licscan.sbom.supplied_texts import Texts, is_own_name, reading_of

FIELDS = {
    LicenseRole.CONCLUDED: "concluded license",
    LicenseRole.DECLARED: "declared license",
    LicenseRole.UNSTATED: "license of the SBOM",
}
"""By what name each statement is known; in the order of the alphabet, which is that of their weight."""

_CLASSIFIER = "stated classifier"
_SILENT = ("", NOASSERTION)
_SAYS_NOTHING = "declared license"
"""How tools that gather texts call what they found: the text tells, the name does not."""
MAX_NOTICES = 200


def claims_of(statements: Iterable[LicenseStatement], place: Location) -> Iterator[Claim]:
    """What is declared, concluded, or said without telling by whom; several names in one role leave AND or OR open."""
    groups: dict[LicenseRole, list[str]] = {}
    for one in statements:
        said = one.expression or one.name
        if one.role not in FIELDS or said in _SILENT:
            continue
        if said.startswith("License ::"):
            yield Claim(EvidenceKind.CLASSIFIER, _CLASSIFIER, said, Origin.SBOM, place)
        elif not _names_only_a_text(one):
            groups.setdefault(one.role, []).append(said)
    for role, every in groups.items():
        names = list(dict.fromkeys(every))
        raw = names[0] if len(names) == 1 else json.dumps(names, ensure_ascii=False)
        yield Claim(EvidenceKind.DECLARED, FIELDS[role], raw, Origin.SBOM, place, len(names) > 1)


def _names_only_a_text(one: LicenseStatement) -> bool:
    return bool(one.text) and not one.expression and one.name.lower().startswith(_SAYS_NOTHING)


def conclusions_of(bom: Bom, names: Mapping[str, str], graph: Graph, path: str, texts: Texts) -> dict[str, Conclusion]:
    """What is concluded of every component; `names` has the PackageURLs by ref."""
    entries: dict[str, list[BomComponent]] = {}
    for one in bom.components:
        entries.setdefault(names[one.ref], []).append(one)
    return {one.purl: _conclusion(one, entries.get(one.purl, []), path, texts) for one in graph.components}


def _conclusion(component: Component, entries: list[BomComponent], path: str, texts: Texts) -> Conclusion:
    """All that is said decides; what is declared stays apart, as the document has it."""
    silent = () if component.claims else (PackageFiles(Origin.SBOM, path),)
    found = tuple(dict.fromkeys(item for one in entries for item in _found(one, path, texts)))
    notices = tuple(dict.fromkeys(item for one in entries for item in _notices(one, path)))
    known = _readings(entries, component.claims, texts)
    concluded = _none_said(conclude(component, silent, found or None, notices, readings=known), component.claims)
    kept = tuple(claim for claim in component.claims if claim.field != FIELDS[LicenseRole.CONCLUDED])
    if len(kept) == len(component.claims):
        return concluded
    declared = _none_said(conclude(replace(component, claims=kept), readings=known), kept).declared
    return replace(concluded, declared=declared)


def _readings(entries: Iterable[BomComponent], claims: Iterable[Claim], texts: Texts) -> dict[str, Reading]:
    """What texts and contracts tell of statements whose words do not, by the words; two that differ tell nothing."""
    told: dict[str, Reading | None] = {}
    for one in entries:
        for said in one.licenses:
            words = said.expression or said.name
            reading = reading_of(said, texts) or _bought(said)
            if reading is not None and said.role in FIELDS:
                told[words] = reading if told.get(words, reading) == reading else None
    known = {words: reading for words, reading in told.items() if reading is not None}
    for claim in claims:  # a list of names is one statement
        if claim.structured and any(name in known for name in json.loads(claim.raw)):
            each = [known[name] if name in known else read_license(name) for name in json.loads(claim.raw)]
            known[claim.raw] = _several(each)
    return known


def _several(readings: list[Reading]) -> Reading:
    from licscan.licenses.statements import read_npm

    named = [one.expression for one in readings]
    if any(name is None for name in named):
        note = _("One of the entries is not a license name that licscan knows.")
        return Reading(None, "unknown", 0.0, note=note)
    return read_npm(json.dumps(named))


def _bought(said: LicenseStatement) -> Reading | None:
    """A license that somebody bought, by a name that no table has: it is proprietary, on the terms of a contract."""
    words = said.expression or said.name
    if not said.contract or (read_license(words).expression is not None and not is_own_name(words)):
        return None
    note = _("The SBOM records a purchased license ({contract}); its terms are those of the contract.")
    return Reading(PROPRIETARY, "contract", 0.9, note=note.format(contract=one_line(said.contract, 300)))


def _none_said(conclusion: Conclusion, claims: tuple[Claim, ...]) -> Conclusion:
    """SPDX's NONE says that there is no license, which is more than to say nothing."""
    if not claims or any(claim.raw != NONE for claim in claims):
        return conclusion
    basis = _("The SBOM says that there is no license.")
    return replace(conclusion, declared=NONE, concluded=NONE, basis=basis)


def _found(one: BomComponent, path: str, texts: Texts) -> Iterator[Evidence]:
    """What the supplier's tool found in files, what texts say against their names, and of what it is a derivation."""
    for said in one.licenses:
        raw = said.expression or said.name
        if said.role is LicenseRole.FOUND and raw not in (*_SILENT, NONE):
            # tools that gather texts name the file (`file: LICENSE`): then the text tells
            place = f"{path}: {one_line(said.comment, 200)}" if said.comment else path
            yield _piece(EvidenceKind.FILE, "found license", raw, _reading_of_found(said, raw, texts), place)
        elif said.role in FIELDS and (told := texts.of(said)) and _differs(said, told):
            reading = Reading(told, "text", 0.9)
            yield _piece(EvidenceKind.FILE, "license text", raw, reading, path)
    for ancestor in one.ancestors:
        place = f"{path}: pedigree, {one_line(ancestor.label, 200)}"
        for said in ancestor.licenses:
            raw = said.expression or said.name
            if raw not in (*_SILENT, NONE):
                reading = reading_of(said, texts) or read_license(raw)
                yield _piece(EvidenceKind.PART, "license of its ancestor", raw, reading, place)


def _reading_of_found(said: LicenseStatement, raw: str, texts: Texts) -> Reading:
    if said.text and not said.expression:
        told = texts.of(said)
        return Reading(told, "text", 0.9) if told else read_license(said.text)
    return reading_of(said, texts) or read_license(raw)


def _differs(said: LicenseStatement, told: str) -> bool:
    """Whether a text is another license's than its name; a name that says nothing is told by the text."""
    words = said.expression or said.name
    if _names_only_a_text(said):
        return True
    stated = read_license(words).expression
    return stated is not None and not is_own_name(words) and not same(stated, told)


def _piece(kind: EvidenceKind, field: str, raw: str, reading: Reading, place: str) -> Evidence:
    return Evidence(
        kind, field, raw, reading.expression, Origin.SBOM, Location(place), reading.method, reading.score, reading.note
    )


def _notices(one: BomComponent, path: str) -> Iterator[Copyright]:
    lines = [notice.statement for notice in one.copyrights] or one.copyright_text.splitlines()
    lines = lines or [line for said in one.licenses if said.text for line in body_of(said.text[:MAX_TEXT]).statements]
    for line in lines[:MAX_NOTICES]:
        text = " ".join(line.split())
        if text not in (*_SILENT, NONE):
            yield Copyright(path, None, text[:2_000])
