from __future__ import annotations

import re
from pathlib import Path

import pytest

from licscan.base.tables import load_toml
from licscan.judge import CODES
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
