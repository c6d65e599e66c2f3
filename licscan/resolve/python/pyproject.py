"""pyproject.toml: PEP 621 and 735, and the tables of poetry, uv, pdm and setuptools that say what is needed.

Extras are optional, dependency groups are dev, `[build-system] requires` is build. License statements of the project
are claims in the fields `license` (PEP 639, and poetry's), `license.text`, `license.file` and `classifier`.
A file with nothing but other tools' settings has no root.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from licscan.base.load import load_toml, text_of
from licscan.base.messages import _
from licscan.base.shape import Shape, table_of
from licscan.base.tree import Tree, join
from licscan.model import Claim, Scope
from licscan.packages import purls
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python import poetry_tables
from licscan.resolve.python.identity import identify
from licscan.resolve.python.project import Project, license_claims

MAX_MEMBERS = 2000
MAX_PATTERNS = 200


def parse(tree: Tree, path: str) -> Parsed:
    """Everything that a pyproject.toml asks for, and what it says of its own license."""
    top = table_of(load_toml(tree.read_text(path), path), path)
    builder = Builder(path)
    if not _is_project(top):
        return builder.build()
    project = Project(builder, tree, _claims(top, path))
    sources = _uv_sources(top, project)
    _pep_621(top, project, sources)
    _groups(top, project, sources)
    for index, item in enumerate(top.table("build-system").get("requires", list) or ()):
        project.ask(item, Scope.BUILD, f"build-system.requires[{index}]")
    tools = top.table("tool")
    poetry_tables.add_dependencies(
        tools.table("poetry"), project, main=not top.table("project").get("dependencies", list)
    )
    _tool_lists(tools, project, sources)
    return builder.build()


def _is_project(top: Shape) -> bool:
    tools = top.table("tool")
    own = ("project", "build-system", "dependency-groups")
    return any(top.get(key, dict) for key in own) or bool(tools.get("poetry", dict) or _lists_in(tools))


def _lists_in(tools: Shape) -> bool:
    return bool(tools.table("uv").data.get("dev-dependencies") or tools.table("pdm").data.get("dev-dependencies"))


def _claims(top: Shape, path: str) -> list[Claim]:
    project, poetry = top.table("project"), top.table("tool").table("poetry")
    said: list[tuple[str, str | None]] = []
    stated = project.data.get("license", project.data.get("licence"))
    if isinstance(stated, dict):
        said += [("license.text", text_of(stated.get("text"))), ("license.file", text_of(stated.get("file")))]
    else:
        said.append(("license", text_of(stated)))
    said.append(("license", text_of(poetry.data.get("license", poetry.data.get("licence")))))
    return license_claims(path, said, [*project.texts("classifiers"), *poetry.texts("classifiers")])


def _pep_621(top: Shape, project: Project, sources: dict[str, Any]) -> None:
    table = top.table("project")
    dynamic = table.texts("dynamic")
    for index, item in enumerate(table.get("dependencies", list) or ()):
        project.ask(item, Scope.RUNTIME, f"project.dependencies[{index}]", sources)
    extras = table.get("optional-dependencies", dict) or {}
    for name, items in extras.items():
        _list(items, project, Scope.OPTIONAL, f"project.optional-dependencies.{name}", sources, str(name))
    setuptools = top.table("tool").table("setuptools").table("dynamic")
    if "dependencies" in dynamic:
        _dynamic(setuptools.data.get("dependencies"), project, Scope.RUNTIME, "dependencies")
    if "optional-dependencies" in dynamic:
        groups = setuptools.table("optional-dependencies").data
        for name, value in groups.items():
            _dynamic(value, project, Scope.OPTIONAL, f"optional-dependencies.{name}", name)
        if not groups:
            _dynamic(None, project, Scope.OPTIONAL, "optional-dependencies")


def _dynamic(value: object, project: Project, scope: Scope, field: str, extra: str = "") -> None:
    """A field that the build fills in: known where setuptools reads it from files; else in setup.cfg or setup.py."""
    file = value.get("file") if isinstance(value, dict) else None
    if file:
        project.files(file, scope, extra)
    elif not any(project.tree.exists(join(project.folder, name)) for name in ("setup.py", "setup.cfg")):
        project.problem(_("{field} is computed when the project is built; licscan never runs it").format(field=field))


def _list(items: object, project: Project, scope: Scope, place: str, sources: dict[str, Any], extra: str = "") -> None:
    if not isinstance(items, list):
        project.builder.seen += 1
        project.problem(_("{place}: is not a list of requirements").format(place=place))
        return
    for index, item in enumerate(items):
        project.ask(item, scope, f"{place}[{index}]", sources, extra)


def _groups(top: Shape, project: Project, sources: dict[str, Any]) -> None:
    """PEP 735: an `include-group` names another group of this file, so all groups together hold everything."""
    groups = top.get("dependency-groups", dict) or {}
    names = {purls.normalize_pypi_name(str(name)) for name in groups}
    includes: dict[str, list[str]] = {}
    for name, items in groups.items():
        place = f"dependency-groups.{name}"
        kept = []
        for item in items if isinstance(items, list) else ():
            included = text_of(item.get("include-group")) if isinstance(item, dict) else None
            if included is None:
                kept.append(item)
            elif purls.normalize_pypi_name(included) not in names:
                project.problem(
                    _("{place}: includes the group {group}, which does not exist").format(place=place, group=included)
                )
            else:
                includes.setdefault(purls.normalize_pypi_name(str(name)), []).append(
                    purls.normalize_pypi_name(included)
                )
        _list(kept if isinstance(items, list) else items, project, Scope.DEV, place, sources, str(name))
    for name in _cyclic(includes):
        project.problem(_("dependency-groups.{group}: includes itself").format(group=name))


def _cyclic(includes: dict[str, list[str]]) -> list[str]:
    """The groups that are left when groups without open includes are taken away again and again."""
    left = {name: set(inner) for name, inner in includes.items()}
    while done := [name for name, inner in left.items() if not inner & left.keys()]:
        for name in done:
            del left[name]
    return sorted(left)


def _tool_lists(tools: Shape, project: Project, sources: dict[str, Any]) -> None:
    listed = tools.table("uv").data.get("dev-dependencies") or []
    _list(listed, project, Scope.DEV, "tool.uv.dev-dependencies", sources, "dev")
    for name, items in (tools.table("pdm").get("dev-dependencies", dict) or {}).items():
        if isinstance(items, list):
            # pdm writes editable ones as `-e file:///${PROJECT_ROOT}/sub#egg=name`
            items = [_without_editable(item) for item in items]
        _list(items, project, Scope.DEV, f"tool.pdm.dev-dependencies.{name}", sources, str(name))


def _without_editable(item: object) -> object:
    if not (isinstance(item, str) and item.startswith("-e ")):
        return item
    url, _hash, egg = item[3:].strip().partition("#egg=")
    return f"{egg} @ {url.replace('file:///${PROJECT_ROOT}/', 'file:./')}" if egg else url


def _uv_sources(top: Shape, project: Project) -> dict[str, Any]:
    """[tool.uv.sources] by normalised name; a workspace member becomes the path of its folder."""
    uv = top.table("tool").table("uv")
    sources = {purls.normalize_pypi_name(name): value for name, value in (uv.get("sources", dict) or {}).items()}
    wanted = {name for name, value in sources.items() if isinstance(value, dict) and value.get("workspace") is True}
    if not wanted:
        return sources
    for folder in _members(project.tree, project.folder, uv.table("workspace").texts("members")):
        name = identify(project.tree, folder).name
        if name and purls.normalize_pypi_name(name) in wanted:
            inside = folder.removeprefix(project.folder).lstrip("/")
            sources[purls.normalize_pypi_name(name)] = {"path": inside or "."}
    return sources


def _members(tree: Tree, folder: str, patterns: list[str]) -> Iterator[str]:
    """The folders that match the globs of a workspace (`packages/*`), bounded in number."""
    from fnmatch import fnmatchcase

    for pattern in patterns[:MAX_PATTERNS]:
        level = [folder]
        for part in pattern.strip("/").split("/"):
            if any(mark in part for mark in "*?["):
                level = [join(one, n) for one in level for n in tree.names(one or ".") if fnmatchcase(n, part)]
            else:
                level = [join(one, part) for one in level]
            level = [one for one in level if tree.folder_exists(one)][:MAX_MEMBERS]
        yield from level
