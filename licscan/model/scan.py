"""All of one scan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from licscan.model.content import Content
from licscan.model.coverage import CoverageCount, count_coverage, parts_without_text, shipped_packages
from licscan.model.evidence import Conclusion
from licscan.model.finding import Finding
from licscan.model.graph import Graph, InputFile, Problem
from licscan.model.package import PackageMetadata
from licscan.model.source import Sources
from licscan.model.surface import Judgement, Surface
from licscan.model.terms import SEVERITY_RANK, VERDICT_RANK, ProjectKind, Severity, Verdict


@dataclass(frozen=True, slots=True)
class Project:
    """What was scanned, under which assumptions (sentences, shown in every report).

    `name` and `version` are those of licscan.toml, else of the root that is the project itself, whose PackageURL is
    `root`; a project of which no manifest tells has its folder's name, and an empty version and root.
    """

    name: str
    path: str
    outbound: str
    assumptions: tuple[str, ...] = ()
    kind: ProjectKind = ProjectKind.OWN
    version: str = ""
    root: str = ""

    @property
    def label(self) -> str:
        """Name and version, as titles have them."""
        return f"{self.name} {self.version}".rstrip()


@dataclass(frozen=True, slots=True)
class Record:
    """The entry of a scan in its database: what ties an answer to a release.

    `started_at` is ISO 8601 in UTC; `revision` the commit that was scanned, with `+` where files that were read differ
    from it; `repository` the address that git fetches it from, without credentials. `asked` are the options and paths
    of the command line that decide what a scan finds, `state` a digest of what else it depends on, both to tell when a
    scan is out of date and to repeat it.
    """

    number: int
    started_at: str
    revision: str = ""
    repository: str = ""
    asked: tuple[tuple[str, str], ...] = ()
    state: str = ""


@dataclass(frozen=True)
class Scan:
    """All of one scan.

    Exporters and the store see only this, so a stored scan and a fresh one print the same bytes. `tables` are the
    versions of the tables that it rests on, by name. Two scans that found the same are equal, whatever their `record`.
    """

    tool_version: str
    project: Project
    graph: Graph
    conclusions: tuple[Conclusion, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    inputs: tuple[InputFile, ...] = ()
    threshold: Severity | None = Severity.ERROR
    tables: tuple[tuple[str, str], ...] = field(default=())
    sources: Sources | None = None
    content: Content | None = None
    surfaces: tuple[Surface, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    metadata: tuple[PackageMetadata, ...] = ()
    record: Record | None = field(default=None, compare=False)

    @cached_property
    def by_purl(self) -> dict[str, Conclusion]:
        """Every conclusion by PackageURL."""
        return {conclusion.purl: conclusion for conclusion in self.conclusions}

    @cached_property
    def metadata_by_purl(self) -> dict[str, PackageMetadata]:
        """What is known of each component beside its license."""
        return {one.purl: one for one in self.metadata}

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """The worst verdict of each component's findings that are not waived; ok where there are none."""
        worst = {component.purl: Verdict.OK for component in self.graph.components}
        for finding in self.findings:
            if finding.waiver or finding.purl not in worst:
                continue
            if VERDICT_RANK[finding.verdict] > VERDICT_RANK[worst[finding.purl]]:
                worst[finding.purl] = finding.verdict
        return worst

    @cached_property
    def coverage(self) -> CoverageCount:
        """How many shipped packages of others were judged on their texts, on metadata alone, on nothing."""
        counted = count_coverage(shipped_packages(self.graph.components, self.judgements), self.by_purl)
        return replace(counted, parts=parts_without_text(self.graph.components, self.by_purl))

    @property
    def gate(self) -> Verdict:
        """The answer of the whole scan: the worst verdict among the findings that count."""
        return max((f.verdict for f in self.counted()), key=VERDICT_RANK.__getitem__, default=Verdict.OK)

    def counted(self) -> Iterator[Finding]:
        """The findings that take part in the gate: at or above the threshold, and warnings that cannot tell.

        What cannot be told never passes as ok; so only the threshold None, which is no gate at all, lets it pass. What
        is waived does not count.
        """
        return (finding for finding in self.findings if counts(finding, self.threshold))

    @property
    def is_stopped(self) -> bool:
        """Whether anything counts: also a finding at the threshold that stands in nobody's way by itself."""
        return any(True for _finding in self.counted())


def counts(finding: Finding, threshold: Severity | None) -> bool:
    """Whether a finding takes part in the gate, of a scan as of a commit (see `Scan.counted`)."""
    if finding.waiver or threshold is None:
        return False
    open_question = finding.verdict is Verdict.CANNOT_TELL and finding.severity is not Severity.NOTE
    return open_question or SEVERITY_RANK[finding.severity] >= SEVERITY_RANK[threshold]
