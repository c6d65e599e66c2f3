"""The cards of models and data sets: what the front matter beside weights says of their license and their origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from licscan.content.beside import folders_above
from licscan.content.claims import Claim
from licscan.content.known import Listed
from licscan.content.model_names import license_called
from licscan.content.reading import ReadFile
from licscan.media.card import read_card
from licscan.model import NOASSERTION, Location
from licscan.model.media import Meaning, MediaField, MediaKind

_KINDS = (MediaKind.MODEL, MediaKind.DATASET)


def license_of_card(fields: Iterable[MediaField]) -> str:
    """The license that a card's fields name; NOASSERTION for one without a known name, empty where they name none."""
    said = [one.text for one in fields if one.meaning is Meaning.LICENSE]
    told = [expression for text in said if (expression := license_called(text))]
    return told[0] if told else NOASSERTION if said else ""


def is_card(text: str) -> bool:
    """Whether a text has a front matter that says something."""
    return text[:200].lstrip("\ufeff \t\r\n").startswith("---") and bool(read_card(text))


def cards_of(texts: Mapping[str, str], files: Iterable[ReadFile]) -> dict[str, Listed]:
    """The nearest card at or above each model and data set."""
    cards: dict[str, Listed] = {}
    for path, text in sorted(texts.items()):
        fields = read_card(text) if is_card(text) else ()
        if expression := license_of_card(fields):
            words = "; ".join(f"{one.field.partition(':')[2]}: {one.text}" for one in fields)
            holder = next((one.text for one in fields if one.meaning is Meaning.AUTHOR), "")
            folder = path.rpartition("/")[0]
            cards.setdefault(folder, Listed(Claim(expression, holder), Location(path, 1), words, fields))
    found = {}
    for one in files:
        if one.facts.kind in _KINDS:
            card = next((cards[folder] for folder in (*folders_above(one.path), "") if folder in cards), None)
            if card is not None:
                found[one.path] = card
    return found
