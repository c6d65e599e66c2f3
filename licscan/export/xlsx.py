"""The scan as a workbook: components, findings, duties and surfaces, a sheet each. Wants the extra `xlsx`."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Container
from datetime import datetime
from typing import Any

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.export.cells import SHEETS, heads, plain, starts_formula
from licscan.model import Scan

WIDEST = 60
MOST_ROWS = 1_048_575
"""Rows of a sheet of Excel, below its head."""
_BORN = datetime(2000, 1, 1)
_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip


def render(scan: Scan) -> bytes:
    """The workbook; the same bytes for the same scan. InputError where the writer is not installed."""
    file = io.BytesIO()
    book, styles = new_workbook(file, plain(scan.project.name)[:200], scan.gate.value)
    for title, (names, rows) in SHEETS.items():
        write_cells(book.add_worksheet(_(title)[:31]), heads(names), list(rows(scan))[:MOST_ROWS], styles)
    book.close()
    return file.getvalue()


def new_workbook(file: io.BytesIO, title: str, comments: str) -> tuple[Any, dict[str, Any]]:
    """A workbook without a sheet, and the styles of its cells. InputError where the writer is not installed."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise InputError(
            _("needs a package that is not installed: {name}").format(name="XlsxWriter"),
            path="xlsx",
            remedy=_("install licscan with its extra: {extra}").format(extra="licscan[xlsx]"),
        ) from error
    book = xlsxwriter.Workbook(file, _OPTIONS)
    book.set_properties({"title": title, "comments": comments, "created": _BORN})
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "text": book.add_format({"num_format": "@", "valign": "top"}),
        "best": book.add_format({"num_format": "@", "valign": "top", "bold": True, "bg_color": "#E6F4EA"}),
        # Excel keeps such a cell a text also when somebody edits it
        "quoted": book.add_format({"num_format": "@", "valign": "top", "quote_prefix": True}),
    }
    return book, styles


def _width(text: str) -> int:
    """How many digits wide a text is; Chinese characters take two, and what is over the widest is not looked at."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text[:WIDEST])


def write_cells(
    sheet: Any,
    names: tuple[str, ...],
    rows: list[tuple[str, ...]],
    styles: dict[str, Any],
    best: Container[tuple[int, int]] = (),
) -> None:
    """Fill a sheet. Every cell is a text: written as such, whatever it looks like; `best` are places that stand out."""
    for column, name in enumerate(names):
        sheet.write_string(0, column, plain(name), styles["head"])
        longest = max((_width(row[column]) for row in rows), default=0)
        # the head has the button of its filter beside it
        sheet.set_column(column, column, min(max(longest, _width(name) + 2) + 2, WIDEST))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            shown = plain(value)
            if shown:
                usual = "best" if (number, column) in best else "text"
                kind = "quoted" if starts_formula(value) or starts_formula(shown) else usual
                sheet.write_string(number, column, shown, styles[kind])
    sheet.freeze_panes(1, 1)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(names) - 1)
