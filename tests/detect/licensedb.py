"""The LicenseDB's texts, read for tests on their own: not by the code that is tested."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from functools import cache
from typing import Any

from yaml_rs import loads

from licscan.licenses.shipped import place


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the LicenseDB: its name, the license keys or expression that it stands for, and its text."""

    name: str
    expression: str
    facts: dict[str, Any]
    text: str

    @property
    def deprecated(self) -> bool:
        """Whether the LicenseDB has withdrawn it."""
        return bool(self.facts.get("is_deprecated"))


def _files(folder: str) -> list[tuple[str, str]]:
    """The names and texts of the shipped LicenseDB, by its archive alone."""
    with zipfile.ZipFile(place()) as archive:
        blocks = sorted(name for name in archive.namelist() if name.startswith(f"{folder}/"))
        return [(name, text) for block in blocks for name, text in json.loads(archive.read(block))]


@cache
def _all_licenses() -> tuple[Entry, ...]:
    return tuple(_read(*file) for file in _files("licenses"))


@cache
def licenses() -> tuple[Entry, ...]:
    """Every license that has a text, by key."""
    return tuple(entry for entry in _all_licenses() if entry.text.strip())


def rules(step: int) -> tuple[Entry, ...]:
    """Every so many-th rule, by name."""
    return tuple(_read(*file) for file in _files("rules")[::step])


@cache
def spdx_ids() -> dict[str, str]:
    """The SPDX identifier of each license key."""
    return {entry.expression: str(entry.facts.get("spdx_license_key", "")) for entry in _all_licenses()}


def _read(name: str, raw: str) -> Entry:
    _start, _fence, rest = raw.partition("---\n")
    head, _fence, text = rest.partition("\n---")
    facts = loads(head)
    assert isinstance(facts, dict)
    expression = facts.get("license_expression") or facts.get("key") or ""
    return Entry(name, str(expression), facts, text.lstrip("\n"))
