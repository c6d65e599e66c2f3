"""Finds `data/` and loads each of its tables once.

In a wheel the folder is the package `licscan.data`; in a bare checkout it stands beside the package.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def data_folder() -> Path:
    """The folder of the tables."""
    package = Path(__file__).parents[1]
    for folder in (package / "data", package.parent / "data"):
        if folder.is_dir():
            return folder
    # an editable install maps licscan.data elsewhere: ask the import system, without importing anything heavy
    from importlib.util import find_spec

    spec = find_spec("licscan.data")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("licscan's data tables are not installed")
    return Path(next(iter(spec.submodule_search_locations)))


@cache
def load_toml(name: str) -> dict[str, Any]:
    """One TOML table, by file name."""
    import rtoml

    return rtoml.loads((data_folder() / name).read_text(encoding="utf-8"))


@cache
def load_json(name: str) -> Any:
    """One JSON table, by file name."""
    return json.loads((data_folder() / name).read_text(encoding="utf-8"))


@cache
def load_folder(name: str) -> dict[str, dict[str, Any]]:
    """The TOML tables of one folder by file name, in order of their names."""
    import rtoml

    found: dict[str, dict[str, Any]] = {}
    for path in sorted((data_folder() / name).glob("*.toml")):
        found[path.name] = rtoml.loads(path.read_text(encoding="utf-8"))
    return found
