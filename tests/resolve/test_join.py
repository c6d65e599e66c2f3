"""Whole projects: every `tests/cases/join/<case>/tree.json` and the `expected.json` that it must give.

`tree.json` maps paths to contents: text, JSON, or `{"->": target}` for a link. After a change on purpose run
`python -m tests.resolve.test_join [WORD...]` and read the difference.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from licscan.base.tree import Tree
from licscan.resolve.project import resolve_project
from tests.resolve.test_cases import dump_component, dump_edge

CASES = Path(__file__).resolve().parents[1] / "cases" / "join"


def cases() -> list[Path]:
    return sorted(path.parent for path in CASES.glob("*/tree.json"))


def build(case: Path, folder: Path) -> Path:
    """The project of a case on the disk, in a folder of a fixed name."""
    root = folder / "project"
    root.mkdir()
    for name, content in json.loads((case / "tree.json").read_text()).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        elif isinstance(content, dict) and set(content) == {"->"}:
            path.symlink_to(content["->"])
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
    return root


def dump(root: Path) -> dict[str, Any]:
    found = resolve_project(Tree(root))
    scopes = {component.purl: [str(s) for s in component.scopes] for component in found.graph.components}
    return {
        "roots": list(found.graph.roots),
        "components": {c.purl: dump_component(c, scopes) for c in found.graph.components},
        "edges": [dump_edge(edge) for edge in found.graph.dependencies],
        "problems": [[p.code, p.subject, p.message] for p in found.problems],
        "assumptions": list(found.assumptions),
    }


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path) -> None:
    assert dump(build(case, tmp_path)) == json.loads((case / "expected.json").read_text())


def write_expected(only: list[str]) -> None:
    for case in cases():
        if not only or any(word in case.name for word in only):
            with tempfile.TemporaryDirectory() as scratch:
                told = dump(build(case, Path(scratch)))
            (case / "expected.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write_expected(sys.argv[1:])
