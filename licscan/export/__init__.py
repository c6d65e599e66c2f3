"""A scan as text for people and for programs: one module a format, all in one table."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from licscan.model import Scan

Exporter = Callable[[Scan], str | bytes]


def _late(module: str, function: str = "render") -> Exporter:
    """The exporter of a module, which is imported when it is asked for."""

    def export(scan: Scan) -> str | bytes:
        exporter: Exporter = getattr(import_module(f"licscan.export.{module}"), function)
        return exporter(scan)

    return export


EXPORTERS: dict[str, Exporter] = {
    "table": _late("table", "to_text"),
    "json": _late("json_format"),
    "sarif": _late("sarif"),
    "junit": _late("junit"),
    "github": _late("github"),
    "github-summary": _late("markdown", "render_summary"),
    "gitlab-quality": _late("gitlab", "render_quality"),
    "gitlab-sbom": _late("gitlab", "render_sbom"),
    "markdown": _late("markdown"),
    "csv": _late("csv_format", "render_components"),
    "csv-findings": _late("csv_format", "render_findings"),
    "xlsx": _late("xlsx"),
}
"""By the name that `--format` takes; each gives the whole text, ending in a newline, or the bytes of a file."""
