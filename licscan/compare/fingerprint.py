"""What makes a finding the same one in another scan, so that tools and people can follow it over time."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from licscan.model import SEVERITY_RANK, Finding, Scan

LENGTH = 32


def fingerprints(scan: Scan) -> Iterator[tuple[Finding, str]]:
    """Every finding with its fingerprint, in the order of reports.

    It is made of the code, the package without its version, the surface and the license concluded; of a finding about
    a file instead of a package, the file. No line takes part, and no sentence: those move, and are translated. Findings
    that are alike in all of it (two versions of one package) are numbered.
    """
    seen: Counter[str] = Counter()
    for finding in sorted(scan.findings, key=_order):
        digest = hashlib.sha256("\0".join(_parts(scan, finding)).encode("utf-8", "replace")).hexdigest()[:LENGTH]
        seen[digest] += 1
        yield finding, f"{digest}:{seen[digest]}"


def _parts(scan: Scan, finding: Finding) -> tuple[str, ...]:
    conclusion = scan.by_purl.get(finding.purl) if finding.purl else None
    place = min((one.path for one in finding.locations), default="") if finding.purl is None else ""
    concluded = conclusion.concluded if conclusion else ""
    return (finding.code, versionless(finding.purl or ""), finding.surface, concluded, place)


def _order(finding: Finding) -> tuple[object, ...]:
    places = tuple((one.path, one.start_line or 0) for one in finding.locations)
    rank = -SEVERITY_RANK[finding.severity]
    return (rank, finding.code, finding.purl or "", finding.surface, places, finding.message, finding.waiver)


def versionless(purl: str) -> str:
    """A PackageURL without version and qualifiers: the package, whichever release of it; a subpath stays."""
    head, _hash, below = purl.partition("#")
    head = head.partition("?")[0]
    name, at, _version = head.rpartition("@")
    # the @ of a scope is escaped in a canonical PackageURL
    return (name if at else head) + (f"#{below}" if below else "")
