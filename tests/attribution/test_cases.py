"""Notices as data: `tests/cases/notices/<case>/{input/,case.json,expected.json,expected.txt}`.

`case.json` may name `surfaces`, and ask for the `document` as text too. `python -m tests.attribution.test_cases [WORD]`
writes what is expected of the cases whose name holds the word: read what it wrote.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from licscan.attribution.document import document
from licscan.attribution.json_format import to_json
from licscan.attribution.records import Attributions
from licscan.attribution.render import TEMPLATES, render
from licscan.base.tables import load_json
from licscan.cli.options import options_of, project_config
from licscan.compose.notices import notices
from licscan.compose.scan import scan

CASES = Path(__file__).resolve().parents[1] / "cases" / "notices"
NAMES = sorted(path.name for path in CASES.iterdir())
SHOWN = 60


def settings(case: Path) -> dict[str, Any]:
    path = case / "case.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def told(case: Path) -> Attributions:
    """The attributions of a case."""
    root, config = project_config((case / "input",))
    result = scan(options_of((case / "input",), root, config, offline=True))
    return notices(result, root, settings(case).get("surfaces", ()), config.notices.contact or "")


def summary(found: Attributions) -> dict[str, Any]:
    """The JSON without what is always the same, each text by its beginning."""
    shown: dict[str, Any] = json.loads(to_json(found))
    begin = {text["id"]: " ".join(text["text"].split())[:SHOWN] for text in shown["texts"]}
    for component in shown["components"]:
        for text in component["texts"]:
            text["text"] = begin[text["text"]]
            del text["sha256"], text["file_sha256"]
        for name in [name for name, value in component.items() if value in (None, [])]:
            del component[name]
    return {name: shown[name] for name in ("surfaces", "components", "silent", "gaps")}


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str) -> None:
    case = CASES / name
    found = told(case)
    assert summary(found) == json.loads((case / "expected.json").read_text())
    if settings(case).get("document"):
        assert render(document(found), "text") == (case / "expected.txt").read_text()
    jsonschema_rs.validate(load_json("notices.schema.json"), json.loads(to_json(found)))
    for format_ in TEMPLATES:
        assert render(document(found), format_) == render(document(told(case)), format_)


if __name__ == "__main__":
    for word in sys.argv[1:] or [""]:
        for name in NAMES:
            if word in name:
                found = told(CASES / name)
                text = json.dumps(summary(found), indent=1, ensure_ascii=False)
                (CASES / name / "expected.json").write_text(text + "\n")
                if settings(CASES / name).get("document"):
                    (CASES / name / "expected.txt").write_text(render(document(found), "text"))
