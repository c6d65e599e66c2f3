"""Reads bytes as a file, and shows its facts as pairs."""

from __future__ import annotations

from collections.abc import Callable

from licscan.media import read_media
from licscan.media.blob import Held
from licscan.media.found import Found
from licscan.model.media import MediaFacts


def facts(data: bytes, name: str) -> MediaFacts:
    """The facts of bytes that are content."""
    read = read_media(Held(data), name)
    assert read is not None
    return read


def pairs(read: MediaFacts) -> set[tuple[str, str, str]]:
    """Meaning, field and text of each field."""
    return {(one.meaning.value, one.field, one.text) for one in read.fields}


def said(data: bytes, name: str) -> set[tuple[str, str, str]]:
    """The pairs of bytes that are content."""
    return pairs(facts(data, name))


def found_by(read: Callable[..., None], *given: object) -> Found:
    """What a part of a file says, read alone."""
    found = Found()
    found.tries(read, *given)
    return found
