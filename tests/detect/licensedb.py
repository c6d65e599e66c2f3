"""The LicenseDB's texts, read for tests on their own: not by the code that is tested."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from yaml_rs import loads


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


def folder() -> Path:
    """Where the installed LicenseDB lies."""
    return Path(str(files("licensedcode") / "data"))


@cache
def licenses() -> tuple[Entry, ...]:
    """Every license that has a text, by key."""
    entries = (_read(path) for path in sorted((folder() / "licenses").glob("*.LICENSE")))
    return tuple(entry for entry in entries if entry.text.strip())


def rules(step: int) -> tuple[Entry, ...]:
    """Every so many-th rule, by name."""
    return tuple(_read(path) for path in sorted((folder() / "rules").glob("*.RULE"))[::step])


@cache
def spdx_ids() -> dict[str, str]:
    """The SPDX identifier of each license key."""
    entries = (_read(path) for path in sorted((folder() / "licenses").glob("*.LICENSE")))
    return {entry.expression: str(entry.facts.get("spdx_license_key", "")) for entry in entries}


def _read(path: Path) -> Entry:
    raw = path.read_text(encoding="utf-8")
    _start, _fence, rest = raw.partition("---\n")
    head, _fence, text = rest.partition("\n---")
    facts = loads(head)
    assert isinstance(facts, dict)
    expression = facts.get("license_expression") or facts.get("key") or ""
    return Entry(path.name, str(expression), facts, text.lstrip("\n"))
