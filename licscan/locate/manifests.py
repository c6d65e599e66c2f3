"""What the manifest of a first-party project says beside its license, and which files it names as its license texts."""

from __future__ import annotations

import configparser
import json
import os
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from licscan.base.errors import InputError
from licscan.base.files import read_file
from licscan.model import Component
from licscan.model.package import PackageMetadata
from licscan.packages.core_metadata import core_facts, pyproject_facts
from licscan.packages.facts import merged
from licscan.packages.npm_metadata import npm_facts

MAX_MANIFEST = 4 * 1024 * 1024
MAX_PATTERNS = 50
_CONFIG = {
    "author": "author", "author_email": "author-email", "maintainer": "maintainer",
    "maintainer_email": "maintainer-email", "url": "home-page", "home_page": "home-page", "description": "summary",
    "summary": "summary", "download_url": "download-url",
}  # fmt: skip
"""Keys of setup.cfg by the header of the core metadata that each becomes."""


def manifest_facts(component: Component, folder: str) -> PackageMetadata | None:
    """The facts in package.json, or pyproject.toml and setup.cfg; None where a project has no such manifest."""
    if component.ecosystem == "npm":
        table = _json(_read(folder, "package.json"))
        return npm_facts(table) if table else None
    project, config = _toml(folder), _config(folder)
    told = pyproject_facts(project) if project else PackageMetadata("")
    return merged(told, core_facts(_headers(config))) if project or config else None


def stated_license_files(folder: str, names: list[str]) -> list[str]:
    """Which of these names the globs of `license-files` in pyproject.toml or setup.cfg mean."""
    patterns = [*_of_pyproject(_toml(folder)), *_of_config(_config(folder))][:MAX_PATTERNS]
    return [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]


def _of_pyproject(data: dict[str, Any]) -> Iterator[str]:
    """A list of globs (PEP 639), or the table `{paths, globs}` of its drafts; setuptools' own key."""
    project = data.get("project")
    tools = data.get("tool")
    setuptools = tools.get("setuptools") if isinstance(tools, dict) else None
    for table in (project, setuptools):
        stated = table.get("license-files") if isinstance(table, dict) else None
        lists = list(stated.values()) if isinstance(stated, dict) else [stated]
        yield from (one for listed in lists if isinstance(listed, list) for one in listed if isinstance(one, str))


def _of_config(values: dict[str, str]) -> Iterator[str]:
    for key in ("license_files", "license_file"):
        yield from values.get(key, "").replace(",", "\n").split()


def _headers(values: dict[str, str]) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if key in _CONFIG:
            yield _CONFIG[key], value
        elif key == "project_urls":
            for line in value.splitlines():
                label, _equals, url = line.partition("=")
                yield "project-url", f"{label.strip()}, {url.strip()}"


def _config(folder: str) -> dict[str, str]:
    """The table `[metadata]` of setup.cfg, with `_` in its keys."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=", ":"), strict=False)
    try:
        parser.read_string(_read(folder, "setup.cfg").decode("utf-8", "replace"))
        return {key.replace("-", "_"): value or "" for key, value in parser.items("metadata")}
    except (configparser.Error, AttributeError, ValueError, TypeError):
        return {}


def _toml(folder: str) -> dict[str, Any]:
    try:
        return tomllib.loads(_read(folder, "pyproject.toml").decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data or b"{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _read(folder: str, name: str) -> bytes:
    try:
        return read_file(os.path.join(folder, name), MAX_MANIFEST)
    except (InputError, OSError):
        return b""
