"""An answer of the fleet for people (a table) and for programs (JSON, CSV), with the targets that it speaks for."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from licscan.base.escape import one_line
from licscan.base.messages import N_, _, ngettext
from licscan.base.terms import SEVERITIES
from licscan.export.cells import guarded
from licscan.export.json_format import harmless
from licscan.fleet.questions import Table

if TYPE_CHECKING:
    from licscan.export.page import Page

FORMATS = ("table", "json", "csv")
LEAST = 8
"""Columns that a cell keeps, however narrow the terminal is."""
HEADS = {
    "target": N_("Target"), "targets": N_("Targets"), "targets_now": N_("Targets now"), "purl": N_("Package"),
    "package": N_("Package"), "license": N_("License"), "verdict": N_("Verdict"), "scope": N_("Scope"),
    "coverage": N_("Read"), "first_seen": N_("First seen"), "until": N_("Until"), "versions": N_("Versions"),
    "code": N_("Finding"), "surface": N_("Surface"), "severity": N_("Severity"), "decision": N_("Decision"),
    "waiver": N_("Responsible"), "change": N_("Change"), "when": N_("When"), "about": N_("About"),
    "findings": N_("Findings"), "example": N_("For example"), "inputs": N_("Contents"), "names": N_("Names"),
    "name": N_("Name"), "kind": N_("Kind"), "status": N_("State"), "gate": N_("Verdict"), "errors": N_("Errors"),
    "warnings": N_("Warnings"), "checked": N_("Checked"), "reason": N_("Reason"), "product": N_("Product"),
    "customer": N_("Customer"), "branch": N_("Branch"), "group": N_("Group"), "components": N_("Components"),
    "ok": N_("May ship"), "violation": N_("May not"), "cannot_tell": N_("Cannot tell"), "day": N_("Day"),
}  # fmt: skip
"""What the columns are called; a column of the user's own query has its own name."""

STATES = {
    "current": N_("current"), "stale": N_("stale"), "failed": N_("failed"), "poisoned": N_("poisoned"),
    "new": N_("not scanned yet"),
}  # fmt: skip
GATES = {"ok": N_("May ship"), "violation": N_("May not ship"), "cannot-tell": N_("Cannot tell")}
SCOPES = {"own": N_("own"), "shipped": N_("shipped"), "not shipped": N_("not shipped")}
VALUES = {
    "status": STATES, "gate": GATES, "verdict": GATES, "scope": SCOPES,
    "severity": SEVERITIES,
    "change": {"added": N_("added"), "removed": N_("removed")},
}  # fmt: skip
"""How people read the values of columns; programs get the values themselves."""


def to_json(table: Table) -> str:
    """`coverage`, `columns` and `rows`, each row an object; the same bytes for the same answer."""
    told = {
        "coverage": {**asdict(table.coverage), "complete": table.coverage.is_whole},
        "columns": list(table.columns),
        "rows": [dict(zip(table.columns, map(_plain, row), strict=True)) for row in table.rows],
    }
    return harmless(json.dumps(told, indent=2, ensure_ascii=False, default=str)) + "\n"


def to_csv(table: Table) -> str:
    """One line a row below the names of the columns; no cell starts a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([guarded(_text(value)) for value in row] for row in table.rows)
    return file.getvalue()


def write(table: Table, page: Page) -> None:
    """The rows below their heads, cut where a terminal ends; then for how many targets they speak."""
    from rich.cells import cell_len

    heads = tuple(_(HEADS[name]) if name in HEADS else name for name in table.columns)
    rows = [tuple(map(_shown, table.columns, row)) for row in table.rows]
    widths = [max(cell_len(one_line(row[at])) for row in [heads, *rows]) for at in range(len(heads))]
    _narrow(widths, page.width - 2 * max(len(widths) - 1, 0))
    if rows:
        page.row(heads, widths, 0, ["bold"] * len(widths))
        for row in rows:
            page.row(row, widths, 0)
    count = len(rows)
    told = ngettext("{count} row, from {coverage}.", "{count} rows, from {coverage}.", count)
    page.prose(
        told.format(count=f"{count:,}", coverage=table.coverage), style="" if table.coverage.is_whole else "yellow"
    )


def _narrow(widths: list[int], most: int) -> None:
    """Take columns from the widest cells until the row fits."""
    while sum(widths) > most and max(widths, default=0) > LEAST:
        widths[widths.index(max(widths))] -= 1


def _shown(column: str, value: object) -> str:
    word = VALUES.get(column, {}).get(str(value))
    return _(word) if word else _text(value)


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float | bool | list) else str(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
