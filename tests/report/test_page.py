"""The document as bytes: what it answers, both languages, nothing scanned that could act, the same bytes again."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from licscan.base.messages import current_language, use_language
from licscan.cli import cli
from licscan.model import Finding, Scan, Severity, Verdict
from licscan.report import render
from licscan.report.answer import answers, blocking, deciding, noted
from licscan.report.charts import Past, history
from licscan.report.classes import class_of
from licscan.report.rows import script_json
from licscan.store import save
from tests.factories import COPYLEFT, LEFT, empty_scan, rich_scan

PARTS = ["ship", "blocks", "owe", "decide", "glance", "content", "components", "waived", "basis"]


def text_of(document: str, part: str, language: str = "en") -> str:
    """What a reader of a language reads in a part, without the other language."""
    (section,) = html.fromstring(document).xpath(f"//section[@id='{part}']")
    for other in section.xpath(f".//span[@class='{'zh' if language == 'en' else 'en'}']"):
        other.drop_tree()
    return " ".join(section.text_content().split())


def test_the_parts_come_in_the_order_of_the_questions() -> None:
    page = html.fromstring(render(rich_scan()))
    assert page.xpath("//main/section/@id") == PARTS
    assert page.xpath("//nav//a/@href") == [f"#{name}" for name in PARTS]
    labels = page.xpath("//main/section/@aria-labelledby")
    assert all(page.xpath(f"//*[@id='{label}']") for label in labels)


@pytest.mark.parametrize(
    ("language", "told"), [("en", "May not ship as it is."), ("zh", "不能按现状交付。")]
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
    assert "Nothing is owed." in text_of(document, "owe")


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
    assert numbers[0] == 0 and numbers[-1] >= most and 2 <= len(numbers) <= 5
    assert heights == sorted(heights, reverse=True) and heights[-1] == 0
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
