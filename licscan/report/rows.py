"""The components as data for the table of the report: a short row each, and what opens under it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from licscan.base.escape import one_line, visible
from licscan.base.messages import _
from licscan.base.terms import evidence_words, relationship_words
from licscan.export.duties import owed
from licscan.export.states import KINDS, STATES, kind_of, shipped, states
from licscan.judge.coverage_words import coverage_words
from licscan.law.words import ruling_words, title_of
from licscan.model import (
    NOASSERTION,
    NONE,
    SCOPE_RANK,
    Component,
    ComponentKind,
    Conclusion,
    Coverage,
    Evidence,
    Scan,
    coverage_of,
)
from licscan.model.content import readable
from licscan.model.package import PackageMetadata
from licscan.model.surface import Judgement
from licscan.report.bilingual import Both, bilingual, both
from licscan.report.classes import CLASSES, class_of
from licscan.report.naming import evidence_place

MOST_EVIDENCE, MOST_PATHS, MOST_FINDINGS, MOST_COPYRIGHTS, MOST_REASONS = 8, 3, 12, 6, 4
MOST_PEOPLE = 6
MOST_MATCHED = 320
"""Characters of a matched text; the file and its lines say where the rest is."""


class Texts:
    """Sentences that the data name by number, each once."""

    def __init__(self) -> None:
        self._places: dict[Both, int] = {}

    def put(self, sentence: Both) -> int:
        """The sentence's number."""
        return self._places.setdefault(sentence, len(self._places))

    def listed(self) -> list[list[str] | str]:
        """All of them; one string where both languages have the same."""
        return [one.en if one.en == one.zh else one.pair() for one in self._places]


@dataclass(frozen=True, slots=True)
class Table:
    """`order` has each component's row by PackageURL; `rows` and `details` are JSON, safe inside a script tag."""

    order: dict[str, int]
    rows: str
    details: str


def order_of(scan: Scan, standing: Mapping[str, str]) -> dict[str, int]:
    """The row of each component: the worst state first, then by name."""
    ordered = sorted(
        scan.graph.components,
        key=lambda one: (
            -STATES.index(standing[one.purl]), one.kind is ComponentKind.PROJECT, one.name.lower(), one.purl,
        ),
    )  # fmt: skip
    return {one.purl: place for place, one in enumerate(ordered)}


def table(scan: Scan) -> Table:
    """Every component, first-party ones last within their verdict."""
    standing, carried = states(scan), shipped(scan)
    order = order_of(scan, standing)
    surfaces = {surface.name: place for place, surface in enumerate(scan.surfaces)}
    judged: dict[str, list[Judgement]] = {}
    for judgement in scan.judgements:
        judged.setdefault(judgement.purl, []).append(judgement)
    found: dict[str, list[Any]] = {}
    for finding in scan.findings:
        found.setdefault(finding.purl or "", []).append(finding)
    texts = Texts()
    rows, details = [], []
    for purl in order:
        component, conclusion = scan.graph.by_purl[purl], scan.by_purl.get(purl)
        mine = judged.get(purl, [])
        row = _row(component, conclusion, sorted({surfaces[one.surface] for one in mine}))
        rows.append([*row, STATES.index(standing[purl]), int(purl in carried)])
        details.append(
            {
                **_license(component, conclusion, texts),
                "path": [[order[step] for step in path] for path in scan.graph.paths_to(purl)[:MOST_PATHS]],
                "on": [_judged(one, coverage_of(conclusion), surfaces, texts) for one in mine],
                "find": [
                    [one.code, texts.put(bilingual(one.message)), bool(one.waiver)]
                    for one in dict.fromkeys(found.get(purl, []))
                ][:MOST_FINDINGS],
                "from": [one_line(str(place)) for place in component.found_in[:3]],
                "facts": _facts(scan.metadata_by_purl.get(purl)),
            }
        )
    head = {
        "states": list(STATES),
        "surfaces": [one_line(surface.name) for surface in scan.surfaces],
        "classes": list(CLASSES),
        "kinds": list(KINDS),
        "rows": rows,
    }
    return Table(order, script_json(head), script_json({"texts": texts.listed(), "details": details}))


def _row(component: Component, conclusion: Conclusion | None, surfaces: list[int]) -> list[Any]:
    """`[name, version, PackageURL, license, class, scopes, surfaces, kind, read]`; texts read are 0."""
    own = component.kind is ComponentKind.PROJECT
    license_id = conclusion.concluded if conclusion else ""
    if own and license_id in (NOASSERTION, NONE):
        # under what we ship is no question about what we use
        license_id = ""
    return [
        one_line(component.name, 200),
        one_line(component.version or "", 80),
        one_line(component.purl),
        one_line(license_id, 300),
        -1 if own else list(CLASSES).index(class_of(license_id)),
        [str(scope) for scope in sorted(component.scopes, key=SCOPE_RANK.__getitem__)],
        surfaces,
        KINDS.index(kind_of(component)),
        0 if own else list(Coverage).index(coverage_of(conclusion)),
    ]


def _facts(known: PackageMetadata | None) -> list[list[str]]:
    """`[word, value]` of what is known beside the license; the words are keys of `words.WORDS`."""
    if known is None:
        return []
    told = (
        ("supplier", known.supplier),
        ("authors", ", ".join(known.authors[:MOST_PEOPLE])),
        ("homepage", known.homepage),
        ("repository", known.repository),
        ("source", known.source_url or known.artifact_url),
        ("published", known.published),
        ("deprecated", known.deprecated),
    )
    return [[word, one_line(value)] for word, value in told if value]


def _license(component: Component, conclusion: Conclusion | None, texts: Texts) -> dict[str, Any]:
    if conclusion is None:
        return {}
    doubts = (*conclusion.doubts, *conclusion.disagreements, *conclusion.text_conflicts)
    return {
        "decl": one_line(conclusion.declared, 300),
        "read": texts.put(both(lambda: coverage_words(conclusion))),
        "det": one_line(conclusion.detected or "", 300),
        "why": texts.put(bilingual(conclusion.basis)),
        "doubt": [texts.put(bilingual(one)) for one in doubts[:MOST_REASONS]],
        "ev": [_evidence(component, one, texts) for one in readable(conclusion.evidence)[:MOST_EVIDENCE]],
        "more": max(0, len(readable(conclusion.evidence)) - MOST_EVIDENCE),
        "copy": [one_line(one.statement, 200) for one in conclusion.copyrights if not one.template][:MOST_COPYRIGHTS],
    }


def _evidence(component: Component, evidence: Evidence, texts: Texts) -> list[Any]:
    """`[kind, field, matched text, expression, place, method, note]`."""
    raw = visible(evidence.raw).strip()
    return [
        texts.put(_kind(evidence.kind.value)),
        one_line(evidence.field, 120),
        raw if len(raw) <= MOST_MATCHED else raw[: MOST_MATCHED - 1] + "…",
        one_line(evidence.expression or "", 300),
        texts.put(both(lambda: evidence_place(component, evidence.location))),
        one_line(evidence.method, 60),
        texts.put(bilingual(evidence.note)) if evidence.note else -1,
    ]


# these few are said of every component
@lru_cache(maxsize=1_024)
def _ruling(ruling: str, coverage: Coverage) -> Both:
    return both(lambda: ruling_words(ruling, coverage))


@lru_cache(maxsize=1_024)
def _relationship(name: str) -> Both:
    return both(lambda: relationship_words(name))


@lru_cache(maxsize=1_024)
def _duty(name: str, undecided: bool) -> Both:
    def say() -> str:
        return _("{duty} (only if it may be used)").format(duty=title_of(name)) if undecided else title_of(name)

    return both(say)


@lru_cache(maxsize=64)
def _kind(kind: str) -> Both:
    return both(lambda: evidence_words(kind))


def _judged(judgement: Judgement, coverage: Coverage, surfaces: dict[str, int], texts: Texts) -> list[Any]:
    """`[surface, ruling, license, relationship, reasons, duties]`."""
    duties = []
    for name, undecided in dict.fromkeys((duty.name, undecided) for duty, undecided in owed(judgement)):
        duties.append(texts.put(_duty(name, undecided)))
    return [
        surfaces[judgement.surface],
        texts.put(_ruling(judgement.ruling, coverage)),
        one_line(judgement.license, 300),
        texts.put(_relationship(judgement.relationship)),
        [texts.put(bilingual(one)) for one in judgement.reasons[:MOST_REASONS]],
        duties,
    ]


def script_json(value: object) -> str:
    """JSON in which nothing ends a script tag, starts a comment or is a line end to JavaScript."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text.encode("utf-8", "backslashreplace").decode()
