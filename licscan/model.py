"""The frozen types that pass between the stages. Imports nothing of licscan but more such types.

Vocabulary as in ORT, SPDX and CycloneDX: what a package *declares*, what is *detected* in its texts, what is
*concluded* from both. A component's identity is its PackageURL in canonical form.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from licscan.surfaces import Judgement, Surface

NOASSERTION = "NOASSERTION"
NONE = "NONE"


class Scope(StrEnum):
    """How a component is needed, from most to least certain to be shipped."""

    RUNTIME = "runtime"
    PEER = "peer"
    OPTIONAL = "optional"
    BUILD = "build"
    DEV = "dev"


SCOPE_RANK = {scope: rank for rank, scope in enumerate(Scope)}
"""Along one dependency path the scope of the highest rank wins: what a dev dependency needs is dev."""


class ComponentKind(StrEnum):
    """`project`: first-party (a root or a workspace member); `package`: somebody else's."""

    PROJECT = "project"
    PACKAGE = "package"


class SourceKind(StrEnum):
    """Where a component's bytes come from."""

    REGISTRY = "registry"
    GIT = "git"
    URL = "url"
    PATH = "path"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Where a claim about a component was read, in falling order of trust."""

    INSTALLED = "installed"
    PROJECT = "project"
    CACHE = "cache"
    REGISTRY = "registry"
    LOCK = "lock"
    SBOM = "sbom"


class ProjectKind(StrEnum):
    """What a scan is of: a folder of one's own, or what a supplier's SBOM says."""

    OWN = "own"
    SBOM = "sbom"


class EvidenceKind(StrEnum):
    """What sort of evidence it is.

    `file` is a package's own license file, `part` a text that speaks of a part of it (a bundled library, a font).
    """

    DECLARED = "declared"
    CLASSIFIER = "classifier"
    FILE = "file"
    HEADER = "header"
    TAG = "tag"
    NOTICE = "notice"
    PART = "part"
    README = "readme"
    SBOM = "embedded-sbom"
    MEDIA = "media-metadata"


class Severity(StrEnum):
    """How loud a finding is; the gate's threshold is one of these."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITY_RANK = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


class Verdict(StrEnum):
    """What is known of the question "may we?": the last never passes as the first."""

    OK = "ok"
    VIOLATION = "violation"
    CANNOT_TELL = "cannot-tell"


VERDICT_RANK = {Verdict.OK: 0, Verdict.CANNOT_TELL: 1, Verdict.VIOLATION: 2}


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A file (relative to the project, `/` between folders) and, where known, its lines (from 1)."""

    path: str
    start_line: int | None = None
    end_line: int | None = None

    def __str__(self) -> str:
        return self.path if self.start_line is None else f"{self.path}:{self.start_line}"


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where a component's bytes come from; `url` has no credentials in it (see `purls.strip_credentials`)."""

    kind: SourceKind = SourceKind.UNKNOWN
    url: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """One license statement in metadata, verbatim.

    `field` is the name of the metadata field (`License-Expression`, `License`, `Classifier`, `license`, `licenses`).
    `raw` is its text; a value that is not a string (npm's objects and arrays) is compact JSON and `structured`.
    """

    kind: EvidenceKind
    field: str
    raw: str
    origin: Origin
    location: Location
    structured: bool = False


@dataclass(frozen=True, slots=True)
class Component:
    """A package or a first-party project in the graph.

    `purl` is the identity. `name` is the name as its ecosystem writes it (`@scope/name`). `resolved` is False when
    only a requirement is known, not a version. `condition` says on which platforms it is installed (a PEP 508 marker,
    or `os=darwin cpu=arm64`). `installed_at` are folders that hold its files (relative to the project where inside it,
    else absolute). `hashes` are `algorithm:hex`. `patches` are files applied on top of the published package.
    `manifest` is the manifest of a first-party project. `embedded` says of what stands inside another package whether
    it is there (`present`) or only named by a list of its vendor (`not-seen`); empty for packages of their own.
    `changed` are its installed files that differ from what was published.
    """

    purl: str
    name: str
    version: str | None
    ecosystem: str
    kind: ComponentKind = ComponentKind.PACKAGE
    resolved: bool = True
    source: Source = Source()
    scopes: tuple[Scope, ...] = ()
    found_in: tuple[Location, ...] = ()
    claims: tuple[Claim, ...] = ()
    hashes: tuple[str, ...] = ()
    condition: str | None = None
    patches: tuple[str, ...] = ()
    installed_at: tuple[str, ...] = ()
    manifest: str | None = None
    embedded: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Dependency:
    """One edge of the graph: `parent` and `child` are PackageURLs, `requirement` is the text in the manifest."""

    parent: str
    child: str
    scope: Scope = Scope.RUNTIME
    requirement: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What could not be done, as a value that reaches the report.

    `stage` is `resolve`, `locate`, `conclude`, `judge` or `store`; `subject` a file or a PackageURL; `code` the
    finding that it gives rise to, if any (`lock-out-of-date`, `dependency-unresolved`, `input-unreadable`);
    None: worth knowing, no more.
    """

    stage: str
    subject: str
    message: str
    code: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class InputFile:
    """One manifest, lockfile or installed tree that was read, and how completely.

    `format` is a key of `resolve.formats.FORMATS`. `seen` counts the package entries in the file, `understood` those
    that became components: anything less than equal is also a problem.
    """

    path: str
    format: str
    version: str | None = None
    seen: int = 0
    understood: int = 0
    sha256: str | None = None


@dataclass(frozen=True)
class Graph:
    """Roots, components and dependencies, each sorted; roots are PackageURLs of components."""

    roots: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()
    dependencies: tuple[Dependency, ...] = ()

    @cached_property
    def by_purl(self) -> dict[str, Component]:
        """Every component by its PackageURL."""
        return {component.purl: component for component in self.components}

    @cached_property
    def children(self) -> dict[str, tuple[Dependency, ...]]:
        """The outgoing edges of each component."""
        return _grouped(self.dependencies, "parent")

    @cached_property
    def parents(self) -> dict[str, tuple[Dependency, ...]]:
        """The incoming edges of each component."""
        return _grouped(self.dependencies, "child")

    def paths_to(self, purl: str, roots: Iterable[str] | None = None) -> tuple[tuple[str, ...], ...]:
        """One shortest path from each root (of all, or of those given) that reaches the component, root first."""
        found = []
        for root in self.roots if roots is None else roots:
            path = self._shortest(root, purl)
            if path:
                found.append(path)
        return tuple(found)

    def _shortest(self, root: str, target: str) -> tuple[str, ...]:
        before = self._tree(root)
        if target not in before:
            return ()
        path = [target]
        while (parent := before[path[-1]]) is not None:
            path.append(parent)
        return tuple(reversed(path))

    def _tree(self, root: str) -> dict[str, str | None]:
        """The breadth-first tree below a root, as child -> parent; kept, since every finding asks for it."""
        trees: dict[str, dict[str, str | None]] = self._trees
        if root not in trees:
            before: dict[str, str | None] = {root: None}
            queue = deque([root])
            while queue:
                parent = queue.popleft()
                for edge in self.children.get(parent, ()):
                    if edge.child not in before:
                        before[edge.child] = parent
                        queue.append(edge.child)
            trees[root] = before
        return trees[root]

    @cached_property
    def _trees(self) -> dict[str, dict[str, str | None]]:
        return {}


def _grouped(edges: Iterable[Dependency], end: str) -> dict[str, tuple[Dependency, ...]]:
    groups: dict[str, list[Dependency]] = {}
    for edge in edges:
        groups.setdefault(getattr(edge, end), []).append(edge)
    return {key: tuple(group) for key, group in groups.items()}


@dataclass(frozen=True, slots=True)
class PackageFiles:
    """What one place says of a component: its claims, and the paths of its license evidence.

    `place` is a folder, an archive or a URL without credentials. Paths are relative to it, sorted, `/` between folders;
    `license_files` and `notice_files` hold the deep ones too. `problems` say what could not be searched.
    """

    origin: Origin
    place: str
    claims: tuple[Claim, ...] = ()
    license_files: tuple[str, ...] = ()
    notice_files: tuple[str, ...] = ()
    author_files: tuple[str, ...] = ()
    readme_files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """A claim or a text, read: `expression` is SPDX or None where it could not be told.

    `method` names how it was read (`spdx`, `alias`, `classifier`, `url`, ...), `score` how sure that is (0 to 1),
    `note` why it is not surer. A license text has its file as `location` and the file's name as `field`.
    """

    kind: EvidenceKind
    field: str
    raw: str
    expression: str | None
    origin: Origin
    location: Location
    method: str
    score: float
    note: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Copyright:
    """One copyright statement in a component's own license files, notices or readme; `path` as reports name it.

    `statement` is as written, white space folded. `holder` is empty where none is named; `template` is a form that
    nobody filled in (`Copyright (c) <year> <owner>`).
    """

    path: str
    line: int | None
    statement: str
    holder: str = ""
    years: str = ""
    template: bool = False


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is declared, detected and concluded of one component, kept apart, with what disagreed.

    The three are SPDX expressions, `NOASSERTION` where nothing decides, `NONE` where the package says there is no
    license (of `detected`: no license text is in the package). `detected` is None until texts are read. `basis` says
    what the conclusion rests on; `disagreements`, `doubts` and `text_conflicts` are sentences: two statements that
    contradict, a statement that has several readings, a license text that contradicts what is declared. `copyrights`
    are the statements of its own texts, each once, sorted. `clarified` is the reason that licscan.toml gives for
    `concluded`; empty where the evidence decided.
    """

    purl: str
    declared: str
    detected: str | None
    concluded: str
    basis: str
    disagreements: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    license_files: tuple[str, ...] = ()
    notice_files: tuple[str, ...] = ()
    text_conflicts: tuple[str, ...] = ()
    copyrights: tuple[Copyright, ...] = ()
    clarified: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement that a person can act on; `purl` is None when it is about the scan as a whole.

    `surface` is the artefact that it is about, empty for all. `waiver` says who answers for it, why and until when;
    empty where nobody does. `decision` says what somebody decided about it without answering for it.
    """

    code: str
    severity: Severity
    verdict: Verdict
    purl: str | None
    message: str
    why: str = ""
    paths: tuple[tuple[str, ...], ...] = ()
    remedies: tuple[str, ...] = ()
    locations: tuple[Location, ...] = ()
    surface: str = ""
    waiver: str = ""
    decision: str = ""


class SourceGroupKind(StrEnum):
    """Why files among a project's sources are named.

    `foreign-license`: a license other than the project's own; `vendored`: other people's work; `unlicensed`: other
    people's work under terms that nobody knows; `other-holder`: a holder other than the project's, and no license.
    """

    FOREIGN_LICENSE = "foreign-license"
    VENDORED = "vendored"
    UNLICENSED = "unlicensed"
    OTHER_HOLDER = "other-holder"


@dataclass(frozen=True, slots=True, order=True)
class SourceGroup:
    """Source files of which the same is to be said; `path` is the one file, or the folder that holds them all.

    `expression` is SPDX, NOASSERTION for terms that licscan does not know, NONE where nothing says. `beside_own` is
    whether the files name the project's own license too. `name` and `version` are what a banner or a file's name says;
    `license_file` is the text that covers the files. `in_tests` is whether they lie in folders of tests. `rules` are
    those of the LicenseDB that matched; `locations` the first files, with their lines.
    """

    path: str
    kind: SourceGroupKind
    expression: str
    files: int
    beside_own: bool = False
    name: str | None = None
    version: str | None = None
    license_file: str | None = None
    in_tests: bool = False
    holders: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    locations: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """The project's own files: how many were `read`, how many of them are `own`, and groups of those that are not.

    `own_licenses` and `own_holders` are what they were held against; `by_git` is whether git's index named the files,
    else a walk did. `unread` files could not be read.
    """

    by_git: bool
    read: int
    own: int
    unread: int = 0
    own_licenses: tuple[str, ...] = ()
    own_holders: tuple[str, ...] = ()
    groups: tuple[SourceGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """What was scanned, under which assumptions (sentences, shown in every report)."""

    name: str
    path: str
    outbound: str
    assumptions: tuple[str, ...] = ()
    kind: ProjectKind = ProjectKind.OWN


@dataclass(frozen=True)
class Scan:
    """All of one scan.

    Exporters and the store see only this, so a stored scan and a fresh one print the same bytes.
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
    surfaces: tuple[Surface, ...] = ()
    judgements: tuple[Judgement, ...] = ()

    @cached_property
    def by_purl(self) -> dict[str, Conclusion]:
        """Every conclusion by PackageURL."""
        return {conclusion.purl: conclusion for conclusion in self.conclusions}

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

    @property
    def gate(self) -> Verdict:
        """The answer of the whole scan: the worst verdict among the findings that count."""
        return max((f.verdict for f in self.counted()), key=VERDICT_RANK.__getitem__, default=Verdict.OK)

    def counted(self) -> Iterator[Finding]:
        """The findings that take part in the gate: at or above the threshold, and warnings that cannot tell.

        What cannot be told never passes as ok; so only the threshold None, which is no gate at all, lets it pass. What
        is waived does not count.
        """
        if self.threshold is None:
            return
        least = SEVERITY_RANK[self.threshold]
        for finding in self.findings:
            if finding.waiver:
                continue
            open_question = finding.verdict is Verdict.CANNOT_TELL and finding.severity is not Severity.NOTE
            if open_question or SEVERITY_RANK[finding.severity] >= least:
                yield finding
