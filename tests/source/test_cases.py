"""Projects with their sources, and what is to be said of them; `python -m tests.source.test_cases WORD` writes anew."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from licscan import store
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.export import json_format, table
from licscan.model import Scan

CASES = Path(__file__).resolve().parents[1] / "cases" / "source"


def scanned(case: Path, folder: Path, **options: Any) -> Scan:
    """The scan of a copy: the checkout that holds the cases may be a git work tree."""
    project = folder / "project"
    if not project.exists():
        shutil.copytree(case / "input", project)
    return scan(Options((project,), name="chat", offline=True, source=True, **options))


def told(found: Scan) -> dict[str, Any]:
    """What a case pins: the counts, the groups, and the findings about them."""
    assert found.sources is not None
    document = json_format.document(found)
    sources = document["sources"]
    for group in sources["groups"]:
        del group["rules"]
    return {
        "outbound": found.project.outbound,
        "sources": sources,
        "findings": [
            {key: finding[key] for key in ("code", "severity", "verdict", "message")}
            for finding in document["findings"]
            if finding["code"].startswith("source-")
        ],
    }


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path) -> None:
    first = scanned(case, tmp_path)
    assert told(first) == json.loads((case / "expected.json").read_text(encoding="utf-8"))
    # what is kept says the same, in whatever number of processes
    assert scanned(case, tmp_path, jobs=1) == first
    store.save(first, tmp_path / "scans.db")
    stored = replace(store.load(tmp_path / "scans.db"), record=None)
    assert json_format.render(stored) == json_format.render(first)
    assert table.to_text(stored) == table.to_text(first)


def test_without_the_option_nothing_is_read() -> None:
    assert scan(Options((CASES / "vendored" / "input",), offline=True)).sources is None


if __name__ == "__main__":
    for folder in sorted(CASES.iterdir()):
        if any(word in folder.name for word in sys.argv[1:] or [""]):
            with tempfile.TemporaryDirectory() as copy:
                text = json.dumps(told(scanned(folder, Path(copy))), indent=1, ensure_ascii=False)
            (folder / "expected.json").write_text(text + "\n", encoding="utf-8")
