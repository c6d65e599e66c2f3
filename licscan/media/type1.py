"""PostScript fonts of Type 1: the readable words before what is encrypted (Adobe Type 1 Font Format, 1990)."""

from __future__ import annotations

import re

from licscan.media.blob import Blob
from licscan.media.charset import decoded
from licscan.media.font_tables import name_into
from licscan.media.found import Found
from licscan.media.kinds import Format
from licscan.media.postscript import string_at
from licscan.media.words import words_into
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
_COMMENT = re.compile(rb"%(?![!%])[ \t]{0,80}([^\r\n]{0,2000})")
_LINES = re.compile(rb"\r\n?|\n")
_MAX_LINES = 200
_READABLE = 1 << 18
"""Bytes in which the part that is not encrypted ends."""


def read(blob: Blob, made: Format) -> MediaFacts:
    """What a Type 1 font says of itself."""
    found = Found()
    text = blob.at(0, _READABLE).partition(b"eexec")[0]
    for number, entry in enumerate(_ENTRY.finditer(text)):
        if number < 50:
            key = entry.group(1)
            name_into(found, _KEYS[key], f"type1:{key.decode()}", decoded(string_at(text, entry.end() - 1)[0]))
    comments = map(_COMMENT.match, _LINES.split(text, _MAX_LINES)[:_MAX_LINES])
    said = b"\n".join(comment.group(1) for comment in comments if comment)
    words_into(found, "type1:comment", decoded(said), Meaning.COMMENT)
    embedding = _EMBEDDING.search(text)
    found.embedding = int(embedding.group(1)) if embedding else None
    return found.facts(made)
