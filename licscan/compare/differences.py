"""What differs between two states of a project: packages, their licenses, findings."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from licscan.compare.fingerprint import fingerprints, versionless
from licscan.licenses.spdx import same
from licscan.model import NOASSERTION, SEVERITY_RANK, ComponentKind, Finding, Scan, Severity, Verdict

_NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """One package, or one group of content; `license` is an SPDX expression, NOASSERTION or NONE, else empty.

    `files` is a digest of the files of a group of content, empty for a package.
    """

    purl: str
    name: str
    version: str = ""
    license: str = ""
    files: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A finding that stands, with its fingerprint; `name` says whom it is about, `counts` whether it does for the gate.

    `before` is how loud the same finding was, where it was quieter.
    """

    finding: Finding
    mark: str
    name: str = ""
    counts: bool = False
    before: Severity | None = None


@dataclass(frozen=True, slots=True)
class State:
    """One side: `label` names it to people; `findings` and `gate` are None where nothing was judged (an SBOM)."""

    label: str
    packages: tuple[Package, ...]
    findings: tuple[Marked, ...] | None = None
    gate: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Differences:
    """What B has that A has not, and the other way round; all sorted.

    `changed` are pairs of versions of a package, `relicensed` pairs whose license is another one, whatever the version,
    `refiled` groups of content with other files.
    `new` and `gone` are empty where one side was not judged; a finding that is waived does not stand.
    """

    old: State
    new_state: State
    added: tuple[Package, ...] = ()
    removed: tuple[Package, ...] = ()
    changed: tuple[tuple[Package, Package], ...] = ()
    relicensed: tuple[tuple[Package, Package], ...] = ()
    refiled: tuple[tuple[Package, Package], ...] = ()
    new: tuple[Marked, ...] = ()
    gone: tuple[Marked, ...] = ()


def state_of(scan: Scan, label: str) -> State:
    """A scan as one side; first-party projects are left out, since every commit changes their version or not."""
    files = _files(scan)
    packages = (
        Package(one.purl, one.name, one.version or "", _license(scan, one.purl), files.get(one.purl, ""))
        for one in scan.graph.components
        if one.kind in (ComponentKind.PACKAGE, ComponentKind.CONTENT)
    )
    counted = {id(finding) for finding in scan.counted()}
    marked = (
        Marked(finding, mark, _name(scan, finding), id(finding) in counted)
        for finding, mark in fingerprints(scan)
        if not finding.waiver
    )
    return State(label, tuple(sorted(packages)), tuple(marked), scan.gate)


def _files(scan: Scan) -> dict[str, str]:
    """Of each group of content a digest of its files' names and bytes."""
    held: dict[str, list[str]] = {}
    for file in scan.content.foreign if scan.content else ():
        held.setdefault(file.component, []).append(f"{file.sha256} {file.path}")
    return {purl: hashlib.sha256("\n".join(sorted(files)).encode()).hexdigest() for purl, files in held.items()}


def _license(scan: Scan, purl: str) -> str:
    conclusion = scan.by_purl.get(purl)
    return conclusion.concluded if conclusion else ""


def _name(scan: Scan, finding: Finding) -> str:
    component = scan.graph.by_purl.get(finding.purl) if finding.purl else None
    if component is None:
        return finding.purl or next((one.path for one in finding.locations), "")
    return f"{component.name}@{component.version}" if component.version else component.name


def compare(old: State, new: State) -> Differences:
    """Everything that differs from `old` to `new`."""
    added, removed, changed, kept = _paired(old.packages, new.packages)
    relicensed = [pair for pair in (*kept, *changed) if _is_relicensed(*pair)]
    came, went = _findings(old.findings, new.findings)
    return Differences(
        old, new, tuple(sorted(added)), tuple(sorted(removed)), tuple(sorted(changed)), tuple(sorted(relicensed)),
        tuple(sorted(pair for pair in kept if pair[0].files != pair[1].files and all(one.files for one in pair))),
        tuple(came), tuple(went),
    )  # fmt: skip


Pair = tuple[Package, Package]


def _paired(
    old: Iterable[Package], new: Iterable[Package]
) -> tuple[list[Package], list[Package], list[Pair], list[Pair]]:
    """What came and went, pairs of versions, pairs of the same version; several versions are paired in their order."""
    before, after = _by_name(old), _by_name(new)
    added: list[Package] = []
    removed: list[Package] = []
    changed: list[Pair] = []
    kept: list[Pair] = []
    for name in sorted({*before, *after}):
        ours, theirs = before.get(name, {}), after.get(name, {})
        kept += [(ours[purl], theirs[purl]) for purl in sorted(ours.keys() & theirs.keys())]
        left = sorted((one for purl, one in ours.items() if purl not in theirs), key=_version)
        right = sorted((one for purl, one in theirs.items() if purl not in ours), key=_version)
        pairs = min(len(left), len(right))
        changed += zip(left[:pairs], right[:pairs], strict=True)
        removed += left[pairs:]
        added += right[pairs:]
    return added, removed, changed, kept


def _by_name(packages: Iterable[Package]) -> dict[str, dict[str, Package]]:
    groups: dict[str, dict[str, Package]] = {}
    for one in packages:
        groups.setdefault(versionless(one.purl), {})[one.purl] = one
    return groups


def _version(package: Package) -> tuple[object, ...]:
    """Versions by their numbers, so that 10 comes after 9; the PackageURL decides between equals."""
    parts = _NUMBERS.split(package.version)
    numbers = tuple(int(part) if len(part) < 19 else 10**18 for part in parts[1::2])
    return (numbers, package.version, package.purl)


def _is_relicensed(old: Package, new: Package) -> bool:
    """Whether the license is another one; what was never known cannot have changed."""
    if old.license in ("", NOASSERTION) or new.license in ("", old.license):
        return False
    return not same(old.license, new.license)


def _findings(
    old: tuple[Marked, ...] | None, new: tuple[Marked, ...] | None
) -> tuple[Iterator[Marked], Iterator[Marked]]:
    """Those that are new or louder than before, and those that are gone."""
    if old is None or new is None:
        return iter(()), iter(())
    before = {one.mark: one for one in old}
    after = {one.mark for one in new}
    return _came(before, new), (one for one in old if one.mark not in after)


def _came(before: dict[str, Marked], new: tuple[Marked, ...]) -> Iterator[Marked]:
    for one in new:
        known = before.get(one.mark)
        if known is None:
            yield one
        elif SEVERITY_RANK[one.finding.severity] > SEVERITY_RANK[known.finding.severity]:
            yield Marked(one.finding, one.mark, one.name, one.counts, known.finding.severity)
