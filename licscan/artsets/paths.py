"""Outlines of SVG shapes as absolute points.

After SVG 2, chapters 8 (coordinate systems), 9 (paths) and 10 (basic shapes).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f of SVG's transform: x' = a x + c y + e, y' = b x + d y + f."""
Outline = tuple[str, ...]
"""One subpath: a text for each segment, its letter and its rounded points."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
MAX_SEGMENTS = 20_000
MAX_TEXT = 400_000
_TOKEN = re.compile(r"([MmZzLlHhVvCcSsQqTtAa])|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_TRANSFORM = re.compile(r"(\w+)\s*\(([^)]{0,200})\)")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_NUDGE = 0.5379
"""What is rounded down is nudged by this: neither numbers of two digits nor those that end in 5 fall on a border."""
_SCALE = 100


def moved(outer: Matrix, inner: Matrix) -> Matrix:
    """The product of two transforms."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def read_transform(text: str) -> Matrix:
    """A `transform` attribute; parts that are not understood are left out."""
    found = IDENTITY
    for name, inside in _TRANSFORM.findall(text[:2000]) if text else ():
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
            return f"M{of('cx')} {of('cy')}A{rx} {ry} 0 0 0 {of('cx')} {of('cy')}"
        case "rect":
            x, y, width, height = of("x"), of("y"), of("width"), of("height")
            if of("rx") or of("ry"):
                rx, ry = of("rx") or of("ry"), of("ry") or of("rx")
                return f"M{x} {y}L{x + width} {y + height}A{rx} {ry} 0 0 0 {x} {y}"
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
            number = re.compile(r"[\s,]*([01])" if flag else rf"[\s,]*({_NUMBER.pattern})").match(text, place)
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
    x = y = start_x = start_y = 0.0
    last: tuple[str, float, float] = ("", 0.0, 0.0)
    segments: list[str] = []

    def put(letter: str, *points: tuple[float, float]) -> None:
        segments.append(f"{letter} {' '.join(_rounded(point, matrix) for point in points)}")

    for letter, numbers in _commands(text):
        kind = letter.upper()
        ox, oy = (x, y) if letter.islower() else (0.0, 0.0)
        if kind == "Z":
            x, y = start_x, start_y
            last = ("", x, y)
            continue
        if kind == "A":
            rx, ry, _turn, large, sweep, dx, dy = numbers
            scale = math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
            x, y = ox + dx, oy + dy
            segments.append(
                f"A {_whole(rx * scale)} {_whole(ry * scale)} {large:.0f}{sweep:.0f} {_rounded((x, y), matrix)}"
            )
            last = ("", x, y)
            continue
        points = _points(kind, numbers, (ox, oy), (x, y), last)
        x, y = points[-1]
        control = points[-2] if kind in "CSQT" else (x, y)
        last = ({"C": "C", "S": "C", "Q": "Q", "T": "Q"}.get(kind, ""), *control)
        if kind == "M":
            yield from _ended(segments)
            segments = []
            start_x, start_y = x, y
        put({"H": "L", "V": "L", "S": "C", "T": "Q"}.get(kind, kind), *points)
    yield from _ended(segments)


def _points(
    kind: str,
    numbers: list[float],
    origin: tuple[float, float],
    now: tuple[float, float],
    last: tuple[str, float, float],
) -> list[tuple[float, float]]:
    """The absolute points of a segment, the reflected control points of S and T among them."""
    (ox, oy), (x, y) = origin, now
    if kind == "H":
        return [(ox + numbers[0], y)]
    if kind == "V":
        return [(x, oy + numbers[0])]
    points = [(ox + numbers[at], oy + numbers[at + 1]) for at in range(0, len(numbers), 2)]
    if kind in "ST":
        before = "C" if kind == "S" else "Q"
        mirrored = (2 * x - last[1], 2 * y - last[2]) if last[0] == before else (x, y)
        points.insert(0, mirrored)
    return points


def _ended(segments: list[str]) -> Iterator[Outline]:
    """One outline without a last line that only goes back to its start, and without lines of no length."""
    kept = [one for at, one in enumerate(segments) if not (at and one[0] == "L" and one[1:] == _end(segments[at - 1]))]
    if len(kept) > 1 and kept[-1][0] == "L" and kept[-1][1:] == kept[0][1:]:
        kept.pop()
    if len(kept) > 1:
        yield tuple(kept)


def _end(segment: str) -> str:
    return " " + " ".join(segment.split()[-2:])


def _rounded(point: tuple[float, float], matrix: Matrix) -> str:
    a, b, c, d, e, f = matrix
    x, y = point
    return f"{_whole(a * x + c * y + e)} {_whole(b * x + d * y + f)}"


def _whole(number: float) -> int:
    return math.floor(number * _SCALE + _NUDGE)
