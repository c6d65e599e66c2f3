"""What files and texts of a component say, and what is concluded from it."""

from __future__ import annotations

from dataclasses import dataclass

from licscan.model.graph import Claim, Location, Problem
from licscan.model.package import PackageMetadata
from licscan.model.terms import Coverage, EvidenceKind, Origin


@dataclass(frozen=True, slots=True)
class PackageFiles:
    """What one place says of a component: its claims, and the paths of its license evidence.

    `place` is a folder, an archive or a URL without credentials. Paths are relative to it, sorted, `/` between folders;
    `license_files` and `notice_files` hold the deep ones too. `problems` say what could not be searched. `metadata` is
    what this place says beside the license; None where it was not looked for. `named` are those of the license files to
    which a license statement points: the package's own terms, wherever they lie. `bundled` are the
    folders of other packages that an npm package brings in its own archive (`node_modules/left`). `requires` are the
    requirements of a Python package (PEP 508), None where this place does not say them for certain.
    """

    origin: Origin
    place: str
    claims: tuple[Claim, ...] = ()
    license_files: tuple[str, ...] = ()
    notice_files: tuple[str, ...] = ()
    author_files: tuple[str, ...] = ()
    readme_files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    metadata: PackageMetadata | None = None
    named: tuple[str, ...] = ()
    bundled: tuple[str, ...] = ()
    requires: tuple[str, ...] | None = None


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

    @property
    def is_told_by_sbom(self) -> bool:
        """Whether all that is known of it is what an SBOM says."""
        return bool(self.evidence) and all(one.origin is Origin.SBOM for one in self.evidence)

    @property
    def coverage(self) -> Coverage:
        """What it rests on; texts count where they were looked for, found or not, by us and not by an SBOM's author."""
        if self.detected is not None and not self.is_told_by_sbom:
            return Coverage.TEXTS
        return Coverage.METADATA if self.evidence else Coverage.NOTHING
