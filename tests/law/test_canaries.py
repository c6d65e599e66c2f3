"""Packages that are built to slip through, scanned: each is spoken of, and none that is harmless raises an alarm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from licscan.base.tables import load_toml
from licscan.compose.doctor import Canary, build, canaries, findings_of, license_text, purl_of
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.model import Finding, Scan, Severity, Verdict

ANSWERS = {"violation", "cannot-tell", "duty", "pass"}
PROPRIETARY = "LicenseRef-Proprietary"
# what is known to slip through still; a row that is caught must leave this list
GAPS: dict[str, str] = {}
NOTICES = {"copyright-notice", "license-text", "notice-file", "state-changes"}


def scanned(canary: Canary, folder: Path) -> Scan:
    return scan(Options((build([canary], folder),), outbound=PROPRIETARY, offline=True, jobs=1))


def concluded(found: Scan, canary: Canary) -> str:
    return next(one.concluded for one in found.conclusions if one.purl == purl_of(canary))


def duties_named(findings: list[Finding], expression: str, canary: Canary) -> bool:
    """Whether the duties are owed by what was concluded, and those beyond notices are named in what is said."""
    questions = pytest.importorskip("licscan.judge.questions")
    asked = {"id": canary["id"], "outbound": PROPRIETARY, "inbound": expression, "deployment": "on-premise"}
    answer = questions.answer_case({**asked, "relationship": "dependency", "modified": False})
    said = " ".join(finding.message for finding in findings)
    titles = [load_toml("duties.toml")[duty]["title"] for duty in canary["duties"] if duty not in NOTICES]
    owed = set(canary["duties"]) <= set(answer["obligations"]) and answer["verdict"] in {"ok-obligations", "review"}
    return bool(said) and owed and all(title in said for title in titles)


def answers(found: Scan, canary: Canary) -> set[str]:
    """What the scan says of it, in the words of the table."""
    findings = findings_of(found, canary)
    said = {str(finding.verdict) for finding in findings if finding.verdict is not Verdict.OK}
    if not said and all(finding.severity is not Severity.ERROR for finding in findings):
        said.add("pass")
    if "duty" in canary["must"] and duties_named(findings, concluded(found, canary), canary):
        said.add("duty")
    return said


def test_the_table_is_well_formed() -> None:
    rows = canaries()
    assert len(rows) >= 25
    assert len({row["id"] for row in rows}) == len({row["name"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row["must"]) <= ANSWERS, row["id"]
        assert ("duties" in row) == ("duty" in row["must"]), row["id"]
        assert row["fools"], row["id"]
        assert ("manifest" in row) == (row["ecosystem"] == "npm"), row["id"]
        assert isinstance(json.loads(row.get("manifest", "{}")), dict), row["id"]


def test_every_text_is_held_by_the_licensedb() -> None:
    files = [file for row in canaries() for file in row.get("files", ())]
    keys = {key for file in files for key in file.get("licenses", [file["license"]] if "license" in file else [])}
    assert keys
    assert all(license_text(key).strip() for key in keys)


def rows() -> list[ParameterSet]:
    gaps = {key: [pytest.mark.xfail(strict=True, reason=why)] for key, why in GAPS.items()}
    return [pytest.param(row, id=row["id"], marks=gaps.get(row["id"], [])) for row in canaries()]


@pytest.mark.parametrize("canary", rows())
def test_no_canary_goes_unsaid(canary: Canary, tmp_path: Path) -> None:
    found = scanned(canary, tmp_path)
    said = answers(found, canary)
    lines = [
        f"{finding.severity} {finding.verdict} {finding.code}: {finding.message}"
        for finding in findings_of(found, canary)
    ]
    assert said & set(canary["must"]), f"{canary['name']} ({canary['fools']}) said {said or 'nothing'}: {lines}"
