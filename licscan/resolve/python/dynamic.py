"""Versions that a build computes, as far as files say them literally; nothing is run or imported.

`attr` and `file` of setuptools, `path` of hatch and pdm, the module of flit, files that setuptools-scm, hatch-vcs and
the like have written, and the metadata of an earlier build (PKG-INFO).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from licscan.base.errors import InputError
from licscan.base.load import table_at, text_of
from licscan.base.tree import Tree, join
from licscan.packages.core_metadata import first, read_headers
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.python.static import Source

_VERSION_NAMES = ("__version__", "VERSION", "version", "__VERSION__")


def dynamic_version(tree: Tree, folder: str, name: str | None, data: dict[str, Any]) -> str | None:
    """The version in the file from which the backend that a pyproject.toml names would read it."""
    tools = table_at(data, "tool")
    setuptools = table_at(tools, "setuptools", "dynamic", "version")
    if attribute := text_of(setuptools.get("attr")):
        return version_at_attribute(tree, folder, attribute, table_at(tools, "setuptools", "package-dir"))
    if file := setuptools.get("file"):
        return version_in_text(tree, folder, file[0] if isinstance(file, list) and file else file)
    for place in _written(tools):
        found = version_in_source(tree, join(folder, place)) or version_in_text(tree, folder, place)
        if found:
            return found
    backend = text_of(table_at(data, "build-system").get("build-backend")) or ""
    if backend.startswith("flit") and name:
        module = text_of(table_at(tools, "flit", "module").get("name")) or name.replace("-", "_")
        return version_at_attribute(tree, folder, f"{module}.__version__", {})
    return None


def _written(tools: dict[str, Any]) -> Iterator[str]:
    """Files that hold the version: those that hatch and pdm read, and those that tools of version control write."""
    for table, keys in (
        (table_at(tools, "hatch", "version"), ("path",)),
        (table_at(tools, "pdm", "version"), ("path", "write_to")),
        (table_at(tools, "setuptools_scm"), ("version_file", "write_to")),
        (table_at(tools, "hatch", "build", "hooks", "vcs"), ("version-file",)),
        (table_at(tools, "versioningit", "write"), ("file",)),
    ):
        for key in keys:
            if path := text_of(table.get(key)):
                yield path


def built_version(tree: Tree, folder: str, name: str) -> str | None:
    """The version in the metadata of an earlier build: PKG-INFO of an sdist, the `.egg-info` of an editable one."""
    normal = normalize_pypi_name(name)
    egg = f"{normal.replace('-', '_')}.egg-info"
    for place in ("PKG-INFO", f"{egg}/PKG-INFO", f"src/{egg}/PKG-INFO"):
        path = join(folder, place)
        if not tree.exists(path):
            continue
        try:
            headers = read_headers(tree.read_text(path).encode())
        except InputError:
            continue
        version = first(headers, "version")
        if normalize_pypi_name(first(headers, "name") or "") == normal and version and version != "UNKNOWN":
            return version
    return None


def named_version(tree: Tree, folder: str, source: Source, node: ast.expr) -> str | None:
    """The version that a setup.py computes, where the code that does it names the one file that holds it.

    `find_version("app", "__init__.py")`, `open(join(here, "app", "VERSION"))`, `about["__version__"]` of such a file.
    """
    found: dict[str, None] = {}
    for path in _paths(source, node):
        if not tree.exists(join(folder, path)):
            continue
        if path.endswith(".py"):
            version = version_in_source(tree, join(folder, path))
        else:
            version = version_in_text(tree, folder, path)
        if version and re.fullmatch(r"[vV]?\d[0-9A-Za-z.!+_-]{0,60}", version):
            found[version] = None
    return next(iter(found)) if len(found) == 1 else None


def _paths(source: Source, node: ast.expr) -> Iterator[str]:
    """The paths that the texts of an expression and of what it calls can name, each alone and joined in a call."""
    for inner in source.related(node):
        if isinstance(inner, ast.Call):
            texts = [one.value for one in inner.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if len(texts) > 1:
                yield "/".join(text.strip("/") for text in texts)
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and 0 < len(inner.value) < 200:
            yield inner.value


def version_at_attribute(tree: Tree, folder: str, attribute: str, package_dir: dict[str, Any]) -> str | None:
    """The text assigned to `package.module.name`, looked for where setuptools would."""
    module, _dot, name = attribute.rpartition(".")
    parts = module.split(".") if module else []
    top = parts[0] if parts else ""
    places = [package_dir.get(top), package_dir.get(""), "", "src", "lib"]
    for index, place in enumerate(places):
        if not isinstance(place, str):
            continue
        inside = parts[1:] if index == 0 else parts
        base = join(folder, "/".join([place or ".", *inside]))
        for path in (f"{base}.py", join(base, "__init__.py")):
            if version := version_in_source(tree, path, name):
                return version
    return None


def version_in_source(tree: Tree, path: str, *names: str) -> str | None:
    """The text that a module assigns to one of these names (`__version__` and the like without any)."""
    if not tree.exists(path):
        return None
    try:
        return Source(tree.read_text(path), path).constant(*(names or _VERSION_NAMES))
    except InputError:
        return None


def version_in_text(tree: Tree, folder: str, file: object) -> str | None:
    """The one line of a file that holds nothing but the version."""
    if not isinstance(file, str) or not tree.exists(join(folder, file)):
        return None
    try:
        text = tree.read_text(join(folder, file)).strip()
    except InputError:
        return None
    return text if re.fullmatch(r"[0-9A-Za-z.!+_-]{1,60}", text) else None
