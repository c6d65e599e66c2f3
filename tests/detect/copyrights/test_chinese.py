"""Chinese statements: `tests/cases/copyrights/chinese*.jsonl`, one text a line with what is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from licscan.detect.copyrights import find_copyrights

FOLDER = Path(__file__).parents[2] / "cases" / "copyrights"
CASES = [
    json.loads(line)
    for file in sorted(FOLDER.glob("chinese*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", [case for case in CASES if not case.get("hard")], ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    statements, authors = find_copyrights(case["text"])
    filled = [found for found in statements if not found.template]
    assert [found.holder for found in filled if found.holder] == case["holders"]
    assert [found.years for found in filled if found.years] == [years for years in case["years"] if years]
    assert list(authors) == case["authors"]
    assert len(statements) - len(filled) == case["templates"]


def test_names_over_all_cases() -> None:
    """Also over the cases marked hard, which are known to go wrong."""
    hit = found = right = 0
    for case in CASES:
        statements, authors = find_copyrights(case["text"])
        said = {one.holder for one in statements if one.holder} | set(authors)
        true = {*case["holders"], *case["authors"]}
        hit, found, right = hit + len(said & true), found + len(said), right + len(true)
    assert 2 * hit / (found + right) >= 0.95
