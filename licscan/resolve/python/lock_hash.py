"""The hashes by which the Python tools tell that a lock is older than its manifest, as their own sources compute them.

Where a tool changed the formula, all of its formulas are given: a lock is out of date only if none fits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from licscan.base.load import table_at
from licscan.packages.purls import normalize_pypi_name

_LEGACY = ("dependencies", "source", "extras", "dev-dependencies")
_PIPFILE_SECTIONS = frozenset(
    {"source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv", "default", "develop"}
)


def _digest(content: object, **style: Any) -> str:
    try:
        return sha256(json.dumps(content, sort_keys=True, **style).encode()).hexdigest()
    except (TypeError, ValueError, RecursionError):
        return ""


def poetry_hashes(data: Mapping[str, Any]) -> set[str]:
    """`content-hash` of poetry.lock: 1.0-1.1 (no groups), 1.2-1.8, 2.0-2.1 (with [project]), 2.2 (with groups)."""
    poetry = table_at(data, "tool", "poetry")
    legacy = {key: poetry.get(key) for key in _LEGACY}
    grouped = legacy | ({"group": poetry["group"]} if poetry.get("group") is not None else {})
    hashes = {_digest(legacy), _digest(grouped)}
    project = table_at(data, "project")
    relevant = {
        key: project[key]
        for key in ("requires-python", "dependencies", "optional-dependencies")
        if project.get(key) is not None
    }
    tool = {"poetry": {key: value for key, value in grouped.items() if value is not None}}
    for groups in ({}, table_at(data, "dependency-groups")):
        content: dict[str, Any] = {"project": relevant} if relevant else {}
        content |= {"dependency-groups": groups} if groups else {}
        if content:
            hashes.add(_digest(content | {"tool": tool}))
    return hashes


def pdm_hashes(data: Mapping[str, Any]) -> set[str]:
    """`content_hash` of pdm.lock 4.5, group names as written or normalised; empty where a workspace changes it."""
    pdm, project = table_at(data, "tool", "pdm"), table_at(data, "project")
    if "workspace" in pdm:
        return set()
    hashes = set()
    for rename in (normalize_pypi_name, str):
        groups: dict[str, list[Any]] = {}
        for table in (table_at(data, "dependency-groups"), table_at(pdm, "dev-dependencies")):
            for name, items in table.items():
                groups[rename(name)] = [*groups.get(rename(name), []), *(items if isinstance(items, list) else [])]
        content = {
            "sources": pdm.get("source", []),
            "dependencies": project.get("dependencies", []),
            "dev-dependencies": groups,
            "optional-dependencies": project.get("optional-dependencies", {}),
            "requires-python": project.get("requires-python", ""),
            "resolution": pdm.get("resolution", {}),
        }
        hashes.add(_digest(content))
    return hashes


def pipfile_hash(data: Mapping[str, Any]) -> str | None:
    """`_meta.hash` of Pipfile.lock; None where the Pipfile names no source (pipenv's own default would count)."""
    if not isinstance(data.get("source"), list):
        return None
    content = {
        "_meta": {"sources": data["source"], "requires": data.get("requires", {})},
        "default": data.get("packages", {}),
        "develop": data.get("dev-packages", {}),
    }
    content |= {name: value for name, value in data.items() if name not in _PIPFILE_SECTIONS}
    return _digest(content, separators=(",", ":"))
