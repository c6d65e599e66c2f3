"""What every reader needs of the document, checked without a browser: languages, headings, names, contrast."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest
from lxml import html

from licscan.model import Scan
from licscan.report import render
from licscan.report.charts import Past
from licscan.report.page import _asset
from licscan.report.signed import signed
from tests.factories import empty_scan, rich_scan, synthetic_scan
from tests.report.test_page import hostile_scan, many_texts
from tests.report.test_signed import ledger_of

PAST = [Past(f"2026-01-0{day}", day, 9 - day, 4, f"2026-01-0{day} 08:00 UTC", day, "0123abcd") for day in range(1, 6)]
SCANS: dict[str, Callable[[], Scan]] = {
    "rich": rich_scan, "hostile": hostile_scan, "empty": empty_scan, "many": lambda: many_texts(60),
    "large": lambda: synthetic_scan(200),
}  # fmt: skip
TEXT = 4.5
GRAPHIC = 3.0


@pytest.fixture(params=SCANS)
def page(request: pytest.FixtureRequest) -> html.HtmlElement:
    scan = SCANS[request.param]()
    return html.document_fromstring(render(scan, PAST, "en", None, signed(scan, ledger_of(scan), date(2026, 5, 1))))


def test_every_part_names_its_language(page: html.HtmlElement) -> None:
    assert page.get("lang") == "en"
    for one in page.xpath("//*[@class='en' or @class='zh'][normalize-space(translate(., '：；、', ''))]"):
        if one.text_content().strip(":;, ：、"):
            assert one.get("lang") == {"en": "en", "zh": "zh-Hans"}[one.get("class")], html.tostring(one)


def test_headings_leave_out_no_level(page: html.HtmlElement) -> None:
    levels = [int(one.tag[1]) for one in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [(one, other) for one, other in pairwise(levels) if other > one + 1] == []


def test_every_field_and_picture_has_a_name(page: html.HtmlElement) -> None:
    for field in page.iter("input", "select"):
        labels = page.xpath("//label[@for=$name]", name=field.get("id") or "")
        assert labels or next(field.iterancestors("label"), None) is not None, html.tostring(field)
    for button in page.iter("button"):
        assert button.text_content().strip() or button.get("aria-label")
    for drawn in page.iter("svg"):
        named = (drawn.get("aria-labelledby") or "").split()
        assert drawn.get("aria-hidden") == "true" or named or _is_hidden(drawn), html.tostring(drawn)
        assert all(page.xpath("//*[@id=$name]", name=name) for name in named)


def _is_hidden(node: html.HtmlElement) -> bool:
    return any(one.get("aria-hidden") == "true" for one in node.iterancestors())


def test_ids_are_unique_and_every_link_leads_somewhere(page: html.HtmlElement) -> None:
    ids = Counter(page.xpath("//@id"))
    assert [name for name, count in ids.items() if count > 1] == []
    for link in page.xpath("//a[@href]"):
        assert link.get("href").startswith("#")
        if link.get("data-row") is None:
            assert link.get("href")[1:] in ids
        else:
            assert link.get("href").startswith("#pkg:")
    for name in page.xpath("//@aria-labelledby"):
        assert set(name.split()) <= set(ids)


def test_heads_of_tables_say_what_they_are_the_head_of(page: html.HtmlElement) -> None:
    assert [html.tostring(one) for one in page.iter("th") if one.get("scope") not in ("col", "row")] == []
    assert all(table.xpath("./thead//th[@scope='col']") for table in page.iter("table"))


def test_places_of_findings_are_the_same_in_both_languages_and_with_other_findings() -> None:
    scan = rich_scan()
    anchors = re.compile(r'<article class="group [a-z]+" id="(f-[0-9a-f-]+)"')
    assert anchors.findall(render(scan)) == anchors.findall(render(scan, language="zh"))
    assert len(set(anchors.findall(render(many_texts(3))))) == 1


def variables(scheme: str) -> dict[str, str]:
    """The colors of a scheme by their names."""
    css = _asset("report.css")
    light, dark = re.findall(r":root \{(.*?)\n *\}", css, re.DOTALL)[:2]
    told = light if scheme == "light" else light + dark
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,8});", told))


def luminance(color: str) -> float:
    """As WCAG 2.2 defines it."""
    digits = color[1:] if len(color) == 7 else "".join(2 * one for one in color[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Of two colors, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "soft", "accent", "no", "unknown", "ok"])
@pytest.mark.parametrize("behind", ["paper", "raised"])
def test_words_have_contrast(scheme: str, ink: str, behind: str) -> None:
    found = variables(scheme)
    assert contrast(found[ink], found[behind]) >= TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["no", "unknown", "ok"])
def test_the_answer_has_contrast(scheme: str, name: str) -> None:
    found = variables(scheme)
    assert contrast(found[name], found[f"{name}-bg"]) >= TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_and_lines_of_charts_have_contrast(scheme: str) -> None:
    found = variables(scheme)
    for name in ("control", "no", "unknown"):
        assert contrast(found[name], found["paper"]) >= GRAPHIC
