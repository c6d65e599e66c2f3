"""Scans over time, the last first: when, of which commit, the answer, the counts, and what changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from licscan.base.messages import _
from licscan.compare.differences import Differences
from licscan.export.differences import summary
from licscan.export.json_format import harmless
from licscan.export.markdown import code, table, text
from licscan.export.page import STYLE_OF, Page
from licscan.export.words import verdict_name
from licscan.model import Verdict
from licscan.store import ScanRow

_SHORT = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One scan, and how it differs from the one before; None for the first of all."""

    row: ScanRow
    step: Differences | None


def _heads() -> tuple[str, ...]:
    counts = (_("Packages"), _("Errors"), _("Warnings"), _("Notes"))
    return (_("Scan"), _("When"), _("Commit"), _("Verdict"), *counts, _("Changes"))


def _cells(entry: Entry) -> tuple[str, ...]:
    row = entry.row
    commit = row.revision[:_SHORT] + ("+" if row.revision.endswith("+") else "")
    counts = (row.components, row.errors, row.warnings, row.notes)
    return (str(row.id), row.started_at, commit, verdict_name(Verdict(row.gate)), *map(str, counts), _changes(entry))


def _row(entry: Entry) -> tuple[str, ...]:
    """The cells without the changes; the moment to the minute, which leaves a line of 80 columns room for the rest."""
    number, when, *rest = _cells(entry)[:-1]
    return (number, when[:16].replace("T", " "), *rest)


def _changes(entry: Entry) -> str:
    return _("the first scan") if entry.step is None else summary(entry.step)


def write(entries: Sequence[Entry], page: Page) -> None:
    """The table; what changed stands on a line of its own, as far as it goes."""
    from rich.cells import cell_len

    rows = [_heads()[:-1], *(_row(entry) for entry in entries)]
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(rows[0]))]
    page.row(rows[0], widths, 0, ["bold"] * len(widths))
    for entry, row in zip(entries, rows[1:], strict=True):
        styles = [STYLE_OF[Verdict(entry.row.gate)] if column == 3 else "" for column in range(len(row))]
        page.row(row, widths, 0, styles)
        page.prose(_changes(entry), indent=widths[0] + 2)


def to_text(entries: Sequence[Entry]) -> str:
    """The table as plain text."""
    page = Page(100)
    write(entries, page)
    return page.plain


def to_markdown(entries: Sequence[Entry]) -> str:
    """The table as Markdown; ends in a newline."""
    rows = []
    for entry in entries:
        number, when, commit, *rest = _cells(entry)
        rows.append((number, when, code(commit), *map(text, rest)))
    return "\n".join(table(_heads(), rows))


def to_json(entries: Sequence[Entry]) -> str:
    """The scans for programs."""
    return harmless(json.dumps([_entry(one) for one in entries], ensure_ascii=False, indent=1)) + "\n"


def _entry(entry: Entry) -> dict[str, Any]:
    row, step = entry.row, entry.step
    return {
        "scan": row.id,
        "project": row.project,
        "started_at": row.started_at,
        "revision": row.revision,
        "verdict": row.gate.value,
        "components": row.components,
        "errors": row.errors,
        "warnings": row.warnings,
        "notes": row.notes,
        "changes": None
        if step is None
        else {
            "added": len(step.added),
            "removed": len(step.removed),
            "changed": len(step.changed),
            "relicensed": len(step.relicensed),
            "new_findings": len(step.new),
            "gone_findings": len(step.gone),
        },
    }
