"""The cards of models and data sets: what the front matter beside weights says of license, origin and marks of AI."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from licscan.content.beside import folders_above
from licscan.content.claims import Claim
from licscan.content.known import Card, Listed
from licscan.content.model_names import license_called
from licscan.content.reading import ReadFile
from licscan.media.card import read_card
from licscan.media.marks import marks_of
from licscan.model import NOASSERTION, Location
from licscan.model.media import AiMark, Meaning, MediaField, MediaKind

_KINDS = (MediaKind.MODEL, MediaKind.DATASET)
_Told = TypeVar("_Told")


def license_of_card(fields: Iterable[MediaField]) -> str:
    """The license that a card's fields name; NOASSERTION for one without a known name, empty where they name none."""
    said = [one.text for one in fields if one.meaning is Meaning.LICENSE]
    told = [expression for text in said if (expression := license_called(text))]
    return told[0] if told else NOASSERTION if said else ""


def is_card(text: str) -> bool:
    """Whether a text has a front matter that says something."""
    return text[:200].lstrip("\ufeff \t\r\n").startswith("---") and bool(read_card(text))


def cards_of(texts: Mapping[str, str], files: Iterable[ReadFile]) -> dict[str, Card]:
    """The cards of each model and data set that has any; the nearest that says something of either decides that."""
    licenses: dict[str, Listed] = {}
    marks: dict[str, tuple[AiMark, ...]] = {}
    for path, text in sorted(texts.items()):
        fields = read_card(text) if is_card(text) else ()
        folder = path.rpartition("/")[0]
        if expression := license_of_card(fields):
            words = "; ".join(f"{one.field.partition(':')[2]}: {one.text}" for one in fields)
            holder = next((one.text for one in fields if one.meaning is Meaning.AUTHOR), "")
            licenses.setdefault(folder, Listed(Claim(expression, holder), Location(path, 1), words, fields))
        if told := marks_of(fields):
            marks.setdefault(folder, told)
    found = {}
    for one in files:
        if one.facts.kind in _KINDS:
            above = (*folders_above(one.path), "")
            card = Card(_nearest(licenses, above), _nearest(marks, above) or ())
            if card.listed is not None or card.marks:
                found[one.path] = card
    return found


def _nearest(told: Mapping[str, _Told], folders: Iterable[str]) -> _Told | None:
    return next((told[folder] for folder in folders if folder in told), None)
