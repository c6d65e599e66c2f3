"""The document under axe-core, the checker of accessibility, in a real Chromium: nothing of any weight to find.

LICSCAN_AXE names a folder: axe-core is taken from its `node_modules`, and put there by npm where it is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from licscan.report import render
from licscan.report.signed import signed
from tests.report.test_access import PAST, SCANS
from tests.report.test_signed import ledger_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

VERSION = "4.14.1"
RUN = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations.map((one) =>
    `${one.impact} ${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`)"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The checker's script; the tests skip where it is not at hand."""
    named = os.environ.get("LICSCAN_AXE")
    if not named:
        pytest.skip("LICSCAN_AXE names no folder for axe-core: the report is not checked with it")
    script = Path(named) / "node_modules/axe-core/axe.min.js"
    npm = shutil.which("npm")
    if not script.is_file() and npm is not None:
        Path(named).mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", named]
        subprocess.run([*command, f"axe-core@{VERSION}"], check=False, timeout=120)
    if not script.is_file():
        pytest.skip(f"axe-core is not in {named}, and npm did not bring it")
    return script.read_text(encoding="utf-8")


@pytest.fixture
def page(browser: Browser) -> Any:
    made = browser.new_page(viewport={"width": 1440, "height": 900})
    yield made
    made.close()


def opened(page: Page, folder: Path, name: str, axe: str, language: str = "en") -> None:
    scan = SCANS[name]()
    file = folder / "report.html"
    decided = signed(scan, ledger_of(scan), date(2026, 5, 1))
    file.write_text(render(scan, PAST, language, None, decided), encoding="utf-8")
    page.goto(file.as_uri())
    page.wait_for_selector("#tally")
    page.evaluate(axe)


@pytest.mark.parametrize("name", SCANS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_found_on_a_page_as_it_opens(page: Page, tmp_path: Path, axe: str, name: str, language: str) -> None:
    opened(page, tmp_path, name, axe, language)
    assert page.evaluate(RUN) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_found_with_all_open_and_filtered(
    page: Page, tmp_path: Path, axe: str, scheme: Any, width: int
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, tmp_path, "rich", axe)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.get_by_label("Search").fill("t")
    for one in page.locator("#body .opener").all():
        one.click()
    page.locator("#owe input").first.check()
    assert page.evaluate(RUN) == []
