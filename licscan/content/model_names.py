"""The licenses of models by the keys that model hubs use: data/model_licenses.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from licscan.base.tables import load_toml
from licscan.licenses.statements import read_license

_NO_NAME = frozenset({"other", "unknown"})
"""What a card says where its license has no key: its name stands in another field."""


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = load_toml("model_licenses.toml")["licenses"]
    return names


def license_called(name: str) -> str:
    """The license that a hub's key or a card's words name; empty where it is none that is known."""
    key = re.sub(r"[\s_]+", "-", name.strip().casefold())
    if key in _NO_NAME:
        return ""
    reading = read_license(name)
    return _names().get(key) or reading.expression or ""
