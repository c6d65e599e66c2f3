"""A digest of what an SVG draws: its outlines in absolute coordinates, whatever its text looks like.

Comments, metadata, titles, identifiers, colors, white space, the order of attributes, the way numbers are written,
relative commands, basic shapes and paths that were joined or split make no difference; so most of what minifiers do
leaves the digest as it is. What they round to fewer digits does change it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from xml.parsers import expat

from licscan.artsets.paths import IDENTITY, Matrix, Outline, moved, outlines_of, read_transform

DIGEST_BYTES = 6
MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_OUTLINES = 4000
MAX_TEXT = 250_000
"""Characters of all path data of one file."""
MIN_POINTS = 8
"""Less is a plain shape that many sets draw alike: a cross, a tick, an arrow head."""
_UNSEEN = frozenset({"clipPath", "mask", "metadata", "pattern", "marker", "filter", "title", "desc", "style", "script"})
_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})


@dataclass(frozen=True, slots=True)
class Drawing:
    """The digest of a whole SVG (None: too plain), and those of its symbols where it is a sheet of them."""

    whole: bytes | None
    symbols: tuple[bytes, ...] = ()


@dataclass(slots=True)
class _Reader:
    """Gathers outlines while expat walks; `unseen` counts the open elements whose insides are not drawn."""

    matrices: list[Matrix] = field(default_factory=lambda: [IDENTITY])
    unseen: int = 0
    outlines: list[Outline] = field(default_factory=list)
    symbol: list[Outline] | None = None
    symbols: list[bytes] = field(default_factory=list)
    shapes: int = 0
    text: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self.shapes += name in _SHAPES
        self.text += len(attributes.get("d", ""))
        if (
            len(self.matrices) > MAX_DEPTH
            or self.text > MAX_TEXT
            or max(self.shapes, len(self.outlines)) > MAX_OUTLINES
        ):
            raise ValueError(tag)
        self.matrices.append(moved(self.matrices[-1], read_transform(attributes.get("transform", ""))))
        if self.unseen or name in _UNSEEN:
            self.unseen += 1
        elif name == "symbol" and self.symbol is None:
            self.symbol = []
        elif name in _SHAPES:
            found = outlines_of(name, attributes, self.matrices[-1])
            (self.outlines if self.symbol is None else self.symbol).extend(found)

    def end(self, tag: str) -> None:
        self.matrices.pop()
        if self.unseen:
            self.unseen -= 1
        elif tag.rpartition(":")[2] == "symbol" and self.symbol is not None:
            if (made := _digest(self.symbol)) is not None:
                self.symbols.append(made)
            self.outlines.extend(self.symbol)
            self.symbol = None


def _refuse(*_said: object) -> None:
    raise ValueError("entity")


def read_svg(data: bytes) -> Drawing | None:
    """The digests of an SVG; None where it is broken, too large or too deep, or declares entities."""
    if len(data) > MAX_BYTES:
        return None
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, IndexError, OverflowError):
        return None
    return Drawing(_digest(reader.outlines), tuple(reader.symbols))


def _digest(outlines: list[Outline]) -> bytes | None:
    """The digest of outlines in whatever order; a plain box around all of them is left out, as tools strip it."""
    kept = sorted(outline for outline in outlines if not _is_box(outline))
    if sum(len(outline) for outline in kept) < MIN_POINTS:
        return None
    said = ";".join(",".join(f"{x} {y}" for x, y in outline) for outline in kept)
    return hashlib.sha256(said.encode()).digest()[:DIGEST_BYTES]


def _is_box(outline: Outline) -> bool:
    """Whether an outline is an upright square at the origin: the area of the icon."""
    places = {place for point in outline for place in point}
    return len(outline) == 4 and len(set(outline)) == 4 and len(places) == 2 and 0 in places
