"""The report for people: the answer first, short at any size, harmless on any terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from rich.cells import cell_len
from rich.console import Console

from licscan.export import EXPORTERS, licenses, screen, table
from licscan.export.states import shipped
from licscan.model import (
    Component,
    ComponentKind,
    Finding,
    Graph,
    InputFile,
    Location,
    Problem,
    Project,
    Scan,
    Severity,
    Verdict,
)
from tests.factories import LEFT, ROOT, empty_scan, rich_scan, synthetic_scan
from tests.store.strategies import scans


def console(file: io.StringIO, width: int, **settings: object) -> Console:
    """A terminal without color."""
    asked = {"force_terminal": True, "color_system": None, **settings}
    return Console(file=file, width=width, highlight=False, **asked)  # type: ignore[arg-type]


def shown(scan: Scan, width: int = 80, **settings: object) -> str:
    file = io.StringIO()
    table.render(scan, console(file, width, **settings))
    return file.getvalue()


def first_screen(scan: Scan, width: int = 80, **asked: Any) -> str:
    file = io.StringIO()
    screen.render(scan, console(file, width), **asked)
    return file.getvalue()


class TestAnswer:
    def test_a_violation(self):
        assert shown(rich_scan()).startswith(
            "chat: May not ship as it is: 1 violation and 2 open questions among 4 packages"
        )

    def test_an_open_question_never_looks_like_yes(self):
        scan = rich_scan()
        scan = replace(scan, findings=tuple(f for f in scan.findings if f.verdict is not Verdict.VIOLATION))
        assert "Cannot tell whether it may ship: 2 open questions among 4 packages and 2" in shown(scan)

    def test_nothing_found(self):
        assert "Nothing that blocks shipping was found among 4 packages and 2" in shown(
            replace(rich_scan(), findings=())
        )

    def test_no_packages_is_not_a_yes(self):
        assert "Nothing to judge: no packages were found." in shown(empty_scan())

    def test_what_is_waived_is_shown_apart(self):
        text = shown(rich_scan())
        assert "Waived (1)\n  license-review: left 2.1.0 is to be looked at" in text
        assert "    legal-opinion, says Ada, until 2027-01-31" in text
        assert text.count("license-review") == 1

    def test_no_threshold_is_not_a_yes(self):
        text = shown(replace(rich_scan(), threshold=None))
        assert "No verdict: no severity is set to count. 4 packages and 2 files of content" in text


def test_the_whole_report():
    text = EXPORTERS["table"](rich_scan())
    parts = [
        "every package is shipped on-premise",
        "Error: copyleft-shipped",
        "GPL-3.0 section 5(c)",
        "@deep/copyleft 3.0.0  GPL-3.0-only or GPL-3.0-or-later?  runtime  chat-server",
        "Remedy: replace the package",
        "Error: license-unknown",
        "Warning: lock-out-of-date",
        "Note: missing-license-text",
        "pkg:npm/loose: not installed",
        "package-lock.json (v3): 3 of 4 entries",
        "poetry.lock: 1 of 1 entry",
        "2  unknown",
        "licscan why",
        "not legal advice",
    ]
    assert [text.find(part) for part in parts] == sorted(text.find(part) for part in parts)
    assert -1 not in [text.find(part) for part in parts]


def test_nothing_is_left_out_of_the_whole():
    text = shown(synthetic_scan(1700))
    assert "Error: copyleft-shipped (170)" in text
    assert text.count("GPL-3.0-only  runtime") == 170
    assert "more" not in text.replace("Read more", "")
    assert text.count("Remedy: replace the package") == 2


@pytest.mark.parametrize("packages", [40, 1_000, 5_000])
def test_a_screen_is_a_screen_however_much_was_found(packages: int):
    text = first_screen(synthetic_scan(packages))
    assert len(text.splitlines()) < 60
    assert "Error: copyleft-shipped" in text
    assert "licscan findings copyleft-shipped" in text
    assert "licscan why " in text
    assert "not legal advice" in text


def test_what_is_said_of_files_stands_apart_from_what_is_said_of_packages():
    """One file is one decision; a package is no example of a sentence about its list."""
    said = ((None, "a.txt: 1 package is missing: one"), (None, "a.txt: 1 package of a test is missing: two"),
            (LEFT, "left is required, but its version is unknown."))  # fmt: skip
    place = (Location("a.txt"),)
    told = [
        Finding("dependency-unresolved", Severity.ERROR, Verdict.CANNOT_TELL, purl, sentence, locations=place)
        for purl, sentence in said
    ]
    text = first_screen(replace(rich_scan(), findings=tuple(told)), 100)
    assert [text.count(finding.message) for finding in told] == [1, 1, 1]


def test_a_long_list_is_cut_between_its_items():
    names = ", ".join(f"package-{number} (for library-{number})" for number in range(20))
    message = f"a.txt: 20 packages are missing: {names}"
    found = Finding("dependency-unresolved", Severity.ERROR, Verdict.CANNOT_TELL, None, message)
    text = " ".join(first_screen(replace(rich_scan(), findings=(found,)), 100).split())
    assert re.search(r"\(for library-\d+\), …", text)


def test_a_screen_counts_what_it_does_not_show():
    scan = synthetic_scan(1_000)
    text = first_screen(scan)
    assert "Findings: 200 errors." in text
    assert "Error: copyleft-shipped (100)\n" in text
    assert re.search(r"[\w-]+ [\d.]+ and 97 more\n", text)
    head = first_screen(scan, summary=True)
    assert text.startswith(head)
    assert "copyleft-shipped" not in head
    assert "Findings: " in head
    loud = first_screen(rich_scan(), least=Severity.ERROR)
    assert "missing-license-text" in first_screen(rich_scan())
    assert "missing-license-text" not in loud
    assert "1 note" in loud


def test_nothing_is_cut_where_there_is_no_terminal():
    scan = with_findings(said_of(["a-package-with-a-name-that-no-terminal-of-forty-columns-holds"], "is under X."))
    file = io.StringIO()
    table.render(scan, Console(file=file, width=40, highlight=False))
    assert "    a-package-with-a-name-that-no-terminal-of-forty-columns-holds 1  unknown\n" in file.getvalue()
    assert "holds 1  unknown" not in shown(scan, 40)


def test_what_ships_comes_before_what_does_not():
    rows = [line for line in shown(synthetic_scan(40), 100).splitlines() if line.startswith("    package-")]
    assert [line.split()[3] for line in rows] == ["runtime"] * 6 + ["dev"] * 2


@pytest.mark.parametrize("width", [40, 80, 132])
def test_rows_fit_the_width(width):
    for scan in (rich_scan(), synthetic_scan(300)):
        assert max(map(cell_len, shown(scan, width).splitlines())) <= width


def test_paths_are_abbreviated_in_the_middle():
    names = ["root", "first", "second", "the-last-parent", "culprit"]
    purls = tuple(f"pkg:npm/{name}@1" for name in names)
    graph = Graph(purls[:1], tuple(Component(p, n, "1", "npm") for p, n in zip(purls, names, strict=True)))
    finding = Finding("c", Severity.ERROR, Verdict.VIOLATION, purls[-1], "m", paths=(purls,))
    scan = replace(empty_scan(), graph=graph, findings=(finding,))
    assert "root › first › second › the-last-parent\n" in shown(scan, 80)
    assert "root › first › … › the-last-parent\n" in shown(scan, 62)
    assert "root › first › …\n" in shown(scan, 50)
    assert "root › …\n" in shown(scan, 40)


def test_why_and_message_once_where_they_are_the_same():
    text = shown(synthetic_scan(100))
    assert text.count("Why copyleft-shipped matters") == 1
    assert text.count("GPL-3.0-only covers the whole program") == 1


def said_of(names: Iterable[str], predicate: str) -> tuple[Finding, ...]:
    return tuple(
        Finding("c", Severity.ERROR, Verdict.VIOLATION, f"pkg:npm/{name}@1", f"{name} 1 {predicate}", "why")
        for name in names
    )


def with_findings(findings: tuple[Finding, ...]) -> Scan:
    purls = [finding.purl or "" for finding in findings]
    components = tuple(Component(purl, purl[8:].partition("@")[0], "1", "npm") for purl in purls)
    return replace(empty_scan(), graph=Graph(components=components), findings=findings)


def test_what_is_said_alike_of_several_packages_is_said_once():
    text = shown(with_findings((*said_of("abc", "is under X."), *said_of("d", "is under Y."))))
    assert "Each of these 3 is under X.\n    a 1  unknown\n    b 1  unknown\n    c 1  unknown\n" in text
    assert "  d 1 is under Y.\n    d 1  unknown\n" in text
    assert text.count("is under X.") == 1


def test_a_group_that_says_many_things_shows_each_of_them():
    findings = tuple(f for n in range(12) for f in said_of([f"p{n}-{m}" for m in range(6)], f"is under X{n}."))
    text = shown(with_findings(findings))
    assert "Error: c (72)" in text
    assert text.count("Each of these 6 ") == 12
    assert all(f"    p{n}-{m} 1 " in text for n in range(12) for m in range(6))


def test_names_are_kept_whole_where_the_page_allows():
    name = "a-package-with-a-rather-long-name"
    text = shown(with_findings(said_of([name], "is under X.")))
    assert f"    {name} 1  unknown" in text


def test_whys_that_differ_stand_with_their_rows():
    findings = tuple(
        Finding("c", Severity.ERROR, Verdict.VIOLATION, None, f"message {n}", f"because of {n}") for n in range(3)
    )
    text = shown(replace(empty_scan(), findings=findings))
    assert all(f"message {n}\n    because of {n}\n" in text for n in range(3))


def test_problems_with_the_same_message_are_one_line():
    problems = tuple(Problem("locate", f"pkg:npm/p{n}", "not installed") for n in range(50))
    text = shown(replace(empty_scan(), problems=problems))
    assert "not installed: pkg:npm/p0, pkg:npm/p1" in text
    assert all(f"pkg:npm/p{n}" in text for n in range(50))


def test_incomplete_inputs_come_first():
    files = (
        *(InputFile(f"a{n}/yarn.lock", "yarn.lock", None, 2, 2) for n in range(12)),
        InputFile("z", "uv.lock", "1", 5, 4),
    )
    text = shown(replace(empty_scan(), inputs=files))
    assert text.index("z (uv.lock v1): 4 of 5 entries") < text.index("a0/yarn.lock: 2 of 2 entries")
    assert "a9/yarn.lock" in text


class TestHostileText:
    NAME = "[red]x[/red]\x1b[2J\x9b\u202e\udcff\r\n[link=https://evil.example]"

    def scan(self) -> Scan:
        component = Component(ROOT, self.NAME, "1\x1b", "npm")
        finding = Finding(
            "[b]\x1b", Severity.ERROR, Verdict.VIOLATION, ROOT, self.NAME, self.NAME, remedies=(self.NAME,)
        )
        return Scan(
            "1",
            Project(self.NAME, ".", "MIT", (self.NAME,)),
            Graph(components=(component,)),
            findings=(finding,),
            problems=(Problem("x", self.NAME, self.NAME),),
            inputs=(InputFile(self.NAME, self.NAME, self.NAME, 1, 1),),
        )

    def test_controls_are_shown_not_obeyed(self):
        text = shown(self.scan(), 132)
        assert not set(text) & set("\x1b\x9b\u202e\udcff\r")
        assert "[red]x[/red]\\u001b[2J" in text

    def test_markup_means_nothing(self):
        text = shown(self.scan(), 132, force_terminal=True, color_system="standard")
        assert "evil.example]" in text
        assert "\x1b]8" not in text
        assert "\x1b[31m" not in text

    @settings(max_examples=40, deadline=None)
    @given(scan=scans())
    def test_any_scan_can_be_shown(self, scan):
        text = shown(scan)
        assert "not legal advice" in text
        assert "\x1b" not in text


def test_color_only_on_a_terminal():
    file = io.StringIO()
    table.render(rich_scan(), Console(file=file, width=80, highlight=False))
    assert "\x1b[" not in file.getvalue()
    assert "\x1b[1;31m" in shown(rich_scan(), force_terminal=True, color_system="standard")


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
def test_a_terminal_that_is_not_utf8(encoding):
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    scan = replace(synthetic_scan(200), project=Project("聊天 é \U0001f600", ".", "MIT"))
    screen.render(scan, Console(file=file, width=80, highlight=False))
    file.flush()
    text = file.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
    assert "\\U0001f600" in text
    assert " and 17 more" in " ".join(text.split())


class TestLicenses:
    """The list of licenses against what the scan says is shipped."""

    def scan(self, embedded: str) -> Scan:
        scan = rich_scan()
        inside = Component("pkg:cargo/ring@1", "ring", "1", "cargo", embedded=embedded)
        return replace(scan, graph=replace(scan.graph, components=(*scan.graph.components, inside)))

    @pytest.mark.parametrize(("embedded", "is_shipped"), [("present", True), ("copied", True), ("not-seen", False)])
    def test_what_stands_inside_of_a_package_ships_with_it(self, embedded: str, is_shipped: bool):
        scan = self.scan(embedded)
        listed = {one.name for one in licenses.lines_of(scan, shipped_only=True)}
        assert ("ring" in listed) is is_shipped
        assert ("pkg:cargo/ring@1" in shipped(scan)) is is_shipped

    @given(scans())
    @settings(max_examples=50, deadline=None)
    def test_production_is_what_every_other_list_calls_shipped(self, scan: Scan):
        packages = {one.purl for one in scan.graph.components if one.kind is ComponentKind.PACKAGE}
        assert {one.purl for one in licenses.lines_of(scan, shipped_only=True)} == shipped(scan) & packages

    def test_a_name_is_listed_once_with_its_count(self):
        line = licenses.Line("base64", "1", "MIT", True, "pkg:cargo/base64@1")
        lines = [line, replace(line, version="2"), replace(line, name="left")]
        assert licenses.to_text(lines, packages=False) == "3  MIT  base64 (2), left\n"


class TestNextSteps:
    def test_they_work_from_another_folder(self):
        said = first_screen(rich_scan(), 200, project="web client")
        commands = re.findall(r"`(licscan [^`]+)`", said)
        assert commands
        assert all(one.endswith(" 'web client'") for one in commands)
        assert any("--project" in one for one in commands)
        assert "--project" not in first_screen(rich_scan(), 200)

    def test_a_command_is_never_cut(self):
        project = "a/very/long/way/to/the/project/that/is/scanned"
        said = " ".join(first_screen(rich_scan(), 60, project=project).split())
        assert f"`licscan findings --project {project}`" in said

    def test_why_is_asked_of_packages_of_others(self):
        about_root = Finding("bundled-unknown", Severity.WARNING, Verdict.OK, ROOT, "not stated")
        said = first_screen(replace(rich_scan(), findings=(about_root,)), 200)
        assert "licscan findings bundled-unknown" in said
        assert "licscan why" not in said


def test_parts_known_from_lists_alone_are_counted():
    scan = TestLicenses().scan("present")
    assert scan.coverage.parts == 1
    assert "1 part inside them is known only from a list or its file name." in " ".join(shown(scan).split())
    assert "inside of them" not in shown(TestLicenses().scan("not-seen"))
