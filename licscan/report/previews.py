"""Small pictures of the project's files for its report: decoded within bounds and written anew, never as they are."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
from collections.abc import Iterable
from pathlib import Path

from licscan.artsets.pictures import RASTERS, open_picture
from licscan.content.reading import read_below
from licscan.model.content import ContentFile

SIDE = 64
"""Pixels of the longer side of a preview."""
MAX_FILE = 4 * 1024 * 1024
MAX_DRAWING = 16 * 1024
MAX_PREVIEWS = 240
MAX_TOTAL = 2 * 1024 * 1024
"""Bytes of all previews of one report."""
_TAG = re.compile(rb"<\s*/?\s*([^\s<>/]+)")
_PLAIN = frozenset(
    b"svg g path circle rect ellipse line polyline polygon defs title desc linearGradient radialGradient stop clipPath"
    b" ?xml".split()
)
"""Elements of a drawing that is shown: shapes alone, nothing that repeats, fetches, moves or runs."""
_ACTIVE = re.compile(rb"(?i)<!(?!--)|&(?!amp;|lt;|gt;|quot;|apos;)|@import|url\(\s*[\"']?(?!#)|\bhref\s*=|\bon\w+\s*=")


def previews(root: Path, files: Iterable[ContentFile]) -> dict[str, str]:
    """`data:` addresses of previews by path, of pictures below the root that are still what was scanned.

    What is too large, broken, changed, linked, or a drawing of more than plain shapes has none.
    """
    top, found, total = os.path.realpath(root), dict[str, str](), 0
    for file in files:
        if len(found) >= MAX_PREVIEWS or total >= MAX_TOTAL:
            break
        made = _preview(top, file) if file.format == "svg" or file.format in RASTERS else None
        if made and total + len(made) <= MAX_TOTAL:
            found[file.path], total = made, total + len(made)
    return found


def _preview(top: str, file: ContentFile) -> str | None:
    if file.size > (MAX_DRAWING if file.format == "svg" else MAX_FILE):
        return None
    data = _bytes_of(top, file)
    if data is None:
        return None
    if file.format == "svg":
        return _address("svg+xml", data) if is_plain_drawing(data) else None
    picture = open_picture(data, file.format)
    if picture is None:
        return None
    picture.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return _address("png", out.getvalue())


def is_plain_drawing(data: bytes) -> bool:
    """Whether an SVG has shapes alone: shown as a picture it runs and fetches nothing, and cannot grow."""
    names = {name.rpartition(b":")[2] for name in _TAG.findall(data) if not name.startswith(b"!--")}
    return b"svg" in names and names <= _PLAIN and _ACTIVE.search(data) is None


def _address(kind: str, data: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _bytes_of(top: str, file: ContentFile) -> bytes | None:
    """The file's bytes; None where it is gone, a link, outside, or has other bytes than were scanned."""
    try:
        data = read_below(top, file.path, MAX_FILE, {})
    except OSError:
        return None
    return data if data is not None and hashlib.sha256(data).hexdigest() == file.sha256 else None
