"""Who the project of a folder is: its name and version, as far as its files say them literally.

One place, so that `pyproject.toml`, `setup.cfg`, `setup.py` and the requirements files beside them have the same root.
"""

from __future__ import annotations

import configparser
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from licscan.base.errors import InputError
from licscan.base.load import load_toml, table_at, text_of
from licscan.base.tree import Tree, folder_of, join
from licscan.resolve.python.dynamic import (
    built_version,
    dynamic_version,
    named_version,
    version_at_attribute,
    version_in_text,
)
from licscan.resolve.python.static import NotStatic, Source

MANIFESTS = ("pyproject.toml", "setup.cfg", "setup.py")
_PASSED_UP = re.compile(
    r"(?i)(requirements?|reqs?|deps|docs?|readthedocs|tests?|testing|ci|\.?github|build|tools?|dev)"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """The name and version that the files in `folder` state; None for what is not said or is computed."""

    folder: str
    name: str | None = None
    version: str | None = None


@lru_cache(maxsize=4096)
def identify(tree: Tree, folder: str) -> Identity:
    """The project of one folder; a file that cannot be read says nothing here (its own parser complains)."""
    name = version = None
    for read in (_from_pyproject, _from_setup_cfg, _from_setup_py):
        try:
            said = read(tree, folder)
        except InputError:
            continue
        name = name or said[0]
        version = version or said[1]
    if name and not version:
        version = built_version(tree, folder, name)
    return Identity(folder, name, version if name else None)


def identify_above(tree: Tree, folder: str) -> Identity:
    """The project that a requirements file in this folder belongs to.

    That of the folder itself, else of the one above where the folder's name says that it only holds such files
    (`requirements/`, `docs/`, `tests/`).
    """
    found = identify(tree, folder)
    while not found.name and folder and _PASSED_UP.fullmatch(folder.rpartition("/")[2]):
        folder = folder_of(folder)
        found = identify(tree, folder)
    return found


def manifest_of(tree: Tree, folder: str) -> str | None:
    """The manifest of the installable project in a folder, None where there is none."""
    return next((join(folder, name) for name in MANIFESTS if tree.exists(join(folder, name))), None)


def load_config(tree: Tree, path: str) -> configparser.ConfigParser:
    """A setup.cfg, with its option names in the form that setuptools uses."""
    from licscan.base.errors import FormatError
    from licscan.base.messages import _

    parser = configparser.ConfigParser(interpolation=None, delimiters=("=", ":"), strict=False)
    try:
        parser.read_string(tree.read_text(path))
    except (configparser.Error, AttributeError, ValueError, TypeError) as error:
        lines = getattr(error, "lineno", None)
        place = _("line {line}").format(line=lines) if lines else None
        raise FormatError(_("is not a valid configuration file"), path=path, place=place) from error
    return parser


def _from_pyproject(tree: Tree, folder: str) -> tuple[str | None, str | None]:
    path = join(folder, "pyproject.toml")
    if not tree.exists(path):
        return None, None
    data = load_toml(tree.read_text(path), path)
    project, poetry = table_at(data, "project"), table_at(data, "tool", "poetry")
    name = text_of(project.get("name")) or text_of(poetry.get("name"))
    tools = table_at(data, "tool")
    version = text_of(project.get("version")) or text_of(poetry.get("version"))
    if version and text_of(poetry.get("version")) == version and _is_placeholder(tools):
        # the plugin puts the version of the tag in its place when it builds
        version = None
    return name, version or dynamic_version(tree, folder, name, data)


def _is_placeholder(tools: dict[str, Any]) -> bool:
    """Whether poetry's own version only stands in for one that a plugin computes."""
    return table_at(tools, "poetry-dynamic-versioning").get("enable") is True


def _from_setup_cfg(tree: Tree, folder: str) -> tuple[str | None, str | None]:
    path = join(folder, "setup.cfg")
    if not tree.exists(path):
        return None, None
    config = load_config(tree, path)
    name = text_of(config.get("metadata", "name", fallback=None))
    version = text_of(config.get("metadata", "version", fallback=None)) or ""
    kind, colon, value = version.partition(":")
    if colon and kind.strip() == "attr":
        return name, version_at_attribute(tree, folder, value.strip(), _package_dir(config))
    if colon and kind.strip() == "file":
        return name, version_in_text(tree, folder, value.strip())
    return name, version or None


def _package_dir(config: configparser.ConfigParser) -> dict[str, str]:
    text = config.get("options", "package_dir", fallback="") or ""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name.strip(): folder.strip() for name, _equals, folder in pairs}


def _from_setup_py(tree: Tree, folder: str) -> tuple[str | None, str | None]:
    path = join(folder, "setup.py")
    if not tree.exists(path):
        return None, None
    from licscan.resolve.python.setup_call import setup_arguments

    source = Source(tree.read_text(path), path)
    arguments = setup_arguments(source)
    found: list[str | None] = []
    for key in ("name", "version"):
        try:
            found.append(text_of(source.value(arguments.known[key])) if key in arguments.known else None)
        except NotStatic:
            found.append(named_version(tree, folder, source, arguments.known[key]) if key == "version" else None)
    return found[0], found[1]
