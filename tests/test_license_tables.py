"""Every license that a table names is an expression of current identifiers: one that is not would end a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from licscan.base.tables import load_toml
from licscan.conclude.conclusion import conclude
from licscan.licenses import aliases as names
from licscan.licenses.aliases import aliases, classifiers
from licscan.licenses.spdx import validate
from licscan.licenses.statements import read_classifier, read_license, read_npm
from licscan.model import Claim, Component, EvidenceKind, Location, Origin

DATA = Path(__file__).parents[1] / "data"
OTHER_NAMES = {"own_rules.toml", "canaries.toml"}
"""Tables that name licenses by the keys of the LicenseDB, or keep files of packages."""
BY_ID = {"spdx_list.toml", "spdx_names.toml"}
"""Tables whose licenses are the keys."""
KEYS = {"expression", "license", "licenses", "text", "not"}


def expressions(table: Any, key: str = "") -> Iterator[str]:
    """Every text under a key that holds expressions, however deep."""
    if isinstance(table, dict):
        for name, value in table.items():
            yield from expressions(value, key if key == "licenses" else name)
    elif isinstance(table, list):
        for value in table:
            yield from expressions(value, key)
    elif isinstance(table, str) and key in KEYS:
        yield table


def tables() -> list[str]:
    return sorted(path.name for path in DATA.glob("*.toml") if path.name not in OTHER_NAMES)


def wrong(found: Iterator[str]) -> list[str]:
    return sorted({one for one in found if validate(one)})


@pytest.mark.parametrize("name", tables())
def test_what_a_table_calls_a_license_is_one(name: str) -> None:
    table = load_toml(name)
    if name in BY_ID:
        assert not wrong(iter(table["licenses"]))
        return
    found = expressions(table) if "license" not in table or isinstance(table["license"], list) else iter(())
    template = name == "license_urls.toml"
    told = [one for one in found if not (template and "{}" in one)]
    if template:  # names that are read like those of people
        assert not [one for one in told if not (read_license(one).expression or read_license(one).candidates)]
    else:
        assert not wrong(iter(told))


def test_every_name_stands_for_expressions() -> None:
    known = aliases()
    assert not wrong(iter(known.exact.values()))
    assert not wrong(one for found in known.ambiguous.values() for one in found)
    assert not wrong(one for found in classifiers().values() for one in found)
    assert not wrong(iter(load_toml("license_aliases.toml")["deprecated"].values()))


def test_every_name_can_stand_beside_others() -> None:
    for name in [*aliases().exact, *aliases().ambiguous]:
        for raw in (name, f"{name} and MIT", f"{name}, MIT", f"MIT/{name}"):
            reading = read_license(raw)
            assert not wrong(iter(filter(None, (reading.expression, *reading.candidates)))), raw
        assert not wrong(iter(filter(None, read_npm(json.dumps([name, "MIT"])).candidates)))


def test_a_row_that_is_no_expression_ends_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = names.Aliases({}, {"acme": ("Acme-1.0 is none", "MIT")}, frozenset())
    monkeypatch.setattr("licscan.licenses.names.aliases", lambda: broken)
    for raw in ("acme and ISC", "acme, ISC", "acme/ISC"):
        assert read_license(raw).method == "unknown"
        assert "could not be read" in (read_license(raw).note or "")
    assert read_npm('["acme", "ISC"]').method == "unknown"
    monkeypatch.setattr("licscan.licenses.statements.classifiers", lambda: {"license :: acme": ("Acme is none", "MIT")})
    assert read_classifier("License :: Acme").candidates == ("Acme is none", "MIT")
    claims = tuple(
        Claim(EvidenceKind.CLASSIFIER, "Classifier", raw, Origin.INSTALLED, Location("METADATA"))
        for raw in ("License :: Acme", "License :: OSI Approved :: ISC License (ISCL)")
    )
    made = conclude(Component("pkg:pypi/a@1", "a", "1", "pypi", claims=claims))
    assert made.concluded == "NOASSERTION"
