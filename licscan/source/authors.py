"""The authors that a project's own manifests and lists name. Never runs a `setup.py`: it is searched as text."""

from __future__ import annotations

import configparser
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from licscan.base.errors import InputError
from licscan.base.files import read_file

MAX_MANIFEST = 4 * 1024 * 1024
MAX_NAMES = 100
_CALL = re.compile(r"""\b(?:author|maintainer)\s*=\s*u?["']([^"'\n]{1,200})["']""")
_FIELD = re.compile(r"^(?:Author|Maintainer)(?:-email)?:[ \t]*(\S.{0,300})$", re.MULTILINE | re.IGNORECASE)


def text_of(root: Path, name: str) -> str:
    """The text of a file at the root; empty where there is none that can be read."""
    try:
        return read_file(root / name, MAX_MANIFEST).decode("utf-8", "replace") if (root / name).is_file() else ""
    except (InputError, OSError, ValueError):
        return ""


def authors_of(root: Path, folders: Iterable[str] = ("",)) -> list[str]:
    """The names in author fields of the manifests in these folders, in order."""
    found: dict[str, None] = {}
    for folder in folders:
        for name, read in _MANIFESTS.items():
            try:
                names = list(read(text_of(root, f"{folder}/{name}" if folder else name)))
            except (ValueError, TypeError, RecursionError, configparser.Error):
                continue
            found.update(dict.fromkeys(one for one in names if one))
    return list(found)[:MAX_NAMES]


def _package_json(text: str) -> Iterator[str]:
    data = json.loads(text) if text else {}
    if isinstance(data, dict):
        for key in ("author", "contributors", "maintainers"):
            yield from _people(data.get(key))


def _pyproject(text: str) -> Iterator[str]:
    data = tomllib.loads(text)
    tool = data.get("tool")
    tables = [data.get("project"), tool.get("poetry") if isinstance(tool, dict) else None]
    for table in tables:
        if isinstance(table, dict):
            for key in ("authors", "maintainers"):
                yield from _people(table.get(key))


def _setup_cfg(text: str) -> Iterator[str]:
    parser = configparser.RawConfigParser(strict=False)
    parser.read_string(text)
    for key in ("author", "maintainer"):
        yield from _people(parser.get("metadata", key, fallback=None))


def _people(value: Any) -> Iterator[str]:
    """A name, an object with a name, or a list of them; the address behind a name does not count."""
    for one in value if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str):
            yield name[:200].partition("<")[0].strip()


def _metadata(text: str) -> Iterator[str]:
    for match in _FIELD.finditer(text[:20_000]):
        yield match[1].partition("<")[0].strip(' "')


_MANIFESTS = {
    "package.json": _package_json,
    "pyproject.toml": _pyproject,
    "setup.cfg": _setup_cfg,
    "setup.py": lambda text: (match[1] for match in _CALL.finditer(text)),
    "PKG-INFO": _metadata,
}
