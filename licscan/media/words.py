"""What free text speaks of: comments and metadata of no format, in which icon sets and fonts carry their terms."""

from __future__ import annotations

import re

from licscan.media.found import Found, folded
from licscan.model.media import Meaning

_COPYRIGHT = re.compile(r"(?i)copyright|\(c\)|©|all rights reserved")
_LICENSE = re.compile(r"(?i)licen[sc]|\bCC[ -]?(?:BY|0)\b|public domain|creative ?commons|\bOFL\b|\bSPDX\b")
_SOFTWARE = re.compile(r"(?i)^(?:generator|(?:created|made|exported|generated|edited) (?:with|by|using|from|in))\b")
_SOURCE = re.compile(r"(?i)uploaded to|downloaded from|svg ?repo|https?://|www\.")


def words_into(found: Found, field: str, text: str, other: Meaning | None = None) -> None:
    """Add a free text by what its words speak of, which may be more than one thing; else as `other`, if at all."""
    text = folded(text)
    meanings = [
        meaning
        for meaning, pattern in ((Meaning.COPYRIGHT, _COPYRIGHT), (Meaning.LICENSE, _LICENSE))
        if pattern.search(text)
    ]
    if _SOFTWARE.match(text):
        meanings.append(Meaning.SOFTWARE)
    elif not meanings and _SOURCE.search(text):
        meanings.append(Meaning.SOURCE)
    for meaning in meanings or ([other] if other else []):
        found.add(meaning, field, text)
