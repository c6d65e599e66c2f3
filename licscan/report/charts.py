"""What the charts of the report draw: numbers and lengths; the template makes SVG of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from licscan.base.escape import one_line
from licscan.export.states import KINDS, kind_of, shipped, shipped_on
from licscan.model import Scan
from licscan.report.classes import CLASSES, class_of

WIDTH, HEIGHT = 640.0, 160.0
MOST_LICENSES = 12
MOST_DAYS = 5
APART = 14.0
"""So far apart the words at the ends of two lines have to stand."""


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
    """One surface: how many components of each class; `kinds` are those of `KINDS` that it has, with their number."""

    name: str
    total: int
    kinds: tuple[tuple[str, int], ...]
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over time: `points` as SVG wants them, each point alone, and the height of the word at its end."""

    name: str
    points: str
    dots: tuple[tuple[float, float, int], ...]
    word: float = 0.0


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over the scans with their axes: `ticks` are heights and their numbers, `days` places and their dates."""

    lines: tuple[Line, ...] = ()
    ticks: tuple[tuple[float, int], ...] = ()
    days: tuple[tuple[float, str], ...] = ()


def class_bars(scan: Scan) -> tuple[Bar, ...]:
    """For each surface what ships there, by the class of the license that it is used under."""
    used = {(one.surface, one.purl): class_of(one.license) for one in scan.judgements if one.is_shipped}
    return tuple(
        _bar(
            one_line(name, 60),
            Counter(used[name, one.purl] for one in components),
            Counter(kind_of(one) for one in components),
        )
        for name, components in shipped_on(scan).items()
        if components
    )


def _bar(name: str, counted: Counter[str], kinds: Counter[str]) -> Bar:
    total = counted.total()
    at, segments = 0.0, []
    for class_ in CLASSES:
        length = WIDTH * counted[class_] / total
        if counted[class_]:
            segments.append(Segment(class_, counted[class_], round(at, 2), round(length, 2)))
        at += length
    return Bar(name, total, tuple((kind, kinds[kind]) for kind in KINDS if kinds[kind]), tuple(segments))


def licenses(scan: Scan) -> tuple[tuple[Segment, ...], int]:
    """The licenses that most shipped packages have, and how many others there are."""
    counted: Counter[str] = Counter()
    carried = shipped(scan)
    for component in scan.graph.components:
        if kind_of(component) == "package" and component.purl in carried:
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
    found = _words_apart(found)
    every = -(-len(past) // MOST_DAYS)
    last = len(past) - 1
    # one too near to the last would run into it
    shown = [0, *(place for place in range(every, last, every) if last - place >= every), last]
    return Chart(
        tuple(found),
        tuple((height(count), count) for count in range(0, top + 1, step)),
        tuple((round(apart * place, 1), past[place].day) for place in shown),
    )


def _words_apart(lines: list[Line]) -> list[Line]:
    """The words at the ends of the lines, none over another; the upper line keeps the upper one."""
    placed, least = list[Line](), -APART
    for line in sorted(lines, key=lambda one: one.dots[-1][1]):
        least = max(line.dots[-1][1], least + APART)
        placed.append(replace(line, word=least))
    return sorted(placed, key=lambda one: one.name)


def _tick(most: int) -> int:
    """The step between the numbers of an axis: 1, 2 or 5 times a power of ten, four or five of them."""
    step = 1
    while True:
        for times in (1, 2, 5):
            if step * times * 4 >= most:
                return step * times
        step *= 10
