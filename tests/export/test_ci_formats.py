"""The formats for CI hold to their schemas, are found again, and carry nothing that runs."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.base.messages import use_language
from licscan.compare.fingerprint import fingerprints, versionless
from licscan.export import EXPORTERS, markdown
from licscan.export.cells import SHEETS
from licscan.model import Component, Finding, Location, Scan, Severity, Verdict
from tests.factories import COPYLEFT, LEFT, empty_scan, rich_scan, synthetic_scan
from tests.packages import npm_file, sdist_file

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1+1",
    "＠SUM",
    "=cmd|' /C calc'!A0",
    "%0A=1",
)
HOSTILE = ("</script><script>alert(1)</script>", "::error::x", "a\n::add-mask::b", "`|<b>@everyone", "\x00\x1b[2J\x9b",
           "]]>&", "\ud800\ufffe\uffff", "\u202eabc", "[x](javascript:y)", *FORMULAS)  # fmt: skip


def text_of(name: str, scan: Scan) -> str:
    """What an exporter of text gives."""
    made = EXPORTERS[name](scan)
    assert isinstance(made, str)
    return made


def hostile_scan() -> Scan:
    """Names, places and sentences that want to be more than text."""
    scan = rich_scan()
    components = [
        Component(f"pkg:npm/h{number}@{number}", name, name, "npm", found_in=(Location(f"a/{name}", 1),))
        for number, name in enumerate(HOSTILE)
    ]
    findings = [
        Finding("license-missing", Severity.ERROR, Verdict.VIOLATION, one.purl, one.name, one.name,
                remedies=(one.name,),
                locations=(Location(one.name, 2, 3),), surface=one.name, waiver=one.name if number % 3 == 2 else "")
        for number, one in enumerate(components)
    ]  # fmt: skip
    every = tuple(sorted((*scan.graph.components, *components), key=lambda one: one.purl))
    return replace(scan, graph=replace(scan.graph, components=every), findings=(*scan.findings, *findings))


SCANS = {"rich": rich_scan(), "empty": empty_scan(), "many": synthetic_scan(300), "hostile": hostile_scan()}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("scan", SCANS.values(), ids=SCANS)
def test_sarif_is_valid(scan: Scan, language: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(npm_file("@microsoft/jest-sarif@1.0.0-beta.0", "lib/schemas/sarif-2.1.0-rtm.5.json"))
    use_language(language)
    document = json.loads(text_of("sarif", scan))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(document)] == []
    assert len(document["runs"][0]["results"]) == len(scan.findings)


def test_the_schema_of_sarif_would_complain() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(npm_file("@microsoft/jest-sarif@1.0.0-beta.0", "lib/schemas/sarif-2.1.0-rtm.5.json"))
    document = json.loads(text_of("sarif", rich_scan()))
    document["runs"][0]["results"][0]["level"] = "loud"
    assert list(jsonschema.validators.validator_for(schema)(schema).iter_errors(document))


def sarif_results(scan: Scan) -> list[dict[str, Any]]:
    """The results of a scan."""
    results: list[dict[str, Any]] = json.loads(text_of("sarif", scan))["runs"][0]["results"]
    return results


def test_sarif_says_where_how_loud_and_who_answers() -> None:
    result = next(one for one in sarif_results(rich_scan()) if one["ruleId"] == "copyleft-shipped")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "package-lock.json"
    assert place["region"]["startLine"] == 30
    assert result["level"] == "error"
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == COPYLEFT
    waived = [one for one in sarif_results(rich_scan()) if "suppressions" in one]
    assert [one["suppressions"][0]["justification"] for one in waived] == ["legal-opinion, says Ada, until 2027-01-31"]


def test_sarif_rules_tell_what_to_do() -> None:
    found = replace(rich_scan().findings[0], code="license-missing")
    run = json.loads(text_of("sarif", replace(rich_scan(), findings=(found,))))["runs"][0]
    rule = run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]
    assert rule["id"] == "license-missing"
    assert rule["shortDescription"]["text"] == "No license is declared"
    assert "What to do" in rule["help"]["markdown"]
    assert rule["defaultConfiguration"]["level"] == "error"


def test_places_are_those_of_the_repository() -> None:
    finding = replace(rich_scan().findings[0], purl=LEFT, locations=(Location("node_modules/left/package.json", 5),))
    for uri in {
        place["physicalLocation"]["artifactLocation"]["uri"]
        for one in sarif_results(replace(rich_scan(), findings=(finding,)))
        for place in one["locations"]
    }:
        assert uri == "package-lock.json"


@pytest.mark.slow
def test_junit_is_valid() -> None:
    etree = pytest.importorskip("lxml.etree")
    schema = etree.XMLSchema(
        etree.fromstring(sdist_file("pytest==8.4.2", "testing/example_scripts/junit-10.xsd").encode())
    )
    for name, scan in SCANS.items():
        document = etree.fromstring(text_of("junit", scan).encode())
        assert schema.validate(document), (name, schema.error_log)


def test_junit_fails_where_the_gate_does() -> None:
    root = ElementTree.fromstring(text_of("junit", rich_scan()))
    names = {kind: sorted(str(case.get("name")) for case in root.iter("testcase") if case.find(kind) is not None)
             for kind in ("failure", "error", "skipped")}  # fmt: skip
    assert names == {
        "failure": ["@deep/copyleft@3.0.0"],
        "error": ["chat", "loose"],
        "skipped": ["left@2.1.0 [server]"],
    }
    assert (root.get("failures"), root.get("errors")) == ("1", "2")
    passing = {
        case.get("name"): case.findtext("system-out")
        for case in root.iter("testcase")
        if case.get("classname") == "pypi"
    }
    assert passing == {"mystery@0.1": "Judged on: nothing"}


def test_annotations_stay_on_their_lines() -> None:
    lines = text_of("github", hostile_scan()).splitlines()
    assert all(re.match(r"::(error|warning|notice) [a-zA-Z]+=[^:]*::", line) for line in lines)
    standing = [one for one in hostile_scan().findings if not one.waiver]
    assert len(lines) == len(standing) + 1
    assert any("%0A" in line for line in lines)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", "".join(lines))


def test_annotations_name_file_and_line() -> None:
    lines = text_of("github", rich_scan()).splitlines()
    assert any(line.startswith("::error file=package-lock.json,line=30,title=copyleft-shipped%3A ") for line in lines)


@given(st.text(max_size=60))
def test_markdown_holds_no_markup_of_others(value: str) -> None:
    shown = markdown.text(value)
    assert "\n" not in shown
    assert not re.search(r"(?<!\\)(?:\\\\)*[`\[\]|*#]", shown)
    assert not re.search(r"@(?!<!-- -->)", shown)
    assert not re.search(r"(?<!\\)(?:\\\\)*<(?!!-- -->)", shown)


def test_the_summary_of_a_large_scan_is_small() -> None:
    summary = text_of("github-summary", synthetic_scan(5_000))
    assert len(summary.encode()) < markdown.SUMMARY_BYTES
    assert "950 more findings" in summary


def test_code_quality_says_what_gitlab_reads() -> None:
    issues = json.loads(text_of("gitlab-quality", rich_scan()))
    assert {"description", "check_name", "fingerprint", "severity", "location"} <= set(issues[0])
    assert issues[0]["severity"] == "blocker"
    assert issues[0]["location"] == {"path": "package-lock.json", "lines": {"begin": 30}}
    assert len({one["fingerprint"] for one in issues}) == len(issues)
    assert {one["severity"] for one in issues} <= {"info", "minor", "major", "critical", "blocker"}


def test_the_sbom_of_gitlab_names_the_file_of_each_component() -> None:
    document = json.loads(text_of("gitlab-sbom", rich_scan()))
    told = {one["name"]: one["value"] for one in document["metadata"]["properties"]}
    assert told["gitlab:meta:schema_version"] == "1"
    left = next(one for one in document["components"] if one["purl"] == LEFT)
    said = {one["name"]: one["value"] for one in left["properties"]}
    assert said["gitlab:dependency_scanning:input_file:path"] == "package-lock.json"
    assert said["gitlab:dependency_scanning:package_manager:name"] == "npm"
    assert said["gitlab:dependency_scanning:category"] == "production"


@pytest.mark.parametrize("name", ["csv", "csv-findings"])
def test_no_cell_of_csv_is_a_formula(name: str) -> None:
    rows = list(csv.reader(io.StringIO(text_of(name, hostile_scan()), newline="")))
    assert len({len(row) for row in rows}) == 1
    cells = [cell for row in rows for cell in row]
    assert [
        cell
        for cell in cells
        if re.match(r"[\s\x00-\x1f]*[=+\-@＝＋－＠]", cell) or re.search("[\x00-\x1f]", cell)
        if not re.fullmatch(r"@[a-z-]+/[a-z-]+(@[\d.]+)?", cell)
    ] == []
    assert "@deep/copyleft" in [row[0] for row in csv.reader(io.StringIO(text_of("csv", rich_scan())))]
    assert any(cell.startswith("'=1+1") for cell in cells)


def test_no_cell_of_xlsx_is_a_formula() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    made = EXPORTERS["xlsx"](hostile_scan())
    assert isinstance(made, bytes)
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == list(SHEETS)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    risky = [cell for cell in cells if re.match(r"[\s]*[=+\-@]", cell.value)]
    assert len(risky) >= len(FORMULAS)
    scoped = [cell for cell in risky if re.fullmatch(r"@[a-z-]+/[a-z-]+(@[\d.]+)?", cell.value)]
    assert all(cell.quotePrefix for cell in risky if cell not in scoped)
    assert not [cell for cell in cells if cell.hyperlink]


def test_the_sheet_of_duties_has_those_of_the_checklist() -> None:
    scan = rich_scan()
    refused = [replace(one, ruling="conflict") for one in scan.judgements]
    assert list(SHEETS["Duties"][1](scan))
    assert list(SHEETS["Duties"][1](replace(scan, judgements=tuple(refused)))) == []


def test_spreadsheets_in_chinese_have_no_english_values() -> None:
    use_language("zh")
    try:
        rows = [row for name in ("Components", "Findings") for row in SHEETS[name][1](rich_scan())]
        values = {cell for row in rows for cell in row}
    finally:
        use_language()
    assert not values & {"ok", "violation", "cannot-tell", "error", "warning", "note", "runtime", "dev"}
    assert {"违规", "错误", "第三方软件包"} <= values


def test_every_component_has_a_kind_and_remedies_are_numbered() -> None:
    kinds = [row[-1] for row in SHEETS["Components"][1](rich_scan())]
    assert set(kinds) >= {"third-party package", "your own project"}
    several = [
        row[8]
        for finding, row in zip(
            (one for one, _mark in fingerprints(rich_scan())), SHEETS["Findings"][1](rich_scan()), strict=True
        )
        if len(finding.remedies) > 1
    ]
    assert several
    assert all(one.startswith("1. ") and " 2. " in one for one in several)


@pytest.mark.parametrize("name", sorted(EXPORTERS))
@pytest.mark.parametrize("scan", SCANS.values(), ids=SCANS)
def test_every_format_takes_every_scan_the_same_way_twice(scan: Scan, name: str) -> None:
    if name == "xlsx":
        pytest.importorskip("xlsxwriter")
    first = EXPORTERS[name](scan)
    turned = replace(scan, findings=scan.findings[::-1])
    assert EXPORTERS[name](scan) == first
    if name not in ("table", "json"):
        assert EXPORTERS[name](turned) == first
    if isinstance(first, str):
        assert first.endswith("\n")
        first.encode()


PURLS = st.sampled_from([None, LEFT, COPYLEFT])
PATHS = st.sampled_from(["package-lock.json", "src/a.js", "licscan.toml", "node_modules/left/LICENSE"])
PLACES = st.builds(Location, PATHS, st.none() | st.integers(1, 999))
FINDINGS = st.lists(
    st.builds(
        Finding, st.sampled_from(["license-missing", "source-vendored"]), st.sampled_from(Severity),
        st.just(Verdict.VIOLATION), PURLS, st.text(max_size=5), surface=st.sampled_from(["", "web"]),
        locations=st.lists(PLACES, max_size=2).map(tuple),
    ), max_size=8,
)  # fmt: skip


def moved(finding: Finding, by: int) -> Finding:
    """The finding after lines were put before it, said in another language."""
    places = [replace(one, start_line=one.start_line and one.start_line + by) for one in finding.locations]
    return replace(finding, locations=tuple(places), message=f"{finding.message} ({by})")


@given(FINDINGS, st.integers(0, 5_000), st.randoms())
def test_a_finding_keeps_its_fingerprint_when_lines_move(found: list[Finding], by: int, chance: Any) -> None:
    before = {mark for _one, mark in fingerprints(replace(rich_scan(), findings=tuple(found)))}
    after = [moved(one, by) for one in found]
    chance.shuffle(after)
    assert {mark for _one, mark in fingerprints(replace(rich_scan(), findings=tuple(after)))} == before
    assert len(before) == len(found)


def test_a_fingerprint_outlives_a_version_and_not_a_license() -> None:
    scan = synthetic_scan(3)
    finding = Finding("license-missing", Severity.ERROR, Verdict.VIOLATION, "pkg:npm/package-000001@1.0.1", "m")

    def mark(purl: str, license_id: str) -> str:
        conclusions = (replace(scan.conclusions[0], purl=purl, concluded=license_id),)
        changed = replace(scan, conclusions=conclusions, findings=(replace(finding, purl=purl),))
        return next(mark for _one, mark in fingerprints(changed))

    first = mark("pkg:npm/package-000001@1.0.1", "MIT")
    assert mark("pkg:npm/package-000001@2.0.0", "MIT") == first
    assert mark("pkg:npm/package-000001@2.0.0", "ISC") != first
    assert mark("pkg:npm/package-000002@1.0.1", "MIT") != first


@pytest.mark.parametrize(
    ("purl", "name"),
    [
        ("pkg:npm/%40a/b@1.0?repository_url=x@y", "pkg:npm/%40a/b"),
        ("pkg:npm/%40a/b", "pkg:npm/%40a/b"),
        ("pkg:generic/project@1#sub/@x", "pkg:generic/project#sub/@x"),
        ("", ""),
    ],
)
def test_versionless(purl: str, name: str) -> None:
    assert versionless(purl) == name
