"""Targets, results and stores made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from licscan.fleet import catalogue, outcome, seal
from licscan.fleet.catalogue import Entry
from licscan.fleet.model import FindingRow, Kind, Outcome, PackageRow, Status, Target
from licscan.fleet.space import Folder, Space
from licscan.fleet.views import opened

Rows = set[tuple[str, str, str, str | None]]
"""Observations: target, PackageURL, first seen, until."""
TOML = '[project]\nname = "{name}"\nversion = "1.0"\nlicense = "MIT"\ndependencies = []\n'


def target(name: str, **labels: str) -> Target:
    return Target(Kind.FOLDER, f"/made/{name}", name=name, **labels)


def package(name: str, version: str = "1.0", license_: str = "MIT", **changed: str) -> PackageRow:
    purl = f"pkg:npm/{name.replace('@', '%40')}"
    values = {
        "purl": f"{purl}@{version}", "package": purl, "name": name, "version": version,
        "ecosystem": "npm", "license": license_, "verdict": "ok", "scope": "shipped", "coverage": "texts",
        "evidence": f"e-{name}-{license_}",
    }  # fmt: skip
    return PackageRow(**{**values, **changed})


def finding(name: str, version: str = "1.0", **changed: str) -> FindingRow:
    values = {
        "fingerprint": f"f-{name}-{version}", "code": "forbidden-license", "severity": "error", "verdict": "violation",
        "purl": f"pkg:npm/{name}@{version}", "package": f"pkg:npm/{name}", "version": version, "surface": "app",
        "license": "GPL-3.0-only", "evidence": f"e-{name}", "message": f"{name} may not ship", "waiver": "",
        "decision": "",
    }  # fmt: skip
    return FindingRow(**{**values, **changed})


def result(
    of: Target,
    when: str,
    packages: Iterable[PackageRow] = (),
    findings: Iterable[FindingRow] = (),
    status: Status = Status.DONE,
    **changed: object,
) -> Outcome:
    values: dict[str, object] = {
        "gate": "ok" if status is Status.DONE else "", "key": f"key-{when}" if status is Status.DONE else "",
        "packages": tuple(packages), "findings": tuple(findings), "run": f"run-{when}",
    }  # fmt: skip
    return Outcome(of.id, when=when, status=status, **{**values, **changed})  # type: ignore[arg-type]


def moment(number: int) -> str:
    """A time in the order of the numbers."""
    return f"2027-01-{1 + number // 24:02d}T{number % 24:02d}:00:00.000Z"


def put(space: Space, *made: Outcome) -> None:
    """Results into the inbox, then into the tables."""
    for one in made:
        outcome.put_outcome(space, one)
    seal.seal(space)


def fleet_of(tmp_path: Path, targets: Sequence[Target]) -> Folder:
    space = Folder(tmp_path / "fleet")
    catalogue.add(space, targets)
    return space


def observed(space: Space, table: str = "packages") -> list[tuple[object, ...]]:
    """All rows of a table of the store, sorted: target, PackageURL, first seen, until."""
    with opened(space, {}) as fleet:
        _columns, rows = fleet.rows(f"SELECT target, purl, first_seen, until FROM {table}")
    return sorted(rows, key=repr)


def whole(space: Space) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    with opened(space, {}) as fleet:
        tables = ("packages", "findings", "outcomes", "checks")
        return {table: sorted(fleet.rows(f"SELECT * FROM {table}")[1], key=repr) for table in tables}


def states(space: Space, entries: Mapping[str, Entry] | None = None) -> dict[str, tuple[str, str]]:
    """Status and reason of each target, by its name; one that is there twice fails."""
    with opened(space, catalogue.entries(space) if entries is None else entries) as fleet:
        _columns, rows = fleet.rows("SELECT name, status, reason FROM state")
    assert len(rows) == len({row[0] for row in rows})
    return {str(name): (str(status), str(reason)) for name, status, reason in rows}


def project(folder: Path, name: str) -> Path:
    """A project that is scanned in no time."""
    place = folder / name
    place.mkdir(parents=True)
    (place / "pyproject.toml").write_text(TOML.format(name=name))
    return place
