"""A picture in 256 small numbers: the low frequencies of its brightness, silhouette and colors.

After perceptual hashing by the signs of DCT coefficients (Zauner 2010, "Implementation and Benchmarking of Perceptual
Image Hash Functions"), with three changes that make small and re-encoded pictures comparable: the drawing is placed by
the moments of its silhouette, not by its box; what is opaque has its own background taken off first; and the side that
asks keeps how strong each coefficient is, so that what is near zero does not count. The index keeps signs alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy
    from PIL.Image import Image

    Array = numpy.ndarray[Any, numpy.dtype[Any]]

SIDE = 32
"""Pixels along each side of the square that is described."""
LENGTH = 256
LUMA, SHAPE, BLUE, RED = 120, 56, 40, 40
"""How many coefficients of brightness, silhouette and the two chroma channels: together `LENGTH`."""
REACH = 1.7
"""The square reaches so many standard deviations of the silhouette from its center: 1.2 radii of a disc."""
_SOLID, _HOLES = 0.95, 0.02
"""Alpha below which a pixel is no solid one, and the share of such pixels from which on alpha tells the drawing."""
_EVEN = 0.75
"""The share of the outermost pixels that have to be of one color to be a background."""
MIN_SIDE = 12
"""Smaller pictures say too little."""
_GAIN = (220.0, 150.0, 500.0, 500.0)
"""What brings the coefficients of each channel, whose sides are 0 to 1, to the range of a byte."""
_FLAT = 6
"""The strength that coefficients of brightness must have on average; what has less is a plain shape or a plain area."""


@dataclass(frozen=True, slots=True)
class Description:
    """`LENGTH` signed bytes: brightness, silhouette, chroma; `opaque` is whether the background had to be guessed."""

    data: bytes
    opaque: bool


@cache
def _basis() -> Array:
    import numpy as np

    places = (np.arange(SIDE) + 0.5) * np.pi / SIDE
    basis: Array = np.cos(np.outer(np.arange(SIDE), places)) * np.sqrt(2 / SIDE)
    basis[0] *= np.sqrt(0.5)
    return basis


@cache
def _order() -> tuple[Array, Array]:
    """Rows and columns of the coefficients by frequency, without the mean."""
    import numpy as np

    pairs = sorted((v * v + u * u, v, u) for v in range(SIDE) for u in range(SIDE) if u or v)
    return np.array([v for _, v, _ in pairs]), np.array([u for _, _, u in pairs])


@cache
def mirror() -> Array:
    """What each coefficient is multiplied by where the picture is mirrored left to right."""
    import numpy as np

    columns = _order()[1]
    signs = [1 - 2 * (columns[:count] % 2) for count in (LUMA, SHAPE, BLUE, RED)]
    return np.concatenate(signs).astype(np.int8)


def describe(picture: Image) -> Description | None:
    """The description of a picture of mode RGBA; None where it is too small, or there is little to see in it."""
    import numpy as np

    if min(picture.size) < MIN_SIDE:
        return None
    pixels = np.asarray(picture, dtype=np.float32) / 255.0
    opaque = float((pixels[:, :, 3] < _SOLID).mean()) <= _HOLES
    color, mask = _apart(pixels, opaque=opaque)
    filled = _fill(mask)
    box = _place(filled)
    if box is None:
        return None
    data = _coefficients(_square(color, filled, box))
    if float(np.abs(data[:LUMA].astype(np.int16)).mean()) < _FLAT:
        return None
    return Description(data.tobytes(), opaque)


def _apart(pixels: Array, *, opaque: bool) -> tuple[Array, Array]:
    """The colors as on white, and how much each pixel belongs to the drawing."""
    import numpy as np

    color, alpha = pixels[:, :, :3], pixels[:, :, 3]
    if not opaque:
        return color * alpha[:, :, None] + (1 - alpha[:, :, None]), alpha
    ground = ground_of(color)
    if ground is None:
        return color, np.ones(alpha.shape, dtype=np.float32)
    away = np.abs(color - ground).max(axis=2)
    mask = np.clip((away - 0.05) / 0.12, 0, 1)
    return np.clip(color + (1 - mask[:, :, None]) * (1 - ground), 0, 1), mask


def ground_of(color: Array) -> Array | None:
    """The background of an opaque picture, by its outermost pixels; None where these differ. Bytes, or 0 to 1."""
    import numpy as np

    ring = np.concatenate([color[0], color[-1], color[1:-1, 0], color[1:-1, -1]]).astype(np.float32)
    ground: Array = np.median(ring, axis=0)
    near = 0.1 if color.dtype.kind == "f" else 25
    return ground if float((np.abs(ring - ground).max(axis=1) < near).mean()) >= _EVEN else None


def _fill(mask: Array) -> Array:
    """The silhouette without its holes: what lies between the outermost pixels both in its row and in its column."""
    import numpy as np

    def between(axis: int) -> Array:
        forth = np.maximum.accumulate(mask, axis=axis)
        back = np.flip(np.maximum.accumulate(np.flip(mask, axis=axis), axis=axis), axis=axis)
        found: Array = np.minimum(forth, back)
        return found

    filled: Array = np.minimum(between(0), between(1))
    return filled


def _place(mask: Array) -> tuple[float, float, float] | None:
    """Center (x, y) and half side of the square, in pixels, by the moments of the silhouette."""
    import numpy as np

    total = float(mask.sum())
    if total < 0.02 * mask.size or total < 40:
        return None
    down, across = mask.sum(axis=1) / total, mask.sum(axis=0) / total
    ys, xs = np.arange(len(down)) + 0.5, np.arange(len(across)) + 0.5
    y, x = float(down @ ys), float(across @ xs)
    spread = float(down @ (ys - y) ** 2 + across @ (xs - x) ** 2)
    return x, y, REACH * spread**0.5


def _square(color: Array, mask: Array, box: tuple[float, float, float]) -> Array:
    """Color and silhouette in the square, `SIDE` x `SIDE` x 4, what lies outside the picture being white and empty."""
    import numpy as np
    from PIL import Image

    x, y, half = box
    height, width = mask.shape
    pad = int(max(0, half - x, half - y, x + half - width, y + half - height)) + 1
    whole = np.zeros((height + 2 * pad, width + 2 * pad, 4), dtype=np.uint8)
    whole[:, :, :3] = 255
    whole[pad : pad + height, pad : pad + width, :3] = np.rint(color * 255)
    whole[pad : pad + height, pad : pad + width, 3] = np.rint(mask * 255)
    edges = (x + pad - half, y + pad - half, x + pad + half, y + pad + half)
    # the fourth channel is not alpha to the resampler: a mode that does not weigh the others by it
    image = Image.frombytes("RGBX", (whole.shape[1], whole.shape[0]), whole.tobytes())
    small = image.resize((SIDE, SIDE), Image.Resampling.BICUBIC, box=edges)
    return np.asarray(small, dtype=np.float32) / 255.0


def _coefficients(square: Array) -> Array:
    """The coefficients as signed bytes, each brought to one range by its channel and frequency."""
    import numpy as np

    red, green, blue, shape = (square[:, :, channel] for channel in range(4))
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    rows, columns = _order()
    basis = _basis()
    parts = []
    channels = ((luma, LUMA), (shape, SHAPE), (blue - luma, BLUE), (red - luma, RED))
    for (channel, count), gain in zip(channels, _GAIN, strict=True):
        found = (basis @ channel @ basis.T)[rows[:count], columns[:count]] / SIDE
        parts.append(found * gain * (1 + np.hypot(rows[:count], columns[:count])))
    data: Array = np.clip(np.rint(np.concatenate(parts)), -127, 127).astype(np.int8)
    return data
