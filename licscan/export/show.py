"""Everything known of one component, for the person who has to decide about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from licscan.base.columns import filled
from licscan.base.errors import InputError
from licscan.base.messages import N_, NOT_ADVICE, _
from licscan.base.terms import evidence_words, origin_words, scope_words
from licscan.compare.digest import evidence_digest
from licscan.export.content import write_content, write_files
from licscan.export.page import AS_JSON, STYLE_OF, Page, label_of, page_for
from licscan.export.sources import group_line, groups_of, write_sources
from licscan.export.surfaces import write_judgements
from licscan.export.table import license_words
from licscan.export.tree import write_needed_by, write_paths
from licscan.export.words import severity_words
from licscan.judge.coverage_words import coverage_words
from licscan.model import Component, ComponentKind, Conclusion, Copyright, Evidence, Finding, Scan, Verdict
from licscan.model.content import readable
from licscan.model.package import PackageMetadata

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")

MOST_ITEMS = 30
MOST_HASHES = 3
"""A wheel for each platform has one: they are for tools, which read JSON and SBOMs."""


def render_component(scan: Scan, purl: str, console: Console) -> None:
    """Print what is known of the component; InputError if the scan does not have it."""
    page = page_for(console)
    write_component(scan, purl, page)
    page.show(console)


def to_text(scan: Scan, purl: str) -> str:
    """What is known of the component as plain text; InputError if the scan does not have it."""
    page = Page(100)
    write_component(scan, purl, page)
    return page.plain


def write_component(scan: Scan, purl: str, page: Page) -> None:
    """The conclusion first, then what it rests on, where the component is, who needs it, what to act on."""
    component = scan.graph.by_purl.get(purl)
    if component is None:
        raise InputError(
            _("the scan has no component {purl}").format(purl=purl), remedy=_("`licscan deps` lists what it has")
        )
    page.line(label_of(component), "bold")
    page.line(purl, indent=2)
    write_license(page, scan.by_purl.get(purl), scan.verdicts[purl])
    write_evidence(page, scan.by_purl.get(purl))
    _facts(page, component)
    _metadata(page, scan.metadata_by_purl.get(purl))
    write_files(scan.content, purl, page)
    _heading(page, _("Why it is there"))
    write_paths(scan.graph, purl, page)
    write_needed_by(scan.graph, purl, page)
    if component.kind is ComponentKind.PROJECT and purl in scan.graph.roots:
        write_sources(scan.sources, page)
        write_content(scan.content, page)
        _list(page, _("Among its source files"), [group_line(group) for group in groups_of(scan.sources)])
    write_judgements(scan, purl, page)
    _findings(page, [finding for finding in scan.findings if finding.purl == purl])
    _list(page, _("What could not be done"), [p.message for p in scan.problems if p.subject == purl])
    page.line()
    page.prose(_(NOT_ADVICE))


def write_license(page: Page, conclusion: Conclusion | None, verdict: Verdict) -> None:
    """What is concluded, declared and detected, and what leaves doubt."""
    _heading(page, _("License"))
    if conclusion is None:
        page.line(_("nothing was concluded"), indent=2)
        return
    style = "" if verdict is Verdict.OK else STYLE_OF[verdict]
    _field(page, _("concluded"), license_words(conclusion.concluded), style)
    _field(page, _("declared"), license_words(conclusion.declared))
    _field(page, _("detected"), license_words(conclusion.detected) if conclusion.detected else _("no text was read"))
    _field(page, _("read"), coverage_words(conclusion))
    _field(page, _("because"), conclusion.basis)
    _field(page, _("digest"), evidence_digest(conclusion))
    for candidate in conclusion.candidates:
        _field(page, _("candidate"), candidate)
    for doubt in conclusion.doubts:
        _field(page, _("doubt"), doubt)
    for disagreement in (*conclusion.disagreements, *conclusion.text_conflicts):
        _field(page, _("disagrees"), disagreement)


def write_evidence(page: Page, conclusion: Conclusion | None) -> None:
    """What the conclusion rests on."""
    if conclusion is None:
        return
    if readable(conclusion.evidence):
        _heading(page, _("Evidence"))
    for item in _some(page, readable(conclusion.evidence)):
        page.prose(_evidence_line(page, item), indent=2, hanging=2)
        place = _("{place} ({origin}; read by {method}, score {score})").format(
            place=page.clean(str(item.location), 200),
            origin=origin_words(item.origin),
            method=page.clean(item.method, 60),
            score=f"{item.score:.2f}",
        )
        page.prose(place, indent=4, hanging=2)
        if item.note:
            page.prose(item.note, indent=4, hanging=2)
    _list(page, _("Copyright"), [_statement_line(item) for item in conclusion.copyrights])
    _list(page, _("License files"), conclusion.license_files)
    _list(page, _("Notice files"), conclusion.notice_files)


def _statement_line(item: Copyright) -> str:
    place = item.path if item.line is None else f"{item.path}:{item.line}"
    told = _("{statement} ({place}; an unfilled template)") if item.template else _("{statement} ({place})")
    return told.format(statement=item.statement, place=place)


def _evidence_line(page: Page, item: Evidence) -> str:
    if item.expression is None:
        told = _('{kind} {field}: "{raw}", not understood')
    else:
        told = _('{kind} {field}: "{raw}", read as {expression}')
    return told.format(
        kind=evidence_words(item.kind),
        field=page.clean(item.field, 80),
        raw=page.clean(item.raw, 120),
        expression=page.clean(license_words(item.expression or ""), 200),
    )


_INSIDE = {
    "present": N_("in the package that contains it"),
    "not-seen": N_("listed, but not found"),
    "copied": N_("among the project's own files, by code similarity"),
}


def _facts(page: Page, component: Component) -> None:
    _heading(page, _("Package"))
    sort = component.kind.value if component.kind is not ComponentKind.CONTENT else component.content
    _field(page, _("kind"), f"{component.ecosystem} {sort}")
    if not component.resolved:
        _field(page, _("version"), _("not known: only a requirement was found"))
    if component.scopes:
        _field(page, _("scopes"), _(", ").join(map(scope_words, component.scopes)))
    if component.kind is ComponentKind.CONTENT:
        return
    _field(page, _("source"), " ".join(filter(None, (component.source.kind.value, component.source.url))))
    if component.embedded:
        _field(page, _("inside"), _(_INSIDE.get(component.embedded, component.embedded)))
    if component.condition:
        _field(page, _("only if"), component.condition)
    for name, values in (
        (_("found in"), tuple(map(str, component.found_in))),
        (_("installed"), component.installed_at),
        (_("patched by"), component.patches),
        (_("changed"), component.changed),
    ):
        for value in _some(page, values):
            _field(page, name, value)
    for value in component.hashes[:MOST_HASHES]:
        _field(page, _("hash"), value)
    page.rest(len(component.hashes) - MOST_HASHES, AS_JSON)


def _metadata(page: Page, known: PackageMetadata | None) -> None:
    """What the package and its registry say of it beside the license."""
    if known is None:
        return
    for name, value in (
        (_("about"), known.description),
        (_("supplier"), known.supplier),
        (_("authors"), _(", ").join(known.authors)),
        (_("maintained by"), _(", ").join(known.maintainers)),
        (_("web page"), known.homepage),
        (_("repository"), known.repository),
        (_("issues"), known.issue_tracker),
        (_("archive"), known.artifact_url),
        (_("sdist"), known.source_url),
        (_("published"), known.published),
        (_("deprecated"), known.deprecated),
    ):
        if value:
            _field(page, name, value)


def _findings(page: Page, findings: Sequence[Finding]) -> None:
    for finding in findings:
        told = _("{severity}: {code}").format(
            severity=severity_words(finding.severity), code=page.clean(finding.code, 60)
        )
        _heading(page, told, STYLE_OF[finding.severity])
        page.prose(finding.message, indent=2)
        page.prose(finding.why, indent=2)
        if finding.waiver:
            _field(page, _("waived"), finding.waiver)
        if finding.decision:
            _field(page, _("decided"), finding.decision)
        for place in _some(page, finding.locations):
            _field(page, _("at"), str(place))
        for remedy in finding.remedies:
            page.prose(_("Remedy: {remedy}").format(remedy=remedy), indent=2, hanging=2)


def _list(page: Page, title: str, values: Sequence[str]) -> None:
    if values:
        _heading(page, title)
        for value in _some(page, values):
            page.prose(value, indent=2, hanging=2)


def _field(page: Page, name: str, value: str, style: str = "") -> None:
    page.field(f"{filled(_('{name}:').format(name=name), 11)} ", page.clean(value, 1000), 2, style)


def _heading(page: Page, text: str, style: str = "bold") -> None:
    page.line()
    page.line(text, style or "bold")


def _some(page: Page, values: Iterable[T]) -> Iterator[T]:
    """The values that are shown, then a line for those that are not."""
    every = tuple(values)
    shown = page.some(every, MOST_ITEMS)
    yield from shown
    page.rest(len(every) - len(shown), AS_JSON)
