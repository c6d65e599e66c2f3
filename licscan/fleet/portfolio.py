"""The whole portfolio on one page, and its tables as files for other tools."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licscan.base import clock
from licscan.base.errors import InputError
from licscan.base.messages import N_, NOT_ADVICE, _, language_of
from licscan.export.words import severity_words
from licscan.fleet import questions
from licscan.fleet.answers import GATES, STATES
from licscan.fleet.questions import Table
from licscan.fleet.views import Coverage, Fleet
from licscan.model import Severity

if TYPE_CHECKING:
    from jinja2 import Template

MOST_ROWS = 200
_FORMATS = {".parquet": "parquet, COMPRESSION zstd", ".csv": "csv, HEADER", ".json": "json"}


WORDS = {
    "title": N_("License portfolio"), "partial": N_("This page does not cover all targets."),
    "partial_why": N_("Targets that failed, are stale or were never scanned may contain anything."),
    "targets": N_("Targets"), "ok": N_("May ship"), "violation": N_("May not ship"), "cannot_tell": N_("Cannot tell"),
    "missing": N_("Not current"), "trend": N_("Verdicts over time"), "products": N_("Products"),
    "products_said": N_("Worst first. A target without a product is listed by itself."), "product": N_("Product"),
    "customer": N_("Customer"), "errors": N_("Errors"), "warnings": N_("Warnings"),
    "shared": N_("Decisions that would close the most"),
    "shared_said": N_("One line per decision: same package, same evidence, same question."),
    "finding": N_("Finding"), "severity": N_("Severity"), "about": N_("About"), "license": N_("License"),
    "findings": N_("Findings"), "example": N_("For example"), "nothing": N_("Nothing is open."),
    "every": N_("All targets"), "every_said": N_("Failed targets first, then by verdict."), "name": N_("Name"),
    "state": N_("State"), "verdict": N_("Verdict"), "checked": N_("Checked"), "reason": N_("Reason"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What the page says, each part a table that is sorted already."""

    coverage: Coverage
    when: str
    gates: dict[str, int]
    products: Table
    targets: Table
    shared: Table
    trend: Table


def portfolio(fleet: Fleet) -> Portfolio:
    """All that the page says."""
    products = questions.ask(
        fleet,
        """SELECT CASE WHEN product <> '' THEN product ELSE name END AS product,
            string_agg(DISTINCT customer, ', ' ORDER BY customer) FILTER (customer <> '') AS customer,
            count(*) AS targets, count(*) FILTER (gate = 'ok') AS ok, count(*) FILTER (gate = 'violation') AS violation,
            count(*) FILTER (gate = 'cannot-tell') AS cannot_tell, count(*) FILTER (status <> 'current') AS missing,
            sum(errors) AS errors, sum(warnings) AS warnings, sum(components) AS components
        FROM state GROUP BY 1 ORDER BY violation DESC, cannot_tell DESC, missing DESC,
            errors DESC NULLS LAST, product""",
    )
    # the verdict of each target at the end of each day on which any was scanned
    trend = questions.ask(
        fleet,
        """WITH days AS (SELECT DISTINCT left("when", 10) AS day FROM outcomes WHERE status = 'done'),
        last AS (SELECT DISTINCT ON (d.day, o.target) d.day, o.target, o.gate
            FROM days d JOIN outcomes o ON left(o."when", 10) <= d.day AND o.status = 'done'
            JOIN targets t ON t.id = o.target ORDER BY d.day, o.target, o."when" DESC)
        SELECT day, count(*) FILTER (gate = 'ok') AS ok, count(*) FILTER (gate = 'cannot-tell') AS cannot_tell,
            count(*) FILTER (gate = 'violation') AS violation FROM last GROUP BY day ORDER BY day""",
    )
    return Portfolio(
        fleet.coverage(), clock.moment(), fleet.gates(), products,
        questions.standing(fleet), questions.open_findings(fleet), trend,
    )  # fmt: skip


def render(found: Portfolio) -> str:
    """The page: one HTML file that loads nothing from elsewhere, all in it escaped."""
    from licscan import __version__

    return _template().render(
        found=found, version=__version__, most=MOST_ROWS,
        language="zh-Hans" if language_of(os.environ) == "zh" else "en",
        words=_words(found), rows=_rows, points=_points(found.trend),
        states={name: _(word) for name, word in STATES.items()}, gates={name: _(word) for name, word in GATES.items()},
        severities={one.value: severity_words(one) for one in Severity},
    )  # fmt: skip


def _words(found: Portfolio) -> dict[str, str]:
    """What the page says in the user's language."""
    told = {name: _(word) for name, word in WORDS.items()}
    told["made"] = _("As of {when}, from {coverage}.").format(when=found.when, coverage=found.coverage)
    told["more"] = _(
        "The first {count} are shown; `licscan fleet status` and `licscan fleet ask open` show all."
    ).format(count=MOST_ROWS)
    last = found.trend.rows[-1][0] if found.trend.rows else ""
    told["trend_said"] = _("Verdict shares by day, until {day}; the table of targets has the figures.").format(day=last)
    return {**told, "not_advice": _(NOT_ADVICE)}


def _rows(table: Table) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows[:MOST_ROWS]]


def _points(trend: Table) -> list[dict[str, Any]]:
    """Columns of the chart: each day's shares of all targets, in percent."""
    rows = _rows(Table(trend.columns, trend.rows[-60:], trend.coverage))
    for row in rows:
        whole = max(row["ok"] + row["cannot_tell"] + row["violation"], 1)
        row |= {f"{name}_share": 100 * row[name] / whole for name in ("ok", "cannot_tell", "violation")}
    return rows


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("licscan.fleet"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("fleet.html.j2")


def export_table(fleet: Fleet, table: str, path: Path) -> int:
    """Write a table to a file, of the kind that its ending names; how many rows. InputError for another ending."""
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        raise InputError(_("has an unknown file extension"), path=str(path), remedy=_(", ").join(_FORMATS))
    if not path.resolve().parent.is_dir():
        raise InputError(_("does not exist"), path=str(path.parent))
    place = str(path).replace("'", "''")
    listed = f"SELECT * FROM {table} ORDER BY ALL"  # noqa: S608 - the name is one of a fixed list
    fleet.db.execute(f"COPY ({listed}) TO '{place}' (FORMAT {kind})")
    row = fleet.db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return int(row[0]) if row else 0
