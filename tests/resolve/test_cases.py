"""Every folder `tests/cases/resolve/<format>/<case>`: `input/` and the `expected.json` that it must give.

`case.json` may name the `file` (relative to `input`; default: the format's own name). After a change on purpose run
`python -m tests.resolve.test_cases [WORD...]` and read the difference.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from licscan.base.tree import Tree
from licscan.model import Component, Dependency, SourceKind
from licscan.resolve.builder import Parsed
from licscan.resolve.formats import FORMATS
from licscan.resolve.scopes import scopes_from_graph

CASES = Path(__file__).resolve().parents[1] / "cases" / "resolve"


def case_folders() -> list[Path]:
    return sorted(path.parent for path in CASES.glob("*/*/input"))


def run(case: Path) -> Parsed:
    settings = json.loads((case / "case.json").read_text()) if (case / "case.json").exists() else {}
    format_name = settings.get("format", case.parent.name)
    path = settings.get("file", format_name)
    return FORMATS[format_name].parser()(Tree(case / "input"), path)


def dump(parsed: Parsed) -> dict[str, Any]:
    """A compact, sorted view: only what differs from the defaults."""
    scopes = scopes_from_graph(parsed.roots, parsed.dependencies)
    more = {"open_extras": [list(one) for one in parsed.open_extras], "constraints": list(parsed.constraints)}
    return {
        "version": parsed.version,
        "entries": [parsed.seen, parsed.understood],
        "roots": sorted(parsed.roots),
        "components": {c.purl: dump_component(c, scopes) for c in sorted(parsed.components, key=lambda c: c.purl)},
        "edges": [dump_edge(edge) for edge in sorted(parsed.dependencies, key=lambda e: (e.parent, e.child, e.scope))],
        "problems": [[p.code, p.subject, p.message] for p in sorted(parsed.problems, key=str)],
        "covers": sorted(parsed.covers),
        **{name: told for name, told in more.items() if told},
    }


def dump_component(component: Component, scopes: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"scopes": list(scopes.get(component.purl, ["unreached"]))}
    if component.kind == "project":
        shown["project"] = component.manifest
    if not component.resolved:
        shown["resolved"] = False
    if component.source.kind not in (SourceKind.UNKNOWN, SourceKind.REGISTRY):
        shown["source"] = f"{component.source.kind} {component.source.url}"
    if component.claims:
        shown["claims"] = [f"{claim.field}: {claim.raw}" for claim in component.claims]
    for name in ("hashes", "condition", "patches", "installed_at"):
        if value := getattr(component, name):
            shown[name] = value if isinstance(value, str) else list(value)
    return shown


def dump_edge(edge: Dependency) -> str:
    requirement = f" {edge.requirement}" if edge.requirement else ""
    return f"{edge.parent} -> {edge.child} [{edge.scope}]{requirement}"


@pytest.mark.parametrize("case", case_folders(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path) -> None:
    assert dump(run(case)) == json.loads((case / "expected.json").read_text())


def truth_cases() -> list[Path]:
    return [case for case in case_folders() if (case / "truth.json").exists()]


@pytest.mark.parametrize("case", truth_cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_agrees_with_the_tool_that_wrote_it(case: Path) -> None:
    """`truth.json` holds what the ecosystem's own client lists, recorded once by the command that it names.

    `all` and `without_dev` are lists of `name@version`; `only_here` are entries of the lock that the client leaves
    out on the recording machine (other platforms), each with the reason.
    """
    truth = json.loads((case / "truth.json").read_text())
    parsed = run(case)
    scopes = scopes_from_graph(parsed.roots, parsed.dependencies)
    packages = {f"{c.name}@{c.version}": scopes.get(c.purl, ()) for c in parsed.components if c.kind == "package"}
    assert set(packages) - set(truth.get("only_here", {})) == set(truth["all"])
    shipped = {name for name, found in packages.items() if set(found) - {"dev"}}
    assert shipped - set(truth.get("only_here", {})) == set(truth["without_dev"])


def write_expected(only: list[str]) -> None:
    for case in case_folders():
        if not only or any(word in str(case) for word in only):
            (case / "expected.json").write_text(json.dumps(dump(run(case)), indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write_expected(sys.argv[1:])
