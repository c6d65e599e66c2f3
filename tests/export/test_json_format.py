"""The JSON report: one schema, the same bytes every time, harmless wherever it is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema_rs import Draft202012Validator, meta

from licscan.base import tables
from licscan.export import EXPORTERS
from licscan.export.json_format import render
from licscan.model import Graph, Project, Scan
from tests.factories import COPYLEFT, LEFT, ROOT, empty_scan, rich_scan, synthetic_scan
from tests.store.strategies import scans


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = tables.load_json("scan.schema.json")
    meta.validate(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("scan", [rich_scan(), empty_scan(), synthetic_scan(40)], ids=["rich", "empty", "synthetic"])
def test_is_as_the_schema_says(validator, scan):
    assert list(validator.iter_errors(json.loads(EXPORTERS["json"](scan)))) == []


@settings(max_examples=50, deadline=None)
@given(scan=scans())
def test_any_scan_can_be_written(scan):
    assert json.loads(render(scan).encode())["project"]["name"] == scan.project.name


def properties(schema: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every property of the schema, every item and every definition."""
    for key in ("properties", "$defs"):
        for name, inner in schema.get(key, {}).items():
            yield f"{place}.{name}", inner
            yield from properties(inner, f"{place}.{name}")
    if "items" in schema:
        yield f"{place}[]", schema["items"]
        yield from properties(schema["items"], f"{place}[]")


def test_every_field_is_described_and_no_other_is_allowed():
    described = list(properties(tables.load_json("scan.schema.json")))
    assert len(described) > 80
    assert [place for place, inner in described if not inner.get("description")] == []
    loose = [place for place, inner in described if inner.get("type") == "object" and inner["additionalProperties"]]
    assert loose == [".tool.tables"]


def test_order_of_the_scan_does_not_show():
    scan = rich_scan()
    turned = Scan(
        scan.tool_version,
        scan.project,
        Graph(scan.graph.roots[::-1], scan.graph.components[::-1], scan.graph.dependencies[::-1]),
        scan.conclusions[::-1],
        scan.findings[::-1],
        scan.problems[::-1],
        scan.inputs[::-1],
        scan.threshold,
        scan.tables[::-1],
        sources=replace(scan.sources, groups=scan.sources.groups[::-1]),
        content=scan.content,
        surfaces=scan.surfaces[::-1],
        judgements=scan.judgements[::-1],
        metadata=scan.metadata[::-1],
    )
    assert render(turned) == render(scan)


def test_hostile_text_is_escaped_and_still_the_same():
    name = "a\x1b[2J\x9b\u202e\udcff\x00é"
    text = render(replace(empty_scan(), project=Project(name, ".", "MIT")))
    assert json.loads(text)["project"]["name"] == name
    assert not set(text) & set("\x1b\x9b\u202e\udcff\x00")
    assert "é" in text
    assert text.endswith("}\n")


def test_what_is_said_of_a_component():
    written = json.loads(render(rich_scan()))
    left = next(c for c in written["components"] if c["purl"] == LEFT)
    assert (left["declared"], left["concluded"], left["verdict"]) == ("MIT", "MIT", "ok")
    assert left["found_in"] == [{"path": "package-lock.json", "line": 10}]
    assert left["evidence"][1]["sha256"] == "ab" * 32
    root = next(c for c in written["components"] if c["purl"] == ROOT)
    assert (root["concluded"], root["evidence"]) == (None, [])
    copyleft = next(c for c in written["components"] if c["purl"] == COPYLEFT)
    assert (copyleft["verdict"], copyleft["candidates"]) == ("violation", ["GPL-3.0-only", "GPL-3.0-or-later"])


def test_the_answer():
    written = json.loads(render(rich_scan()))
    assert written["gate"] == {
        "verdict": "violation",
        "threshold": "warning",
        "severities": {"error": 2, "warning": 1, "note": 1},
        "verdicts": {"ok": 1, "violation": 1, "cannot-tell": 2},
        "waived": 1,
    }
    assert [f["code"] for f in written["findings"]][:2] == ["copyleft-shipped", "license-unknown"]
    assert written["findings"][0]["paths"] == [[ROOT, LEFT, COPYLEFT], [ROOT, COPYLEFT]]
    assert written["roots"] == [{"purl": ROOT, "name": "chat-server", "version": "1.0.0", "path": "package.json"}]
    assert "not legal advice" in written["disclaimer"]
