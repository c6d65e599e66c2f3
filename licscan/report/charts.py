"""What the charts of the report draw: numbers and lengths; the template makes SVG of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from licscan.base.escape import one_line
from licscan.model import ComponentKind, Scan
from licscan.report.classes import CLASSES, class_of

WIDTH, HEIGHT = 640.0, 160.0
MOST_LICENSES = 12


@dataclass(frozen=True, slots=True)
class Past:
    """One earlier scan: the day, what was found, how many components."""

    day: str
    errors: int
    warnings: int
    components: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar, in units of the drawing."""

    name: str
    count: int
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One surface: how many packages of each class."""

    name: str
    total: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over time: `points` as SVG wants them, and each point alone."""

    name: str
    points: str
    dots: tuple[tuple[float, float, int], ...]


def class_bars(scan: Scan) -> tuple[Bar, ...]:
    """For each surface the packages by the class of the license that they are used under."""
    counted: dict[str, Counter[str]] = {surface.name: Counter() for surface in scan.surfaces}
    ours = {one.purl for one in scan.graph.components if one.kind is ComponentKind.PROJECT}
    for judgement in scan.judgements:
        if judgement.purl not in ours:
            counted.setdefault(judgement.surface, Counter())[class_of(judgement.license)] += 1
    return tuple(_bar(one_line(name, 60), classes) for name, classes in counted.items() if classes)


def _bar(name: str, counted: Counter[str]) -> Bar:
    total = counted.total()
    at, segments = 0.0, []
    for class_ in CLASSES:
        length = WIDTH * counted[class_] / total
        if counted[class_]:
            segments.append(Segment(class_, counted[class_], round(at, 2), round(length, 2)))
        at += length
    return Bar(name, total, tuple(segments))


def licenses(scan: Scan) -> tuple[tuple[Segment, ...], int]:
    """The licenses that most packages have, and how many others there are."""
    counted: Counter[str] = Counter()
    for component in scan.graph.components:
        if component.kind is ComponentKind.PACKAGE:
            conclusion = scan.by_purl.get(component.purl)
            counted[one_line(conclusion.concluded, 80) if conclusion else "NOASSERTION"] += 1
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    most = ordered[0][1] if ordered else 1
    shown = tuple(Segment(name, count, 0.0, round(100 * count / most, 2)) for name, count in ordered[:MOST_LICENSES])
    return shown, len(ordered) - len(shown)


def lines(past: Sequence[Past]) -> tuple[Line, ...]:
    """Errors and warnings over the scans; empty where there is only one."""
    if len(past) < 2:
        return ()
    most = max(1, *(max(one.errors, one.warnings) for one in past))
    step = WIDTH / (len(past) - 1)
    found = []
    for name in ("errors", "warnings"):
        dots = tuple(
            (round(step * place, 1), round(HEIGHT * (1 - getattr(one, name) / most), 1), getattr(one, name))
            for place, one in enumerate(past)
        )
        found.append(Line(name, " ".join(f"{x},{y}" for x, y, _count in dots), dots))
    return tuple(found)
