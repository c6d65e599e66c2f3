"""The scan as JUnit XML: a suite for the components, and one for each kind of finding."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.compare.fingerprint import fingerprints
from licscan.export.json_format import coverage_object
from licscan.export.places import places_of, subject
from licscan.judge.coverage_words import coverage_words
from licscan.model import (
    Component,
    ComponentKind,
    Conclusion,
    Coverage,
    CoverageCount,
    Finding,
    Scan,
    Verdict,
    coverage_of,
)

_LONG = 4_000
_NO_XML = re.compile("[\ufffe\uffff]")


def render(scan: Scan) -> str:
    """The same bytes for the same scan; ends in a newline.

    A finding that counts for the gate fails: a violation as a failure, an open question as an error. One that is waived
    is skipped; any other passes, and says what it says as output.
    """
    root = ElementTree.Element("testsuites", name=_text(scan.project.name or "licscan"))
    _suite(root, "components", _passing(scan))
    if (suite := root.find("testsuite")) is not None:
        suite.insert(0, _coverage(scan.coverage))
    counted = {id(finding) for finding in scan.counted()}
    groups: dict[str, list[ElementTree.Element]] = {}
    for finding, _fingerprint in fingerprints(scan):
        groups.setdefault(finding.code, []).append(_case(scan, finding, id(finding) in counted))
    for code in sorted(groups):
        _suite(root, code, groups[code])
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _coverage(count: CoverageCount) -> ElementTree.Element:
    """What the shipped packages were judged on, as properties of the suite of components."""
    told = ElementTree.Element("properties")
    for name, value in coverage_object(count).items():
        ElementTree.SubElement(told, "property", name=f"licscan.coverage.{name}", value=str(value))
    return told


def _suite(root: ElementTree.Element, name: str, cases: list[ElementTree.Element]) -> None:
    if not cases:
        return
    counts = {kind: sum(case.find(kind) is not None for case in cases) for kind in ("failure", "error", "skipped")}
    suite = ElementTree.SubElement(root, "testsuite", name=name, tests=str(len(cases)), failures=str(counts["failure"]))
    suite.set("errors", str(counts["error"]))
    suite.set("skipped", str(counts["skipped"]))
    suite.extend(cases)


def _passing(scan: Scan) -> list[ElementTree.Element]:
    """The components of which nothing is to be said."""
    told = {finding.purl for finding in scan.findings}
    packages = (one for one in scan.graph.components if one.kind is ComponentKind.PACKAGE and one.purl not in told)
    return [_passed(one, scan.by_purl.get(one.purl)) for one in sorted(packages, key=lambda one: one.purl)]


def _passed(one: Component, conclusion: Conclusion | None) -> ElementTree.Element:
    """A component that passes; on what, where its texts were not read."""
    name = _text(f"{one.name}@{one.version or '?'}")
    case = ElementTree.Element("testcase", classname=_text(one.ecosystem), name=name)
    if coverage_of(conclusion) is not Coverage.TEXTS:
        said = _("Judged on: {what}").format(what=coverage_words(conclusion))
        ElementTree.SubElement(case, "system-out").text = _text(said)
    return case


def _case(scan: Scan, finding: Finding, counts: bool) -> ElementTree.Element:
    on = f" [{finding.surface}]" if finding.surface else ""
    case = ElementTree.Element("testcase", classname=finding.code, name=_text(subject(scan, finding) + on))
    message = _text(finding.message)
    if finding.waiver:
        ElementTree.SubElement(case, "skipped", message=_text(finding.waiver))
    elif counts:
        kind = "failure" if finding.verdict is Verdict.VIOLATION else "error"
        ElementTree.SubElement(case, kind, message=message, type=finding.code).text = _details(scan, finding)
    else:
        ElementTree.SubElement(case, "system-out").text = f"{message}\n{_details(scan, finding)}"
    return case


def _details(scan: Scan, finding: Finding) -> str:
    """Why, what to do, from where and in which files; one a line."""
    lines = [finding.why, *(f"- {remedy}" for remedy in finding.remedies), *(" > ".join(one) for one in finding.paths)]
    lines += [str(place) for place in places_of(scan, finding)]
    return "\n".join(_text(line) for line in lines if line)


def _text(text: str) -> str:
    """One line of characters that XML 1.0 can hold."""
    return _NO_XML.sub("\ufffd", one_line(text, _LONG))
