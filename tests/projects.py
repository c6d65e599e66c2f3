"""Whole projects as data: `<case>/tree.json` maps paths to contents, `<case>/expected.json` is what they must give.

A content is text, JSON, or `{"->": target}` for a link; a path that ends in `/` is an empty folder.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"


def cases(kind: str) -> list[Path]:
    return sorted(path.parent for path in (CASES / kind).glob("*/tree.json"))


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


def write_expected(kind: str, dump: Callable[[Path], dict[str, Any]], words: Iterable[str]) -> None:
    """Write what the cases whose names hold one of the words give now; all where there is no word."""
    only = list(words)
    for case in cases(kind):
        if not only or any(word in case.name for word in only):
            with tempfile.TemporaryDirectory() as scratch:
                told = dump(build(case, Path(scratch)))
            (case / "expected.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
