"""What a font, a picture, a sound or a model says of itself: the facts of one file, before anybody asks whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MediaKind(StrEnum):
    """What a file of content is, by its bytes."""

    FONT = "font"
    IMAGE = "image"
    SVG = "svg"
    AUDIO = "audio"
    VIDEO = "video"
    LOTTIE = "lottie"
    DOCUMENT = "document"
    MODEL = "model"
    DATASET = "dataset"


class Meaning(StrEnum):
    """What a field inside a file speaks of.

    `copyright` is a copyright statement, `holder` a name alone; `license` terms in words or an identifier,
    `license-url` where they stand; `usage` conditions that are not a license; `source` where the work was got;
    `software` what wrote the file; `digital-source` how a picture came to be (IPTC DigitalSourceType); `other` is kept
    because a reader may want it.
    """

    COPYRIGHT = "copyright"
    HOLDER = "holder"
    AUTHOR = "author"
    LICENSE = "license"
    LICENSE_URL = "license-url"
    USAGE = "usage"
    TRADEMARK = "trademark"
    TITLE = "title"
    NAME = "name"
    VERSION = "version"
    DESCRIPTION = "description"
    COMMENT = "comment"
    SOURCE = "source"
    SOFTWARE = "software"
    DIGITAL_SOURCE = "digital-source"
    BASE_MODEL = "base-model"
    DATA = "training-data"
    OTHER = "other"


TERMS = (Meaning.LICENSE, Meaning.LICENSE_URL, Meaning.USAGE)
"""What speaks of the terms of a work."""
_NO_EMBEDDING, _PREVIEW_ONLY, _EDITABLE = 0x2, 0x4, 0x8
"""Bits of OS/2 fsType (ISO/IEC 14496-22)."""


@dataclass(frozen=True, slots=True, order=True)
class MediaField:
    """One field inside a file.

    `field` is its own name after that of its standard (`id3:TCOP`, `xmp:dc:rights`, `name:13`, `png:Copyright`,
    `vorbis:LICENSE`); `text` has its white space folded and at most 4,000 characters.
    """

    meaning: Meaning
    field: str
    text: str


class MarkKind(StrEnum):
    """How a file says that a machine made it, or was used to make it."""

    C2PA = "c2pa"
    DIGITAL_SOURCE = "digital-source-type"
    GENERATOR = "generator-parameters"
    LABEL = "gb-45438"


@dataclass(frozen=True, slots=True, order=True)
class AiMark:
    """One mark of AI: its kind, the field that carries it, the tool that it names (empty: none), and what it says.

    `detail` is short; `verified` is whether signature and hashes were checked and hold, for which the extra `c2pa` has
    to be installed: whose signature it is, is not judged.
    """

    kind: MarkKind
    field: str
    tool: str = ""
    detail: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True, order=True)
class InnerMedia:
    """A file of content inside another: a `data:` address in an SVG, a picture in a Lottie animation or a font."""

    path: str
    kind: MediaKind
    format: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """All that one file says of itself; fields sorted, each once.

    `format` is a key of `licscan.media.kinds.FORMATS` (`png`, `sfnt`, `gguf`). `embedding` is a font's OS/2 fsType,
    None where it has none; `reserved` its Reserved Font Names. `width` and `height` are in pixels, `duration` in
    milliseconds, 0 where not known. `faults` say what is broken or was left unread.
    """

    kind: MediaKind
    format: str
    fields: tuple[MediaField, ...] = ()
    marks: tuple[AiMark, ...] = ()
    inner: tuple[InnerMedia, ...] = ()
    embedding: int | None = None
    reserved: tuple[str, ...] = ()
    width: int = 0
    height: int = 0
    duration: int = 0
    faults: tuple[str, ...] = ()

    @property
    def withholds_embedding(self) -> bool:
        """Whether a font's own bits allow no embedding, or only for printing and preview."""
        bits = self.embedding or 0
        return bool(bits & (_NO_EMBEDDING | _PREVIEW_ONLY)) and not bits & _EDITABLE

    def texts(self, *meanings: Meaning) -> tuple[str, ...]:
        """The texts of the fields of these meanings, in order, each once."""
        return tuple(dict.fromkeys(one.text for one in self.fields if one.meaning in meanings))
