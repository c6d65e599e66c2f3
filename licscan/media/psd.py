"""Photoshop documents: their image resources (Adobe Photoshop File Formats Specification)."""

from __future__ import annotations

from licscan.media.blob import Blob
from licscan.media.found import Found
from licscan.media.iptc import resources_into
from licscan.media.kinds import Format
from licscan.media.numbers import u32
from licscan.model.media import MediaFacts

_MAX_RESOURCES = 32 << 20


def read(blob: Blob, made: Format) -> MediaFacts:
    """What a Photoshop document says of itself."""
    found = Found()
    found.tries(_document_into, blob)
    return found.facts(made)


def _document_into(found: Found, blob: Blob) -> None:
    head = blob.at(0, 30)
    found.height, found.width = u32(head, 14), u32(head, 18)
    place = 30 + u32(head, 26)
    size = u32(blob.at(place, 4), 0)
    if size > _MAX_RESOURCES:
        found.crowded()
    resources_into(found, blob.at(place + 4, min(size, _MAX_RESOURCES)))
