"""A scan that was stored in one language, told in another: no command prints two languages in one report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from licscan.model import Conclusion, Evidence, Finding, Scan
from licscan.report.retell import retold

_HAN = re.compile(r"[\u3400-\u9fff]")
ENOUGH = 40
"""So many sentences tell the language that a scan was made in."""


def language_of(scan: Scan) -> str:
    """The language of a scan's sentences, as most of the first ones have it; empty for a scan without any."""
    said = [bool(_HAN.search(sentence)) for sentence, _number in zip(_sentences(scan), range(ENOUGH), strict=False)]
    if not said:
        return ""
    return "zh" if 2 * sum(said) > len(said) else "en"


def told_in(scan: Scan, language: str) -> Scan:
    """The scan with its sentences in `language`; what no message of the catalogue tells stays as it is."""
    if language_of(scan) in ("", language):
        return scan
    say = partial(_say, language)
    return replace(
        scan,
        project=replace(scan.project, assumptions=_each(say, scan.project.assumptions)),
        conclusions=tuple(_conclusion(say, one) for one in scan.conclusions),
        findings=tuple(_finding(say, one) for one in scan.findings),
        problems=tuple(replace(one, message=say(one.message)) for one in scan.problems),
        surfaces=tuple(replace(one, assumed=_each(say, one.assumed)) for one in scan.surfaces),
        judgements=tuple(replace(one, reasons=_each(say, one.reasons)) for one in scan.judgements),
    )


def _sentences(scan: Scan) -> Iterator[str]:
    yield from scan.project.assumptions
    for surface in scan.surfaces:
        yield from surface.assumed
    for finding in scan.findings:
        yield finding.why or finding.message
    for conclusion in scan.conclusions:
        yield from filter(None, (conclusion.basis,))


def _say(language: str, sentence: str) -> str:
    return (retold(sentence, language) or sentence) if sentence else sentence


def _each(say: partial[str], sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(say, sentences))


def _conclusion(say: partial[str], one: Conclusion) -> Conclusion:
    return replace(
        one,
        basis=say(one.basis),
        disagreements=_each(say, one.disagreements),
        text_conflicts=_each(say, one.text_conflicts),
        doubts=_each(say, one.doubts),
        evidence=tuple(_evidence(say, item) for item in one.evidence),
    )


def _evidence(say: partial[str], item: Evidence) -> Evidence:
    return replace(item, note=say(item.note)) if item.note else item


def _finding(say: partial[str], one: Finding) -> Finding:
    return replace(
        one,
        message=say(one.message),
        why=say(one.why),
        remedies=_each(say, one.remedies),
        waiver=say(one.waiver),
        decision=say(one.decision),
    )
