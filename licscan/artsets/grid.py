"""The grid of a sheet of small pictures: periods at which the sheet is empty both across and down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from licscan.artsets.describe import ground_of

if TYPE_CHECKING:
    import numpy
    from PIL.Image import Image

    Array = numpy.ndarray[Any, numpy.dtype[Any]]

MIN_CELL, MAX_CELL = 14, 260
"""Pixels along the side of a cell."""
MIN_CELLS = 4
MAX_GRIDS = 2
SAMPLE = 96
"""Cells of one grid that are looked at, spread evenly."""
_EMPTY = 0.3
"""The ink at the lines of a grid, as a share of the ink elsewhere, that is still a grid."""
_CLEAN = 0.04
"""The ink at the lines that is as good as none: of several clean grids the finest is the right one."""
_FULL = 0.03
"""The share of a cell that has ink where something is in it."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells as boxes (left, top, right, bottom) in pixels; `count` is how many there are that are not empty."""

    side: int
    count: int
    boxes: tuple[tuple[int, int, int, int], ...]


def grids_of(picture: Image) -> list[Grid]:
    """The grids that a picture of mode RGBA may have, the likeliest first; none where it is no sheet."""
    ink = _ink(picture)
    if ink is None:
        return []
    across, down = _combs(ink.mean(axis=0)), _combs(ink.mean(axis=1))
    rated = sorted((max(across[side][0], down[side][0]), side) for side in across.keys() & down.keys())
    clean = [(0.0, side) for score, side in rated if score <= _CLEAN]
    ranked = sorted(clean)[:1] + [pair for pair in rated if pair[0] <= _EMPTY and pair not in clean]
    found: list[Grid] = []
    for _, side in dict.fromkeys(ranked):
        grid = _grid(ink, side, across[side][1], down[side][1])
        if grid is not None and all(grid.side != other.side for other in found):
            found.append(grid)
        if len(found) == MAX_GRIDS:
            break
    return found


def _ink(picture: Image) -> Array | None:
    """Where the picture is drawn on: by its alpha, or else by what differs from its border."""
    import numpy as np

    alpha = np.asarray(picture.getchannel("A"))
    if float((alpha < 128).mean()) > 0.05:
        ink: Array = alpha >= 128
    else:
        color = np.asarray(picture)[:, :, :3]
        ground = ground_of(color)
        if ground is None:
            return None
        ink = (np.abs(color.astype(np.int16) - ground.astype(np.int16)).max(axis=2)) > 24
    share = float(ink.mean())
    return ink if 0.05 < share < 0.97 else None


def _combs(profile: Array) -> dict[int, tuple[float, int]]:
    """For each period the least ink that lies on a comb of that period, as a share of the mean, and its offset."""
    import numpy as np

    length, mean = len(profile), float(profile.mean())
    found: dict[int, tuple[float, int]] = {}
    for side in range(MIN_CELL, min(MAX_CELL, length) + 1):
        if length < 2 * side:
            # one cell in this direction: its lines are the borders
            if length <= 1.25 * side:
                found[side] = (0.0, 0)
            continue
        teeth = length // side
        sums = profile[: teeth * side].reshape(teeth, side).sum(axis=0)
        offset = int(np.argmin(sums))
        found[side] = (float(sums[offset]) / teeth / mean, offset)
    return found


def _grid(ink: Array, side: int, left: int, top: int) -> Grid | None:
    height, width = ink.shape
    xs = [0] if width < 2 * side else list(range(left - side if left else 0, width, side))
    ys = [0] if height < 2 * side else list(range(top - side if top else 0, height, side))
    boxes = []
    for y in ys:
        for x in xs:
            box = (max(0, x), max(0, y), min(width, x + side), min(height, y + side))
            if min(box[2] - box[0], box[3] - box[1]) * 2 < side:
                continue
            if float(ink[box[1] : box[3], box[0] : box[2]].mean()) > _FULL:
                boxes.append(box)
    if len(boxes) < MIN_CELLS:
        return None
    step = max(1, -(-len(boxes) // SAMPLE))
    return Grid(side, len(boxes), tuple(boxes[::step]))
