"""Findings that one decision settles are one finding for people and programs; nothing said of a package is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from licscan.base.messages import speaking
from licscan.compare.grouping import as_one, grouped
from licscan.compose.options import Options
from licscan.compose.scan import scan as scan_project
from licscan.export import EXPORTERS
from licscan.export.json_format import document
from licscan.export.table import to_text
from licscan.model import (
    Component,
    Conclusion,
    Finding,
    Graph,
    Location,
    Project,
    Scan,
    Severity,
    Verdict,
)

GPL = "GPL-2.0-or-later"


def purl_of(name: str) -> str:
    return f"pkg:npm/{name.replace('@', '%40')}@1"


def scan_of(*findings: Finding, licenses: dict[str, str] | None = None) -> Scan:
    names = sorted({finding.purl for finding in findings if finding.purl})
    told = licenses or {}
    components = tuple(
        Component(purl, purl.removeprefix("pkg:npm/").rpartition("@")[0].replace("%40", "@"), "1", "npm")
        for purl in names
    )
    conclusions = tuple(Conclusion(purl, told.get(purl, GPL), None, told.get(purl, GPL), "declared") for purl in names)
    return Scan("0", Project("p", ".", "proprietary"), Graph((), components), conclusions, findings)


def finding(code: str, name: str, severity: Severity = Severity.ERROR, **more: object) -> Finding:
    told = {"message": f"{name} 1 says {code}.", "why": "why", "verdict": Verdict.VIOLATION, **more}
    return Finding(code=code, severity=severity, purl=purl_of(name), **told)  # type: ignore[arg-type]


def sizes(scan: Scan) -> list[int]:
    return [len(group.purls) for group in grouped(scan, scan.findings)]


def test_a_conflict_is_one_decision_for_each_owner_and_license() -> None:
    editor = [finding("license-conflict", f"@editor/part-{number}") for number in range(58)]
    others = [finding("license-conflict", name) for name in ("one", "two")]
    assert sorted(sizes(scan_of(*editor, *others))) == [1, 1, 58]
    licenses = {purl_of("@editor/part-3"): "AGPL-3.0-only"}
    assert sorted(sizes(scan_of(*editor, licenses=licenses))) == [1, 57]


def test_a_question_of_law_is_one_for_each_clause_not_for_each_package() -> None:
    psf = [finding("license-review", f"lib{number}", Severity.WARNING, why="PSF-2.0, FSF list") for number in range(8)]
    other = finding("license-review", "other", Severity.WARNING, why="CC-BY-3.0, FAQ")
    assert sorted(sizes(scan_of(*psf, other))) == [1, 8]


@pytest.mark.parametrize("code", ["missing-license-text", "missing-copyright-holder", "unfilled-template"])
def test_the_same_work_is_one_decision(code: str) -> None:
    found = [finding(code, f"lib{number}", Severity.WARNING, message=f"lib{number} 1 {number}") for number in range(9)]
    assert sizes(scan_of(*found)) == [9]


def test_what_is_unresolved_is_one_decision_for_each_file() -> None:
    places = [(Location("a/requirements.txt", number),) for number in range(4)] + [(Location("b/setup.py"),)]
    found = [finding("dependency-unresolved", f"lib{n}", locations=place) for n, place in enumerate(places)]
    assert sorted(sizes(scan_of(*found))) == [1, 4]


def test_versions_of_a_package_are_one_decision() -> None:
    first = finding("parts-not-read", "electron", Severity.WARNING)
    second = replace(first, purl="pkg:npm/electron@2", message="electron 2 says parts-not-read.")
    assert sizes(scan_of(first, second)) == [2]


def test_surfaces_do_not_multiply_a_decision() -> None:
    found = [finding("license-conflict", "lib", surface=name) for name in ("app", "web", "server")]
    (group,) = grouped(scan_of(*found), found)
    assert as_one(scan_of(*found), group).surface == "app, server, web"


@pytest.mark.parametrize("field", ["severity", "verdict", "waiver", "decision"])
def test_what_counts_differently_stays_apart(field: str) -> None:
    other = {"severity": Severity.WARNING, "verdict": Verdict.CANNOT_TELL, "waiver": "W", "decision": "D"}[field]
    first = finding("missing-license-text", "a")
    assert sizes(scan_of(first, replace(finding("missing-license-text", "b"), **{field: other}))) == [1, 1]


@pytest.mark.parametrize(
    "code", ["license-rider", "native-library-unattributed", "artifact-mismatch", "bundled-unknown"]
)
def test_what_has_to_be_looked_at_one_by_one_stays_apart(code: str) -> None:
    assert sizes(scan_of(*(finding(code, name) for name in "abc"))) == [1, 1, 1]


def test_files_are_never_put_together() -> None:
    files = [Finding("input-unreadable", Severity.ERROR, Verdict.CANNOT_TELL, None, f"{name}: broken") for name in "ab"]
    scan = scan_of(*files)
    assert [len(group.findings) for group in grouped(scan, files)] == [1, 1]


def test_nothing_said_of_a_package_is_lost_in_json() -> None:
    found = [
        finding("license-conflict", f"@editor/part-{n}", locations=(Location(f"{n}/LICENSE"),), paths=(("r", str(n)),))
        for n in range(20)
    ]
    told = document(scan_of(*found))
    (one,) = told["findings"]
    assert told["gate"]["severities"]["error"] == 1
    assert [part["purl"] for part in one["packages"]] == sorted(each.purl for each in found)
    assert {part["message"] for part in one["packages"]} == {each.message for each in found}
    assert {part["locations"][0]["path"] for part in one["packages"]} == {f"{n}/LICENSE" for n in range(20)}
    assert one["purl"] == one["packages"][0]["purl"]
    assert "@editor/part-0 1" in one["message"]
    assert "12 more" in one["message"]


def test_remedies_are_said_of_each() -> None:
    found = [
        finding("license-conflict", f"@e/{name}", remedies=(f"Replace @e/{name} by another.", f"Only for {name}."))
        for name in ("aa", "bb")
    ]
    scan = scan_of(*found)
    (group,) = grouped(scan, found)
    assert as_one(scan, group).remedies == ("Replace each of them by another.",)
    text = to_text(replace(scan, findings=tuple(found)))
    assert "Replace each of them by another." in text


def test_the_order_of_findings_does_not_matter() -> None:
    found = [finding("license-conflict", f"@e/{n}") for n in range(6)]
    found += [finding("missing-license-text", f"m{n}", Severity.WARNING) for n in range(6)]
    forth, back = document(scan_of(*found)), document(scan_of(*reversed(found)))
    assert json.dumps(forth["findings"]) == json.dumps(back["findings"])


@pytest.mark.parametrize("python", ["Python-2.0", "PSF-2.0"])
def test_packages_under_a_python_license_raise_one_question_in_a_work_under_the_gpl(
    python: str, tmp_path: Path
) -> None:
    names = ["argparse", "typing-like", "greenlet-like"]
    licenses = [python, python, f"MIT AND {python}"]
    entries = {
        f"node_modules/{name}": {"version": "1.0.0", "license": license_}
        for name, license_ in zip(names, licenses, strict=True)
    }
    top = {"name": "bot", "version": "1.0.0", "license": "AGPL-3.0-only", "dependencies": dict.fromkeys(names, "1.0.0")}
    (tmp_path / "package.json").write_text(json.dumps(top))
    (tmp_path / "package-lock.json").write_text(
        json.dumps({"name": "bot", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": top, **entries}})
    )
    told = document(scan_project(Options((tmp_path,), offline=True, texts=False)))
    (one,) = [finding for finding in told["findings"] if finding["code"] == "license-review"]
    assert len(one["packages"]) == 3
    assert "FSF says that the" in one["why"]
    assert "OSADL says that" in one["why"]
    assert any(f'licenses = ["{python}"]' in remedy for remedy in one["remedies"])


@pytest.mark.parametrize("form", sorted(EXPORTERS))
def test_codes_that_another_version_stored_are_told_by_their_names(form: str) -> None:
    alike = [finding("code-of-tomorrow", name, why=f"why {name}", severity=Severity.NOTE) for name in ("one", "two")]
    assert sizes(scan_of(*alike)) == [2]
    assert EXPORTERS[form](scan_of(*alike))
    assert as_one(scan_of(*alike), grouped(scan_of(*alike), alike)[0]).why == "code-of-tomorrow"


def test_what_is_said_of_several_packages_is_said_once() -> None:
    """A mixed list folds those that say the same; the others keep a line of their own."""
    said = "says a. It names: Acme."
    alike = [
        finding(
            "missing-license-text", f"a{number}", Severity.WARNING, message=f"a{number} 1 {said}", verdict=Verdict.OK
        )
        for number in range(3)
    ]
    other = finding("missing-license-text", "b", Severity.WARNING, message="b 1 says b.", verdict=Verdict.OK)
    text = " ".join(to_text(scan_of(*alike, other)).split())
    assert text.count(said) == 1
    assert f"Each of these 3 {said} a0 1, a1 1, a2 1" in text
    assert text.count("b 1 says b.") == 1


def test_what_helps_is_said_for_each_case_where_these_are_few() -> None:
    def fetches(name: str, *remedies: str) -> Finding:
        return finding("parts-not-read", name, Severity.WARNING, remedies=remedies, verdict=Verdict.OK)

    few = [fetches("a", "Shared.", "Do a."), fetches("b", "Shared.", "Do b."), fetches("c", "Shared.", "Do b.")]
    text = " ".join(to_text(scan_of(*few)).split())
    assert "Remedy: Shared. Remedy: a 1: Do a. Remedy: b 1, c 1: Do b." in text
    many = [fetches(name, "Shared.", f"Do {name}.") for name in "abcdefg"]
    text = " ".join(to_text(scan_of(*many)).split())
    assert "Remedy: Shared. Remedy: `licscan why PACKAGE`" in text
    named = [fetches(name, f"Replace {name} by another.") for name in ("left", "right")]
    assert " ".join(to_text(scan_of(*named)).split()).count("Replace") == 1, "what differs in the name alone is one"


def test_in_chinese_no_blank_parts_han_from_han() -> None:
    names = ("@editor/left", "@editor/right")
    told = ("阅读 {name} 的许可证文本。", "请 {name} 的著作权人另行许可。")
    found = [finding("license-review", name, remedies=tuple(one.format(name=name) for one in told)) for name in names]
    scan = scan_of(*found)
    with speaking("zh"):
        (group,) = grouped(scan, found)
        assert as_one(scan, group).remedies == ("阅读上述各组件的许可证文本。", "请上述各组件的著作权人另行许可。")
