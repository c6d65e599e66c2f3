"""One package gives the same answers from wherever it is read; what still differs is named here, with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from licscan.attribution.json_format import to_json
from licscan.attribution.reference import text_of
from licscan.compose.notices import notices
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.sbom.from_scan import SbomOptions, bom_of
from tests.locate.packing import HOLDERS, bytes_of

CASES = sorted((Path(__file__).parents[1] / "cases/trees").glob("*.json"))
TEXTS = {
    "MIT": f"The MIT License\n\nCopyright (c) 2020 Jane Doe\n\n{text_of('MIT')}",
    "TEMPLATE": f"The MIT License\n\nCopyright (c) <year> <copyright holders>\n\n{text_of('MIT')}",
}
"""What the files of a case that say no more than such a word hold."""
LEFT_OUT = {
    # an environment is a root of its own, with edges to all that stands in it; a cache is none
    "pkg:generic/environment",
    # the project is named after its folder where no manifest names it
    "pkg:generic/project",
}


MOVES = ("XDG_DATA_HOME", "UV_CACHE_DIR", "npm_config_cache", "NPM_CONFIG_CACHE", "PNPM_HOME", "YARN_CACHE_FOLDER")


@pytest.fixture
def home_in(monkeypatch: pytest.MonkeyPatch, shared_index: Path) -> Callable[[Path], Path]:
    """Makes a folder the user's home, with caches of its own but for the index of license texts."""

    def make(folder: Path) -> Path:
        home = folder / "home"
        (home / ".cache/licscan").mkdir(parents=True)
        (home / ".cache/licscan/index").symlink_to(shared_index)
        for name in MOVES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("XDG_CACHE_HOME", str(home / ".cache"))
        return home

    return make


def answers(case: dict[str, Any], holder: str, root: Path, home: Path) -> dict[str, Any]:
    """All that is said of the package and what is in it; the places are those of the holder and left out."""
    root.mkdir(parents=True)
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
        "problems": [p.message.rpartition("/")[2] for p in found.problems],
        "notices": (told["components"], told["texts"]),
        "sbom": [
            (c.purl, c.name, c.version, c.scope, [*map(str, c.licenses)], [one.statement for one in c.copyrights])
            for c in bom_of(found, SbomOptions("2024-01-01T00:00:00Z")).components
            if c.purl in purls
        ],
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_same_answers(path: Path, tmp_path: Path, home_in: Callable[[Path], Path]) -> None:
    case = json.loads(path.read_text())
    case["files"] = {name: TEXTS.get(text, text) for name, text in case["files"].items()}
    first, *others = HOLDERS[case["ecosystem"]]
    expected = answers(case, first, tmp_path / first / "project", home_in(tmp_path / first))
    said = json.dumps(expected)
    # what the case is about is there at all
    assert [word for word in case["says"] if word not in said] == []
    assert [word for word in case["silent"] if word in said] == []
    for key, reason in case.get("differs", {}).items():
        assert expected.pop(key), reason
    for holder in others:
        told = answers(case, holder, tmp_path / holder / "project", home_in(tmp_path / holder))
        assert {key: told[key] for key in expected} == expected, holder
