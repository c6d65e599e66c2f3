"""What a registry's own document says of a version beside its archive: raw, and no more than fits a small record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

MAX_FACTS = 64 * 1024
MAX_FACT = 8 * 1024
_NPM = (
    "name", "version", "description", "license", "licenses", "licence", "licences", "author", "contributors",
    "maintainers",
    "repository", "homepage", "bugs", "deprecated", "keywords", "_npmUser",
)  # fmt: skip
_NPM_DIST = ("tarball", "integrity", "shasum", "unpackedSize", "fileCount")


def npm_facts(document: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a version's document in an npm registry, under its own keys; `dist` without signatures."""
    found = {
        key: document[key] for key in _NPM if document.get(key) not in (None, "", [], {}) and _small(document[key])
    }
    dist = document.get("dist")
    if isinstance(dist, dict):
        found["dist"] = {key: dist[key] for key in _NPM_DIST if isinstance(dist.get(key), (str, int))}
    return found if len(_text(found)) <= MAX_FACTS else {key: found[key] for key in ("name", "version") if key in found}


def _small(value: Any) -> bool:
    return len(_text(value)) <= MAX_FACT


def _text(value: Any) -> str:
    try:
        return json.dumps(value)
    except (ValueError, RecursionError):
        return " " * (MAX_FACTS + 1)
