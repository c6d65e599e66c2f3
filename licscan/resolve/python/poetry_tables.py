"""[tool.poetry]: dependencies by name, as poetry 1 wrote them and poetry 2 still reads them.

A value is a constraint (`^1.2`, a bare `1.2.3` means exactly that), a table, or a list of tables for several
platforms. `python` is no dependency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from licscan.base.load import text_of
from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.model import Scope
from licscan.resolve.python import pep508
from licscan.resolve.python.project import Project

_EXACT = re.compile(r"={0,3}\s*(v?\d[\w.!+-]*)")


def add_dependencies(poetry: Shape, project: Project, main: bool) -> None:
    """Add everything that poetry's tables ask for.

    With `main` false the project lists its dependencies in [project]; poetry's own table then only enriches those
    with an origin and is not a second list.
    """
    for name, value in (poetry.get("dependencies", dict) or {}).items():
        if main or _has_origin(value):
            _ask(project, name, value, Scope.RUNTIME, "tool.poetry.dependencies")
    for extra in poetry.table("extras").data:
        project.note(str(extra), Scope.OPTIONAL, poetry.table("extras").texts(str(extra)))
    for name, value in (poetry.get("dev-dependencies", dict) or {}).items():
        _ask(project, name, value, Scope.DEV, "tool.poetry.dev-dependencies")
        project.note("dev", Scope.DEV, [name])
    for group, table in poetry.entries("group"):
        for name, value in (table.get("dependencies", dict) or {}).items():
            _ask(project, name, value, Scope.DEV, f"tool.poetry.group.{group}.dependencies")
            project.note(group, Scope.DEV, [name])


def _has_origin(value: object) -> bool:
    return any(any(key in table for key in ("git", "path", "url", "file")) for table in _tables(value))


def _tables(value: object) -> Iterator[dict[str, Any]]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield one


def _ask(project: Project, name: str, value: object, scope: Scope, place: str) -> None:
    if name.lower() == "python" or project.is_self(name):
        return
    project.builder.seen += 1
    entries = value if isinstance(value, list) else [value]
    # every entry is added, also behind one that is not understood
    taken = [_one(project, name, entry, scope) for entry in entries]
    understood = bool(taken) and all(taken)
    project.builder.understood += understood
    if not understood:
        project.problem(_("{place}: is not a requirement: {text}").format(place=place, text=name[:80]))


def _one(project: Project, name: str, value: object, scope: Scope) -> bool:
    if pep508.parse_requirement(name) is None:
        return False
    if isinstance(value, str):
        project.require(requirement(name, {"version": value}), scope)
        return True
    if not isinstance(value, dict):
        return False
    optional = Scope.OPTIONAL if value.get("optional") is True and scope is Scope.RUNTIME else scope
    said = requirement(name, value)
    if not project.from_table(said, value, optional):
        project.require(said, optional)
    return True


def requirement(name: str, table: dict[str, Any]) -> pep508.Requirement:
    """The parts of one table: `version`, `extras`, `markers`, `python`, `platform`."""
    constraint = text_of(table.get("version")) or ""
    exact = _EXACT.fullmatch(constraint)
    listed = table.get("extras")
    extras = tuple(sorted(one for one in listed if isinstance(one, str))) if isinstance(listed, list) else ()
    return pep508.Requirement(
        name,
        extras,
        "" if constraint == "*" else constraint,
        marker=_marker(table),
        version=exact[1] if exact else None,
    )


def _marker(table: dict[str, Any]) -> str | None:
    parts = [text_of(table.get("markers"))]
    if python := text_of(table.get("python")):
        parts.append(f"python {python}")
    if platform := text_of(table.get("platform")):
        parts.append(f'sys_platform == "{platform}"')
    said = [part for part in parts if part]
    return " and ".join(f"({part})" if len(said) > 1 and " or " in part else part for part in said) or None
