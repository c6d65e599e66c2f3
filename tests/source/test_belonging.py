"""Whose a folder is: every `tests/cases/ownership/<case>/tree.json` and the `expected.json` that it must give.

After a change on purpose run `python -m tests.source.test_belonging [WORD...]` and read the difference.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.config import load_config
from tests.projects import build, cases, write_expected


def dump(root: Path) -> dict[str, Any]:
    config = load_config(root)
    asked = Options((root,), outbound=config.outbound, offline=True, texts=False, config=config, today=date(2026, 1, 2))
    found = scan(asked)
    codes = ("ownership-open", "setting-unused", "license-conflict", "dependency-unresolved", "license-missing")
    return {
        "outbound": found.project.outbound,
        "own": sorted(c.purl for c in found.graph.components if c.is_first_party),
        "third-party": {c.purl: [s.value for s in c.scopes] for c in found.graph.components if not c.is_first_party},
        "findings": [
            [f.code, f.severity.value, f.verdict.value, f.message]
            for f in found.findings
            if f.code in codes and (f.code != "license-missing" or f.severity.value == "error")
        ],
    }


@pytest.mark.parametrize("case", cases("ownership"), ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path) -> None:
    assert dump(build(case, tmp_path)) == json.loads((case / "expected.json").read_text())


if __name__ == "__main__":
    write_expected("ownership", dump, sys.argv[1:])
