"""The scan as rows for spreadsheets, the same for CSV and XLSX."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from licscan.base.escape import one_line
from licscan.base.messages import N_, _
from licscan.base.terms import bare_clause_words, outbound_words, scope_words, severity_name
from licscan.compare.fingerprint import fingerprints
from licscan.export.places import license_of, places_of, subject
from licscan.export.states import STATE_WORDS, kind_of, shipped, shipped_on, states
from licscan.export.words import verdict_name
from licscan.judge.coverage_words import coverage_words
from licscan.law.words import deployment_words, title_of
from licscan.model import ComponentKind, Scan

LONGEST = 32_000
"""A cell of Excel holds 32,767 characters."""
Row = tuple[str, ...]

_FORMULA = re.compile(r"[ '\"\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
_SCOPED = re.compile(r"@[\w.~-]+(?:/[\w.~-]+)?(?:@[\w.+-]+)?", re.ASCII)
"""The name of an npm package in a scope: no formula, and a join on it must find it as it is."""


def plain(text: str) -> str:
    """One line without controls, of a length that a cell holds."""
    return one_line(text, LONGEST)


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula: by its first sign, in either width, behind any blanks."""
    return _FORMULA.match(text) is not None and _SCOPED.fullmatch(text) is None


def guarded(text: str) -> str:
    """The text for a cell without a type: what could be a formula has an apostrophe before it, as OWASP advises."""
    shown = plain(text)
    return f"'{shown}" if starts_formula(text) or starts_formula(shown) else shown


COMPONENTS = (
    N_("Package"), N_("Version"), N_("Ecosystem"), N_("License"), N_("Declared"), N_("Detected"), N_("Verdict"),
    N_("State"), N_("Read"), N_("Shipped"), N_("Scopes"), N_("Findings"), N_("Found in"), N_("Copyright"),
    N_("PackageURL"), N_("Kind"),
)  # fmt: skip
FINDINGS = (
    N_("Severity"), N_("Verdict"), N_("Finding"), N_("About"), N_("License"), N_("Surface"), N_("What"), N_("Why"),
    N_("What to do"), N_("Waiver"), N_("Where"), N_("Path"), N_("PackageURL"), N_("Fingerprint"),
)  # fmt: skip
DUTIES = (N_("Surface"), N_("Duty"), N_("License"), N_("Clause"), N_("Package"), N_("PackageURL"))
SURFACES = (
    N_("Surface"), N_("Deployment"), N_("Outbound license"), N_("Effective license"), N_("Shipped packages"),
    N_("Components"), N_("Assumed"),
)  # fmt: skip


_KINDS = {
    "package": N_("third-party package"),
    "inside": N_("inside a package, or copied"),
    "content": N_("content"),
    "own": N_("your own project"),
}
"""By `states.KINDS`: a customer who asks for third-party components filters by it."""


def _steps(remedies: Sequence[str]) -> str:
    """Remedies in the order in which people try them."""
    if len(remedies) < 2:
        return "".join(remedies)
    return " ".join(f"{number}. {remedy}" for number, remedy in enumerate(remedies, start=1))


def components(scan: Scan) -> Iterator[Row]:
    """A row for each component, by PackageURL."""
    carried, standing = shipped(scan), states(scan)
    codes: dict[str, list[str]] = {}
    for finding in scan.findings:
        if finding.purl and not finding.waiver:
            codes.setdefault(finding.purl, []).append(finding.code)
    for one in sorted(scan.graph.components, key=lambda one: one.purl):
        conclusion = scan.by_purl.get(one.purl)
        yield (
            one.name,
            one.version or "",
            one.ecosystem,
            conclusion.concluded if conclusion else "",
            conclusion.declared if conclusion else "",
            (conclusion.detected or "") if conclusion else "",
            verdict_name(scan.verdicts[one.purl]),
            _(STATE_WORDS[standing[one.purl]]),
            coverage_words(conclusion) if conclusion and one.kind is ComponentKind.PACKAGE else "",
            _("yes") if one.purl in carried else _("no"),
            _(", ").join(map(scope_words, one.scopes)),
            ", ".join(sorted(set(codes.get(one.purl, ())))),
            ", ".join(map(str, one.found_in)),
            "; ".join(said.statement for said in conclusion.copyrights if not said.template) if conclusion else "",
            one.purl,
            _(_KINDS[kind_of(one)]),
        )


def findings(scan: Scan) -> Iterator[Row]:
    """A row for each finding, the loudest first; waived ones name their waiver."""
    for finding, mark in fingerprints(scan):
        yield (
            severity_name(finding.severity.value),
            verdict_name(finding.verdict),
            finding.code,
            subject(scan, finding),
            license_of(scan, finding.purl),
            finding.surface,
            finding.message,
            finding.why,
            _steps(finding.remedies),
            finding.waiver,
            ", ".join(map(str, places_of(scan, finding)[:1])),
            " > ".join(finding.paths[0]) if finding.paths else "",
            finding.purl or "",
            mark,
        )


def duties(scan: Scan) -> Iterator[Row]:
    """A row for each duty of each component on each surface; none for what may not be used, as in `licscan duties`."""
    for judgement in sorted(scan.judgements):
        if judgement.ruling == "conflict":
            continue
        component = scan.graph.by_purl.get(judgement.purl)
        for duty in judgement.duties:
            name = component.name if component else judgement.purl
            yield (
                judgement.surface,
                title_of(duty.name),
                duty.license,
                bare_clause_words(duty.clause),
                name,
                judgement.purl,
            )


def surfaces(scan: Scan) -> Iterator[Row]:
    """A row for each surface: how many packages of others ship there, and how many components in all."""
    carried = shipped_on(scan)
    for one in sorted(scan.surfaces):
        here = carried[one.name]
        packages = sum(kind_of(component) == "package" for component in here)
        deployment = deployment_words(one.deployment)
        outbound, effective = outbound_words(one.outbound), outbound_words(one.effective)
        yield one.name, deployment, outbound, effective, str(packages), str(len(here)), "; ".join(one.assumed)


SHEETS: dict[str, tuple[Row, Callable[[Scan], Iterator[Row]]]] = {
    N_("Components"): (COMPONENTS, components),
    N_("Findings"): (FINDINGS, findings),
    N_("Duties"): (DUTIES, duties),
    N_("Surfaces"): (SURFACES, surfaces),
}
"""By title: the heads of the columns, and what gives the rows."""


def heads(names: Row) -> Row:
    """The heads of columns in the user's language."""
    return tuple(_(name) for name in names)
