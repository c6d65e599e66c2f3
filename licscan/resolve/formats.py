"""The table of the formats that are read: one small module each, `parse(tree, path) -> Parsed`.

To add a format: write its module, name it here, put a case folder under `tests/cases/resolve`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from licscan.base.tree import Tree
from licscan.resolve.builder import Parsed

Parser = Callable[[Tree, str], Parsed]


class Role(StrEnum):
    """A lock answers what is installed; a manifest says what is asked for; a tree is what is there."""

    LOCK = "lock"
    MANIFEST = "manifest"
    TREE = "tree"


@dataclass(frozen=True, slots=True)
class Format:
    """One format: which file names, whose tool writes it, and the module that reads it (imported on first use)."""

    name: str
    ecosystem: str
    role: Role
    tool: str
    pattern: re.Pattern[str]
    module: str

    def parser(self) -> Parser:
        """The module's `parse`."""
        parse: Parser = import_module(f"licscan.resolve.{self.module}").parse
        return parse


def _format(name: str, ecosystem: str, role: Role, tool: str, module: str, pattern: str | None = None) -> Format:
    return Format(name, ecosystem, role, tool, re.compile(pattern or re.escape(name)), module)


_TABLE = (
    # JavaScript locks; of several in one folder the first is taken unless the manifest names its tool
    _format("npm-shrinkwrap.json", "npm", Role.LOCK, "npm", "js.npm"),
    _format("package-lock.json", "npm", Role.LOCK, "npm", "js.npm"),
    _format("pnpm-lock.yaml", "npm", Role.LOCK, "pnpm", "js.pnpm"),
    _format("yarn.lock", "npm", Role.LOCK, "yarn", "js.yarn"),
    _format("bun.lock", "npm", Role.LOCK, "bun", "js.bun"),
    _format("deno.lock", "npm", Role.LOCK, "deno", "js.deno"),
    # Python locks
    _format("uv.lock", "pypi", Role.LOCK, "uv", "python.uv"),
    _format("poetry.lock", "pypi", Role.LOCK, "poetry", "python.poetry"),
    _format("pdm.lock", "pypi", Role.LOCK, "pdm", "python.pdm"),
    _format("Pipfile.lock", "pypi", Role.LOCK, "pipenv", "python.pipenv"),
    _format("pylock.toml", "pypi", Role.LOCK, "pylock", "python.pylock", r"pylock(\.[^.]+)?\.toml"),
    _format("conda-lock.yml", "conda", Role.LOCK, "conda-lock", "python.conda_lock", r"(.+\.)?conda-lock\.ya?ml"),
    _format("pixi.lock", "conda", Role.LOCK, "pixi", "python.pixi"),
    # manifests
    _format("package.json", "npm", Role.MANIFEST, "npm", "js.package_json"),
    _format("pyproject.toml", "pypi", Role.MANIFEST, "pip", "python.pyproject"),
    _format("setup.cfg", "pypi", Role.MANIFEST, "setuptools", "python.setup_cfg"),
    _format("setup.py", "pypi", Role.MANIFEST, "setuptools", "python.setup_py"),
    _format("Pipfile", "pypi", Role.MANIFEST, "pipenv", "python.pipfile"),
    _format(
        "requirements.txt",
        "pypi",
        Role.MANIFEST,
        "pip",
        "python.requirements",
        r"(.*[-_.])?(requirements?|deps|reqs)([-_.].*)?\.(txt|in|pip)|(.*[-_.])?requirements([-_.].*)?\.lock",
    ),
    _format(
        "environment.yml",
        "conda",
        Role.MANIFEST,
        "conda",
        "python.conda_env",
        r"(conda-)?environment([-_.].*)?\.ya?ml",
    ),
    # installed trees; the path is a folder
    _format("node_modules", "npm", Role.TREE, "npm", "js.node_modules"),
    _format("site-packages", "pypi", Role.TREE, "pip", "python.site_packages"),
)

FORMATS: dict[str, Format] = {entry.name: entry for entry in _TABLE}
"""Every format by the name under which it appears in reports."""


_FILES = tuple(entry for entry in _TABLE if entry.role is not Role.TREE)
_ANY_FILE = re.compile("|".join(f"(?:{entry.pattern.pattern})" for entry in _FILES))
"""Most of a project's files have no format: one look says so."""


def format_of(file_name: str) -> Format | None:
    """The format of a file by its name, None where licscan does not read it."""
    if not _ANY_FILE.fullmatch(file_name):
        return None
    return next(entry for entry in _FILES if entry.pattern.fullmatch(file_name))
