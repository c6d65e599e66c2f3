"""A real browser, where there is one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")


def executable() -> str | None:
    """The browser that LICSCAN_CHROMIUM names, else the first on the path."""
    return os.environ.get("LICSCAN_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; the tests skip where none is installed."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not here: the report is not driven")
    found = executable()
    if found is None:
        pytest.skip("no Chromium on the path (or in LICSCAN_CHROMIUM): the report is not driven in a browser")
    assert Path(found).exists(), f"LICSCAN_CHROMIUM names {found}, which does not exist"
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"] if root else [])
        yield made
        made.close()
