"""JSON of hostile origin: a document within bounds, and the top of one that is too big to be read whole."""

from __future__ import annotations

import json
from typing import Any

from licscan.media.found import Found
from licscan.media.keys import meaning_of
from licscan.model.media import Meaning

_KEPT = 500


def loaded(data: bytes) -> Any:
    """One document.

    Raises:
        ValueError: it is none, or nested too deeply.
    """
    text = data.decode("utf-16", "replace") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data.decode("utf-8-sig")
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def keep_values(
    found: Found, held: Any, standard: str, meanings: dict[str, Meaning] | None = None, depth: int = 0
) -> None:
    """Keep the texts and numbers of an object under their keys, and those of objects inside it."""
    if not isinstance(held, dict) or depth > 4:
        return
    for key, value in list(held.items())[:_KEPT]:
        field = f"{standard}:{key}"
        if isinstance(value, dict):
            keep_values(found, value, field, meanings, depth + 1)
            continue
        text = text_of(value)
        found.add((meanings or {}).get(key) or meaning_of(key, text), field, text)


def text_of(value: Any) -> str:
    """A value as text: a list of texts joined by a comma; nothing of what is neither text nor number."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value) if not isinstance(value, int) or value.bit_length() < 256 else ""
    if isinstance(value, list):
        return ", ".join(text for one in value[:100] if isinstance(one, str | int | float) and (text := text_of(one)))
    return ""
