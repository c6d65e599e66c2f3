"""All that is known of a project before its files of content are placed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from licscan.config.settings import ContentSetting
from licscan.content.annotations import Annotations
from licscan.content.claims import Claim
from licscan.content.embedded import Embedded
from licscan.model import Location
from licscan.model.media import AiMark, MediaField
from licscan.source.covers import Covers
from licscan.source.placing import Own


@dataclass(frozen=True, slots=True)
class KnownSet:
    """A set of art, or a font family, that was recognised: its row's id, owner and license, and by what it was told.

    `credit` is what its terms ask for, `is_signs` whether its pieces are signs of other companies.
    """

    id: str
    name: str
    owner: str
    expression: str
    how: str = ""
    credit: str = ""
    is_signs: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """What a text beside files says of some of them; `words` are those of the entry, `fields` those of a card."""

    claim: Claim
    location: Location
    words: str
    fields: tuple[MediaField, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """What the nearest cards at or above a file say: of its license (None: no card does), and which marks of AI."""

    listed: Listed | None
    marks: tuple[AiMark, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What speaks for files, by their paths: annotations, lists, folders' texts, sets, fields (of twins, too).

    `records` are those of licscan.toml that hold today. `folders` are texts that speak for a whole folder; `texts` the
    licenses whose texts stand anywhere in the project; `signs` pictures that are signs of others; `credited` the
    names that the project's texts credit, in lower case; `names` are the words of the project's own names, `called`
    these names as one word each, `title` those of the readme's first heading.
    """

    own: Own
    annotations: Annotations
    records: Mapping[str, ContentSetting]
    lists: Mapping[str, tuple[Listed, ...]]
    folders: Mapping[str, tuple[Listed, ...]]
    covers: Covers
    embedded: Mapping[str, Embedded]
    sets: Mapping[str, KnownSet] = field(default_factory=dict)
    cards: Mapping[str, Card] = field(default_factory=dict)
    texts: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()
    title: frozenset[str] = frozenset()
    credited: str = ""
