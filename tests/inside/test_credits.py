"""Chromium's page of credits: what it lists, bounded whatever stands in it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from licscan.inside import with_credits
from licscan.model import Component, Origin, PackageFiles
from licscan.packages.credits import MAX_PARTS, CreditedPart, is_credits, read_credits
from licscan.read.roles import texts_to_read
from licscan.verify.runtimes import chromium_sign, has_credits

PART = (
    '<div class="product">\n<span class="title">{name}</span>\n'
    '<span class="homepage"><a href="https://{name}.example">homepage</a></span>\n'
    '<div class="licence">\n<pre>{text}</pre>\n</div>\n</div>\n'
)
PAGE = PART.format(name="left", text="Free &amp; open &lt;MIT&gt;") + PART.format(name="right", text="")
ELECTRON = Component("pkg:npm/electron@31.0.0", "electron", "31.0.0", "npm", installed_at=("node_modules/electron",))


def test_parts_have_names_homes_and_texts() -> None:
    assert read_credits(PAGE) == (
        CreditedPart("left", "https://left.example", "Free & open <MIT>"),
        CreditedPart("right", "https://right.example", ""),
    )


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html>nothing</html>",
        '<div class="product"' * 200_000,
        '<div class="product"><span class="title">' * 100_000,
        '<div class="product"><span class="title">a</span>' + "<pre>" * 500_000,
        '<div class="product"><span class="title">a</span><pre>' + "<" * 2_000_000,
        PART.format(name="a", text="b") * (MAX_PARTS * 2),
    ],
)
def test_a_hostile_page_costs_its_length_and_no_more(page: str) -> None:
    before = time.process_time()
    assert len(read_credits(page)) <= MAX_PARTS
    assert time.process_time() - before < 5


def installed(root: Path, page: str | None) -> Path:
    folder = root / "node_modules" / "electron" / "dist"
    folder.mkdir(parents=True)
    if page is not None:
        (folder / "LICENSES.chromium.html").write_text(page, encoding="utf-8")
    return folder


def test_the_page_of_an_installed_electron_is_read(tmp_path: Path) -> None:
    installed(tmp_path, PAGE)
    insides, problems = with_credits([ELECTRON], {}, tmp_path)
    credits = insides[ELECTRON.purl].credits
    assert credits is not None
    assert (credits.names, credits.texts, problems) == (("left", "right"), 1, ())
    assert credits.place == "node_modules/electron/dist/LICENSES.chromium.html"


@pytest.mark.parametrize("page", [None, "", "no page of credits"])
def test_what_lists_nothing_is_no_reading(tmp_path: Path, page: str | None) -> None:
    installed(tmp_path, page)
    assert with_credits([ELECTRON], {}, tmp_path) == ({}, ())


def test_no_link_leads_out_of_the_package(tmp_path: Path) -> None:
    (tmp_path / "outside.html").write_text(PAGE, encoding="utf-8")
    os.symlink(tmp_path / "outside.html", installed(tmp_path, None) / "LICENSES.chromium.html")
    assert with_credits([ELECTRON], {}, tmp_path) == ({}, ())


def test_the_page_is_not_read_as_one_text() -> None:
    files = PackageFiles(Origin.INSTALLED, "x", license_files=("LICENSE", "dist/LICENSES.chromium.html"))
    assert [text.path for text in texts_to_read(files)] == ["LICENSE"]
    assert is_credits("a/licenses.chromium.HTML")


class Shipped:
    """A file of an artifact."""

    sha256 = ""

    def __init__(self, path: str, text: str = ""):
        self.path, self._text = path, text

    @property
    def size(self) -> int:
        return len(self._text)

    def read(self, limit: int) -> bytes:
        return self._text.encode()[:limit]


@pytest.mark.parametrize(
    ("paths", "there"),
    [
        (("app/chrome_100_percent.pak", "app/libffmpeg.so"), True),
        (("App.app/Contents/Frameworks/Electron Framework.framework/Electron Framework",), True),
        (("app/ffmpeg.dll",), False),
        (("app/ffmpeg.dll", "other/ffmpeg.dll"), False),
        (("app/index.js",), False),
    ],
)
def test_chromium_is_seen_by_its_files(paths: tuple[str, ...], there: bool) -> None:
    assert bool(chromium_sign([Shipped(path) for path in paths])) is there


@pytest.mark.parametrize(("page", "there"), [(PAGE, True), ("", False), (PART.format(name="a", text=""), False)])
def test_notices_of_chromium_are_there_if_they_hold_texts(page: str, there: bool) -> None:
    assert has_credits([Shipped("app/LICENSES.chromium.html", page)]) is there
