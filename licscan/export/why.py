"""Why a component is there, what its license is, what follows from it on each surface, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licscan.base.messages import NOT_ADVICE, _
from licscan.export.page import AS_JSON, STYLE_OF, Page, label_of, page_for
from licscan.export.show import write_evidence, write_license
from licscan.export.surfaces import merged, write_judgements
from licscan.export.tree import write_needed_by, write_paths
from licscan.model import SEVERITY_RANK, Component, Scan

MOST_PLACES = 12

if TYPE_CHECKING:
    from rich.console import Console


def render_why(scan: Scan, component: Component, console: Console) -> None:
    """Print the whole answer for one component."""
    page = page_for(console)
    write(scan, component, page)
    page.show(console)


def to_text(scan: Scan, component: Component, width: int = 100) -> str:
    """The whole answer as plain text."""
    page = Page(width)
    write(scan, component, page)
    return page.plain


def write(scan: Scan, component: Component, page: Page) -> None:
    """Paths, license with its evidence, what follows on each surface, findings with their remedies."""
    purl = component.purl
    page.line(label_of(component), "bold")
    page.line(purl, indent=2)
    page.line()
    page.line(_("Why it is there"), "bold")
    write_paths(scan.graph, purl, page)
    write_needed_by(scan.graph, purl, page)
    write_license(page, scan.by_purl.get(purl), scan.verdicts[purl])
    write_evidence(page, scan.by_purl.get(purl))
    write_judgements(scan, purl, page)
    _findings(scan, purl, page)
    page.line()
    page.prose(_(NOT_ADVICE))


def _findings(scan: Scan, purl: str, page: Page) -> None:
    """What was found of it, with what can be done, best first."""
    found = merged(finding for finding in scan.findings if finding.purl == purl)
    for finding in sorted(found, key=lambda one: (-SEVERITY_RANK[one.severity], one.code, one.message)):
        page.line()
        head = page.clean(finding.code, 60)
        if finding.surface:
            head = _("{what} ({clause})").format(what=head, clause=finding.surface)
        page.line(head, STYLE_OF[finding.severity])
        page.prose(finding.message, indent=2)
        if finding.waiver:
            page.prose(finding.waiver, indent=2)
        if finding.decision:
            page.prose(finding.decision, indent=2)
        shown = page.some(finding.locations, MOST_PLACES)
        for place in shown:
            page.prose(_("Where: {place}").format(place=place), indent=2, hanging=2)
        page.rest(len(finding.locations) - len(shown), AS_JSON)
        for number, remedy in enumerate(finding.remedies, 1):
            page.prose(f"{number}. {remedy}", indent=2, hanging=3)
