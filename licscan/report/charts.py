"""What the charts of the report draw: numbers and lengths; the template makes SVG of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from licscan.base.escape import one_line
from licscan.model import ComponentKind, Scan
from licscan.report.classes import CLASSES, class_of
from licscan.report.states import shipped

WIDTH, HEIGHT = 640.0, 160.0
MOST_LICENSES = 12
MOST_DAYS = 5


@dataclass(frozen=True, slots=True)
class Past:
    """One scan: the day, what was found, how many components; `time` in UTC, its number, and the commit scanned."""

    day: str
    errors: int
    warnings: int
    components: int
    time: str = ""
    number: int = 0
    revision: str = ""


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


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over the scans with their axes: `ticks` are heights and their numbers, `days` places and their dates."""

    lines: tuple[Line, ...] = ()
    ticks: tuple[tuple[float, int], ...] = ()
    days: tuple[tuple[float, str], ...] = ()


def class_bars(scan: Scan) -> tuple[Bar, ...]:
    """For each surface the shipped packages by the class of the license that they are used under."""
    counted: dict[str, Counter[str]] = {surface.name: Counter() for surface in scan.surfaces}
    ours = {one.purl for one in scan.graph.components if one.kind is ComponentKind.PROJECT}
    for judgement in scan.judgements:
        if judgement.purl not in ours and judgement.is_shipped:
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
    """The licenses that most shipped packages have, and how many others there are."""
    counted: Counter[str] = Counter()
    carried = shipped(scan)
    for component in scan.graph.components:
        if component.kind is ComponentKind.PACKAGE and component.purl in carried:
            conclusion = scan.by_purl.get(component.purl)
            counted[one_line(conclusion.concluded, 80) if conclusion else "NOASSERTION"] += 1
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    most = ordered[0][1] if ordered else 1
    shown = tuple(Segment(name, count, 0.0, round(100 * count / most, 2)) for name, count in ordered[:MOST_LICENSES])
    return shown, len(ordered) - len(shown)


def history(past: Sequence[Past]) -> Chart:
    """Errors and warnings over the scans; empty where there is only one."""
    if len(past) < 2:
        return Chart()
    step = _tick(max(1, *(max(one.errors, one.warnings) for one in past)))
    top = step * max(1, -(-max(max(one.errors, one.warnings) for one in past) // step))
    apart = WIDTH / (len(past) - 1)

    def height(count: int) -> float:
        return round(HEIGHT * (1 - count / top), 1)

    found = []
    for name in ("errors", "warnings"):
        dots = tuple(
            (round(apart * place, 1), height(getattr(one, name)), getattr(one, name)) for place, one in enumerate(past)
        )
        found.append(Line(name, " ".join(f"{x},{y}" for x, y, _count in dots), dots))
    every = -(-len(past) // MOST_DAYS)
    last = len(past) - 1
    # one too near to the last would run into it
    shown = [0, *(place for place in range(every, last, every) if last - place >= every), last]
    return Chart(
        tuple(found),
        tuple((height(count), count) for count in range(0, top + 1, step)),
        tuple((round(apart * place, 1), past[place].day) for place in shown),
    )


def _tick(most: int) -> int:
    """The step between the numbers of an axis: 1, 2 or 5 times a power of ten, four or five of them."""
    step = 1
    while True:
        for times in (1, 2, 5):
            if step * times * 4 >= most:
                return step * times
        step *= 10
