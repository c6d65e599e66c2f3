"""Copied code in a commit: said, never stopped by its likeness alone, and free of cost where nothing is indexed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from licscan.copies.prints import language_of
from licscan.copies.shelf import user_shelf
from licscan.hook.relevant import CODE
from tests.copies.made import library, minified, segment
from tests.hook.conftest import Repo

HEADER = "/* Copyright 2019 Ada */\n"


@pytest.fixture
def indexed() -> None:
    shelf = user_shelf()
    shelf.put([
        segment("alpha", "1.0.0", {"dist/a.js": HEADER + library(1)}),
        segment("bravo", "2.0.0", {"index.js": library(2)}, license_="GPL-3.0-only"),
        segment("shop", "1.0.0", {"index.js": library(3)}),
    ])  # fmt: skip
    shelf.rebuild()


@pytest.mark.usefixtures("indexed")
def test_an_added_copy_is_named_and_passes(shop: Repo) -> None:
    shop.stage("src/new.js", minified(library(1)))
    status, said = shop.hook()
    assert status == 0
    assert "that alone does not block the commit" in said
    for words in (
        "src/new.js: the code of alpha 1.0.0, under MIT",
        "% of it or more",
        "dist/a.js has a license comment",
    ):
        assert words in said


@pytest.mark.usefixtures("indexed")
def test_copyleft_by_likeness_is_a_question_that_passes(shop: Repo) -> None:
    shop.stage("src/new.js", minified(library(2)))
    status, said = shop.hook()
    assert status == 0
    assert "GPL-3.0-only must be checked against" in said
    assert shop.hook("--fail-on", "warning")[0] == 2


@pytest.mark.usefixtures("indexed")
def test_copyleft_in_words_stops_it(shop: Repo) -> None:
    shop.stage("src/new.js", "// SPDX-License-Identifier: GPL-3.0-only\n" + library(2))
    assert shop.hook()[0] == 1


@pytest.mark.usefixtures("indexed")
def test_a_copy_that_was_there_is_no_news(shop: Repo) -> None:
    shop.stage("src/new.js", library(1))
    shop.commit()
    shop.stage("src/new.js", library(1) + "\nexports.more = 1;\n")
    assert shop.hook() == (0, "")
    shop.stage("src/new.js", library(1) + library(2))
    assert "the code of bravo" in shop.hook()[1]
    assert "the code of alpha" not in shop.hook()[1]


@pytest.mark.usefixtures("indexed")
def test_lines_of_a_part_are_told(shop: Repo) -> None:
    shop.stage("src/new.js", library(4, 120) + library(1))
    assert "src/new.js:9" in shop.hook()[1]


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("path", ["src/new.txt", "src/new.rs"])
def test_other_languages_are_passed(shop: Repo, path: str) -> None:
    shop.stage(path, library(1))
    assert shop.hook() == (0, "")


@pytest.mark.usefixtures("indexed")
def test_own_code_is_passed(shop: Repo) -> None:
    shop.stage("src/own.js", library(3))
    assert shop.hook()[0] == 0
    assert "the code of shop" not in shop.hook()[1]


def test_without_an_index_nothing_is_said_or_imported(shop: Repo) -> None:
    shop.stage("src/new.js", library(1))
    assert shop.hook() == (0, "")
    told = "import sys; from licscan.cli import run; run(['hook']); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], cwd=shop.top, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_the_names_agree_with_what_is_compared() -> None:
    assert all(language_of(f"x{end}") is not None for end in CODE)
