"""Whole projects: every `tests/cases/join/<case>/tree.json` and the `expected.json` that it must give.

`tree.json` maps paths to contents: text, JSON, or `{"->": target}` for a link. After a change on purpose run
`python -m tests.resolve.test_join [WORD...]` and read the difference.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from licscan.base.tree import Tree
from licscan.resolve.project import resolve_project
from tests.projects import build, cases, write_expected
from tests.resolve.test_cases import dump_component, dump_edge


def dump(root: Path) -> dict[str, Any]:
    found = resolve_project(Tree(root))
    scopes = {component.purl: [str(s) for s in component.scopes] for component in found.graph.components}
    return {
        "roots": list(found.graph.roots),
        "components": {c.purl: dump_component(c, scopes) for c in found.graph.components},
        "edges": [dump_edge(edge) for edge in found.graph.dependencies],
        "problems": [[p.code, p.subject, p.message] for p in found.problems],
        "assumptions": list(found.assumptions),
        **({"unlisted": [[purl, *names] for purl, names in found.unlisted]} if found.unlisted else {}),
    }


@pytest.mark.parametrize("case", cases("join"), ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path) -> None:
    assert dump(build(case, tmp_path)) == json.loads((case / "expected.json").read_text())


if __name__ == "__main__":
    write_expected("join", dump, sys.argv[1:])
