"""PostScript fonts of Type 1: the readable words before what is encrypted (Adobe Type 1 Font Format, 1990)."""

from __future__ import annotations

import re

from licscan.media.blob import Blob
from licscan.media.font_tables import name_into
from licscan.media.kinds import Format
from licscan.media.parts import Found, decoded
from licscan.media.postscript import string_at
from licscan.model.media import Meaning, MediaFacts

_KEYS = {
    b"Notice": Meaning.COPYRIGHT,
    b"Copyright": Meaning.COPYRIGHT,
    b"FullName": Meaning.NAME,
    b"FamilyName": Meaning.NAME,
    b"version": Meaning.VERSION,
}
_ENTRY = re.compile(rb"/(Notice|Copyright|FullName|FamilyName|version)\s{0,20}\(")
_EMBEDDING = re.compile(rb"/FSType\s{1,20}(\d{1,5})\s")
_COMMENT = re.compile(rb"(?m)^%%?(Copyright|Title):?[ \t]+([^\r\n]{1,2000})")
_READABLE = 1 << 18
"""Bytes in which the part that is not encrypted ends."""


def read(blob: Blob, made: Format) -> MediaFacts:
    """What a Type 1 font says of itself."""
    found = Found()
    text = blob.at(0, _READABLE).partition(b"eexec")[0]
    for number, entry in enumerate(_ENTRY.finditer(text)):
        if number < 100:
            key = entry.group(1)
            name_into(found, _KEYS[key], f"type1:{key.decode()}", decoded(string_at(text, entry.end() - 1)[0]))
    for comment in list(_COMMENT.finditer(text[:8192]))[:100]:
        meaning = Meaning.COPYRIGHT if comment.group(1) == b"Copyright" else Meaning.TITLE
        name_into(found, meaning, f"type1:%%{comment.group(1).decode()}", decoded(comment.group(2)))
    embedding = _EMBEDDING.search(text)
    found.embedding = int(embedding.group(1)) if embedding else None
    return found.facts(made)
