"""The report in a real Chromium: languages, search, filters, paths, paper, hostile names, five thousand components."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from licscan.model import Scan, Scope
from licscan.model.surface import Judgement, Obligation, Surface
from licscan.report import render
from tests.factories import ROOT, rich_scan, synthetic_scan
from tests.report.test_page import HOSTILE, hostile_scan

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

SHIP = "#ship .verdict"


class Reader:
    """Opens documents in one tab that must stay silent: no error, no message, no dialog, no request."""

    def __init__(self, page: Page, folder: Path):
        self.page, self.folder = page, folder
        self.heard: list[str] = []
        page.on("console", lambda message: self.heard.append(message.text))
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("dialog", lambda dialog: (self.heard.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: self.heard.append(request.url) if "file:" not in request.url else None)

    def open(self, scan: Scan, language: str = "en") -> Page:
        """The report of a scan, ready to be used."""
        file = self.folder / "report.html"
        file.write_text(render(scan, language=language), encoding="utf-8")
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("#body tr")
        return self.page


@pytest.fixture
def reader(browser: Browser, tmp_path: Path) -> Iterator[Reader]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    made = Reader(page, tmp_path)
    yield made
    page.close()
    assert made.heard == []


def names(page: Page) -> list[str]:
    """The components that are listed."""
    return page.locator("#body .opener").all_text_contents()


def listed(page: Page, count: int) -> None:
    """Wait until so many components are listed."""
    from playwright.sync_api import expect

    expect(page.locator("#body .opener")).to_have_count(count)


def big_scan(count: int) -> Scan:
    """So many packages, each with what follows on two surfaces."""
    scan = synthetic_scan(count)
    owed = (Obligation("copyright-notice", "MIT", "notice paragraph"), Obligation("license-text", "MIT"))
    surfaces = (Surface("server", "on-premise", "proprietary", (ROOT,)), Surface("web", "browser", "proprietary"))
    judgements = tuple(
        Judgement(surface.name, one.purl, "dependency", "ok", "MIT", owed, ("Because it may. [MIT]",))
        for surface in surfaces
        for one in scan.graph.components
        if one.purl != ROOT
    )
    return replace(scan, surfaces=surfaces, judgements=judgements)


def test_search_and_filters_narrow_the_list_and_say_so(reader: Reader) -> None:
    page = reader.open(rich_scan())
    assert page.locator("#tally").inner_text() == "4 of 5 components"
    page.get_by_label("Search").fill("MIT left")
    assert names(page) == ["left"]
    assert page.locator("#tally").inner_text() == "1 of 5 components"
    page.get_by_role("button", name="Clear").click()
    listed(page, 5)
    page.get_by_role("combobox", name="Surface").select_option(label="web")
    assert names(page) == ["left"]
    page.get_by_role("combobox", name="Surface").select_option(label="All")
    page.get_by_role("combobox", name="State").select_option(label="May not ship")
    assert names(page) == ["@deep/copyleft"]
    page.get_by_label("Search").fill("nobody")
    assert page.locator("#tally").inner_text() == "No component matches."
    assert page.locator("#list").is_hidden()


def test_columns_sort_and_say_how(reader: Reader) -> None:
    page = reader.open(rich_scan())
    head = page.get_by_role("columnheader", name="Component")
    head.get_by_role("button").click()
    assert names(page) == ["@deep/copyleft", "left", "loose", "mystery"]
    assert head.get_attribute("aria-sort") == "ascending"
    upwards = names(page)
    head.get_by_role("button").click()
    assert names(page) == upwards[::-1]


def test_a_component_opens_with_the_keyboard_to_path_and_evidence(reader: Reader) -> None:
    page = reader.open(rich_scan())
    page.get_by_role("button", name="left", exact=True).focus()
    page.keyboard.press("Enter")
    detail = page.get_by_role("region", name="Details of left 2.1.0")
    told = detail.inner_text()
    assert "chat-server › left" in told
    assert "node_modules/left/LICENSE" in told
    assert "Permission is granted to everybody" in told
    assert page.get_by_role("button", name="left", exact=True).get_attribute("aria-expanded") == "true"
    page.keyboard.press("Enter")
    assert detail.count() == 0


def test_a_finding_leads_to_its_component(reader: Reader) -> None:
    page = reader.open(rich_scan())
    page.get_by_label("Search").fill("nobody")
    page.locator("#blocks .subject a").first.click()
    assert page.evaluate("document.activeElement.textContent") == "@deep/copyleft"
    assert page.locator("#body .detail").count() == 1


def test_the_language_switches_everywhere(reader: Reader) -> None:
    page = reader.open(rich_scan())
    page.get_by_role("button", name="left", exact=True).click()
    page.get_by_role("button", name="简体中文").click()
    assert page.locator(SHIP).inner_text() == "✕ 不得以现有形态交付。"
    assert page.get_by_role("region", name="left 2.1.0 的详情").is_visible()
    assert page.locator("#tally").inner_text() == "5 个组件中的 4 个"
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert "许可证报告" in page.title()
    assert "May we ship?" not in page.locator("body").inner_text()
    page.get_by_role("button", name="English").click()
    assert page.locator(SHIP).inner_text() == "✕ May not ship as it is."


def test_it_opens_in_the_language_that_was_asked_for(reader: Reader) -> None:
    page = reader.open(rich_scan(), "zh")
    assert page.locator(SHIP).inner_text() == "✕ 不得以现有形态交付。"


def test_paper_has_everything_open_and_no_controls(reader: Reader) -> None:
    page = reader.open(big_scan(120))
    assert len(names(page)) == 50
    page.emulate_media(media="print")
    listed(page, 120)
    # long lists of names and the figures of earlier scans stay folded
    assert page.locator("details:not([open]):not(.each)").count() == 0
    for hidden in (".filters", ".pages", ".languages", ".here"):
        assert not page.locator(hidden).first.is_visible()
    page.emulate_media(media="screen")
    listed(page, 50)
    assert page.locator("details[open]").count() == 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def with_tools(count: int) -> Scan:
    """A scan in which every package but the first is a development tool."""
    scan = big_scan(count)
    packages = [one.purl for one in scan.graph.components if one.purl != ROOT]
    tools = set(packages[1:])
    components = tuple(replace(one, scopes=(Scope.DEV,)) if one.purl in tools else one for one in scan.graph.components)
    judged = tuple(replace(one, relationship="dev-tool") if one.purl in tools else one for one in scan.judgements)
    return replace(scan, graph=replace(scan.graph, components=components), judgements=judged)


def test_what_ships_is_listed_first_and_alone_on_paper(reader: Reader) -> None:
    page = reader.open(with_tools(40))
    assert page.locator("#tally").inner_text() == "1 of 41 components"
    page.emulate_media(media="print")
    listed(page, 1)
    page.emulate_media(media="screen")
    page.get_by_role("combobox", name="Shipped").select_option(label="not shipped")
    assert page.locator("#tally").inner_text() == "39 of 41 components"
    page.get_by_role("button", name="Clear").click()
    listed(page, 41)


def test_a_phone_shows_the_state_of_each_component(reader: Reader) -> None:
    page = reader.open(rich_scan())
    page.set_viewport_size({"width": 390, "height": 800})
    for cell in page.locator("#body .c-state").all():
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_duties_can_be_ticked(reader: Reader) -> None:
    page = reader.open(rich_scan())
    boxes = page.locator("#owe input[type=checkbox]")
    boxes.first.check()
    assert boxes.first.is_checked()
    page.emulate_media(media="print")
    assert boxes.first.is_checked()
    assert page.locator(".sign .lines dt").count() == 4


def test_markup_in_what_was_scanned_is_text(reader: Reader) -> None:
    page = reader.open(hostile_scan())
    shown = HOSTILE.replace("\u202e", "\\u202e")
    assert shown in names(page)
    page.locator("#body .opener", has_text="alert(1)").click()
    page.get_by_role("button", name="left", exact=True).click()
    assert 'onerror="alert(2)"' in page.locator("#body .evidence").first.inner_text()
    assert page.locator("#body img, #body script, main h1").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colors_have_contrast(reader: Reader, scheme: str) -> None:
    page = reader.open(rich_scan())
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.locator("#body .opener").first.click()
    assert page.evaluate(CONTRAST) == []


def test_a_phone_needs_no_scrolling_sideways(reader: Reader) -> None:
    page = reader.open(rich_scan())
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_five_thousand_components_are_there_within_a_second(reader: Reader) -> None:
    page = reader.open(big_scan(5_000))
    ready, _start = page.evaluate(
        "[performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd, performance.timeOrigin]"
    )
    assert ready < 1_000
    took = page.evaluate(
        """() => {
            const start = performance.now();
            const field = document.getElementById("search");
            field.value = "gpl";
            field.dispatchEvent(new Event("input", { bubbles: true }));
            document.querySelector('[data-sort="name"]').click();
            document.querySelector("#body .opener").click();
            document.body.offsetHeight;
            return performance.now() - start;
        }"""
    )
    assert page.locator("#tally").inner_text() == "500 of 5,001 components"
    assert took < 1_000


CONTRAST = """() => {
    const parts = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
    const light = (rgb) => rgb.slice(0, 3).map((one) => one / 255)
        .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
        .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = (node) => {
        for (let at = node; at; at = at.parentElement) {
            const color = parts(getComputedStyle(at).backgroundColor);
            if (color.length === 3 || color[3] === 1) return color;
        }
        return [255, 255, 255];
    };
    const poor = [];
    for (const node of document.querySelectorAll("body *")) {
        const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
        if (!own || !node.checkVisibility() || node.matches(":disabled, script, style")) continue;
        const [one, other] = [light(parts(getComputedStyle(node).color)), light(behind(node))].sort((a, b) => b - a);
        if ((one + 0.05) / (other + 0.05) < 4.5) poor.push(`${node.tagName}.${node.className} ${node.textContent.slice(0, 40)}`);
    }
    return poor;
}"""  # noqa: E501


@pytest.mark.parametrize("width", [1440, 1280, 1024])
def test_the_name_of_a_surface_is_never_broken(reader: Reader, width: int) -> None:
    """The narrow columns at the right break between words alone."""
    scan = big_scan(3)
    renamed = {"server": "messengerdesktop", "web": "web"}
    long = tuple(
        replace(one, name=f"@messenger-components/{one.name}-adapter-for-rich-text", scopes=(Scope.RUNTIME, Scope.PEER))
        for one in scan.graph.components
    )
    scan = replace(scan, graph=replace(scan.graph, components=long))
    page = reader.open(
        replace(
            scan,
            surfaces=tuple(replace(one, name=renamed[one.name]) for one in scan.surfaces),
            judgements=tuple(replace(one, surface=renamed[one.surface]) for one in scan.judgements),
        )
    )
    page.set_viewport_size({"width": width, "height": 900})
    lines = page.evaluate(
        """() => [...document.querySelectorAll("#body .c-on")].map((cell) => {
            const range = document.createRange(), text = cell.firstChild
            const at = text.data.indexOf("messengerdesktop")
            range.setStart(text, at), range.setEnd(text, at + "messengerdesktop".length)
            return new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size
        })"""
    )
    assert lines
    assert set(lines) == {1}
