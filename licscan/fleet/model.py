"""What passes between the parts of a fleet: targets, what a scan of one gave, how it ended."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum

LABELS = ("group", "product", "customer", "branch")
"""The labels with a column of their own."""


class Kind(StrEnum):
    """What a target is."""

    FOLDER = "folder"
    GIT = "git"
    ARTIFACT = "artifact"
    SBOM = "sbom"


class Status(StrEnum):
    """How the scan of a target ended; the last two say nothing of its contents."""

    DONE = "done"
    FAILED = "failed"
    POISONED = "poisoned"


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """One thing to scan; `location` is a path or an address without credentials, `reference` a branch, tag or commit.

    `outbound` and `surface` stand over what its own licscan.toml says; empty where they do not. `parts` are the SBOMs
    of other parts of the product, judged with it: `path` or `path=surface`, a line each.
    """

    kind: Kind
    location: str
    reference: str = ""
    name: str = ""
    group: str = ""
    product: str = ""
    customer: str = ""
    branch: str = ""
    outbound: str = ""
    surface: str = ""
    parts: str = ""

    @property
    def id(self) -> str:
        """What it is the same target by: kind, place and reference; labels may change."""
        told = json.dumps([self.kind, self.location, self.reference], ensure_ascii=True)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def part_files(self) -> tuple[tuple[str, str], ...]:
        """The SBOMs of its other parts: path and surface, which is empty for all."""
        split = (line.rpartition("=") if "=" in line else (line, "", "") for line in self.parts.splitlines() if line)
        return tuple((path, surface) for path, _equals, surface in split)

    @property
    def label(self) -> str:
        """Its name for people."""
        return self.name or self.location


@dataclass(frozen=True, slots=True)
class Asked:
    """How all targets of a run are scanned; part of the key of each result."""

    offline: bool = False
    resolve: bool = False
    texts: bool = True
    archives: bool = True
    source: bool = False
    content: bool = True
    platform: str | None = None
    outbound: str | None = None
    fail_on: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The last result of a target, as far as it decides whether to scan again: `day` where it holds for one day.

    `bad` is the key with which it broke its limits or ended its workers, `status` and `reason` how: what has not
    changed is not tried again with the same limits. It is empty where the last try came to another end.
    """

    key: str
    day: str
    scan: str = ""
    bad: str = ""
    status: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one target may take: seconds, and bytes of memory of the worker that scans it."""

    seconds: float = 1_800.0
    memory: int = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Job:
    """One target's work, as it travels to a worker.

    `run` names the run and its round; `nudge` is the last wish to scan again whatever is known; `versions` are those of
    the client, which a worker must share.
    """

    store: str
    target: Target
    asked: Asked
    limits: Limits
    run: str
    versions: str
    known: Known | None = None
    nudge: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker says back: next to nothing. `status` None: unchanged since the last result."""

    target: str
    status: Status | None
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, order=True)
class PackageRow:
    """One component of a target, as it is observed."""

    purl: str
    package: str
    """The PackageURL without its version."""
    name: str
    version: str
    ecosystem: str
    license: str
    verdict: str
    scope: str
    coverage: str
    evidence: str
    """The digest to which decisions are bound."""


@dataclass(frozen=True, slots=True, order=True)
class FindingRow:
    """One finding of a target, as it is observed; `package` is empty where it is about no package."""

    fingerprint: str
    code: str
    severity: str
    verdict: str
    purl: str
    package: str
    version: str
    surface: str
    license: str
    evidence: str
    message: str
    waiver: str
    decision: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one scan of one target gave; `when` is ISO 8601 in UTC, `day` where it holds for that day alone.

    `inputs` is the digest of what was scanned, `revision` its commit, `scan` the digest of the stored database, `tool`
    licscan's version, `versions` the digest of all that decides a result.
    """

    target: str
    run: str
    when: str
    status: Status
    reason: str = ""
    key: str = ""
    day: str = ""
    inputs: str = ""
    revision: str = ""
    project: str = ""
    version: str = ""
    outbound: str = ""
    gate: str = ""
    components: int = 0
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    texts: int = 0
    metadata: int = 0
    nothing: int = 0
    seconds: float = 0.0
    tool: str = ""
    versions: str = ""
    scan: str = ""
    packages: tuple[PackageRow, ...] = field(default=(), repr=False)
    findings: tuple[FindingRow, ...] = field(default=(), repr=False)
