"""The picture of docs/architecture.md, held: which room may import which, and that no module depends on itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ROOT / "licscan"

# from the ground up: a room imports from rooms of lower floors alone, and never from a neighbor on its own
LAYERS: tuple[tuple[str, ...], ...] = (
    ("base",),
    ("model",),
    ("licenses", "media", "packages"),
    ("artifact", "artsets", "clients", "compare", "conclude", "copies", "detect", "evidence", "law", "vcs", "verify"),
    ("attribution", "config", "read", "registry", "resolve", "review"),
    ("judge", "locate", "sbom", "source", "store"),
    ("content", "delivery", "hook", "inside"),
    ("compose",),
    ("export",),
    ("fleet", "report"),
    ("cli",),
)
MOST_MODULES_AT_THE_ROOT = 12
FLOOR = {room: floor for floor, rooms in enumerate(LAYERS) for room in rooms}


def modules() -> dict[str, Path]:
    """Every module of licscan by its dotted name."""
    found = {}
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imported(path: Path) -> Iterator[str]:
    """The modules of licscan that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("licscan."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "licscan":
            whole = [f"{node.module}.{name.name}" for name in node.names]
            yield from (one if one in MODULES else str(node.module) for one in whole)


def room_of(module: str) -> str:
    return ([*module.split("."), ""])[1]


def test_every_room_has_a_floor() -> None:
    assert {room_of(module) for module in MODULES} - {"", "__main__"} == set(FLOOR)


def test_rooms_import_from_lower_floors_alone() -> None:
    wrong = [
        f"{module} -> {other}"
        for module, path in MODULES.items()
        for other in imported(path)
        if room_of(module) in FLOOR
        and room_of(other) not in ("", room_of(module))
        and FLOOR[room_of(other)] >= FLOOR[room_of(module)]
    ]
    assert not wrong


def test_no_module_depends_on_itself() -> None:
    # a package's own door leads to its modules; what these take from the door is a module beside them, or a name of C
    edges = {
        module: {other for other in imported(path) if other != module and not module.startswith(f"{other}.")}
        for module, path in MODULES.items()
    }
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' -> '.join(error.args[1])}")


def test_the_root_is_a_hall() -> None:
    assert len(list(HOUSE.glob("*.py"))) <= MOST_MODULES_AT_THE_ROOT
