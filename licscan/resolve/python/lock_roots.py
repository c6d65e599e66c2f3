"""What pyproject.toml asks for, as far as a lock beside it must know it to find its roots and scopes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from licscan.base.errors import LicscanError
from licscan.base.listing import listed
from licscan.base.load import load_toml
from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Scope
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.builder import Builder
from licscan.resolve.python.common import Need, Start, by_key, extra_names, is_name, requirement
from licscan.resolve.python.constraint import python_marker

_MANIFESTS = ("pyproject.toml", "Pipfile", "setup.cfg", "setup.py")


@dataclass(frozen=True, slots=True)
class Roots:
    """The requests of one project; `known` is False where there was no pyproject.toml to read them from."""

    path: str
    name: str | None = None
    version: str | None = None
    main: tuple[Need, ...] = ()
    optional: tuple[Need, ...] = ()
    extras: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)
    includes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    known: bool = False

    def starts(self, root: str) -> list[Start]:
        """Everything asked for, with its scope: extras are optional, groups are for development."""
        found = [(root, need, Scope.RUNTIME) for need in self.main]
        found += [(root, need, Scope.OPTIONAL) for need in self.optional]
        found += [(root, need, Scope.OPTIONAL) for needs in self.extras.values() for need in needs]
        found += [(root, need, Scope.DEV) for needs in self.groups.values() for need in needs]
        return found

    def note_extras(self, builder: Builder, root: str) -> None:
        """Keep which extra asks for what."""
        for name, needs in self.extras.items():
            builder.add_extra(root, name, [need.key for need in needs if need.key], self.includes.get(name, ()))


def read_roots(tree: Tree, lock: str, builder: Builder, tool: str, *, required: bool = True) -> Roots:
    """The pyproject.toml beside a lock; one that is missing (if `required`) or cannot be read is a problem."""
    folder = folder_of(lock)
    path = join(folder, "pyproject.toml")
    manifest = next((p for p in (join(folder, name) for name in _MANIFESTS) if tree.exists(p)), path)
    if not tree.exists(path):
        if required:
            builder.problem(_("there is no pyproject.toml next to it: the required packages are unknown"))
        return Roots(manifest)
    try:
        return roots_of(load_toml(tree.read_text(path), path), path, tool)
    except LicscanError as error:
        message = _("its pyproject.toml cannot be read, so the required packages are unknown: {reason}")
        builder.problem(message.format(reason=error))
        return Roots(manifest)


def read_project(tree: Tree, lock: str, manifest: str) -> tuple[str | None, str | None, str]:
    """Name, version and manifest of the project in a lock's folder; nameless where none says."""
    path = join(folder_of(lock), "pyproject.toml")
    if tree.exists(path):
        try:
            roots = roots_of(load_toml(tree.read_text(path), path), path, "poetry")
        except LicscanError:
            return None, None, manifest
        if roots.name:
            return roots.name, roots.version, path
    return None, None, manifest


def roots_of(data: dict[str, Any], path: str, tool: str) -> Roots:
    """The requests in a pyproject.toml as the given tool (`poetry`, `pdm`, `uv`) reads it. Raises FormatError."""
    top = Shape(data, path)
    project = top.table("project")
    poetry = top.table("tool").table("poetry") if tool == "poetry" else Shape({}, path)
    name = project.text("name") or poetry.text("name")
    # a name that no package can have: its own parser tells, here the project is nameless
    name = name if name and is_name(name) else None
    extras = {extra: _needs(items) for extra, items in _lists(project, "optional-dependencies").items()}
    main: tuple[Need, ...]
    optional: tuple[Need, ...]
    poetry_extras: dict[str, tuple[Need, ...]]
    if "dependencies" in project.data or not poetry.data:
        main, optional, poetry_extras = _needs(project.get("dependencies", list) or []), (), {}
    else:
        main, optional, poetry_extras = _poetry_main(poetry)
    return Roots(
        path=path,
        name=name,
        version=project.text("version") or poetry.text("version"),
        main=main,
        optional=optional,
        extras=_without_self(extras | poetry_extras, name),
        groups=_groups(top, poetry, tool),
        includes=_includes(extras, name),
        data=data,
        known=True,
    )


def _lists(table: Shape, key: str) -> dict[str, list[Any]]:
    inner = table.table(key)
    return {str(name): inner.get(name, list) or [] for name in inner.data}


def _needs(items: Iterable[object]) -> tuple[Need, ...]:
    """PEP 508 texts; what is none is passed over here, the manifest's own parser tells of it."""
    found = (requirement(item) for item in items if isinstance(item, str))
    return tuple(need for need in found if need is not None)


def _without_self(extras: dict[str, tuple[Need, ...]], name: str | None) -> dict[str, tuple[Need, ...]]:
    """Extras that are made of the project's own extras (`all = ["me[a,b]"]`) ask for nothing more than these."""
    own = normalize_pypi_name(name) if name else None
    return {extra: tuple(need for need in needs if need.key != own) for extra, needs in extras.items()}


def _includes(extras: dict[str, tuple[Need, ...]], name: str | None) -> dict[str, tuple[str, ...]]:
    own = normalize_pypi_name(name) if name else None
    return {
        extra: tuple(one for need in needs if need.key == own for one in need.extras) for extra, needs in extras.items()
    }


def _groups(top: Shape, poetry: Shape, tool: str) -> dict[str, tuple[Need, ...]]:
    """PEP 735 groups (an included one is a group itself, so includes need no following), and the tools' own."""
    groups = {name: list(_needs(items)) for name, items in _lists(top, "dependency-groups").items()}
    if tool == "pdm":
        for name, items in _lists(top.table("tool").table("pdm"), "dev-dependencies").items():
            groups.setdefault(name, []).extend(_pdm_needs(items))
    if tool == "uv":
        items = top.table("tool").table("uv").get("dev-dependencies", list) or []
        groups.setdefault("dev", []).extend(_needs(items))
    for name, table in poetry.entries("group"):
        groups.setdefault(name, []).extend(poetry_needs(table.table("dependencies")))
    groups.setdefault("dev", []).extend(poetry_needs(poetry.table("dev-dependencies")))
    return {name: tuple(needs) for name, needs in groups.items() if needs}


def _pdm_needs(items: Iterable[object]) -> Iterator[Need]:
    """PDM's own groups hold editable folders too: `-e file:///${PROJECT_ROOT}/lib#egg=lib`, the name left out or not.

    A nameless one has no key but its folder as `origin`.
    """
    for text in items:
        if not isinstance(text, str):
            continue
        body = text.removeprefix("-e ").strip()
        if "://" not in body.partition("@")[0]:
            yield from _needs([body])
            continue
        address, _hash, egg = body.partition("#egg=")
        named = requirement(egg)
        yield Need(named.key if named else "", text=text, origin=address.partition("${PROJECT_ROOT}/")[2])


def _poetry_main(poetry: Shape) -> tuple[tuple[Need, ...], tuple[Need, ...], dict[str, tuple[Need, ...]]]:
    table = poetry.table("dependencies")
    optional_names = {
        normalize_pypi_name(str(name))
        for name, value in table.data.items()
        if any(isinstance(item, dict) and item.get("optional") is True for item in _as_list(value))
    }
    needs = list(poetry_needs(table))
    by_name = by_key(needs)
    extras: dict[str, tuple[Need, ...]] = {}
    for extra, items in _lists(poetry, "extras").items():
        names = sorted({normalize_pypi_name(item) for item in items if isinstance(item, str)})
        extras[extra] = tuple(need for name in names for need in by_name.get(name, ()))
    main = tuple(need for need in needs if need.key not in optional_names)
    return main, tuple(need for need in needs if need.key in optional_names), extras


def poetry_needs(table: Shape) -> Iterator[Need]:
    """Poetry's dependency tables, of manifests and of locked packages; several constraints are a list."""
    for name, value in table.data.items():
        key = normalize_pypi_name(str(name))
        if key == "python":
            continue
        for item in _as_list(value):
            yield _poetry_need(str(name), key, item)


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _poetry_need(name: str, key: str, item: object) -> Need:
    if not isinstance(item, dict):
        constraint = item if isinstance(item, str) else ""
        return Need(key, text=f"{name} {constraint}".strip(), constraint=constraint)
    texts = {str(k): v for k, v in item.items() if isinstance(v, str)}
    constraint = texts.get("version", "")
    found = item.get("extras")
    extras = extra_names(e for e in found if isinstance(e, str)) if isinstance(found, list) else ()
    origin = next((texts[k] for k in ("git", "url", "path", "file") if k in texts), None)
    shown = f"{name}[{','.join(extras)}]" if extras else name
    marker = texts.get("markers") or python_marker(texts.get("python", "")) or _platform_marker(texts.get("platform"))
    said = constraint or (f"@ {origin}" if origin else "")
    text = f"{shown} {said}".strip() + (f" ; {marker}" if marker else "")
    return replace(Need(key, extras, text, constraint, marker), origin=texts.get("url") or texts.get("git"))


def _platform_marker(platform: str | None) -> str | None:
    return None if platform is None else f"sys_platform == '{platform}'"


def report_missing(builder: Builder, roots: Roots, starts: Iterable[Start], has: Mapping[str, object]) -> None:
    """Say which requests the lock has no entry for; one with a marker may be left out for good reason."""
    own = normalize_pypi_name(roots.name) if roots.name else None
    wanted = {need.key for _root, need, _scope in starts if need.marker is None}
    names = sorted(key for key in wanted if key and key not in has and key != own)
    if names:
        message = _("{manifest} requires {names}, which the lockfile does not contain: it is out of date")
        said = message.format(manifest=roots.path, names=listed(names, 10))
        builder.problem(said, code="lock-out-of-date")
