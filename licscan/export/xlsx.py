"""The scan as a workbook: components, findings, duties and surfaces, a sheet each. Wants the extra `xlsx`."""

from __future__ import annotations

import io
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
    try:
        import xlsxwriter
    except ImportError as error:
        raise InputError(
            _("needs a package that is not installed: {name}").format(name="XlsxWriter"),
            path="xlsx",
            remedy=_("install licscan with its extra: {extra}").format(extra="licscan[xlsx]"),
        ) from error
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    book.set_properties({"title": plain(scan.project.name)[:200], "comments": scan.gate.value, "created": _BORN})
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "text": book.add_format({"num_format": "@", "valign": "top"}),
        # Excel keeps such a cell a text also when somebody edits it
        "quoted": book.add_format({"num_format": "@", "valign": "top", "quote_prefix": True}),
    }
    for title, (names, rows) in SHEETS.items():
        _sheet(book.add_worksheet(_(title)[:31]), heads(names), list(rows(scan))[:MOST_ROWS], styles)
    book.close()
    return file.getvalue()


def _sheet(sheet: Any, names: tuple[str, ...], rows: list[tuple[str, ...]], styles: dict[str, Any]) -> None:
    """Every cell is a text: written as such, whatever it looks like."""
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, styles["head"])
        longest = max((len(row[column]) for row in rows), default=0)
        sheet.set_column(column, column, min(max(longest, len(name) * 2) + 2, WIDEST))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            shown = plain(value)
            if shown:
                style = styles["quoted" if starts_formula(value) or starts_formula(shown) else "text"]
                sheet.write_string(number, column, shown, style)
    sheet.freeze_panes(1, 1)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(names) - 1)
