"""The state of each component for lists, and whether it ships: an open question never passes for nothing open."""

from __future__ import annotations

from licscan.base.messages import N_
from licscan.model import (
    NOASSERTION,
    NONE,
    Component,
    ComponentKind,
    Scan,
    Severity,
    Verdict,
    counts_as_package,
    shipped_packages,
)
from licscan.model.contents import NOT_SEEN

STATES = ("ok", "waived", "decide", "unknown", "no")
"""From the calmest to the worst; names of `words.WORDS`, and places in the data of the list."""
STATE_WORDS = {
    "ok": N_("Nothing open"),
    "waived": N_("Waived"),
    "decide": N_("To decide"),
    "unknown": N_("Cannot tell"),
    "no": N_("May not ship"),
}
_OF_VERDICT = {Verdict.VIOLATION: "no", Verdict.CANNOT_TELL: "unknown", Verdict.OK: "ok"}
_OF_RULING = {"conflict": "no", "review": "unknown"}


def states(scan: Scan) -> dict[str, str]:
    """The state of each component by PackageURL: the worst that is said of it, what is waived apart."""
    found = {purl: {_OF_VERDICT[verdict]} for purl, verdict in scan.verdicts.items()}
    waived: set[str] = set()
    for finding in scan.findings:
        if finding.purl not in found:
            continue
        if finding.waiver:
            waived.add(finding.purl)
        elif finding.severity is not Severity.NOTE:
            found[finding.purl].add("decide")
    for judgement in scan.judgements:
        # somebody who answers for a component answers for what follows from its license too
        if judgement.is_shipped and judgement.purl in found and judgement.purl not in waived:
            found[judgement.purl].add(_OF_RULING.get(judgement.ruling, "ok"))
    for component in scan.graph.components:
        if component.purl in waived:
            found[component.purl].add("waived")
        elif not _is_license_known(scan, component):
            found[component.purl].add("unknown" if component.is_shipped else "decide")
    return {purl: max(said, key=STATES.index) for purl, said in found.items()}


def _is_license_known(scan: Scan, component: Component) -> bool:
    """Whether a license was concluded; of our own projects nobody asks here."""
    if component.kind is ComponentKind.PROJECT:
        return True
    conclusion = scan.by_purl.get(component.purl)
    return conclusion is not None and conclusion.concluded not in ("", NOASSERTION, NONE)


def shipped(scan: Scan) -> frozenset[str]:
    """PackageURLs of what goes to people: packages that are shipped, what stands inside one, and our own projects.

    What a vendor's list names as optional, and what was not seen in the package, is not passed on.
    """
    packages = {one.purl for one in shipped_packages(scan.graph.components, scan.judgements)}
    told = {judgement.purl for judgement in scan.judgements if judgement.is_shipped}
    return frozenset(
        one.purl
        for one in scan.graph.components
        if one.embedded != NOT_SEEN
        and (one.purl in packages or one.purl in told or (one.is_shipped and (one.embedded or one.is_first_party)))
    )


KINDS = ("package", "inside", "content", "own")
"""What a component is to those who count: a package of others, a part of one or copied code, content, our own."""


def kind_of(component: Component) -> str:
    """One of `KINDS`; figures on packages count the first alone."""
    if counts_as_package(component):
        return "package"
    if component.kind is ComponentKind.PACKAGE:
        return "inside"
    return "content" if component.kind is ComponentKind.CONTENT else "own"


def shipped_on(scan: Scan) -> dict[str, tuple[Component, ...]]:
    """By surface what goes to people there, our own projects left out."""
    found: dict[str, dict[str, None]] = {surface.name: {} for surface in scan.surfaces}
    for judgement in scan.judgements:
        if judgement.is_shipped:
            found.setdefault(judgement.surface, {})[judgement.purl] = None
    return {
        name: tuple(
            component for purl in purls
            if (component := scan.graph.by_purl.get(purl)) is not None and kind_of(component) != "own"
        )
        for name, purls in found.items()
    }  # fmt: skip
