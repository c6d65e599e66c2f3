"""Installed trees and what is said of their attribution; `python -m tests.inside.test_cases WORD` writes it anew."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.config import load_config
from licscan.model import ComponentKind
from tests.inside.trees import SITE, make, row

CASES = sorted((Path(__file__).parents[1] / "cases/attribution").glob("*/case.json"))
CODES = (
    "missing-license-text",
    "missing-copyright-holder",
    "unfilled-template",
    "vendored-unattributed",
    "native-library-unattributed",
    "component-modified",
    "license-missing",
    "license-conflict",
    "license-review",
    "license-duties",
)


def outcome(case: dict[str, Any], root: Path) -> dict[str, Any]:
    """The findings that matter here, the parts of packages with their place in the judgement, the problems."""
    make(root, case["files"])
    for path, text in case.get("changed", {}).items():
        (root / path.replace("SITE/", f"{SITE}/")).write_text(text)
    if "config" in case:
        (root / "licscan.toml").write_text(case["config"])
    config = load_config(root) if "config" in case else None
    found = scan(Options((root,), offline=True, **({"config": config} if config else {})))
    relationships = {(j.surface, j.purl): (j.relationship, j.ruling) for j in found.judgements}
    surface = found.surfaces[0].name
    packages = {component.purl for component in found.graph.components if component.kind is ComponentKind.PACKAGE}
    return {
        "findings": [
            [f.code, f.severity.value, f.verdict.value, f.message]
            for f in found.findings
            if f.code in CODES and f.purl in packages
        ],
        "parts": [
            [c.purl, c.embedded, found.by_purl[c.purl].concluded, *relationships.get((surface, c.purl), ("", ""))]
            for c in found.graph.components
            if c.embedded
        ],
        "problems": [p.message for p in found.problems if p.stage == "inside"],
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_case(path: Path, tmp_path: Path) -> None:
    expected = json.loads((path.parent / "expected.json").read_text())
    root = tmp_path / "project"
    root.mkdir()
    assert json.loads(json.dumps(outcome(json.loads(path.read_text()), root))) == expected


def test_the_row_of_a_file_is_its_hash_and_size(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    assert row(tmp_path / "a") == "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0"


if __name__ == "__main__":
    for path in CASES:
        if any(word in path.parent.name for word in sys.argv[1:]):
            with tempfile.TemporaryDirectory() as folder:
                written = outcome(json.loads(path.read_text()), Path(folder))
            (path.parent / "expected.json").write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n")
