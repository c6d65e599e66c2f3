"""The tables of a fleet's store, as DuckDB and Parquet have them, and what their columns say."""

from __future__ import annotations

from dataclasses import fields

from licscan.fleet.model import FindingRow, Outcome, PackageRow

_TYPES = {"int": "INTEGER", "float": "DOUBLE", "str": "VARCHAR", "Status": "VARCHAR"}


def _columns(kind: type) -> dict[str, str]:
    return {one.name: _TYPES[str(one.type)] for one in fields(kind) if str(one.type) in _TYPES}


PACKAGE, FINDING, OUTCOME = _columns(PackageRow), _columns(FindingRow), _columns(Outcome)
SPAN = {"first_seen": "VARCHAR", "until": "VARCHAR"}
"""When a row was first seen, and when a scan no longer saw it: null while it is there."""
TABLES: dict[str, dict[str, str]] = {
    "outcomes": OUTCOME,
    "checks": {"target": "VARCHAR", "checked": "VARCHAR"},
    "packages": {"target": "VARCHAR", **PACKAGE, **SPAN},
    "findings": {"target": "VARCHAR", **FINDING, **SPAN},
}
"""Every table: results, when a target was last looked at, and what was observed of it over time."""
BUCKETS = "0123456789abcdef"
"""First digits of targets' ids: packages and findings have a file for each, so that few rows are written anew."""


def create(table: str, columns: dict[str, str]) -> str:
    """The SQL that makes a table."""
    listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    return f"CREATE OR REPLACE TABLE {table} ({listed})"


def struct(columns: dict[str, str]) -> str:
    """The type of a row, for what is read of JSON."""
    return "STRUCT(" + ", ".join(f'"{name}" {kind}' for name, kind in columns.items()) + ")"
