"""The rule about whose a folder is: the question that the evidence leaves."""

from __future__ import annotations

from collections.abc import Iterator

from licscan.judge.case import Case
from licscan.judge.findings import about_component
from licscan.judge.queries import locations_of
from licscan.licenses.statements import category, licenses_of
from licscan.model import NOASSERTION, NONE, Finding, Verdict

CODE = "ownership-open"
_COPYLEFT = ("Copyleft", "Copyleft Limited")


def ownership_open(case: Case) -> Iterator[Finding]:
    """A folder among the product's own whose license or author speaks for another's work."""
    for problem in case.problems:
        component = case.graph.by_purl.get(problem.subject)
        if problem.code != CODE or component is None:
            continue
        conclusion = case.conclusions.get(component.purl)
        told = conclusion.concluded if conclusion else NOASSERTION
        named = () if told in (NOASSERTION, NONE) else licenses_of(told)
        yield about_component(
            case,
            component,
            CODE,
            problem.message,
            Verdict.CANNOT_TELL,
            loudness="copyleft" if any(category(name) in _COPYLEFT for name in named) else "",
            locations=(locations_of(conclusion) if conclusion else ()) or component.found_in,
        )
