"""A project's files of content: whose each is, what says so, and what is open about it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from licscan.model.evidence import Evidence
from licscan.model.graph import Location
from licscan.model.media import AiMark, MediaKind

FILES_METHOD = "digest"
"""The method of the piece of evidence that binds a conclusion to the bytes of a group's files; nobody reads it."""


class Speaker(StrEnum):
    """Who says whose a file is, in falling order of trust; a `record` is one of licscan.toml."""

    RECORD = "record"
    ANNOTATION = "annotation"
    LIST = "list"
    EMBEDDED = "embedded"
    SET = "set"
    CARD = "card"
    TEXT = "text"
    PROJECT = "project"


class Question(StrEnum):
    """What is open or owed about a file of content; each is the code of a finding.

    `content-unlicensed-set`: art that its owner licenses to nobody; `content-package-art`: a package whose license does
    not cover the art that it carries; `content-noncommercial`: not for commercial use;
    `content-restricted`: a font or picture whose own fields withhold rights; `content-terms`: a license of content
    with limits of its own (stock sites); `content-stock-source`: from a stock site, and no license is kept;
    `content-text-missing`: the license is known, its text is not there; `content-attribution`: credit is owed, and
    nothing gives it; `content-share-alike`; `content-conflict`: two sources disagree; `content-no-statement`: nothing
    speaks for it; `content-trademark`: a sign of somebody else; `content-stale-list`: a list names what is not there;
    `model-terms`: a model's use is restricted or has thresholds; `ai-mark`: it says that a machine made it.
    """

    UNLICENSED = "content-unlicensed-set"
    PACKAGE_ART = "content-package-art"
    NONCOMMERCIAL = "content-noncommercial"
    RESTRICTED = "content-restricted"
    TERMS = "content-terms"
    STOCK = "content-stock-source"
    TEXT_MISSING = "content-text-missing"
    ATTRIBUTION = "content-attribution"
    SHARE_ALIKE = "content-share-alike"
    CONFLICT = "content-conflict"
    NO_STATEMENT = "content-no-statement"
    TRADEMARK = "content-trademark"
    STALE_LIST = "content-stale-list"
    MODEL_TERMS = "model-terms"
    AI_MARK = "ai-mark"


@dataclass(frozen=True, slots=True, order=True)
class ContentStatement:
    """One statement about a file: who says it, which license and holder it names (empty: none), where and how.

    `expression` is SPDX, NOASSERTION for terms that are not known. `is_own` is whether it claims the work as the
    project's own.
    """

    speaker: Speaker
    expression: str
    holder: str
    location: Location
    text: str = ""
    is_own: bool = False


def readable(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The pieces of evidence that say something to people."""
    return tuple(one for one in evidence if one.method != FILES_METHOD)


@dataclass(frozen=True, slots=True)
class ContentFacts:
    """What a file and the card beside it say of the work, as notices and SBOMs repeat it; empty where both are silent.

    `reserved` are a font's Reserved Font Names. Of models: `architecture` and `task` in the words of the file
    (`llama`, `text-generation`), `base_models` and `datasets` (the data that it was trained on) by name or address.
    """

    title: str = ""
    author: str = ""
    source: str = ""
    version: str = ""
    reserved: tuple[str, ...] = ()
    architecture: str = ""
    task: str = ""
    base_models: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()

    def named(self) -> dict[str, str | tuple[str, ...]]:
        """Each fact by its name, in order; for thousands of files, so without the copies that `asdict` makes."""
        return {name: getattr(self, name) for name in _FACTS}


_FACTS = tuple(one.name for one in fields(ContentFacts))


@dataclass(frozen=True, slots=True)
class ContentFile:
    """One file of content; `path` is relative to the project.

    `art_set` is the id of a row of data/content_sets.toml, `builder` a tool that made a font of other people's parts
    (`iconfont.cn`); empty where none is known. `expression` is SPDX, NOASSERTION where nobody knows, NONE where its
    owner grants nothing; `owner` is empty where nobody says. `component` is the PackageURL of the component that it
    belongs to, empty for the project's own. `is_shipped` is False in folders of tests.
    """

    path: str
    kind: MediaKind
    format: str
    sha256: str
    size: int
    expression: str
    owner: str = ""
    art_set: str = ""
    builder: str = ""
    basis: str = ""
    statements: tuple[ContentStatement, ...] = ()
    questions: tuple[Question, ...] = ()
    marks: tuple[AiMark, ...] = ()
    component: str = ""
    is_shipped: bool = True
    facts: ContentFacts = ContentFacts()


@dataclass(frozen=True, slots=True, order=True)
class StaleEntry:
    """An entry of a list in prose that names a file which is not there."""

    location: Location
    name: str


@dataclass(frozen=True, slots=True)
class Content:
    """All files of content of a project, sorted by path; those without a statement that nobody asks about are own."""

    files: tuple[ContentFile, ...] = ()
    stale: tuple[StaleEntry, ...] = ()

    @property
    def foreign(self) -> tuple[ContentFile, ...]:
        """The files that are not plainly the project's own."""
        return tuple(one for one in self.files if one.component)
