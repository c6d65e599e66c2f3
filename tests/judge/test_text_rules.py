"""What license texts give rise to."""

from __future__ import annotations

import pytest

from licscan.conclude.conclusion import conclude
from licscan.judge import Policy, judge
from licscan.model import (
    Claim,
    Component,
    Copyright,
    Evidence,
    EvidenceKind,
    Finding,
    Graph,
    Location,
    Origin,
    PackageFiles,
    Scope,
)

HOLDER = Copyright("LICENSE", 1, "Copyright (c) 2020 Jane Doe", "Jane Doe", "2020")
PURL = "pkg:npm/left@2.1.0"


def text(kind: str, path: str, expression: str | None) -> Evidence:
    name = path.rpartition("/")[2]
    return Evidence(
        EvidenceKind(kind), name, "words", expression, Origin.INSTALLED, Location(path, 3, 9), "text:exact", 1
    )


def findings(
    declared: str | None,
    *texts: Evidence,
    outbound: str = "proprietary",
    scope: Scope = Scope.RUNTIME,
    read: bool = True,
) -> list[Finding]:
    where = Location("package.json", 5)
    claims = (Claim(EvidenceKind.DECLARED, "license", declared, Origin.INSTALLED, where),) if declared else ()
    component = Component(PURL, "left", "2.1.0", "npm", claims=claims, scopes=(scope,), installed_at=("left",))
    licenses = tuple(text.location.path for text in texts if text.kind is EvidenceKind.FILE)
    files = [PackageFiles(Origin.INSTALLED, ".", license_files=licenses)]
    conclusion = conclude(component, files, texts if read else None, (HOLDER,))
    return list(judge(Graph((), (component,)), {PURL: conclusion}, (), Policy()))


def brief(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.severity.value, finding.verdict.value) for finding in found]


MIT = text("file", "LICENSE", "MIT")


def test_a_text_that_agrees_is_no_finding() -> None:
    assert findings("MIT", MIT) == []


def test_a_conflict_between_acceptable_licenses_stops_nothing() -> None:
    (found,) = findings("ISC", MIT)
    assert brief([found]) == [("license-text-conflict", "note", "ok")]
    assert found.message == (
        "The license text of left 2.1.0 does not match what it declares: "
        "ISC is declared, but the text in LICENSE is MIT."
    )
    assert Location("LICENSE", 3, 9) in found.locations


def test_a_conflict_with_copyleft_cannot_be_told() -> None:
    assert brief(findings("MIT", text("file", "LICENSE", "GPL-3.0-only"))) == [
        ("license-review", "warning", "cannot-tell"),
        ("license-text-conflict", "warning", "cannot-tell"),
    ]


def test_a_text_alone_is_a_note() -> None:
    (found,) = findings(None, MIT)
    assert brief([found]) == [("license-undeclared", "note", "ok")]
    assert found.message == "left 2.1.0 declares no license; its text says MIT."


def test_a_license_file_that_nobody_knows_is_no_license() -> None:
    assert brief(findings(None, text("file", "LICENSE", None))) == [("license-ambiguous", "error", "cannot-tell")]
    assert brief(findings(None, text("part", "vendor/LICENSE", "MIT"))) == [
        ("license-missing", "error", "cannot-tell"),
        ("license-parts", "note", "ok"),
    ]


@pytest.mark.parametrize("kind", ["part", "notice", "file"])
def test_parts_under_permissive_licenses_are_a_note(kind: str) -> None:
    (found,) = findings("MIT", MIT, text(kind, "NOTICE", "BSD-3-Clause"), text("part", "x/LICENSE", "MIT"))
    assert brief([found]) == [("license-parts", "note", "ok")]
    assert found.message == "left 2.1.0 has parts under other licenses: BSD-3-Clause."
    assert found.locations == (Location("NOTICE", 3, 9),)


def test_a_restricted_part_is_judged_and_named() -> None:
    found = findings("MIT", MIT, text("part", "vendor/LICENSE", "GPL-3.0-only"))
    assert brief(found) == [("license-review", "warning", "cannot-tell"), ("license-parts", "note", "ok")]
    assert found[0].message == (
        "A part of left 2.1.0 (vendor/LICENSE:3) is under GPL-3.0-only; "
        "if it is shipped, check it against a proprietary product."
    )
    assert brief(findings("MIT", MIT, text("part", "v", "GPL-3.0-only OR MIT"))) == [("license-parts", "note", "ok")]
    of_dev = findings("MIT", MIT, text("part", "v", "GPL-3.0-only"), scope=Scope.DEV)
    assert brief(of_dev) == [("license-parts", "note", "ok")]


def test_parts_that_ask_for_more_than_notices_say_so_once() -> None:
    """Whatever the license of the package: its parts may be shipped, and then their own duties are owed."""
    found = findings("MIT", MIT, text("part", "v/COPYING", "LGPL-3.0-only"), text("part", "w/LICENSE", "MPL-2.0"))
    assert brief(found) == [("license-parts", "note", "ok"), ("parts-duties", "note", "ok")]
    assert found[1].message == (
        "left 2.1.0 has parts under LGPL-3.0-only, MPL-2.0; if they are shipped, they bring more duties: source of the "
        "component (LGPL-3.0-only, 4(d), GPL-3.0 6); source of its files (MPL-2.0, 3.2); replaceable library "
        "(LGPL-3.0-only, 4(d)); reverse engineering allowed (LGPL-3.0-only, 4)."
    )
    assert [place.path for place in found[1].locations] == ["v/COPYING", "w/LICENSE"]
    own = findings("MIT AND MPL-2.0", MIT, text("part", "w/LICENSE", "MPL-2.0"))
    assert "parts-duties" not in {one.code for one in own}


def test_the_texts_below_a_choice_of_parts_ask_for_nothing_more() -> None:
    """A file that offers two licenses holds both of their texts; elsewhere the text of one stands for itself."""
    choice = text("part", "v/LICENSE", "GPL-3.0-only OR MIT")
    found = findings("MIT", MIT, choice, text("part", "v/LICENSE", "GPL-3.0-only"))
    assert brief(found) == [("license-parts", "note", "ok")]
    other = findings("MIT", MIT, choice, text("part", "w/LICENSE", "GPL-3.0-only"))
    assert ("license-review", "warning", "cannot-tell") in brief(other)


def test_many_parts_are_counted() -> None:
    names = [
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BSL-1.0",
        "CC0-1.0",
        "ISC",
        "MIT-0",
        "Unlicense",
        "Zlib",
    ]
    (found,) = findings("MIT", MIT, *(text("part", f"{name}/LICENSE", name) for name in names))
    assert found.message.endswith("ISC, MIT-0 and 2 more.")


def test_a_rider_is_said_and_judged() -> None:
    ridden = text("file", "LICENSE", "Apache-2.0 AND LicenseRef-scancode-commons-clause")
    found = findings("Apache-2.0", ridden)
    assert brief(found) == [
        ("license-review", "warning", "cannot-tell"),
        ("license-rider", "warning", "cannot-tell"),
    ]
    assert "LicenseRef-scancode-commons-clause" in found[1].message


def test_a_missing_text_is_said_where_it_was_looked_for() -> None:
    (found,) = findings("MIT")
    assert brief([found]) == [("missing-license-text", "warning", "ok")]
    assert findings("MIT", read=False) == []
    assert findings("MIT", text("readme", "README.md", "MIT")) == []
    assert findings("0BSD") == []
    assert findings("CC0-1.0") == []
