from __future__ import annotations

import json
from pathlib import Path

import pytest

from licscan.expression import read_license

CASES = Path(__file__).parent / "cases" / "expression"
TOLD = json.loads((CASES / "told.json").read_text())
OPEN = json.loads((CASES / "open.json").read_text())


@pytest.mark.parametrize(("raw", "expression", "method"), TOLD)
def test_told(raw: str, expression: str, method: str) -> None:
    reading = read_license(raw)
    assert (reading.expression, reading.method) == (expression, method)


@pytest.mark.parametrize(("raw", "method", "candidates"), OPEN)
def test_stays_open(raw: str, method: str, candidates: list[str]) -> None:
    reading = read_license(raw)
    assert reading.expression is None
    assert (reading.method, list(reading.candidates)) == (method, candidates)
