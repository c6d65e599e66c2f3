"""The front matter of a model's or data set's card, as model hubs keep it in README.md: license, base model, data."""

from __future__ import annotations

import re
from typing import Any

from licscan.base.errors import FormatError
from licscan.base.load import load_yaml
from licscan.media.found import folded
from licscan.media.keys import is_address
from licscan.model.media import Meaning, MediaField

_MEANINGS: dict[str, Meaning] = {
    "license": Meaning.LICENSE,
    "license_name": Meaning.LICENSE,
    "license_link": Meaning.LICENSE_URL,
    "license_details": Meaning.USAGE,
    "extra_gated_prompt": Meaning.USAGE,
    "base_model": Meaning.BASE_MODEL,
    "base_model_relation": Meaning.OTHER,
    "datasets": Meaning.DATA,
    "source_datasets": Meaning.DATA,
    "model_name": Meaning.NAME,
    "pretty_name": Meaning.NAME,
    "model_creator": Meaning.AUTHOR,
    "quantized_by": Meaning.AUTHOR,
    "language": Meaning.OTHER,
    "library_name": Meaning.OTHER,
    "pipeline_tag": Meaning.OTHER,
}
_FRONT = re.compile(r"\ufeff?\s{0,100}---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_LONGEST = 65_536
_ITEMS = 200


def read_card(text: str) -> tuple[MediaField, ...]:
    """The fields of a card, sorted, each once; none where a text has no front matter, or one that is not YAML."""
    found = _FRONT.match(text[:_LONGEST])
    if found is None:
        return ()
    try:
        documents = load_yaml(found[1], "README.md")
    except FormatError:
        return ()
    head = documents[0] if documents else None
    if not isinstance(head, dict):
        return ()
    fields = {field for key, value in list(head.items())[:_ITEMS] if isinstance(key, str) for field in _of(key, value)}
    return tuple(sorted(fields))


def _of(key: str, value: Any) -> list[MediaField]:
    """The fields of one key: one for each text in a list, the whole for a label of GB 45438-2025."""
    if key == "AIGC" and isinstance(value, dict):
        said = " ".join(f'{inner}: "{text}"' for inner, text in value.items() if isinstance(text, str | int))
        return [MediaField(Meaning.OTHER, "card:AIGC", folded(said))] if folded(said) else []
    meaning = _MEANINGS.get(key)
    if meaning is None:
        return []
    made = []
    for one in value[:_ITEMS] if isinstance(value, list) else (value,):
        text = folded(str(one)) if isinstance(one, str | int | float) and not isinstance(one, bool) else ""
        if text:
            said = Meaning.LICENSE_URL if meaning is Meaning.LICENSE and is_address(text) else meaning
            made.append(MediaField(said, f"card:{key}", text))
    return made
