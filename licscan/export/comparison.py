"""Suppliers side by side, as a table by which a buyer decides: text, JSON, workbook and HTML from the same rows."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from html import escape
from itertools import zip_longest
from typing import Any

from licscan.base import clock
from licscan.base.columns import cell_len, wrapped
from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.listing import listed
from licscan.base.messages import N_, NOT_ADVICE, _
from licscan.compose.audit import Audit
from licscan.export.page import Page
from licscan.export.xlsx import new_workbook, write_cells
from licscan.law.words import title_of
from licscan.sbom.comparison import Column, compared
from licscan.sbom.weighing import Weighed, weigh

MOST_NAMED = 5
VERDICTS = {"ok": N_("passes"), "violation": N_("violation"), "cannot-tell": N_("cannot tell")}
_RANK = {"ok": 0, "cannot-tell": 1, "violation": 2}
_EVIDENCE = {
    "license": N_("a license"),
    "concluded": N_("a concluded license"),
    "files": N_("licenses found in files"),
    "copyright": N_("copyright statements"),
    "supplier": N_("a supplier"),
    "digest": N_("a digest"),
    "identity": N_("PackageURL and version"),
}
_STYLE = """
body { font: 14px/1.45 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; margin: 2em;
  color: #1a1a1a; } table { border-collapse: collapse; } h1 { font-size: 1.35em; }
th, td { border: 1px solid #ccc; padding: .3em .6em; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { background: #f4f4f4; } tr.group th { background: #f4f4f4; }
td.best { font-weight: 600; background: #e6f4ea; }
p { color: #555; }
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is shown, and the number by which cells of a row are compared; None where it is no number, or unknown."""

    text: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One question; `least` is whether the smallest number is the best one, None where none is better."""

    group: str
    title: str
    cells: tuple[Cell, ...]
    least: bool | None = None

    @property
    def best(self) -> frozenset[int]:
        """The places of the best cells; none where all are equal, or one is not known."""
        values = [one.value for one in self.cells]
        known = [value for value in values if value is not None]
        if self.least is None or len(known) < len(values) or len(set(known)) < 2:
            return frozenset()
        wanted = min(known) if self.least else max(known)
        return frozenset(place for place, value in enumerate(values) if value == wanted)


def _columns(audits: Sequence[Audit]) -> tuple[Column, ...]:
    """A column for each SBOM; sources have none."""
    return compared([(one.path, one.bom, one.scan, one.quality) for one in audits if one.bom is not None])


def rows_of(audits: Sequence[Audit]) -> tuple[Row, ...]:
    """All rows, in groups."""
    columns = _columns(audits)
    today = clock.today()
    weighed = [weigh(one.bom, one.scan, today) for one in audits if one.bom is not None]
    return (
        *_answers(columns), *_blocking(columns, weighed), *_unknowns(columns, weighed), *_evidence(weighed),
        *_duties(columns, weighed), *_gaps(columns), *_age(columns, weighed),
    )  # fmt: skip


def _row(group: str, title: str, cells: Iterator[Cell], least: bool | None = None) -> Row:
    return Row(group, title, tuple(cells), least)


def _answers(columns: Sequence[Column]) -> Iterator[Row]:
    group = _("Answer")
    yield _row(group, _("product"), (Cell(one.product) for one in columns))
    yield _row(group, _("file"), (Cell(one.path.rpartition("/")[2]) for one in columns))
    yield _row(group, _("answer"), (Cell(_(VERDICTS[one.verdict]), _RANK[one.verdict]) for one in columns), True)


def _blocking(columns: Sequence[Column], weighed: Sequence[Weighed]) -> Iterator[Row]:
    group = _("Blocking terms")
    for surface in dict.fromkeys(name for one in columns for name in one.surfaces):
        told = [one.surfaces.get(surface) for one in columns]
        cells = (Cell(f"{one.violations:,}", one.violations) if one else Cell("-") for one in told)
        yield _row(group, _("{surface}: violations").format(surface=surface), cells, True)
        yield _row(
            group, _("{surface}: what blocks").format(surface=surface), (Cell(_named(one, surface)) for one in weighed)
        )


def _named(one: Weighed, surface: str) -> str:
    found = [
        f"{blocker.license}: {_some(blocker.packages)}" for blocker in one.blockers if blocker.surface in ("", surface)
    ]
    return _some(found, "; ") or "-"


def _some(names: Sequence[str], joint: str = ", ") -> str:
    return listed((one_line(name, 200) for name in names), MOST_NAMED, joint)


def _unknowns(columns: Sequence[Column], weighed: Sequence[Weighed]) -> Iterator[Row]:
    group = _("Unknown")
    yield _row(group, _("components"), (Cell(f"{one.components:,}") for one in columns))
    for surface in dict.fromkeys(name for one in columns for name in one.surfaces):
        told = [one.surfaces.get(surface) for one in columns]
        cells = (Cell(f"{one.cannot_tell:,}", one.cannot_tell) if one else Cell("-") for one in told)
        yield _row(group, _("{surface}: cannot tell").format(surface=surface), cells, True)
    shares = (_share(one.without_license, one.components) for one in columns)
    yield _row(group, _("without a license"), shares, True)
    unsettled = (_share(one.unsettled, column.components) for one, column in zip(weighed, columns, strict=True))
    yield _row(group, _("not settled"), unsettled, True)


def _evidence(weighed: Sequence[Weighed]) -> Iterator[Row]:
    for key, title in _EVIDENCE.items():
        cells = (_share(one.evidence[key], one.components) for one in weighed)
        yield _row(_("Evidence: components with"), _(title), cells, False)


def _duties(columns: Sequence[Column], weighed: Sequence[Weighed]) -> Iterator[Row]:
    group = _("Duties that you take on")
    for surface in dict.fromkeys(name for one in columns for name in one.surfaces):
        names = [one.duties.get(surface, ()) for one in weighed]
        counts = (Cell(f"{len(one):,}", len(one)) for one in names)
        yield _row(group, _("{surface}: kinds of duties").format(surface=surface), counts, True)
        shown = (Cell(_(", ").join(map(title_of, one)) or "-") for one in names)
        yield _row(group, _("{surface}: their names").format(surface=surface), shown)
    yield _row(group, _("copyleft"), (_share(one.copyleft, one.components) for one in columns), True)
    yield _row(group, _("in all of them"), (_share(one.common, one.components) for one in columns))
    yield _row(group, _("of these, with different licenses"), (Cell(f"{one.differing:,}") for one in columns))


def _gaps(columns: Sequence[Column]) -> Iterator[Row]:
    group = _("Fields that the SBOM lacks")
    for name in columns[0].gaps:
        title = _("{profile}: fields missing").format(profile=name)
        yield _row(group, title, (Cell(f"{one.gaps[name]:,}", one.gaps[name]) for one in columns), True)


def _age(columns: Sequence[Column], weighed: Sequence[Weighed]) -> Iterator[Row]:
    group = _("Age")
    yield _row(group, _("made"), (Cell(one.created[:10] or "-") for one in columns))
    days = (Cell("-" if one.days is None else f"{one.days:,}", one.days) for one in weighed)
    yield _row(group, _("days old"), days, True)
    yield _row(group, _("format"), (Cell(one.format) for one in columns))
    behind = (Cell("-" if one.behind is None else f"{one.behind}", one.behind) for one in columns)
    yield _row(group, _("versions behind the newest"), behind, True)


def _share(count: int, whole: int) -> Cell:
    return Cell(f"{count:,} ({count / whole:.0%})", count / whole) if whole else Cell(f"{count:,}")


def write(audits: Sequence[Audit], page: Page) -> None:
    """The table on a page; the best of each row stands out in color, and with a sign where there is none."""
    rows = rows_of(audits)
    count = len(audits)
    first = min(max(cell_len(row.title) for row in rows) + 2, page.width // 3)
    each = max((page.width - first - 2 * (count + 1)) // count, 8)
    widths = (first, *[each] * count)
    group = ""
    for row in rows:
        if row.group != group:
            if group:
                page.line()
            page.line(row.group, "bold")
            group = row.group
        cells = [
            f"{one_line(one.text, 2_000)} *" if place in row.best else one_line(one.text, 2_000)
            for place, one in enumerate(row.cells)
        ]
        styles = ("", *("green" if place in row.best else "" for place in range(count)))
        sized = zip((row.title, *cells), widths, strict=True)
        columns = [wrapped(one, width, "", "", cuts=True) or [""] for one, width in sized]
        for line in zip_longest(*columns, fillvalue=""):
            page.row(line, widths, 2, styles)
    page.line()
    page.prose(_("* best in the row"))
    page.prose(_("`licscan audit FILE` lists all findings and packages of one of them."))
    page.prose(_(NOT_ADVICE))


def to_dicts(audits: Sequence[Audit]) -> list[dict[str, Any]]:
    """For each SBOM its counts, and what is weighed."""
    today = clock.today()
    weighed = [weigh(one.bom, one.scan, today) for one in audits if one.bom is not None]
    return [asdict(column) | {"weighed": asdict(told)} for column, told in zip(_columns(audits), weighed, strict=True)]


def to_html(audits: Sequence[Audit]) -> str:
    """One HTML document without scripts and addresses."""
    from licscan.base.messages import current_language

    rows = rows_of(audits)
    count = len(audits)
    lines = []
    group = ""
    for row in rows:
        if row.group != group:
            group = row.group
            lines.append(f'<tr class="group"><th colspan="{count + 1}" scope="rowgroup">{escape(group)}</th></tr>')
        marks = ['<td class="best">' if place in row.best else "<td>" for place in range(count)]
        cells = "".join(
            f"{mark}{escape(one_line(one.text, 2_000))}</td>" for mark, one in zip(marks, row.cells, strict=True)
        )
        lines.append(f'<tr><th scope="row">{escape(row.title)}</th>{cells}</tr>')
    title = escape(_("Suppliers compared"))
    language = {"zh": "zh-Hans"}.get(current_language(), current_language())
    below = escape(" ".join((_("Green: the best in the row."), _(NOT_ADVICE))))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n<style>{_STYLE}</style></head>\n'
        f"<body>\n<h1>{title}</h1>\n<table>\n" + "\n".join(lines) + f"\n</table>\n<p>{below}</p>\n</body>\n</html>\n"
    )


def to_xlsx(audits: Sequence[Audit]) -> bytes:
    """A workbook with one sheet. InputError where the writer is not installed."""
    if not audits:
        raise InputError(_("there is nothing to compare"))
    file = io.BytesIO()
    title = _("Suppliers compared")
    book, styles = new_workbook(file, title, "")
    rows = rows_of(audits)
    heads = (_("Group"), _("Question"), *(one.path.rpartition("/")[2] for one in audits))
    cells = [(row.group, row.title, *(one.text for one in row.cells)) for row in rows]
    best = {(number, place + 2) for number, row in enumerate(rows, start=1) for place in row.best}
    write_cells(book.add_worksheet(title[:31]), heads, cells, styles, best)
    book.close()
    return file.getvalue()
