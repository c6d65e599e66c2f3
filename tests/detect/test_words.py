"""The list of distinctive words: its form, and what its method must give."""

from __future__ import annotations

import re
from functools import cache

import pytest

from licscan.base.tables import data_folder

TOKEN = re.compile(r"[^_\W]+\+?[^_\W]*")
"""The token pattern of the detection, on lower-cased text."""


@cache
def lines() -> tuple[str, ...]:
    text = (data_folder() / "distinctive_words.txt").read_text(encoding="utf-8")
    assert text.endswith("\n")
    return tuple(text.splitlines())


@cache
def words() -> tuple[str, ...]:
    return tuple(line for line in lines() if not line.startswith("#"))


def test_the_head_states_source_license_and_date() -> None:
    head = "\n".join(line for line in lines() if line.startswith("#"))
    assert lines()[0].startswith("#")
    assert re.search(r"LicenseDB \d+\.\d+\.\d+", head)
    assert "CC-BY-4.0" in head
    assert "License of this table: Apache-2.0" in head
    assert re.search(r"\d{4}-\d{2}-\d{2}", head)
    assert f"{len(words()):,} words" in head


def test_the_head_stands_before_the_words() -> None:
    kinds = [line.startswith("#") for line in lines()]
    assert kinds == sorted(kinds, reverse=True)


def test_words_are_sorted_and_stand_once() -> None:
    assert list(words()) == sorted(set(words()))


def test_every_word_is_one_token() -> None:
    assert [word for word in words() if TOKEN.fullmatch(word) is None] == []


def test_words_are_in_lower_case_and_ascii() -> None:
    assert [word for word in words() if word != word.lower() or not word.isascii()] == []


def test_words_are_alphabetic_but_for_names_with_versions() -> None:
    others = [word for word in words() if not word.isalpha()]
    assert [word for word in others if re.fullmatch(r"[a-z]{2,10}v?[0-9]{0,2}\+?", word) is None] == []
    assert len(others) < len(words()) / 10


def test_short_words_are_left_out() -> None:
    assert [word for word in words() if len(word) < 3] == []


def test_there_are_neither_too_few_nor_too_many() -> None:
    assert 2_500 <= len(words()) <= 6_000


OF_LICENSES = """
    license licenses licensed licensor licensee sublicense warranty warranties merchantability noninfringement liable
    liability damages consequential tort redistribution redistribute permission copyleft gpl lgpl agpl gplv2 apache
    patent indemnify trademark granted hereby herein
"""
OF_EVERY_TEXT = "the and for with this that file function return string value code name"
OF_COPYRIGHT_STATEMENTS = "copyright reserved rights all inc corporation foundation university"
NAMES = "microsoft california oracle boston google john smith david massachusetts"
OF_ADDRESSES = "http https www com org html github"
OF_OTHER_LANGUAGES = "und oder nicht les avec pour licencia"


@pytest.mark.parametrize("word", OF_LICENSES.split())
def test_words_of_licenses_are_in(word: str) -> None:
    assert word in words()


@pytest.mark.parametrize(
    "word", f"{OF_EVERY_TEXT} {OF_COPYRIGHT_STATEMENTS} {NAMES} {OF_ADDRESSES} {OF_OTHER_LANGUAGES}".split()
)
def test_words_of_other_texts_are_out(word: str) -> None:
    assert word not in words()
