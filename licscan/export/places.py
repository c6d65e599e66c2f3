"""Where a finding is shown in a repository: in the files that people keep there, not in what an installer wrote."""

from __future__ import annotations

import re

from licscan.base.messages import _
from licscan.base.shown import is_archive
from licscan.model import Finding, Location, Scan

MOST = 10
_INSTALLED = frozenset({"node_modules", "site-packages", ".venv", "venv", ".yarn", ".pnpm-store"})
_DRIVE = re.compile(r"[A-Za-z]:|[a-z][a-z0-9+.-]+://")


def places_of(scan: Scan, finding: Finding) -> tuple[Location, ...]:
    """The finding's own places, else those that name its component, else the first file that was read; the best first.

    Empty only where the scan read no file.
    """
    component = scan.graph.by_purl.get(finding.purl) if finding.purl else None
    own = [place for place in finding.locations if is_project_file(place.path)]
    named = [place for place in (component.found_in if component else ()) if is_project_file(place.path)]
    # a place with a line says more than one without
    found = list(dict.fromkeys([*sorted(own, key=_unlined), *sorted(named, key=_unlined)]))
    return tuple(found[:MOST] or _anywhere(scan))


def _unlined(place: Location) -> bool:
    return place.start_line is None


def _anywhere(scan: Scan) -> list[Location]:
    manifests = [scan.graph.by_purl[root].manifest for root in scan.graph.roots if root in scan.graph.by_purl]
    paths = [path for path in (*manifests, *(one.path for one in scan.inputs)) if path and is_project_file(path)]
    return [Location(path) for path in paths[:1]]


def is_project_file(path: str) -> bool:
    """Whether a path is of a file inside the project that an installer did not write."""
    parts = path.split("/")
    if not path or parts[0] in ("", "..") or _DRIVE.match(path):
        return False
    return not _INSTALLED & set(parts) and not is_archive(parts[:-1])


def subject(scan: Scan, finding: Finding) -> str:
    """Whom a finding is about, in a few words: name and version, else the PackageURL, else the file."""
    component = scan.graph.by_purl.get(finding.purl) if finding.purl else None
    if component is not None:
        return f"{component.name}@{component.version}" if component.version else component.name
    return finding.purl or next((str(place) for place in finding.locations), "") or scan.project.name


def sentence_of(scan: Scan, finding: Finding) -> str:
    """The finding's sentence; whom it is about stands before it where it does not say so itself."""
    component = scan.graph.by_purl.get(finding.purl) if finding.purl else None
    name = subject(scan, finding)
    named = (component.name if component else name) in finding.message
    return finding.message if named else _("{subject}: {message}").format(subject=name, message=finding.message)


def license_of(scan: Scan, purl: str | None) -> str:
    """The license concluded; empty where nobody looked."""
    conclusion = scan.by_purl.get(purl) if purl else None
    return conclusion.concluded if conclusion else ""
