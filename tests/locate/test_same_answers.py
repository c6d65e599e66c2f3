"""One package gives the same answers from wherever it is read; what still differs is named here, with the reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from licscan.attribution.json_format import to_json
from licscan.attribution.reference import text_of
from licscan.compose.notices import notices
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.sbom.from_scan import SbomOptions, bom_of
from tests.locate.packing import HOLDERS, NAME, bytes_of

CASES = sorted((Path(__file__).parents[1] / "cases/trees").glob("*.json"))
MIT = f"The MIT License\n\nCopyright (c) 2020 Jane Doe\n\n{text_of('MIT')}"
LEFT_OUT = {
    # an installed folder lends its project a root and edges of its own, a cache has none
    "pkg:generic/environment",
}


def answers(case: dict[str, Any], holder: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    root, home = folder / holder / "project", folder / holder / "home"
    root.mkdir(parents=True)
    home.mkdir()
    for name in (
        "XDG_CACHE_HOME",
        "XDG_DATA_HOME",
        "UV_CACHE_DIR",
        "npm_config_cache",
        "NPM_CONFIG_CACHE",
        "PNPM_HOME",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    HOLDERS[case["ecosystem"]][holder](root, home, bytes_of(case["files"]))
    found = scan(Options((root,), offline=True, source=False, jobs=1))
    purls = {c.purl for c in found.graph.components if not c.purl.startswith(tuple(LEFT_OUT))}
    told = json.loads(to_json(notices(found, root)))
    return {
        "components": [(c.purl, c.version, c.embedded, [*c.scopes]) for c in found.graph.components if c.purl in purls],
        "edges": [
            (d.parent, d.child, d.scope) for d in found.graph.dependencies if d.parent in purls and d.child in purls
        ],
        "conclusions": [
            (c.purl, c.declared, c.detected, c.concluded, c.coverage, [one.statement for one in c.copyrights])
            for c in found.conclusions
            if c.purl in purls
        ],
        # the places of findings are those of the holder; all that is said is the same
        "findings": [
            (f.code, f.severity, f.verdict, f.message)
            for f in found.findings
            if f.purl in purls - {"pkg:generic/project"}
        ],
        "problems": [p.message for p in found.problems],
        "notices": (told["components"], told["texts"]),
        "sbom": [
            (c.purl, c.name, c.version, c.scope, [*map(str, c.licenses)], [*map(str, c.copyrights)])
            for c in bom_of(found, SbomOptions("2024-01-01T00:00:00Z")).components
            if c.purl in purls
        ],
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_same_answers(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = json.loads(path.read_text())
    case["files"] = {name: MIT if text == "MIT" else text for name, text in case["files"].items()}
    first, *others = HOLDERS[case["ecosystem"]]
    expected = answers(case, first, tmp_path, monkeypatch)
    # what the case is about is there at all
    said = json.dumps(expected)
    for word in case["says"]:
        assert word in said, word
    for word in case.get("silent", ()):
        assert word not in said, word
    for holder in others:
        assert answers(case, holder, tmp_path, monkeypatch) == expected, holder
    assert NAME in said
