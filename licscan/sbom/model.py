"""One model of an SBOM for all formats: what CycloneDX 1.2 to 1.7 and SPDX 2.2 to 3.0.1 can say, each fact once.

Words are those of CycloneDX where it has one, else of SPDX. An empty text or tuple says that a document is silent;
NOASSERTION and NONE say what SPDX says with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class LicenseRole(StrEnum):
    """Who states a license: the package of itself, a reader of it, or whoever ships it and chose a branch of an OR.

    `found` is what files say (SPDX: licenseInfoFromFiles; CycloneDX: evidence); `unstated` is a document that does not
    tell, as all of CycloneDX before 1.6.
    """

    DECLARED = "declared"
    CONCLUDED = "concluded"
    EFFECTIVE = "effective"
    FOUND = "found"
    UNSTATED = "unstated"


class PartyKind(StrEnum):
    """What a party is."""

    ORGANIZATION = "organization"
    PERSON = "person"
    UNKNOWN = "unknown"


class DependencyKind(StrEnum):
    """What an edge says: `depends-on` as packages need each other, `contains` as an archive holds what is in it.

    The scoped ones are those of SPDX (DEV_DEPENDENCY_OF, ...); CycloneDX has one kind and says the scope of the child.
    `other` is a relationship that the formats know and a scanner of licenses does not; its name is kept.
    """

    DEPENDS_ON = "depends-on"
    CONTAINS = "contains"
    PROVIDES = "provides"
    DEV = "dev"
    BUILD = "build"
    TEST = "test"
    OPTIONAL = "optional"
    PEER = "peer"
    OTHER = "other"


class Completeness(StrEnum):
    """What is said of a list: all of it, a part of it, or nobody knows (CycloneDX's aggregates, folded to three)."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Hash:
    """A digest in hexadecimal; `algorithm` as CycloneDX names it (`SHA-256`, `SHA3-512`, `BLAKE2b-256`)."""

    algorithm: str
    value: str


@dataclass(frozen=True, slots=True, order=True)
class Party:
    """A person or an organisation."""

    name: str = ""
    email: str = ""
    url: str = ""
    kind: PartyKind = PartyKind.UNKNOWN


@dataclass(frozen=True, slots=True, order=True)
class Tool:
    """The program that wrote a document."""

    name: str
    version: str = ""
    vendor: str = ""


@dataclass(frozen=True, slots=True, order=True)
class LicenseStatement:
    """What one party says of a license: an SPDX `expression` (or NONE, NOASSERTION), else a `name` in any words.

    `expression` of a document that was read is as written, valid or not. `comment` says how it came about. `contract`
    tells of a license that somebody bought (CycloneDX's `licensing`): by whom, from whom, of what kind, until when.
    """

    role: LicenseRole
    expression: str = ""
    name: str = ""
    text: str = ""
    url: str = ""
    comment: str = ""
    contract: str = ""


@dataclass(frozen=True, slots=True, order=True)
class LicenseEvidence:
    """One statement or text behind the conclusion; `method` and `score` (0 to 1) say how it was read and how surely."""

    kind: str
    path: str
    line: int | None = None
    end_line: int | None = None
    field: str = ""
    raw: str = ""
    expression: str = ""
    origin: str = ""
    method: str = ""
    score: float | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True, order=True)
class CopyrightNotice:
    """A copyright statement, and where it stands."""

    statement: str
    path: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class ExternalReference:
    """An address; `kind` as CycloneDX names it (`distribution`, `vcs`, `website`, `source-distribution`, ...)."""

    kind: str
    url: str
    hashes: tuple[Hash, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A name of a component other than its PackageURL: `cpe`, `swid`, `swhid`, `omniborId`, `gitoid`, ..."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, order=True)
class Property:
    """A name and a value that a tool adds (CycloneDX properties, SPDX annotations)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, order=True)
class Unknown:
    """A field that the document says it does not know: `reason` is `unknown` or `redacted`."""

    field: str
    reason: str = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class BomFile:
    """One file of a component, by its path in the project and its SHA-256 digest; `size` is in bytes."""

    path: str
    sha256: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class BomContent:
    """What is known of a component that is files: fonts, pictures, sounds, a model, a data set.

    `kind` is `font`, `image`, `audio`, `video`, `model` or `dataset`, `formats` those of its files. `left_out` counts
    files beyond those that are listed. Of models: `architecture`, `task`, `base_models` and `datasets` in the words of
    file and card; `use_limits` and `user_limits` are what the license says of uses and of who may use it.
    """

    kind: str
    files: tuple[BomFile, ...] = ()
    left_out: int = 0
    formats: tuple[str, ...] = ()
    title: str = ""
    architecture: str = ""
    task: str = ""
    base_models: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    use_limits: tuple[str, ...] = ()
    user_limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A work of which a component is a derivation (CycloneDX's pedigree)."""

    name: str
    version: str = ""
    purl: str = ""
    licenses: tuple[LicenseStatement, ...] = ()

    @property
    def label(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}".strip() or self.purl


VERIFICATION_CODE = "verification-code"
"""The kind of identifier that SPDX 2 makes of the digests of a package's files."""
CONTENT_PURL = "pkg:generic/content/"
CONTENT_KINDS = frozenset({"data", "machine-learning-model"})
"""CycloneDX's types of components that are no software."""


@dataclass(frozen=True, slots=True)
class BomComponent:
    """One component; `ref` is its name inside the document.

    `name` is as its ecosystem writes it, with a group or scope (`@scope/name`, `org.group:name`). `kind` is CycloneDX's
    type, `scope` its `required`, `optional` or `excluded`. `purl` is as written. `filename` is that of the deployable
    file; `executable`, `archive` and `structured` are BSI's three properties of it, None where nobody says.
    `aliases` are the refs under which the same document has it again. `content` is None for software, and in documents
    that were read. `ancestors` are what it was made from.
    """

    ref: str
    name: str
    version: str = ""
    kind: str = "library"
    purl: str = ""
    scope: str = ""
    supplier: Party | None = None
    manufacturer: Party | None = None
    authors: tuple[Party, ...] = ()
    licenses: tuple[LicenseStatement, ...] = ()
    license_comment: str = ""
    evidence: tuple[LicenseEvidence, ...] = ()
    copyright_text: str = ""
    copyrights: tuple[CopyrightNotice, ...] = ()
    hashes: tuple[Hash, ...] = ()
    filename: str = ""
    download_location: str = ""
    references: tuple[ExternalReference, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    description: str = ""
    comment: str = ""
    executable: bool | None = None
    archive: bool | None = None
    structured: bool | None = None
    modified: bool = False
    unknown: tuple[Unknown, ...] = ()
    properties: tuple[Property, ...] = ()
    aliases: tuple[str, ...] = ()
    content: BomContent | None = None
    ancestors: tuple[Ancestor, ...] = ()

    @property
    def is_content(self) -> bool:
        """Whether it is files of content (fonts, pictures, models, data), not software."""
        return self.kind in CONTENT_KINDS or self.purl.startswith(CONTENT_PURL)

    def license_of(self, role: LicenseRole) -> str:
        """The expression (or name) of a role; several are joined as the document lists them, empty where none is."""
        said = [one.expression or one.name for one in self.licenses if one.role is role]
        return said[0] if len(said) == 1 else " AND ".join(f"({one})" if " " in one else one for one in said)


@dataclass(frozen=True, slots=True, order=True)
class BomDependency:
    """An edge between refs; `name` is the word of the format where the kind is `other`."""

    parent: str
    child: str
    kind: DependencyKind = DependencyKind.DEPENDS_ON
    name: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Extent:
    """How complete what is said of `refs` is; `of` is `dependencies` or `assemblies`."""

    completeness: Completeness
    refs: tuple[str, ...]
    of: str = "dependencies"


@dataclass(frozen=True, slots=True, order=True)
class LicenseText:
    """A license that is not on the SPDX list, by its `LicenseRef-*`; `text` is empty where the text is not known."""

    ref: str
    text: str = ""
    name: str = ""
    urls: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True)
class Bom:
    """A whole SBOM.

    `format` is `cyclonedx` or `spdx`, `spec_version` as the file says (`1.6`, `SPDX-2.3`, `3.0.1`); both are empty in
    a document that nobody has written yet. `serial` is CycloneDX's serial number or SPDX's namespace. `created` is
    ISO 8601 in UTC, to seconds. `lifecycle` is when it was made: `pre-build`, `build`, `post-build`, `operations`, ...
    `subject` is the ref of what the document is about. `dependencies_of` lists the components about whose dependencies
    the document says something, also that there are none. `problems` are places of a document that was read which
    could not be understood, each with the reason. `wrapping` are sentences on what it was taken out of.
    `tlp` is whom it may be passed on to, a label of the Traffic Light Protocol.
    `refers_to_vulnerabilities` is whether it only leads to statements on them (VEX, advisories).
    `elsewhere` are refs that the document has for what is no component: services that say no license.
    """

    name: str
    subject: str = ""
    format: str = ""
    spec_version: str = ""
    version: str = ""
    serial: str = ""
    created: str = ""
    lifecycle: str = ""
    tools: tuple[Tool, ...] = ()
    authors: tuple[Party, ...] = ()
    supplier: Party | None = None
    components: tuple[BomComponent, ...] = ()
    dependencies: tuple[BomDependency, ...] = ()
    dependencies_of: tuple[str, ...] = ()
    extents: tuple[Extent, ...] = ()
    license_texts: tuple[LicenseText, ...] = ()
    data_license: str = ""
    comment: str = ""
    properties: tuple[Property, ...] = ()
    references: tuple[ExternalReference, ...] = ()
    has_vulnerabilities: bool = False
    refers_to_vulnerabilities: bool = False
    tlp: str = ""
    problems: tuple[str, ...] = ()
    wrapping: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @cached_property
    def by_ref(self) -> dict[str, BomComponent]:
        """Every component by its ref, and by the refs that stand for it too."""
        return {ref: component for component in self.components for ref in (component.ref, *component.aliases)}

    @cached_property
    def children(self) -> dict[str, tuple[BomDependency, ...]]:
        """The outgoing edges of each ref."""
        groups: dict[str, list[BomDependency]] = {}
        for edge in self.dependencies:
            groups.setdefault(edge.parent, []).append(edge)
        return {ref: tuple(group) for ref, group in groups.items()}

    @cached_property
    def completeness(self) -> dict[str, Completeness]:
        """What is said of the list of each ref's dependencies."""
        return {ref: one.completeness for one in self.extents if one.of == "dependencies" for ref in one.refs}

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """The refs of which the document says what they need or what needs them."""
        ends = {end for edge in self.dependencies for end in (edge.parent, edge.child)}
        return frozenset(ends.union(self.dependencies_of))

    def others(self) -> Iterator[BomComponent]:
        """Every component but the subject."""
        return (component for component in self.components if component.ref != self.subject)
