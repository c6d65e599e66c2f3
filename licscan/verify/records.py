"""The frozen types of a verification: what was seen in an artifact, what is owed for it, what is not there."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from licscan.model import Problem, Verdict


class File(Protocol):
    """One file of what is shipped; `licscan.artifact.Entry` is one."""

    path: str

    @property
    def size(self) -> int:
        """Bytes, unpacked."""

    def read(self, limit: int) -> bytes:
        """The whole file; InputError where it is longer or damaged."""

    @property
    def sha256(self) -> str:
        """The digest in hex."""


class Kind(StrEnum):
    """What says that a package is inside."""

    METAFILE = "esbuild-metafile"
    WEBPACK = "webpack-stats"
    ROLLUP = "rollup-stats"
    MANIFEST = "vite-manifest"
    SOURCE_MAP = "source-map"
    COMMENT = "chunk-comment"
    BANNER = "banner"
    NODE_MODULES = "node_modules"
    DIST_INFO = "dist-info"
    VENDORED = "vendored"
    DIGEST = "file-digest"
    SOUND = "sound"
    CODE = "code"
    RUNTIME = "runtime"


class Sure(StrEnum):
    """How sure it is: `certain` where a tool says what went in, or the package lies there; else `likely`."""

    CERTAIN = "certain"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """One sign of one package.

    `version` is empty where the sign names none; `place` is where the package was installed when the artifact was built
    (`node_modules/a/node_modules/b`), which tells versions apart. `whole` is whether the package lies there as it was
    published, not only code of it.
    """

    ecosystem: str
    name: str
    version: str
    kind: Kind
    file: str
    sure: Sure = Sure.CERTAIN
    place: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Unknown:
    """Something of which it cannot be told whose it is or what it asks for; `file` is where it was seen.

    A `stranger` has a name, which the scan does not know; one that is `left_over` the bundler's report does not name.
    """

    file: str
    reason: str
    stranger: bool = False
    left_over: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A text in which notices can be reached; `sha256` is that of its file, empty for comments in code."""

    path: str
    text: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class ArtifactContents:
    """All that was seen of an artifact; `explained` are the scripts of which a tool says all that is in them.

    `content` are pairs of the PackageURL of a component of content and a path; `unexplained` media that nothing holds;
    `remade` those of them that are sounds of a component in other bytes, as `content` (the project's own without one).
    """

    seen: tuple[Sighting, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()
    explained: frozenset[str] = frozenset()
    content: tuple[tuple[str, str], ...] = ()
    unexplained: tuple[File, ...] = ()
    remade: tuple[tuple[str, str], ...] = ()


class What(StrEnum):
    """What can be owed in words."""

    HOLDER = "holder"
    TEXT = "license-text"
    NOTICE = "notice"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True, order=True)
class MediaFinding:
    """What is wrong with files of content in an artifact: `code` of a finding, the file or folder, and a sentence.

    `content-unlicensed-set`: art that its owner licenses to nobody; `ai-label-removed`: a mark of AI that the source
    carries is gone.
    """

    code: str
    file: str
    message: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, order=True)
class Demand:
    """One thing that has to be there: `needles` are its words in normal form, any of which will do.

    `shown` is what a person is told of it: the holder's line, or the name of the license or the file. `sha256` is that
    of the file that has it, so that the file itself is enough.
    """

    what: What
    shown: str
    needles: tuple[str, ...]
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Obligations:
    """All that is owed for one component; `open_` are sentences on what cannot be told of it."""

    purl: str
    name: str
    version: str
    license: str
    demands: tuple[Demand, ...] = ()
    open_: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Component:
    """One component inside, with its signs and what is missing; `one_of` where only its name is known for sure."""

    purl: str
    name: str
    version: str
    license: str
    signs: tuple[Sighting, ...]
    missing: tuple[Demand, ...] = ()
    open_: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    owed: int = 0

    @property
    def label(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}".rstrip()


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer: every component inside, what cannot be told, and what was assumed."""

    artifact: str
    kind: str
    project: str
    surface: str
    components: tuple[Component, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    problems: tuple[Problem, ...] = ()
    assumed: tuple[str, ...] = ()
    documents: tuple[str, ...] = field(default=())
    findings: tuple[MediaFinding, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """What is missing breaks a rule; what cannot be told never passes as all there."""
        worst = {one.verdict for one in self.findings}
        if Verdict.VIOLATION in worst or any(component.missing for component in self.components):
            return Verdict.VIOLATION
        if (
            worst - {Verdict.OK}
            or self.unknown
            or self.problems
            or any(component.open_ for component in self.components)
        ):
            return Verdict.CANNOT_TELL
        return Verdict.OK
