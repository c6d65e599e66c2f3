"""What follows on each surface, for people: the surfaces of a scan, one component on all of them, what is owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace

from licscan.base.messages import _
from licscan.base.terms import clause_words, outbound_words, relationship_words
from licscan.export.duties import only_if, owed
from licscan.export.page import Page, label
from licscan.law.words import deployment_words, ruling_words, title_of, what_to_do
from licscan.model import Finding, Scan, Severity, counts_as_package, coverage_of, shipped_packages
from licscan.model.surface import Judgement, Surface

_RULINGS = ("conflict", "review", "ok-obligations", "ok")
_LOUD = {"conflict": "bold red", "review": "yellow"}


def write_surfaces(scan: Scan, page: Page) -> None:
    """Each artefact: how it reaches people, what follows for how many packages, what was assumed of it."""
    if not scan.surfaces:
        return
    page.line()
    page.line(_("Surfaces"), "bold")
    for surface in scan.surfaces:
        write_surface(scan, surface, page)
        for sentence in surface.assumed:
            page.prose(sentence, indent=4, hanging=2)


def write_surface(scan: Scan, surface: Surface, page: Page) -> None:
    """One artefact in one line: how it reaches people, and what follows for how many packages."""
    counted = counts_of(scan, surface)
    counts = _("; ").join(
        _("{words}: {count}").format(words=words, count=f"{count:,}") for words, count in counted.items()
    )
    told = _("{surface} ({how}, outbound {license}): {counts}").format(
        surface=page.clean(surface.name, 60),
        how=deployment_words(surface.deployment),
        license=page.clean(outbound_words(surface.effective or surface.outbound), 200),
        counts=counts or _("nothing third-party in it"),
    )
    page.prose(told, indent=2, hanging=2)


def counts_of(scan: Scan, surface: Surface) -> dict[str, int]:
    """How many packages of a surface have which ruling, the worst first; those that are not shipped are apart."""
    here = [judgement for judgement in scan.judgements if judgement.surface == surface.name]
    rulings = Counter(judgement.ruling for judgement in here if judgement.is_shipped)
    told = {ruling_words(ruling): rulings[ruling] for ruling in _RULINGS if rulings[ruling]}
    if apart := len(here) - rulings.total():
        told[_("not shipped")] = apart
    return told


def said_once(cluster: list[Finding]) -> list[Finding]:
    """What is said of one package for one reason on several surfaces, as one finding with the names of all."""
    told = across(cluster, lambda one: (one.purl, one.message, one.why, one.decision))
    return [replace(finding, surface=", ".join(names)) for finding, names in told]


def nameless(scan: Scan, finding: Finding) -> str:
    """What is said of a package, whatever it is called: equal for all of which the same is said."""
    name = label(scan.graph, finding.purl) if finding.purl else ""
    return finding.message.replace(name, "") if name else finding.message


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that say the same on several surfaces as one, with the names of all."""
    return [replace(finding, surface=", ".join(names)) for finding, names in across(findings)]


def _but_for_surfaces(finding: Finding) -> Hashable:
    return replace(finding, surface="", paths=())


def across(
    findings: Iterable[Finding], same: Callable[[Finding], Hashable] = _but_for_surfaces
) -> list[tuple[Finding, tuple[str, ...]]]:
    """Findings that are the `same` on several surfaces as the first of them, with the names of all; in their order."""
    found: dict[Hashable, list[Finding]] = {}
    for finding in findings:
        found.setdefault(same(finding), []).append(finding)
    return [(every[0], tuple(sorted({one.surface for one in every if one.surface}))) for every in found.values()]


def write_judgements(scan: Scan, purl: str, page: Page) -> None:
    """What follows for one component on each surface: how it is joined, the ruling, why, and what is owed."""
    deployments = {surface.name: surface.deployment for surface in scan.surfaces}
    found = [judgement for judgement in scan.judgements if judgement.purl == purl]
    if scan.surfaces and not found and scan.graph.by_purl[purl].kind.value == "package":
        page.line()
        page.prose(_("It is on no surface, so it was not judged."))
    coverage = coverage_of(scan.by_purl.get(purl))
    for judgement in found:
        page.line()
        title = _("On {surface} ({how}): {ruling}").format(
            surface=page.clean(judgement.surface, 60),
            how=deployment_words(deployments.get(judgement.surface, "")),
            ruling=ruling_words(judgement.ruling, coverage),
        )
        page.line(title, _LOUD.get(judgement.ruling, "bold"))
        _write_judgement(judgement, scan.graph.by_purl[purl].name, page)


def _write_judgement(judgement: Judgement, name: str, page: Page) -> None:
    page.prose(
        _("Relationship: {relationship}.").format(relationship=relationship_words(judgement.relationship)),
        indent=2,
        hanging=2,
    )
    if judgement.license not in ("NOASSERTION", "NONE"):
        page.prose(_("Judged under {license}.").format(license=judgement.license), indent=2, hanging=2)
    for reason in judgement.reasons:
        page.prose(_("Because: {reason}").format(reason=reason), indent=2, hanging=2)
    for duty, undecided in owed(judgement):
        what = what_to_do(duty.name, name, duty.license)
        told = _("Duty: {duty} ({source}). {what}").format(
            duty=title_of(duty.name),
            source=clause_words(", ".join(part for part in (duty.license, duty.clause) if part)),
            what=only_if(what, 1) if undecided else what,
        )
        page.prose(told, indent=2, hanging=2)


def unshipped(scan: Scan, findings: Iterable[Finding]) -> list[Finding]:
    """Those findings that are notes on packages of others which no surface ships: nothing has to be done about them."""
    shipped = {one.purl for one in shipped_packages(scan.graph.components, scan.judgements)}
    packages = {one.purl for one in scan.graph.components if counts_as_package(one)} - shipped
    return [one for one in findings if one.severity is Severity.NOTE and one.purl in packages]
