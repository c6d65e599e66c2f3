"""Pictures opened within bounds: whatever the bytes are, the answer is a picture or None."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

RASTERS = {"png": "PNG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP", "bmp": "BMP"}
"""The formats that are looked at, by their names in `licscan.media.kinds`, with Pillow's names."""
MAX_BYTES = 32 * 1024 * 1024
MAX_PIXELS = 24_000_000
"""Pixels of one picture: a sheet of 4,000 emoji of 64 pixels has 17 million."""
_DRAFT = 1536
"""JPEG decodes at an eighth, a quarter or half its size for almost nothing; the sides stay at least so long."""


def open_picture(data: bytes, made: str) -> Image | None:
    """The first frame of a picture, as RGBA; None where it is broken, cut short, too large, or of another format."""
    if made not in RASTERS or len(data) > MAX_BYTES:
        return None
    from PIL import Image

    with warnings.catch_warnings():
        # Pillow warns of what it would still decode, and of odd metadata; the bounds here are narrower
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=(RASTERS[made],)) as picture:
                if made == "jpeg":
                    picture.draft("RGB", (_DRAFT, _DRAFT))
                if not 0 < picture.width * picture.height <= MAX_PIXELS:
                    return None
                return picture.convert("RGBA")
        except Exception:
            # hostile bytes reach every corner of a decoder: no list of what it raises is whole
            return None


def shrunk(picture: Image, side: int) -> Image:
    """The picture with its longer side no more than twice `side`, by whole factors."""
    factor = max(picture.size) // side
    return picture.reduce(factor) if factor > 1 else picture
