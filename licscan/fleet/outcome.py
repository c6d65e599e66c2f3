"""A scan as what a fleet keeps of it: rows to ask, and the project's database to review."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from functools import cache
from operator import attrgetter
from typing import Any

from licscan.base.escape import one_line
from licscan.compare.digest import evidence_digest
from licscan.compare.fingerprint import fingerprints, versionless
from licscan.fleet.model import FindingRow, Outcome, PackageRow
from licscan.fleet.space import Space
from licscan.model import NOASSERTION, Conclusion, Scan, Severity
from licscan.model.coverage import coverage_of

INBOX = "inbox"
SCANS = "scans"
LONGEST = 2_000
"""Characters of a sentence that is kept."""
_FIELDS: dict[type, tuple[tuple[str, ...], Callable[[object], tuple[object, ...]]]] = {
    kind: (names, attrgetter(*names))
    for kind in (Outcome, PackageRow, FindingRow)
    for names in (tuple(one.name for one in fields(kind)),)
}
_LEVEL = 1
"""A database is a tenth larger so than at level 6, in a third of the time; two of each target are kept."""


def of_scan(scan: Scan, outcome: Outcome) -> Outcome:
    """The outcome with all that the scan says."""
    digests = {one.purl: evidence_digest(one) for one in scan.conclusions}
    count = scan.coverage
    loud = [one.severity for one in scan.findings if not one.waiver]
    return replace(
        outcome,
        project=scan.project.name,
        version=scan.project.version,
        outbound=scan.project.outbound,
        gate=scan.gate.value,
        components=len(scan.graph.components),
        errors=loud.count(Severity.ERROR),
        warnings=loud.count(Severity.WARNING),
        notes=loud.count(Severity.NOTE),
        texts=count.texts,
        metadata=count.metadata,
        nothing=count.nothing,
        packages=tuple(sorted(set(_packages(scan, digests)))),
        findings=tuple(sorted(_findings(scan, digests))),
    )


def _packages(scan: Scan, digests: dict[str, str]) -> Iterable[PackageRow]:
    verdicts = scan.verdicts
    for one in scan.graph.components:
        conclusion: Conclusion | None = scan.by_purl.get(one.purl)
        yield PackageRow(
            purl=one.purl,
            package=versionless(one.purl),
            name=one.name,
            version=one.version or "",
            ecosystem=one.ecosystem,
            license=conclusion.concluded if conclusion else NOASSERTION,
            verdict=verdicts[one.purl].value,
            scope="own" if one.is_first_party else "shipped" if one.is_shipped else "not shipped",
            coverage=coverage_of(conclusion).value,
            evidence=digests.get(one.purl, ""),
        )


def _findings(scan: Scan, digests: dict[str, str]) -> Iterable[FindingRow]:
    for finding, fingerprint in fingerprints(scan):
        component = scan.graph.by_purl.get(finding.purl or "")
        conclusion = scan.by_purl.get(finding.purl or "")
        yield FindingRow(
            fingerprint=fingerprint,
            code=finding.code,
            severity=finding.severity.value,
            verdict=finding.verdict.value,
            purl=finding.purl or "",
            package=versionless(finding.purl or ""),
            version=(component.version or "") if component else "",
            surface=finding.surface,
            license=conclusion.concluded if conclusion else "",
            evidence=digests.get(finding.purl or "", ""),
            message=one_line(finding.message, LONGEST),
            waiver=one_line(finding.waiver, LONGEST),
            decision=one_line(finding.decision, LONGEST),
        )


# --- as files ---------------------------------------------------------------------------------------------------------


def put_scan(space: Space, database: bytes) -> str:
    """Keep a project's database by its digest; the digest."""
    digest = hashlib.sha256(database).hexdigest()[:40]
    if not space.has(name := scan_name(digest)):
        space.write(name, zlib.compress(database, _LEVEL))
    return digest


def scan_name(digest: str) -> str:
    """The file of a database."""
    return f"{SCANS}/{digest[:2]}/{digest}.db.zz"


def get_scan(space: Space, digest: str) -> bytes | None:
    """A project's database; None where it is not there, or damaged."""
    packed = space.read(scan_name(digest)) if digest else None
    try:
        database = zlib.decompress(packed) if packed else None
    except zlib.error:
        return None
    return database if database and hashlib.sha256(database).hexdigest().startswith(digest) else None


def inbox_name(outcome: Outcome) -> str:
    """The file of a result: one for each target, what was scanned and with what; a failure has its run's."""
    told = (outcome.key, outcome.day) if outcome.key else (outcome.run, outcome.reason)
    return _inbox_name(outcome.target, *told)


def _inbox_name(target: str, *told: str) -> str:
    return f"{INBOX}/{target}-{hashlib.sha256(chr(0).join(told).encode()).hexdigest()[:24]}.json.gz"


def is_waiting(space: Space, target: str, key: str, today: str) -> bool:
    """Whether the inbox holds a result of a target by its key already, one that holds today."""
    names = (_inbox_name(target, key, day) for day in ("", today))
    return any((data := space.read(name)) is not None and load_line(data) is not None for name in names)


def put_outcome(space: Space, outcome: Outcome) -> None:
    """Put a result into the inbox, whole or not at all: from then on the target is done."""
    space.write(inbox_name(outcome), dump(outcome))


def dump(outcome: Outcome) -> bytes:
    """One line of JSON, packed; the same bytes for the same result."""
    told = {
        **_row(outcome), "packages": [_row(one) for one in outcome.packages],
        "findings": [_row(one) for one in outcome.findings],
    }  # fmt: skip
    line = json.dumps(told, ensure_ascii=True, separators=(",", ":"))
    return gzip.compress(line.encode() + b"\n", 1, mtime=0)


def _row(one: Outcome | PackageRow | FindingRow) -> dict[str, Any]:
    """Its fields by name, as `asdict` has them, without a copy of every string: that took as long as the packing."""
    names, values = _FIELDS[type(one)]
    return dict(zip(names, values(one), strict=True))


def load_line(packed: bytes) -> bytes | None:
    """The line of JSON of a file in the inbox; None for what no licscan wrote."""
    try:
        line = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return None
    return line if line.startswith(b'{"target":') and line.endswith(b"}\n") and line.count(b"\n") == 1 else None


@cache
def versions() -> str:
    """A digest of all that decides a result beside what is scanned: licscan, its tables, the license texts."""
    from pathlib import Path

    from licscan import __version__
    from licscan.base.digests import digest_of, parts_of_folder
    from licscan.base.tables import data_folder
    from licscan.detect.version import licensedb_digest

    tables = parts_of_folder(data_folder(), (".toml", ".json", ".csv", ".txt", ".npz"))
    code = parts_of_folder(Path(__file__).parents[1], (".py",))
    return digest_of([__version__.encode(), licensedb_digest().encode(), *tables, *code])
