"""A picture in 256 small numbers: the low frequencies of its brightness, silhouette and colors.

After perceptual hashing by the signs of DCT coefficients (Zauner 2010, "Implementation and Benchmarking of Perceptual
Image Hash Functions"), with three changes that make small and re-encoded pictures comparable: the drawing is placed by
the moments of its silhouette, not by its box; what is opaque has its own background taken off first, in several ways
that are all asked; and the side that asks keeps how strong each coefficient is, so that what is near zero does not
count. The index keeps signs alone.
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
_WHITE = 0.98
"""A background from which on there is nothing to change where a drawing is brought to white."""
_EVEN = 0.75
"""The share of the outermost pixels that have to be of one color to be a background."""
_FINE = 96
"""Opaque pictures are enlarged up to so many pixels of their longer side."""
MIN_SIDE = 12
"""Smaller pictures say too little."""
_GAIN = (220.0, 150.0, 500.0, 500.0)
"""What brings the coefficients of each channel, whose sides are 0 to 1, to the range of a byte."""
_FLAT = 6
"""The strength that coefficients of brightness must have on average; what has less is a plain shape or a plain area."""


@dataclass(frozen=True, slots=True)
class Description:
    """`LENGTH` signed bytes: brightness, silhouette, chroma; `opaque` is whether the background had to be guessed.

    `others` are what the picture is where its background is taken off in other ways.
    """

    data: bytes
    opaque: bool
    others: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to tell an opaque picture's drawing from its background.

    A pixel begins to be of the drawing at a distance of `least` in color, and is wholly of it `span` further on; a
    difference of color alone counts `chroma` times. `keeps` is whether all inside the silhouette keeps its color.
    """

    least: float
    span: float
    chroma: float = 1.0
    keeps: bool = False


_READINGS = (
    _Reading(0.05, 0.12),
    # soft edges are of the drawing, or of what JPEG left around it
    _Reading(0.03, 0.05),
    _Reading(0.10, 0.20),
    # JPEG keeps color at half the size, so that it runs out over the edges, and brightness does not
    _Reading(0.05, 0.12, chroma=0.5),
    # on a dark background the dark parts of a drawing are no holes
    _Reading(0.05, 0.12, keeps=True),
)
_GRAY = (0.299, 0.587, 0.114)


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


def describe(picture: Image, *, once: bool = False) -> Description | None:
    """The description of a picture of mode RGBA; None where it is too small, or there is little to see in it.

    `once` asks for the first way alone to take a background off, of the picture at its own size.
    """
    import numpy as np

    if min(picture.size) < MIN_SIDE:
        return None
    opaque = float((np.asarray(picture.getchannel("A")) < _SOLID * 255).mean()) <= _HOLES
    pixels = np.asarray(_enlarged(picture) if opaque and not once else picture, dtype=np.float32) / 255.0
    drawings = _apart(pixels, opaque=opaque)
    told = [one for drawing in (drawings[:1] if once else drawings) if (one := _described(*drawing)) is not None]
    return Description(told[0], opaque, tuple(dict.fromkeys(told[1:]))) if told else None


def _enlarged(picture: Image) -> Image:
    """A small picture several times as large: its edges are then told apart from its background between its pixels."""
    from PIL import Image

    factor = _FINE // max(picture.size)
    size = (picture.width * factor, picture.height * factor)
    return picture.resize(size, Image.Resampling.LANCZOS) if factor > 1 else picture


def _described(color: Array, mask: Array) -> bytes | None:
    """One drawing by its colors, as on white, and by how much each pixel belongs to it."""
    import numpy as np

    filled = _fill(mask)
    box = _place(filled)
    if box is None:
        return None
    data = _coefficients(_square(color, filled, box))
    return data.tobytes() if float(np.abs(data[:LUMA].astype(np.int16)).mean()) >= _FLAT else None


def _apart(pixels: Array, *, opaque: bool) -> list[tuple[Array, Array]]:
    """The colors as on white, and how much each pixel belongs to the drawing; in each way that there is."""
    import numpy as np

    color, alpha = pixels[:, :, :3], pixels[:, :, 3]
    if not opaque:
        return [(color * alpha[:, :, None] + (1 - alpha[:, :, None]), alpha)]
    ground = ground_of(color)
    if ground is None:
        return [(color, np.ones(alpha.shape, dtype=np.float32))]
    is_white = float(ground.min()) > _WHITE
    return [_off(color, ground, way) for way in _READINGS if not (way.keeps and is_white)]


def _off(color: Array, ground: Array, way: _Reading) -> tuple[Array, Array]:
    """The drawing without its background."""
    import numpy as np

    away = np.abs(color - ground).max(axis=2) * way.chroma
    if way.chroma < 1:
        gray = np.abs((color - ground) @ np.array(_GRAY, dtype=np.float32))
        away = np.maximum(away, gray)
    mask = np.clip((away - way.least) / way.span, 0, 1)
    inside = _fill(mask) if way.keeps else mask
    return np.clip(color + (1 - inside[:, :, None]) * (1 - ground), 0, 1), mask


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
    luma = _GRAY[0] * red + _GRAY[1] * green + _GRAY[2] * blue
    rows, columns = _order()
    basis = _basis()
    parts = []
    channels = ((luma, LUMA), (shape, SHAPE), (blue - luma, BLUE), (red - luma, RED))
    for (channel, count), gain in zip(channels, _GAIN, strict=True):
        found = (basis @ channel @ basis.T)[rows[:count], columns[:count]] / SIDE
        parts.append(found * gain * (1 + np.hypot(rows[:count], columns[:count])))
    data: Array = np.clip(np.rint(np.concatenate(parts)), -127, 127).astype(np.int8)
    return data
