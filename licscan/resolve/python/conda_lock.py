"""conda-lock.yml, version 1: packages of conda and pip for several platforms.

The file names no root; categories give the scopes (`main` runtime, `dev` dev, others optional). It repeats no licenses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from licscan.base.errors import FormatError
from licscan.base.load import load_yaml
from licscan.base.messages import _
from licscan.base.shape import Shape, table_of
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Scope
from licscan.packages import purls
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python.conda_packages import (
    Linker,
    add_conda,
    add_pypi,
    name_in,
    platforms_condition,
    report_absent,
)
from licscan.resolve.python.identity import identify_above

_SCOPES = {"main": Scope.RUNTIME, "dev": Scope.DEV}


def parse(tree: Tree, path: str) -> Parsed:
    """Everything that a conda-lock file locks."""
    documents = load_yaml(tree.read_text(path), path)
    top = table_of(documents[0] if documents else None, path)
    builder = Builder(path)
    builder.version = top.text("version")
    if builder.version != "1":
        raise FormatError(_("is of a version that licscan does not read"), path=path, place="version")
    identity = identify_above(tree, folder_of(path))
    root = builder.project("pypi", identity.name, identity.version, manifest=path)
    _cover(builder, tree, top)
    _packages(builder, root, top)
    return builder.build()


def _cover(builder: Builder, tree: Tree, top: Shape) -> None:
    for source in top.table("metadata").get("sources", list) or ():
        if isinstance(source, str) and tree.exists(manifest := join(folder_of(builder.path), source)):
            builder.cover(manifest)


def _entries(builder: Builder, top: Shape) -> Iterator[Shape]:
    """The packages that have a name, version and platform; others are problems."""
    for index, item in enumerate(top.need("package", list)):
        builder.seen += 1
        try:
            entry = Shape(item, builder.path, f"package[{index}]")
            for key in ("name", "version", "platform", "manager"):
                if not entry.text(key):
                    raise FormatError(_("is missing"), path=builder.path, place=f"package[{index}].{key}")
            entry.get("dependencies", dict), entry.get("hash", dict), entry.text("url"), entry.text("category")
        except FormatError as error:
            builder.problem(_("{place}: {reason}").format(place=error.place, reason=error.message))
            continue
        builder.understood += 1
        yield entry


def _packages(builder: Builder, root: str, top: Shape) -> None:
    entries = list(_entries(builder, top))
    used: dict[tuple[str | None, str | None], set[str]] = {}
    for entry in entries:
        used.setdefault((entry.text("name"), entry.text("version")), set()).add(entry.text("platform") or "")
    every = {platform for platforms in used.values() for platform in platforms}
    conditions = {key: platforms_condition(platforms, every) for key, platforms in used.items()}
    linkers: dict[str, Linker] = {}
    for entry in entries:
        condition = conditions[entry.text("name"), entry.text("version")]
        linker = linkers.setdefault(entry.text("platform") or "", Linker(builder, root))
        _one(builder, entry, condition, linker)
    for linker in linkers.values():
        linker.link()
    report_absent(builder, linkers.values())


def _one(builder: Builder, entry: Shape, condition: str | None, linker: Linker) -> None:
    name, version, url = entry.text("name") or "", entry.text("version"), entry.text("url")
    hashes = _hashes(entry.get("hash", dict) or {})
    category = entry.text("category") or "main"
    if entry.text("manager") == "pip":
        key = add_pypi(builder, name, version, url, hashes=hashes, condition=condition)
        names = [purls.normalize_pypi_name(name)]
    else:
        key = add_conda(builder, name, version, url, hashes=hashes, condition=condition)
        names = [name.lower(), purls.normalize_pypi_name(name)]
    needs = (_need(str(need), entry.text("manager")) for need in entry.get("dependencies", dict) or {})
    linker.add(key, names, needs, _SCOPES.get(category, Scope.OPTIONAL))


def _need(name: str, manager: str | None) -> str | None:
    return purls.normalize_pypi_name(name) if manager == "pip" else name_in(name)


def _hashes(table: dict[str, Any]) -> list[str]:
    return sorted(f"{name}:{value}" for name, value in table.items() if isinstance(value, str) and value)
