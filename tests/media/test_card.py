"""The front matter of cards."""

from __future__ import annotations

import pytest

from licscan.media.card import read_card
from licscan.media.marks import marks_of

CARD = """---
license: other
license_name: door-license
license_link: https://l.example/door
base_model:
- a/gate
- b/gate
datasets: a/doors
model_name: Door
language: [en, zh]
tags: [text]
---
# Door
license: none of this
"""


def test_card() -> None:
    assert [(one.meaning.value, one.field, one.text) for one in read_card(CARD)] == [
        ("base-model", "card:base_model", "a/gate"),
        ("base-model", "card:base_model", "b/gate"),
        ("license", "card:license", "other"),
        ("license", "card:license_name", "door-license"),
        ("license-url", "card:license_link", "https://l.example/door"),
        ("name", "card:model_name", "Door"),
        ("other", "card:language", "en"),
        ("other", "card:language", "zh"),
        ("training-data", "card:datasets", "a/doors"),
    ]


def test_several_licenses_and_line_ends() -> None:
    found = read_card("---\r\nlicense:\r\n- mit\r\n- apache-2.0\r\n---\r\n")
    assert [one.text for one in found] == ["apache-2.0", "mit"]


def test_label_of_ai_in_front_matter() -> None:
    text = "---\nAIGC:\n  Label: '1'\n  ContentProducer: '0011example'\n  ProduceID: 'x-1'\n---\n"
    (mark,) = marks_of(read_card(text))
    assert (mark.tool, mark.detail) == ("0011example", "1")


@pytest.mark.parametrize(
    "text",
    ["", "# Door\nlicense: mit\n", "---\nlicense: [mit\n---\n", "---\n- mit\n---\n", "---\nlicense: mit\n",
     "---\nlicense: {a: b}\n---\n", "---\n" + "a:\n " * 500 + "\n---\n", "---\n---\n"],
)  # fmt: skip
def test_no_card(text: str) -> None:
    assert read_card(text) == ()
