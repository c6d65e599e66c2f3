"""TIFF 6.0 and BigTIFF: their tags, with IPTC, XMP and Content Credentials among them."""

from __future__ import annotations

from licscan.media import exif
from licscan.media.blob import Blob
from licscan.media.c2pa import c2pa_into
from licscan.media.found import Found
from licscan.media.iptc import iptc_into, resources_into
from licscan.media.kinds import Format
from licscan.media.xmp import xmp_into
from licscan.model.media import MediaFacts

_MAX_BLOCKS = 64


def read(blob: Blob, made: Format) -> MediaFacts:
    """What a TIFF says of itself, in all its pictures; its size is that of the largest."""
    found = Found()
    found.tries(_tags_into, blob)
    return found.facts(made)


def _tags_into(found: Found, blob: Blob) -> None:
    width, blocks = 0, 0
    for tag in exif.tags_of(blob, found):
        if tag.number == exif.WIDTH:
            width = tag.count()
        elif tag.number == exif.HEIGHT:
            if width * tag.count() > found.width * found.height:
                found.width, found.height = width, tag.count()
        elif tag.number in (exif.XMP, exif.IPTC, exif.RESOURCES, exif.C2PA):
            blocks += 1
            if blocks > _MAX_BLOCKS:
                found.crowded()
                return
            found.tries(_block_into, tag)
        elif tag.number in exif.TAGS:
            exif.tag_into(found, tag)


def _block_into(found: Found, tag: exif.Tag) -> None:
    if tag.number == exif.XMP:
        xmp_into(found, tag.value)
    elif tag.number == exif.C2PA:
        c2pa_into(found, tag.value, "tiff:C2PA")
    elif tag.number == exif.RESOURCES:
        resources_into(found, tag.value)
    else:
        iptc_into(found, _straight(tag))


def _straight(tag: exif.Tag) -> bytes:
    """IPTC that was declared as numbers of four bytes may stand with each of these turned round."""
    if tag.value[:1] == b"\x1c" or tag.value[3:4] != b"\x1c":
        return tag.value
    return b"".join(tag.value[place : place + 4][::-1] for place in range(0, len(tag.value), 4))
