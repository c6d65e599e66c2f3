"""A scan as text for people and for programs: one module a format, all in one table."""

from __future__ import annotations

from collections.abc import Callable

from licscan.model import Scan


def _table(scan: Scan) -> str:
    from licscan.export import table

    return table.to_text(scan)


def _json(scan: Scan) -> str:
    from licscan.export import json_format

    return json_format.render(scan)


EXPORTERS: dict[str, Callable[[Scan], str]] = {"table": _table, "json": _json}
"""By the name that `--format` takes; each gives the whole text, ending in a newline."""
