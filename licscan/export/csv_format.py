"""The scan as CSV (RFC 4180, UTF-8): every cell quoted, none that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io

from licscan.export.cells import SHEETS, guarded, heads
from licscan.model import Scan


def render_components(scan: Scan) -> str:
    """A line for each component."""
    return _render(scan, "Components")


def render_findings(scan: Scan) -> str:
    """A line for each finding."""
    return _render(scan, "Findings")


def _render(scan: Scan, sheet: str) -> str:
    names, rows = SHEETS[sheet]
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heads(names))
    writer.writerows(map(guarded, row) for row in rows(scan))
    return file.getvalue()
