"""Outlines of SVG shapes as absolute points.

After SVG 2, chapters 8 (coordinate systems), 9 (paths) and 10 (basic shapes).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f of SVG's transform: x' = a x + c y + e, y' = b x + d y + f."""
Outline = tuple[tuple[int, int], ...]
"""One subpath: the points where its segments end, in tenths of a unit."""
_Point = tuple[int, int, bool]
"""A point, and whether a straight line leads to it."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
MAX_SEGMENTS = 20_000
MAX_TEXT = 400_000
_TOKEN = re.compile(r"([MmZzLlHhVvCcSsQqTtAa])|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_NEXT = re.compile(rf"[\s,]*({_NUMBER.pattern})")
_FLAG = re.compile(r"[\s,]*([01])")
_TRANSFORM = re.compile(r"(\w+)\s*\(([^)]{0,100})\)")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_NUDGE = 0.5379
"""What is rounded down is nudged by this, so that numbers of one, two or three digits do not fall on a border."""
_SCALE = 10


def moved(outer: Matrix, inner: Matrix) -> Matrix:
    """The product of two transforms."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def read_transform(text: str) -> Matrix:
    """A `transform` attribute; parts that are not understood are left out."""
    found = IDENTITY
    for name, inside in _TRANSFORM.findall(text[:400]) if text else ():
        numbers = [float(number) for number in _NUMBER.findall(inside)]
        made = _one_transform(name, numbers)
        if made is not None:
            found = moved(found, made)
    return found


def _one_transform(name: str, numbers: list[float]) -> Matrix | None:
    match name, numbers:
        case "matrix", [a, b, c, d, e, f]:
            return (a, b, c, d, e, f)
        case "translate", [x, *rest]:
            return (1, 0, 0, 1, x, rest[0] if rest else 0.0)
        case "scale", [x, *rest]:
            return (x, 0, 0, rest[0] if rest else x, 0, 0)
        case "rotate", [angle, *rest]:
            turn = math.radians(angle)
            cos, sin = math.cos(turn), math.sin(turn)
            x, y = rest if len(rest) == 2 else (0.0, 0.0)
            return (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
        case _:
            return None


def outlines_of(name: str, attributes: Mapping[str, str], matrix: Matrix) -> list[Outline]:
    """The outlines of one shape. Raises ValueError where it is too large."""
    drawn = _drawn(name, attributes)
    return [] if drawn is None else list(_outlines(drawn, matrix))


def _drawn(name: str, attributes: Mapping[str, str]) -> str | None:
    """The path data of a shape."""

    def of(key: str) -> float:
        found = _NUMBER.match(attributes.get(key, "").strip())
        return float(found[0]) if found else 0.0

    match name:
        case "path":
            return attributes.get("d", "")
        case "line":
            return f"M{of('x1')} {of('y1')}L{of('x2')} {of('y2')}"
        case "polyline" | "polygon":
            return f"M{attributes.get('points', '')}" + ("Z" if name == "polygon" else "")
        case "circle" | "ellipse":
            rx, ry = (of("r"), of("r")) if name == "circle" else (of("rx"), of("ry"))
            left, right, y = of("cx") - rx, of("cx") + rx, of("cy")
            return f"M{left} {y}A{rx} {ry} 0 0 0 {right} {y}A{rx} {ry} 0 0 0 {left} {y}L{of('cx')} {y + ry}"
        case "rect":
            x, y, width, height = of("x"), of("y"), of("width"), of("height")
            if of("rx") or of("ry"):
                rx, ry = of("rx") or of("ry"), of("ry") or of("rx")
                return f"M{x} {y}L{x + width} {y + height}A{rx} {ry} 0 0 0 {x + rx} {y + ry}"
            return f"M{x} {y}H{x + width}V{y + height}H{x}Z"
        case _:
            return None


def _commands(text: str) -> Iterator[tuple[str, list[float]]]:
    """The commands of path data with their numbers, one set at a time; flags of arcs may be written without a gap."""
    if len(text) > MAX_TEXT:
        raise ValueError("path")
    place, letter, count = 0, "", 0
    while (found := _TOKEN.search(text, place)) is not None:
        if found[1]:
            letter, place = found[1], found.end()
            if letter in "Zz":
                yield letter, []
                continue
        elif not letter or letter in "Zz":
            return
        takes = _TAKES[letter.upper()]
        numbers: list[float] = []
        while len(numbers) < takes:
            flag = letter in "Aa" and len(numbers) in (3, 4)
            number = (_FLAG if flag else _NEXT).match(text, place)
            if number is None:
                return
            numbers.append(float(number[1]))
            place = number.end()
        count += 1
        if count > MAX_SEGMENTS:
            raise ValueError("path")
        yield letter, numbers
        letter = {"M": "L", "m": "l"}.get(letter, letter)


def _outlines(text: str, matrix: Matrix) -> Iterator[Outline]:
    """The outlines of path data, each as the points where its segments end.

    Of curves neither kind nor control points count: minifiers turn cubic curves into quadratic ones and arcs.
    """
    now = start = (0.0, 0.0)
    points: list[_Point] = []
    for letter, numbers in _commands(text):
        kind = letter.upper()
        if kind == "Z":
            now = start
            continue
        ox, oy = now if letter.islower() else (0.0, 0.0)
        x = now[0] if kind == "V" else ox + numbers[-1 if kind == "H" else -2]
        y = now[1] if kind == "H" else oy + numbers[-1]
        now = (x, y)
        if kind == "M":
            yield from _ended(points)
            points, start = [], now
        points.append((*_rounded(now, matrix), kind in "LHV"))
    yield from _ended(points)


def _ended(points: list[_Point]) -> Iterator[Outline]:
    """One outline without lines of no length, points on a straight line, and a last line back to its start."""
    kept: list[_Point] = []
    for one in points:
        if kept and one[2] and one[:2] == kept[-1][:2]:
            continue
        if len(kept) > 1 and one[2] and kept[-1][2] and _straight(kept[-2], kept[-1], one):
            kept.pop()
        kept.append(one)
    if len(kept) > 1 and kept[-1][:2] == kept[0][:2]:
        kept.pop()
    if len(kept) > 1:
        yield tuple((x, y) for x, y, _line in kept)


def _straight(first: _Point, middle: _Point, last: _Point) -> bool:
    """Whether a point lies between two others on a line that is straight to a rounding."""
    (ax, ay), (bx, by) = (middle[0] - first[0], middle[1] - first[1]), (last[0] - middle[0], last[1] - middle[1])
    return ax * bx + ay * by > 0 and abs(ax * by - ay * bx) <= max(abs(ax), abs(ay), abs(bx), abs(by)) // 2


def _rounded(point: tuple[float, float], matrix: Matrix) -> tuple[int, int]:
    a, b, c, d, e, f = matrix
    x, y = point
    return _whole(a * x + c * y + e), _whole(b * x + d * y + f)


def _whole(number: float) -> int:
    return math.floor(number * _SCALE + _NUDGE)
