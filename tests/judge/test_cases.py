"""Whole judgements as data: `tests/cases/judge/<case>/{input/,case.json,expected.json}`.

`python -m tests.judge.test_cases [WORD]` writes expected.json of the cases whose name holds the word: read what it
wrote.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from licscan.cli.options import options_of, project_config
from licscan.compose.scan import scan
from licscan.model import Finding, Graph, Scan

CASES = Path(__file__).resolve().parents[1] / "cases" / "judge"
NAMES = sorted(path.name for path in CASES.iterdir())


def judged(folder: Path) -> Scan:
    """The scan of a case, from its locks alone."""
    paths = (folder,)
    root, config = project_config(paths)
    return scan(options_of(paths, root, config, offline=True, texts=False))


def summary(result: Scan) -> dict[str, Any]:
    """What a case expects: one line a surface, a judgement, a finding."""
    graph = result.graph
    return {
        "gate": result.gate.value,
        "surfaces": {
            one.name: [one.deployment, one.outbound, one.effective, [name(graph, root) for root in one.roots]]
            for one in result.surfaces
        },
        "assumed": [sentence for one in result.surfaces for sentence in one.assumed],
        "judgements": [
            [
                one.surface,
                name(graph, one.purl),
                one.relationship,
                one.ruling,
                one.license,
                sorted({duty.name for duty in one.duties}),
            ]
            for one in result.judgements
        ],
        "findings": [told(graph, finding) for finding in result.findings],
    }


def told(graph: Graph, finding: Finding) -> list[str]:
    """A finding in five words and its sentence."""
    subject = name(graph, finding.purl) if finding.purl else ""
    return [finding.code, finding.severity.value, finding.verdict.value, finding.surface, subject, finding.message]


def name(graph: Graph, purl: str) -> str:
    """The package's name, enough in a case."""
    return graph.by_purl[purl].name


def written(value: dict[str, Any]) -> str:
    """One item a line, for people who read a diff."""
    parts = []
    for key, item in value.items():
        if isinstance(item, list) and item:
            lines = ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in item)
            parts.append(f" {json.dumps(key)}: [\n{lines}\n ]")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(item, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


@pytest.mark.parametrize("case", NAMES)
def test_case(case: str) -> None:
    expected = json.loads((CASES / case / "expected.json").read_text(encoding="utf-8"))
    assert json.loads(written(summary(judged(CASES / case / "input")))) == expected


if __name__ == "__main__":
    for case_name in NAMES:
        if not sys.argv[1:] or sys.argv[1] in case_name:
            text = written(summary(judged(CASES / case_name / "input")))
            (CASES / case_name / "expected.json").write_text(text, encoding="utf-8")
