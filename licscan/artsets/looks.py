"""What is kept of a file that was looked at: descriptions of pictures, digests of what is inside, what was heard."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from licscan.artsets import grid, svg
from licscan.artsets.describe import LENGTH, Description, describe
from licscan.artsets.pictures import open_picture, shrunk

if TYPE_CHECKING:
    from licscan.artsets.decoding import Ears

LARGEST = 640
"""Pixels of the longer side of a picture that may be a single piece of a set."""
_LONG = 2
"""How many times longer than wide a single piece may be."""
SHEET = 160
"""Pixels of the longer side from which on a picture may be a sheet."""
_SIDE = 96
"""Single pieces and cells are brought to twice this at most before they are described."""
_SAME = 0.85
"""The share of signs, from -1 to 1, that agree where two cells show the same."""
_HEAD = struct.Struct("<cIIBHB")
_CELLS = struct.Struct("<HHH")
_LENGTH = struct.Struct("<I")
_VERSION = b"\x03"


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one grid: their side in pixels, how many are not empty, and those that were looked at and differ."""

    side: int
    count: int
    pictures: tuple[Description, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """One file, looked at. `seen` is whether it could be opened; width and height are in pixels, 0 for a drawing."""

    seen: bool
    width: int = 0
    height: int = 0
    whole: Description | None = None
    sheets: tuple[Cells, ...] = ()
    drawings: tuple[bytes, ...] = ()
    """Digests: of the whole drawing first (empty: too plain), then of its symbols; of animations, of sounds."""
    is_heard: bool = False
    """Whether a decoder had its try: where it is not installed, another run may hear more."""
    sound: bytes = b""
    """What was heard, as `licscan.artsets.hearing` packs it; empty where that is too little."""


def look_at_picture(data: bytes, made: str) -> Look:
    """Describe a picture, and the cells of a sheet where it is one."""
    picture = open_picture(data, made)
    if picture is None:
        return Look(seen=False)
    width, height = picture.size
    single = max(width, height) <= min(LARGEST, _LONG * min(width, height))
    whole = describe(shrunk(picture, _SIDE)) if single else None
    sheets = []
    if max(width, height) >= SHEET:
        for found in grid.grids_of(picture):
            cells = (describe(shrunk(picture.crop(box), _SIDE), once=True) for box in found.boxes)
            sheets.append(Cells(found.side, found.count, _distinct(cell for cell in cells if cell is not None)))
    return Look(True, width, height, whole, tuple(sheets))


def _distinct(cells: Iterable[Description]) -> tuple[Description, ...]:
    """Cells without those that repeat an earlier one: what a set has in common is that its pieces differ."""
    import numpy as np

    kept: list[tuple[Description, Any]] = []
    for cell in cells:
        signs = np.where(np.frombuffer(cell.data, dtype=np.int8) >= 0, 1, -1)
        if all(int(signs @ other) < _SAME * LENGTH for _cell, other in kept):
            kept.append((cell, signs))
    return tuple(cell for cell, _signs in kept)


def look_at_drawing(data: bytes) -> Look:
    """The digests of an SVG."""
    found = svg.read_svg(data)
    return Look(seen=False) if found is None else Look(True, drawings=(found.whole or b"", *found.symbols))


def look_at_motion(data: bytes, made: str) -> Look:
    """The digests of animations."""
    from licscan.artsets.motion import motions_of

    found = motions_of(data, made)
    return Look(bool(found), drawings=found)


def look_at_sound(data: bytes, made: str, ears: Ears | None) -> Look:
    """The digests of what a sound plays, and what is heard of it where something can hear."""
    from licscan.artsets.decoding import may_be_heard
    from licscan.artsets.hearing import heard_in
    from licscan.artsets.payload import payloads_of

    found = payloads_of(data, made)
    if ears is None or not may_be_heard(data, made):
        return Look(bool(found), drawings=found, is_heard=ears is not None)
    samples = ears.hear(data)
    heard = heard_in(samples) if samples else b""
    return Look(bool(found) or samples is not None, drawings=found, is_heard=True, sound=heard)


def dump(look: Look) -> bytes:
    """A look as bytes."""
    drawings = look.drawings[:0xFFFF]
    flags = look.seen | (look.whole is not None) << 1 | look.is_heard << 2
    parts = [_HEAD.pack(_VERSION, look.width, look.height, flags, len(drawings), len(look.sheets))]
    parts += [bytes([len(one)]) + one for one in drawings]
    parts += _dumped([look.whole] if look.whole else [])
    for cells in look.sheets:
        parts.append(_CELLS.pack(cells.side, min(cells.count, 0xFFFF), len(cells.pictures)))
        parts += _dumped(cells.pictures)
    return b"".join((*parts, _LENGTH.pack(len(look.sound)), look.sound))


def _dumped(pictures: Iterable[Description]) -> list[bytes]:
    return [bytes([one.opaque | len(one.others) << 1]) + b"".join((one.data, *one.others)) for one in pictures]


def load(data: bytes) -> Look | None:
    """A look from bytes; None where they are damaged."""
    try:
        version, width, height, flags, count, sheets = _HEAD.unpack_from(data)
        place = _HEAD.size
        drawings = []
        for _ in range(count):
            length = data[place]
            drawings.append(data[place + 1 : place + 1 + length])
            place += 1 + length
        whole, place = _loaded(data, place, flags >> 1 & 1)
        cells = []
        for _ in range(sheets):
            side, total, held = _CELLS.unpack_from(data, place)
            pictures, place = _loaded(data, place + _CELLS.size, held)
            cells.append(Cells(side, total, pictures))
        length, place = _LENGTH.unpack_from(data, place)[0], place + _LENGTH.size
        sound, place = data[place : place + length], place + length
    except (struct.error, IndexError, ValueError):
        return None
    if version != _VERSION or place != len(data):
        return None
    first = whole[0] if whole else None
    return Look(bool(flags & 1), width, height, first, tuple(cells), tuple(drawings), bool(flags & 4), sound)


def _loaded(data: bytes, place: int, count: int) -> tuple[tuple[Description, ...], int]:
    found = []
    for _ in range(count):
        end = place + 1 + LENGTH * (1 + (data[place] >> 1))
        if end > len(data):
            raise ValueError("short")
        first, *others = (data[at : at + LENGTH] for at in range(place + 1, end, LENGTH))
        found.append(Description(first, bool(data[place] & 1), tuple(others)))
        place = end
    return tuple(found), place
