from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from licscan.base.tables import load_toml
from licscan.judge import CODES
from licscan.judge.questions import answer_case
from licscan.law.facts import Facts
from licscan.model import Severity

DOCS = Path(__file__).resolve().parents[2] / "docs" / "findings.md"


def test_every_code_has_a_section_and_every_section_a_code() -> None:
    assert re.findall(r"^## (\S+)$", DOCS.read_text(encoding="utf-8"), re.MULTILINE) == list(CODES)


def test_every_code_has_texts_and_every_text_a_code() -> None:
    assert list(load_toml("findings.toml")) == list(CODES)


@pytest.mark.parametrize("code", CODES)
def test_texts_are_whole(code: str) -> None:
    texts = load_toml("findings.toml")[code]
    variants = [value for value in texts.values() if isinstance(value, dict)]
    for variant in (texts, *variants):
        assert variant["why"].endswith(".")
        assert variant["remedies"]
        assert all(remedy.endswith(".") for remedy in variant["remedies"])
    assert texts["title"]
    assert texts["meaning"].endswith(".")
    assert texts["meaning"] != texts["why"]
    assert all(Severity(value) for key, value in texts.items() if key.startswith("severity"))


@pytest.mark.parametrize("page", ["judgement.md", "judgement.zh.md"])
def test_cases_in_the_docs_are_answered_and_keys_are_those_that_are_read(page: str) -> None:
    text = (DOCS.parent / page).read_text(encoding="utf-8")
    cases = [json.loads(line) for line in re.findall(r'^\{"inbound".*\}$', text, re.MULTILINE)]
    assert len(cases) == 3
    verdicts = [answer_case(case)["verdict"] for case in cases]
    assert verdicts == ["ok-obligations", "review", "ok-obligations"]
    row = next(line for line in text.splitlines() if line.startswith("| `facts` |"))
    told = set(re.findall(r"`(\w+)`", row)) - {"facts"}
    assert told <= {field.name for field in fields(Facts)}
    assert len(told) > 10
