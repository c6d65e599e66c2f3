"""The document as bytes: what it answers, both languages, nothing scanned that could act, the same bytes again."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from licscan.base.messages import current_language, speaking, use_language
from licscan.base.terms import RELATIONSHIPS, clause_words
from licscan.cli import cli
from licscan.export.cells import SHEETS
from licscan.export.states import STATE_WORDS, STATES
from licscan.law import vocabulary as terms
from licscan.model import Component, ComponentKind, Finding, Location, Scan, Scope, Severity, Verdict
from licscan.model.surface import Judgement
from licscan.report import render
from licscan.report.answer import answers, blocking, deciding, groups, noted
from licscan.report.bilingual import Both
from licscan.report.charts import Past, class_bars, history, licenses
from licscan.report.classes import class_of
from licscan.report.naming import evidence_place
from licscan.report.owed import left_out
from licscan.report.page import _page_heads
from licscan.report.rows import script_json, table
from licscan.report.summary import facts
from licscan.store import save
from tests.factories import COPYLEFT, LEFT, empty_scan, rich_scan, synthetic_scan

PARTS = ["ship", "blocks", "owe", "decide", "glance", "content", "components", "waived", "basis", "sign"]


def text_of(document: str, part: str, language: str = "en") -> str:
    """What a reader of a language reads in a part, without the other language."""
    (section,) = html.fromstring(document).xpath(f"//section[@id='{part}']")
    for other in section.xpath(f".//span[@class='{'zh' if language == 'en' else 'en'}']"):
        other.drop_tree()
    for cell in section.iter("th", "td", "h3"):
        cell.tail = f" {cell.tail or ''}"
    return " ".join(section.text_content().split())


def test_the_parts_come_in_the_order_of_the_questions() -> None:
    page = html.fromstring(render(rich_scan()))
    assert page.xpath("//main/section/@id") == PARTS
    assert page.xpath("//nav//a/@href") == [f"#{name}" for name in PARTS]
    labels = page.xpath("//main/section/@aria-labelledby")
    assert all(page.xpath(f"//*[@id='{label}']") for label in labels)


@pytest.mark.parametrize(
    ("language", "told"), [("en", "May not ship as it is."), ("zh", "不得以现有形态交付。")]
)  # fmt: skip
def test_the_answer_comes_first_in_both_languages(language: str, told: str) -> None:
    assert told in text_of(render(rich_scan()), "ship", language)


def test_what_blocks_has_its_path_and_remedies() -> None:
    scan = rich_scan()
    told = text_of(render(scan), "blocks")
    (finding, *_) = blocking(scan, Verdict.VIOLATION)
    assert finding.message in told
    assert all(remedy in told for remedy in finding.remedies)
    assert "chat-server › left › @deep/copyleft" in told


def test_every_finding_is_in_one_part_only() -> None:
    scan = rich_scan()
    blocks = [one for verdict in Verdict for one in blocking(scan, verdict)]
    waived = [one for one in scan.findings if one.waiver]
    parted = [*blocks, *deciding(scan), *noted(scan), *waived]
    assert sorted(map(repr, parted)) == sorted(map(repr, scan.findings))


def test_what_is_waived_stands_apart() -> None:
    document = render(rich_scan())
    (waived,) = [one for one in rich_scan().findings if one.waiver]
    assert waived.message in text_of(document, "waived")
    assert waived.waiver in text_of(document, "waived")
    assert waived.message not in text_of(document, "blocks")


def test_a_finding_without_a_surface_counts_where_its_component_is() -> None:
    finding = Finding("license-missing", Severity.ERROR, Verdict.VIOLATION, LEFT, "left says nothing")
    other = replace(finding, purl=COPYLEFT, verdict=Verdict.CANNOT_TELL)
    scan = replace(rich_scan(), findings=(finding, other))
    assert [(one.name, one.verdict, one.violations, one.unknown) for one in answers(scan)] == [
        ("server", Verdict.VIOLATION, 1, 1),
        ("web", Verdict.VIOLATION, 1, 0),
    ]


def test_duties_are_listed_for_each_surface() -> None:
    told = text_of(render(rich_scan()), "owe")
    assert "MIT, 6" in told
    assert "server" in told
    assert "web" in told


def test_nothing_found_is_said_calmly() -> None:
    document = render(empty_scan())
    assert "Nothing blocks." in text_of(document, "blocks")
    assert "No duties." in text_of(document, "owe")


def test_the_same_scan_gives_the_same_bytes_whatever_is_spoken() -> None:
    past = [Past("2026-01-01", 2, 3, 4), Past("2026-02-01", 1, 3, 4)]
    first = render(rich_scan(), past)
    use_language("zh")
    assert render(rich_scan(), past) == first
    assert current_language() == "zh"


def test_the_policy_names_our_script_and_style_by_digest_and_allows_no_request() -> None:
    document = render(rich_scan())
    (policy,) = html.fromstring(document).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; ")
    for tag in ("script", "style"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", document, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", document)
    assert not re.search(r"\s(?:style|on\w+)=", document.partition("</style>")[2].partition("<script")[0])


@given(st.text())
def test_json_inside_a_script_tag_ends_nothing(text: str) -> None:
    made = script_json([text, "</script><!--"])
    assert not set("<>&\u2028\u2029") & set(made)


HOSTILE = "<script>alert(1)</script>\u202e"


def hostile_scan() -> Scan:
    """A scan in which every name and text of the copyleft package is markup."""
    scan = rich_scan()
    bad = [replace(one, name=HOSTILE, version="<b>1") for one in scan.graph.components if one.purl == COPYLEFT]
    rest = [one for one in scan.graph.components if one.purl != COPYLEFT]
    told = [
        replace(one, evidence=tuple(replace(e, raw='<img src=x onerror="alert(2)"></script>') for e in one.evidence))
        for one in scan.conclusions
    ]
    found = [replace(one, message=f"{HOSTILE} {one.message}", why=HOSTILE) for one in scan.findings]
    graph = replace(scan.graph, components=tuple(sorted([*bad, *rest], key=lambda one: one.purl)))
    project = replace(scan.project, name="<h1>chat</h1>")
    return replace(scan, graph=graph, conclusions=tuple(told), findings=tuple(found), project=project)


def test_what_was_scanned_is_never_markup() -> None:
    document = render(hostile_scan())
    page = html.fromstring(document)
    assert len(page.xpath("//script")) == 4
    assert not page.xpath("//img")
    assert len(page.xpath("//h1")) == 1
    assert "\u202e" not in document


def test_classes_take_the_freest_of_an_or_and_the_strictest_of_an_and() -> None:
    told = {text: class_of(text) for text in ("MIT OR GPL-3.0-only", "MIT AND GPL-3.0-only", "NOASSERTION", "OFL-1.1")}
    assert list(told.values()) == ["free", "strong", "unknown", "content"]


def test_one_scan_alone_draws_no_line() -> None:
    assert history([Past("2026-01-01", 1, 1, 1)]).lines == ()
    chart = history([Past("2026-01-01", 4, 1, 1), Past("2026-01-02", 0, 2, 1)])
    assert chart.lines[0].points == "0.0,0.0 640.0,160.0"


@pytest.mark.parametrize("most", [0, 1, 4, 5, 46, 99, 1_204])
@pytest.mark.parametrize("scans", [2, 3, 9, 30])
def test_axes_have_a_few_numbers_and_dates_and_hold_every_point(most: int, scans: int) -> None:
    past = [Past(f"2026-01-{place:02}", most if place == 1 else 0, 0, 1) for place in range(1, scans + 1)]
    chart = history(past)
    heights = [height for height, _count in chart.ticks]
    numbers = [count for _height, count in chart.ticks]
    assert numbers[0] == 0
    assert numbers[-1] >= most
    assert 2 <= len(numbers) <= 5
    assert heights == sorted(heights, reverse=True)
    assert heights[-1] == 0
    assert all(0 <= y <= heights[0] for line in chart.lines for _x, y, _count in line.dots)
    assert 2 <= len(chart.days) <= 6
    assert (chart.days[0][1], chart.days[-1][1]) == (past[0].day, past[-1].day)


def test_the_command_writes_the_stored_scan_with_its_history(tmp_path: Path) -> None:
    database = tmp_path / "scans.db"
    for day in ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"):
        save(rich_scan(), database, day)
    out = tmp_path / "out.html"
    result = CliRunner().invoke(cli, ["report", str(tmp_path), "--db", str(database), "--scan", "2", "-o", str(out)])
    assert result.exit_code == 0, result.output
    document = out.read_text()
    assert "2026-02-01 00:00 UTC, scan 2" in document
    assert "2026-01-01" in text_of(document, "glance")
    printed = CliRunner().invoke(cli, ["report", str(tmp_path), "--db", str(database), "--scan", "2", "-o", "-"])
    assert printed.output == document


def test_the_workbook_is_the_exporters(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    database = tmp_path / "scans.db"
    save(rich_scan(), database)
    out = tmp_path / "out.xlsx"
    arguments = ["report", str(tmp_path), "--db", str(database), "--scan", "1", "--format", "xlsx", "-o", str(out)]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    assert out.read_bytes().startswith(b"PK")


def rows_of(scan: Scan) -> dict[str, str]:
    """The state of each row of the list by the component's name."""
    made = json.loads(table(scan).rows)
    return {row[0]: made["states"][row[-2]] for row in made["rows"]}


def about_left(severity: Severity, verdict: Verdict, waiver: str = "") -> Scan:
    """A scan with one finding, about a package that may be used."""
    finding = Finding("license-review", severity, verdict, LEFT, "left is to be looked at", waiver=waiver)
    return replace(rich_scan(), findings=(finding,))


@pytest.mark.parametrize(
    ("severity", "verdict", "waiver", "state"),
    [
        (Severity.NOTE, Verdict.OK, "", "ok"),
        (Severity.WARNING, Verdict.OK, "", "decide"),
        (Severity.WARNING, Verdict.CANNOT_TELL, "", "unknown"),
        (Severity.ERROR, Verdict.VIOLATION, "", "no"),
        (Severity.ERROR, Verdict.VIOLATION, "counsel, until 2027", "waived"),
    ],
)
def test_a_row_with_an_open_question_never_says_that_nothing_is_open(
    severity: Severity, verdict: Verdict, waiver: str, state: str
) -> None:
    assert rows_of(about_left(severity, verdict, waiver))["left"] == state


def test_a_ruling_without_a_finding_and_a_license_that_nobody_knows_are_open() -> None:
    scan = replace(rich_scan(), findings=())
    asked = [replace(one, ruling="review") if one.purl == LEFT else one for one in scan.judgements]
    assert rows_of(scan)["left"] == "ok"
    assert rows_of(replace(scan, judgements=tuple(asked)))["left"] == "unknown"
    nameless = [replace(one, concluded="NOASSERTION") if one.purl == LEFT else one for one in scan.conclusions]
    assert rows_of(replace(scan, conclusions=tuple(nameless)))["left"] == "unknown"


def test_rows_come_from_the_worst_state_down() -> None:
    states = list(rows_of(rich_scan()).values())
    assert states == sorted(states, key=STATES.index, reverse=True)


def test_what_is_refused_is_not_called_undecided() -> None:
    told = text_of(render(rich_scan()), "owe")
    assert "Must not be used Not decided yet With parts that may bring duties server 1 1 0" in told
    assert next((one.surface, one.refused) for one in left_out(rich_scan())) == ("server", 1)


def many_texts(count: int) -> Scan:
    """So many packages whose license text is missing, under two licenses, each with a message of its own."""
    scan = synthetic_scan(count)
    found = []
    for place, one in enumerate(scan.graph.components):
        if one.kind is ComponentKind.PACKAGE:
            told = f"{one.name} {one.version} has no text ({place})."
            found.append(Finding("missing-license-text", Severity.WARNING, Verdict.OK, one.purl, told))
    return replace(scan, findings=tuple(found))


def test_findings_of_one_decision_are_one_entry_with_packages_by_license() -> None:
    scan = many_texts(46)
    rows = table(scan).order
    (group,) = groups(scan, deciding(scan), rows)
    (entry,) = group.entries
    assert (group.count, entry.subjects) == (1, 46)
    assert sum(len(names) for _license, names in entry.packages) == 46
    assert [len(names) for _license, names in entry.packages] == sorted(
        (len(names) for _license, names in entry.packages), reverse=True
    )
    assert "Packages: 46" in text_of(render(scan), "decide")


def test_remedies_of_one_decision_name_no_single_package() -> None:
    scan = many_texts(5)
    found = [
        replace(one, remedies=(f"Replace {scan.graph.by_purl[one.purl or ''].name} by another one.",))
        for one in scan.findings
    ]
    (group,) = groups(replace(scan, findings=tuple(found)), found, {})
    assert [one.en for one in group.remedies] == ["Replace each of them by another one."]
    (alone,) = groups(replace(scan, findings=tuple(found)), found[:1], {})
    assert [one.en for one in alone.remedies] == list(found[0].remedies)


def test_what_is_not_shipped_is_counted_apart() -> None:
    scan = rich_scan()
    dev = [replace(one, relationship="dev-tool") if one.purl == LEFT else one for one in scan.judgements]
    before = {one.name: one.packages for one in answers(scan)}
    after = {one.name: one.packages for one in answers(replace(scan, judgements=tuple(dev)))}
    assert all(after[name] == count - 1 for name, count in before.items())


def with_content_and_parts() -> Scan:
    """A scan with a group of content, a part inside a package, and a tool that its scopes alone call shipped."""
    scan = rich_scan()
    content = Component("pkg:generic/content/bells", "bells", None, "content", ComponentKind.CONTENT, content="audio")
    inside = Component("pkg:cargo/inside@1.0.0", "inside", "1.0.0", "cargo", embedded="present")
    types = Component("pkg:npm/types@1.0.0", "types", "1.0.0", "npm", scopes=(Scope.RUNTIME,))
    told = [Judgement("server", content.purl, "bundled-media", "ok", "CC-BY-4.0"),
            Judgement("server", inside.purl, "static-link", "ok", "MIT"),
            Judgement("server", types.purl, "build-tool", "ok", "MIT")]  # fmt: skip
    components = tuple(sorted((*scan.graph.components, content, inside, types), key=lambda one: one.purl))
    graph = replace(scan.graph, components=components)
    return replace(scan, graph=graph, judgements=(*scan.judgements, *told))


@pytest.mark.parametrize("made", [rich_scan, with_content_and_parts, empty_scan, lambda: synthetic_scan(30)])
def test_every_place_counts_the_same_packages_as_shipped(made: Callable[[], Scan]) -> None:
    scan = made()
    listed = json.loads(table(scan).rows)
    kinds = [listed["kinds"][row[7]] for row in listed["rows"] if row[-1]]
    figures = {words.en: count for words, count in facts(scan)}
    most, others = licenses(scan)
    assert others == 0
    names, rows = SHEETS["Components"]
    exported = [dict(zip(names, row, strict=True)) for row in rows(scan)]
    purls = {row[2] for row in listed["rows"] if row[-1] and listed["kinds"][row[7]] == "package"}
    assert {one["PackageURL"] for one in exported if one["Shipped"] == "yes"} >= purls
    assert (
        figures["Shipped packages"]
        == kinds.count("package")
        == scan.coverage.shipped
        == sum(one.count for one in most)
        == len(purls)
    )
    assert figures.get("Shipped groups of content", 0) == kinds.count("content")
    assert figures.get("Parts inside them, copied code", 0) == kinds.count("inside")
    names, rows = SHEETS["Surfaces"]
    told = {row[0]: dict(zip(names, row, strict=True)) for row in rows(scan)}
    bars = {bar.name: dict(bar.kinds) for bar in class_bars(scan)}
    for one in answers(scan):
        assert one.packages == bars.get(one.name, {}).get("package", 0) == int(told[one.name]["Shipped packages"])
        assert sum(bars.get(one.name, {}).values()) == int(told[one.name]["Components"])


def test_a_list_and_a_spreadsheet_call_a_state_by_the_same_name() -> None:
    names, rows = SHEETS["Components"]
    told = {row[0]: dict(zip(names, row, strict=True))["State"] for row in rows(rich_scan())}
    assert told == {name: STATE_WORDS[state] for name, state in rows_of(rich_scan()).items()}


@pytest.mark.parametrize("threshold", [Severity.ERROR, None])
def test_what_was_not_judged_gets_no_all_clear(threshold: Severity | None) -> None:
    scan = rich_scan() if threshold is None else empty_scan()
    scan = replace(scan, findings=(), threshold=threshold)
    told = text_of(render(scan), "ship")
    assert ("No verdict" if threshold is None else "Nothing to judge: no packages were found.") in told
    assert "May ship" not in told.partition("Duties")[0]
    assert "✓" not in told


def test_remedies_that_help_some_are_told_where_none_helps_all() -> None:
    scan = many_texts(5)
    found = [replace(one, remedies=(f"Do {place}.",)) for place, one in enumerate(scan.findings)]
    (group,) = groups(replace(scan, findings=tuple(found)), found, {})
    assert [one.en for one in group.remedies] == [f"Do {place}." for place in range(5)]


def test_the_same_finding_on_two_surfaces_is_one_entry_with_both_reasons() -> None:
    finding = Finding("license-conflict", Severity.ERROR, Verdict.VIOLATION, LEFT, "left may not be used", "one.")
    found = [replace(finding, surface="server"), replace(finding, surface="web", why="another.")]
    (group,) = groups(replace(rich_scan(), findings=tuple(found)), found, {})
    (entry,) = group.entries
    (one,) = entry.findings
    assert one.surfaces == ("server", "web")
    assert [why.en for why in one.whys] == ["one.", "another."]


def test_sentences_show_commands_as_code_and_no_markup_of_others() -> None:
    told = Both("Run `licscan verify A` and name a [[component]] <b>", "运行 `licscan verify A` <b>").__html__()
    assert "<code>licscan verify A</code>" in told
    assert "<code>[[component]]</code>" in told
    assert "<b>" not in told
    assert "`" not in told


@pytest.mark.parametrize(
    ("path", "line", "told"),
    [
        ("/home/a/.npm/_cacache/content-v2/sha512/ab/cd/ef01/LICENSE", 5, "LICENSE:5 in left-2.1.0.tgz"),
        ("https://registry.example/left/-/left-2.1.0.tgz/LICENSE", None, "LICENSE in left-2.1.0.tgz"),
        ("/opt/py/lib/python3.12/site-packages/left/LICENSE", 1, "site-packages/left/LICENSE:1"),
        ("node_modules/left/LICENSE", 3, "node_modules/left/LICENSE:3"),
        ("/var/cache/thing/LICENSE", None, "LICENSE in left"),
    ],
)
def test_evidence_is_named_whatever_machine_keeps_it(path: str, line: int | None, told: str) -> None:
    assert evidence_place(rich_scan().graph.by_purl[LEFT], Location(path, line, line)) == told


@pytest.mark.parametrize(
    ("asked", "chinese"),
    [
        ("BSD-3-Clause, condition 2", "BSD-3-Clause，条件 2"),
        ("BSD-3-Clause, conditions 2, 3", "BSD-3-Clause，条件 2, 3"),
        ("MIT, notice paragraph", "MIT，声明段落"),
        ("Apache-2.0, 4(a)", "Apache-2.0, 4(a)"),
        ("MIT", "MIT"),
    ],
)
def test_clauses_are_told_in_the_language_of_the_report(asked: str, chinese: str) -> None:
    with speaking("en"):
        assert clause_words(asked) == asked
    with speaking("zh"):
        assert clause_words(asked) == chinese


def test_every_relationship_has_words() -> None:
    assert set(RELATIONSHIPS) == set(terms.RELATIONSHIPS)


def test_the_head_names_the_commit_the_scan_and_the_versions() -> None:
    past = [Past("2026-03-04", 0, 0, 1, "2026-03-04 05:06 UTC", 7, "0123abcd+")]
    document = render(rich_scan(), past)
    (head,) = html.fromstring(document).xpath("//header")
    told = " ".join(head.text_content().split())
    for part in ("2026-03-04 05:06 UTC, scan 7", "0123abcd, with changes that were not committed", "licscan 0.1.0"):
        assert part in told
    assert "licscan 0.1.0 licenses.json 2026-01-01 policy.toml 1" in text_of(document, "basis")


@given(st.text())
def test_no_name_ends_the_head_of_a_printed_page(name: str) -> None:
    made = _page_heads(replace(rich_scan(), project=replace(rich_scan().project, name=name)))
    content = made.partition('content: "')[2].partition('"')[0]
    assert re.fullmatch(r"(?:\\[0-9a-f]+ )*", content)
