"""Findings that one decision settles, as one: what people read and count is the decision, not each package under it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from licscan.base.listing import listed
from licscan.base.messages import _, ngettext
from licscan.compare.codes import told_of
from licscan.compare.fingerprint import versionless
from licscan.model import SEVERITY_RANK, Finding, Location, Scan, Severity

MAX_NAMED = 8
"""So many packages are named in the sentence of a group."""
MAX_LOCATIONS = 200

_ONE_ANSWER = frozenset(
    {
        "missing-license-text", "missing-copyright-holder", "unfilled-template", "texts-not-read", "surface-missing",
        "vendored-unattributed",
    }
)  # fmt: skip
"""Codes that ask for the same work whatever the package: one answer settles all of them."""
_BY_OWNER = frozenset({"license-conflict", "entitlement-missing", "policy-denied"})
"""Codes whose answer is another one for each owner: to buy from them, or to replace what is theirs."""
_BY_REASON = frozenset({"license-review", "license-missing", "policy-review", "outbound-change"})
"""Codes whose reason (the clause, or why nobody could look) is what has to be answered."""
_BY_FILE = frozenset({"dependency-unresolved", "lock-out-of-date"})
_BY_PACKAGE = frozenset({"parts-not-read"})
"""Codes that ask about a package whatever its version."""


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one decision, at least one, in the order of reports; those of one package may be on surfaces."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that stands for all."""
        return self.findings[0]

    @property
    def purls(self) -> tuple[str, ...]:
        """The packages that it is about, each once."""
        return tuple(dict.fromkeys(one.purl for one in self.findings if one.purl is not None))


def grouped(scan: Scan, findings: Iterable[Finding]) -> tuple[Group, ...]:
    """The findings by the decision that settles them, the loudest first."""
    found: dict[tuple[str, ...], list[Finding]] = {}
    for finding in sorted(findings, key=_order):
        found.setdefault(_key(scan, finding), []).append(finding)
    return tuple(Group(tuple(group)) for group in found.values())


def _order(finding: Finding) -> tuple[object, ...]:
    return (-SEVERITY_RANK[finding.severity], finding.code, finding.purl or "", finding.surface, finding.message)


def _key(scan: Scan, finding: Finding) -> tuple[str, ...]:
    """What makes findings one decision; what is waived or decided stays with its like."""
    alike = (finding.code, finding.severity.value, finding.verdict.value, finding.waiver, finding.decision)
    return (*alike, *_subject(scan, finding))


def _subject(scan: Scan, finding: Finding) -> tuple[str, ...]:
    """What the decision is about: the file, the license, the owner or the package."""
    code, purl = finding.code, finding.purl
    if code in _BY_FILE:
        return tuple(sorted(place.path for place in finding.locations)[:1]) or (purl or finding.message,)
    if purl is None:
        return (finding.message,)
    if code == "license-choice":
        return (predicate_of(scan, finding) or purl,)
    if code in _ONE_ANSWER or finding.severity is Severity.NOTE:
        return ()
    if code in _BY_REASON:
        return (finding.why,)
    if code in _BY_OWNER:
        return (_owner(scan, purl), _license(scan, purl))
    if code == "ownership-open":
        return (_license(scan, purl),)
    if code == "license-ambiguous":
        conclusion = scan.by_purl.get(purl)
        return conclusion.candidates if conclusion and conclusion.candidates else (purl,)
    return (versionless(purl) if code in _BY_PACKAGE else purl,)


def _license(scan: Scan, purl: str) -> str:
    conclusion = scan.by_purl.get(purl)
    return conclusion.concluded if conclusion else ""


def _owner(scan: Scan, purl: str) -> str:
    """Who publishes it, as far as names tell: npm's scope, else the package whatever its version."""
    component = scan.graph.by_purl.get(purl)
    if component is not None and component.name.startswith("@") and "/" in component.name:
        return component.name.partition("/")[0]
    return versionless(purl)


# --- one finding for all ----------------------------------------------------------------------------------------------


def as_one(scan: Scan, group: Group) -> Finding:
    """The group as one finding: about its first package, with the names of all in its sentence."""
    first = group.first
    surface = ", ".join(sorted({one.surface for one in group.findings if one.surface}))
    if len(group.findings) == 1:
        return first
    whys = dict.fromkeys(one.why for one in group.findings)
    paths = min((one.paths for one in group.findings if one.paths), key=lambda some: (len(some[0]), some), default=())
    places: dict[Location, None] = dict.fromkeys(place for one in group.findings for place in one.locations)
    return replace(
        first,
        surface=surface,
        message=message_of(scan, group),
        why=next(iter(whys)) if len(whys) == 1 else told_of(first.code).why,
        paths=first.paths or paths,
        remedies=remedies_of(scan, group),
        locations=tuple(places)[:MAX_LOCATIONS],
    )


def message_of(scan: Scan, group: Group) -> str:
    """What is said of all packages of a group, and their names."""
    names = [_label(scan, purl) for purl in group.purls]
    if len(names) <= 1 or len({one.message for one in group.findings}) == 1:
        return group.first.message
    shown = listed(names, MAX_NAMED)
    count = f"{len(names):,}"
    said = {predicate_of(scan, one) for one in group.findings}
    if len(said) == 1 and (predicate := said.pop()):
        told = _("Each of these {count} {predicate}").format(count=count, predicate=predicate)
        return _("{message} They are: {names}.").format(message=told, names=shown)
    title = told_of(group.first.code).title
    told = ngettext("{title} ({count} package): {names}.", "{title} ({count} packages): {names}.", len(names))
    return told.format(title=title, count=count, names=shown)


def predicate_of(scan: Scan, finding: Finding) -> str:
    """The message without the package that it begins with; empty where it does not."""
    named = _label(scan, finding.purl) if finding.purl else ""
    return finding.message.removeprefix(named + " ") if named and finding.message.startswith(named + " ") else ""


def remedies_of(scan: Scan, group: Group) -> tuple[str, ...]:
    """What helps in each case of the group; a remedy that names its package is said of each of them."""
    told = [tuple(of_each(scan, one, remedy) for remedy in one.remedies) for one in group.findings]
    if len(set(told)) == 1 and len({one.remedies for one in group.findings}) == 1:
        return group.first.remedies
    return tuple(remedy for remedy in dict.fromkeys(told[0]) if all(remedy in other for other in told[1:]))


def of_each(scan: Scan, finding: Finding, remedy: str) -> str:
    """A remedy with `each of them` in the place of the package's name."""
    component = scan.graph.by_purl.get(finding.purl or "")
    if component is None or len(component.name) < 2:
        return remedy
    words = remedy.split(" ")
    each = _("each of them")
    told = " ".join(each if word == component.name else word for word in words)
    # Chinese parts a name in Latin letters from its own words, and these words from nothing
    return told if each.isascii() else re.sub(rf"(?<=[^\x00-\x7f]) (?={each})|(?<={each}) (?=[^\x00-\x7f])", "", told)


def _label(scan: Scan, purl: str) -> str:
    component = scan.graph.by_purl.get(purl)
    if component is None:
        return purl
    return f"{component.name} {component.version}" if component.version else component.name
