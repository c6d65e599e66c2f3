"""Pipfile: `[packages]` is runtime, `[dev-packages]` is dev, a category of one's own is optional."""

from __future__ import annotations

from typing import Any

from licscan.base.load import load_toml, text_of
from licscan.base.messages import _
from licscan.base.shape import table_of
from licscan.base.tree import Tree
from licscan.model import Scope
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python import pep508
from licscan.resolve.python.project import Project

_SETTINGS = frozenset({"source", "requires", "scripts", "pipenv"})
_SCOPES = {"packages": Scope.RUNTIME, "dev-packages": Scope.DEV}
_MARKERS = ("os_name", "sys_platform", "platform_machine", "platform_system", "platform_release", "platform_version",
            "python_version", "python_full_version", "implementation_name", "implementation_version",
            "platform_python_implementation")  # fmt: skip


def parse(tree: Tree, path: str) -> Parsed:
    """Everything that a Pipfile asks for."""
    top = table_of(load_toml(tree.read_text(path), path), path)
    builder = Builder(path)
    project = Project(builder, tree)
    for category in top.data:
        if category in _SETTINGS:
            continue
        scope = _SCOPES.get(category, Scope.OPTIONAL)
        for name, value in (top.get(category, dict) or {}).items():
            _ask(project, str(name), value, scope, category)
            project.note("" if scope is Scope.RUNTIME else category, scope, [str(name)])
    return builder.build()


def _ask(project: Project, name: str, value: object, scope: Scope, category: str) -> None:
    project.builder.seen += 1
    table = {"version": value} if isinstance(value, str) else value
    if not isinstance(table, dict) or pep508.parse_requirement(name) is None:
        project.problem(_("{place}: is not a requirement: {text}").format(place=f"[{category}]", text=name[:80]))
        return
    project.builder.understood += 1
    said = _requirement(name, table)
    if not project.from_table(said, table, scope):
        project.require(said, scope)


def _requirement(name: str, table: dict[str, Any]) -> pep508.Requirement:
    specifier = text_of(table.get("version")) or ""
    listed = table.get("extras")
    extras = tuple(sorted(one for one in listed if isinstance(one, str))) if isinstance(listed, list) else ()
    return pep508.Requirement(
        name,
        extras,
        "" if specifier == "*" else specifier,
        marker=_marker(table),
        version=pep508.exact_of(specifier),
    )


def _marker(table: dict[str, Any]) -> str | None:
    """The marker; pipenv also takes its parts as keys, operator in the value (`sys_platform = "== 'win32'"`)."""
    parts = [text_of(table.get("markers"))]
    parts += [f"{key} {value}" for key in _MARKERS if (value := text_of(table.get(key)))]
    said = [part for part in parts if part]
    return " and ".join(f"({part})" if len(said) > 1 and " or " in part else part for part in said) or None
