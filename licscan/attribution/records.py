"""The frozen types of notices: what is owed for one component, and the texts that it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from licscan.base.messages import _


class Role(StrEnum):
    """What a text is in its package: the license, a NOTICE, a text that speaks of a part of it."""

    LICENSE = "license"
    NOTICE = "notice"
    PART = "part"


class GapKind(StrEnum):
    """Why a document of notices is not complete."""

    UNREAD = "unread"
    NO_TEXT = "no-text"
    NO_HOLDER = "no-holder"
    NO_LICENSE = "no-license"
    CONFLICT = "conflict"
    UNDECIDED = "undecided"
    CHANGED = "changed"
    NO_CONTACT = "no-contact"
    NO_NAME = "no-name"


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """What is missing, in a sentence; `purl` is empty where it is about the whole document."""

    purl: str
    kind: GapKind
    sentence: str


@dataclass(frozen=True, slots=True)
class Body:
    """One text, as shipped but for line ends and trailing blanks; `sha256` is that of the text in UTF-8.

    `lead` is its title, `statements` the copyright lines between the title and the rest; a text whose lines stand in
    another order has neither, and all of it is `rest`.
    """

    sha256: str
    text: str
    lead: str = ""
    statements: tuple[str, ...] = ()
    rest: str = ""

    @property
    def terms(self) -> tuple[str, str]:
        """What texts of different holders have in common."""
        return self.lead, self.rest


@dataclass(frozen=True, slots=True)
class AttributionText:
    """One text that goes with a component; `path` is where it stands in the package, empty where it lacks it.

    `licenses` are those that detection saw in it. `sha256` is that of the file as it lies there, for comparing with
    evidence. A `reconstructed` text is the LicenseDB's.
    """

    role: Role
    path: str
    body: Body
    licenses: tuple[str, ...] = ()
    sha256: str = ""
    reconstructed: bool = False


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a package's own metadata say of where it comes from; empty where they say nothing.

    `source` is the address of its source distribution, or of the archive that is installed where there is none.
    """

    authors: tuple[str, ...] = ()
    home: str = ""
    title: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What was read of one package: its texts as (role, path, bytes), its metadata, and what could not be read.

    `heads` are the copyright statements in the heads of its sources, read only where no text of it has one.
    """

    texts: tuple[tuple[Role, str, bytes], ...] = ()
    readme: str = ""
    metadata: Metadata = Metadata()
    unread: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """An acknowledgment in the words that a license prescribes, with the license and clause that ask for it."""

    text: str
    license: str
    clause: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Offer:
    """Source code that is owed: `duty` is a `law.vocabulary.DutyName`; `what` a sentence, `where` its places."""

    duty: str
    license: str
    clause: str
    what: str
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Credit:
    """The attribution of content or a model: what, by whom, from where, under which license, changed or not.

    `source` is empty where nobody says it, `changed` None where it is not known. `reserved` are Reserved Font Names;
    `words` the credit that the owner asks for, in his words.
    """

    title: str
    creators: tuple[str, ...]
    source: str
    license: str
    link: str
    changed: bool | None = False
    reserved: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """All that goes with one component.

    `license` is the effective one: of every OR the branch chosen; `offered` is what the component offers, where that is
    more. `surfaces` are those on which something is owed. `holders` are its copyright statements, as written; `shown`
    those of them that have to stand beside its texts; `authors` those whom its metadata name, only where no statement
    does. `within` are the packages that it stands inside, by PackageURL and label.
    """

    purl: str
    name: str
    version: str
    license: str
    offered: str = ""
    surfaces: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    texts: tuple[AttributionText, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    offers: tuple[Offer, ...] = ()
    changes: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()
    within: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """Name and version, and of what stands inside other packages where."""
        told = f"{self.name} {self.version}".rstrip()
        if not self.within:
            return told
        return _("{name} (in {packages})").format(
            name=told, packages=_(", ").join(label for _purl, label in self.within)
        )

    def of(self, role: Role) -> tuple[AttributionText, ...]:
        """Its texts of one role."""
        return tuple(text for text in self.texts if text.role is role)


@dataclass(frozen=True, slots=True)
class Attributions:
    """All of one document: what is owed, what is missing, and which components ask for nothing."""

    project: str
    surfaces: tuple[str, ...] = ()
    entries: tuple[Attribution, ...] = ()
    gaps: tuple[Gap, ...] = ()
    silent: tuple[str, ...] = field(default=())
    contact: str = ""
    day: str = ""
    version: str = ""
